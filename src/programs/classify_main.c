/* classify: which labels a text most likely belongs to. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "input_lines.h"
#include "json.h"
#include "model_files.h"
#include "programs.h"
#include "terminal.h"

typedef struct classify_options {
  const char *model;
  int top;
  bool json;
} classify_options;

typedef struct classify_run {
  const classify_options *options;
  classifier_session session;
  float *probabilities; /* [C] */
  int *best;            /* [top] */
  int top;              /* at most C */
  int refused;          /* texts that could not be classified */
} classify_run;

static void print_row(const classify_run *run, const char *text, size_t bytes, int predictions) {
  const char *const *labels = (const char *const *)run->session.model->labels;
  terminal_field(stdout, text, bytes);
  for (int i = 0; i < predictions; i++) {
    int label = run->best[i];
    putchar('\t');
    terminal_field(stdout, labels[label], strlen(labels[label]));
    printf("\t%.6f", (double)run->probabilities[label]);
  }
  putchar('\n');
}

static rc_status print_json(const classify_run *run, const char *text, size_t bytes, int letters,
                            int predictions, const char *refusal, rc_error *error) {
  json *row = json_object();
  json_text_bytes(row, "name", text, bytes);
  json_integer(row, "letters", letters);
  json *list = json_member_array(row, "predictions");
  for (int i = 0; i < predictions; i++) {
    json *item = json_item_object(list);
    json_text(item, "label", run->session.model->labels[run->best[i]]);
    json_float(item, "probability", run->probabilities[run->best[i]]);
  }
  if (refusal != NULL) json_text(row, "error", refusal);
  return program_print_json(row, error);
}

/* Classifies one text and prints its row; `where` and `number` say for messages which it was. A
 * text that cannot be classified has a row without predictions: it fails where there is none. */
static rc_status classify_text(classify_run *run, const char *text, size_t bytes, const char *where,
                               long number, rc_error *error) {
  int letters = 0;
  rc_error reason;
  rc_status status =
      classifier_predict(&run->session, text, bytes, run->probabilities, &letters, &reason);
  if (status != RC_OK) {
    terminal_message(stderr, "classify: %s %ld: %s", where, number, reason.text);
    fputc('\n', stderr);
    run->refused++;
  }
  int predictions = status == RC_OK && letters > 0 ? run->top : 0;
  if (predictions > 0) {
    model_files_best(run->probabilities, run->session.model->net.config.labels, predictions,
                     run->best);
  }
  if (run->options->json) {
    return print_json(run, text, bytes, letters, predictions, status == RC_OK ? NULL : reason.text,
                      error);
  }
  print_row(run, text, bytes, predictions);
  return RC_OK;
}

/* One text a line. Ends early when nobody reads the answers any more (program_finish reports). */
static rc_status classify_lines(classify_run *run, input_lines *in, rc_error *error) {
  bool at_once = isatty(STDIN_FILENO) || isatty(STDOUT_FILENO);
  if (isatty(STDIN_FILENO)) fprintf(stderr, "One name a line; Ctrl-D ends.\n");
  while (!ferror(stdout) && !(at_once && fflush(stdout) != 0)) {
    RC_TRY(input_lines_next(in, error));
    if (in->count == 0) return RC_OK;
    RC_TRY(classify_text(run, in->lines[0].text, in->lines[0].bytes, "line", in->number, error));
  }
  return RC_OK;
}

static rc_status classify_input(classify_run *run, rc_error *error) {
  input_lines in;
  rc_status status = input_lines_open(&in, 1, error);
  if (status == RC_OK) status = classify_lines(run, &in, error);
  input_lines_free(&in);
  return status;
}

static rc_status classify_all(classify_run *run, int count, char **names, rc_error *error) {
  if (count == 0) return classify_input(run, error);
  for (int i = 0; i < count && !ferror(stdout); i++) {
    RC_TRY(classify_text(run, names[i], strlen(names[i]), "name", i + 1, error));
  }
  return RC_OK;
}

static int run_classify(const classify_options *options, int count, char **names) {
  classifier_model model;
  rc_error error;
  if (model_files_classifier(&model, options->model, NULL, &error) != RC_OK) {
    return program_fail("classify", &error);
  }
  int labels = model.net.config.labels;
  classify_run run = {.options = options,
                      .session = classifier_session_begin(&model),
                      .probabilities = malloc((size_t)labels * sizeof(float)),
                      .best = malloc((size_t)labels * sizeof(int)),
                      .top = options->top < labels ? options->top : labels};
  rc_status status = run.probabilities == NULL || run.best == NULL
                         ? rc_fail(&error, RC_ERR_MEMORY, "out of memory")
                         : classify_all(&run, count, names, &error);
  free(run.best);
  free(run.probabilities);
  classifier_session_end(&run.session);
  classifier_model_free(&model);
  if (status != RC_OK) return program_fail("classify", &error);
  return run.refused > 0 ? PROGRAM_FAILURE : PROGRAM_OK;
}

int main(int argc, char **argv) {
  int code = program_start("classify");
  if (code != PROGRAM_OK) return code;
  classify_options options = {.top = 3};
  program_option table[] = {
      OPTION_GROUP("Options"),
      OPTION_TEXT("model", 'm', &options.model, "FILE", "weight file made by train (GGUF); needed"),
      OPTION_INT("top", 'k', &options.top, 1, CLASSIFIER_LABELS_MAX,
                 "how many labels to print, likeliest first"),
      OPTION_FLAG("json", 'j', &options.json,
                  "print one JSON object a line: name, letters, predictions"),
  };
  program_spec spec = {
      .program = "classify",
      .usage = "--model FILE [options] [--] [NAME...]",
      .summary =
          "Prints which labels each name most likely belongs to. Names are arguments, or, "
          "without any, one a line on standard input. Each gives one row, in order: the "
          "name, then pairs of label and calibrated probability, all separated by tabs. A "
          "name without letters (an empty line) gives a row without predictions, so that "
          "rows and lines stay aligned. Bytes that are not UTF-8 count as unknown letters.",
      .examples =
          "classify --model names-gru.gguf Müller Nguyễn\n"
          "classify --model names-gru.gguf --top 1 < names.txt > labels.tsv\n"
          "classify --model names-gru.gguf --json --top 5 \"O'Neill\"\n",
      .options = table,
      .option_count = OPTION_COUNT(table),
      .operands = true,
  };
  int first;
  if (!program_options(&spec, argc, argv, &first, &code)) return program_finish("classify", code);
  if (options.model == NULL) {
    return program_wrong_usage("classify", "--model FILE is needed: which weights?");
  }
  return program_finish("classify", run_classify(&options, argc - first, argv + first));
}
