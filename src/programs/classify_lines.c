#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "classify.h"
#include "classify_inspect.h"
#include "input_lines.h"
#include "json.h"
#include "model_files.h"
#include "programs.h"
#include "terminal.h"

enum { BATCH = 256 };

typedef struct lines_run {
  const classify_options *options;
  classifier_ensemble *networks;
  const classifier_model *model; /* the first, whose labels all have */
  /* Of the texts that are answered together. */
  utf8_text texts[BATCH], read[BATCH]; /* and what of each is read */
  answer answers[BATCH];
  bool answered; /* all of them were, with numbers */
  float *all;    /* [BATCH, C] */
  /* Of one. */
  float *probabilities; /* [C] */
  int *best;            /* [top] */
  int top;
  int refused; /* texts that could not be classified */
  int label;   /* of --inspect, or -1 */
  inspection inside;
  rc_arena memory; /* of that */
} lines_run;

static void print_row(const lines_run *run, utf8_text text, int predictions) {
  terminal_field(stdout, text.text, text.bytes);
  for (int i = 0; i < predictions; i++) {
    const char *label = run->model->labels[run->best[i]];
    putchar('\t');
    terminal_field(stdout, label, strlen(label));
    printf("\t%.6f", (double)run->probabilities[run->best[i]]);
  }
  putchar('\n');
}

static rc_status print_json(const lines_run *run, utf8_text text, utf8_text read,
                            const answer *given, int predictions, const char *refusal,
                            rc_error *error) {
  static const char *const bases[] = {"nothing", "letters", "script"};
  char code[5];
  json *row = json_object();
  json_text_bytes(row, "name", text.text, text.bytes);
  if (read.bytes != text.bytes) json_text_bytes(row, "surname", read.text, read.bytes);
  json_integer(row, "letters", given->letters);
  json_text(row, "from", bases[given->basis]);
  if (given->script != SCRIPT_NONE) json_text(row, "script", script_name(given->script, code));
  json *list = json_member_array(row, "predictions");
  for (int i = 0; i < predictions; i++) {
    json *item = json_item_object(list);
    json_text(item, "label", run->model->labels[run->best[i]]);
    json_float(item, "probability", run->probabilities[run->best[i]]);
  }
  if (run->options->inspect && refusal == NULL) {
    classify_inspect_add(row, run->model, run->label, &run->inside);
  }
  if (refusal != NULL) json_text(row, "error", refusal);
  return program_print_json(row, error);
}

/* Says on standard error what an answer does not rest on. */
static void explain(const answer *given, const char *where, long number) {
  char code[5];
  if (given->letters == 0 || given->basis == ANSWER_LETTERS) return;
  const char *script = script_name(given->script, code);
  if (given->basis == ANSWER_SCRIPT) {
    fprintf(stderr, "classify: %s %ld: written in %s letters, which alone decide\n", where, number,
            script);
  } else if (given->script == SCRIPT_NONE) {
    fprintf(stderr, "classify: %s %ld: cannot read this\n", where, number);
  } else {
    fprintf(stderr, "classify: %s %ld: cannot read %s letters\n", where, number, script);
  }
}

static void answer_texts(lines_run *run, int count) {
  rc_error error; /* is found again text by text */
  for (int i = 0; i < count; i++) run->read[i] = classify_part(run->options, run->texts[i]);
  run->answered = classifier_ensemble_predict_texts(run->networks, count, run->read, run->all,
                                                    run->answers, &error) == RC_OK;
}

/* The probabilities, and with --inspect what is inside; the memory of the last text goes. */
static rc_status answer_text(lines_run *run, int which, answer *given, rc_error *error) {
  const size_t labels = (size_t)run->model->net.config.labels;
  const utf8_text read = run->read[which];
  *given = run->answers[which];
  run->probabilities = run->all + (size_t)which * labels;
  if (!run->answered || given->letters > CLASSIFIER_LETTERS_MAX) {
    RC_TRY(classifier_ensemble_predict(run->networks, read.text, read.bytes, run->probabilities,
                                       given, error));
  }
  arena_free(&run->memory);
  if (!run->options->inspect) return RC_OK;
  return classifier_inspect(&run->networks->members[0], read.text, read.bytes, run->label,
                            &run->inside, given, &run->memory, error);
}

/* Prints the row of one text; `where` and `number` say for messages which it was. A text that
 * cannot be classified has a row without predictions: it fails where there is none. */
static rc_status print_text(lines_run *run, int which, const char *where, long number,
                            rc_error *error) {
  answer given = {0};
  rc_error reason;
  const utf8_text text = run->texts[which], read = run->read[which];
  rc_status status = answer_text(run, which, &given, &reason);
  if (status != RC_OK) {
    terminal_message(stderr, "classify: %s %ld: %s", where, number, reason.text);
    fputc('\n', stderr);
    run->refused++;
    given = (answer){0};
  }
  int predictions = given.basis != ANSWER_NONE ? run->top : 0;
  if (predictions > 0) {
    model_files_best(run->probabilities, run->model->net.config.labels, predictions, run->best);
  }
  if (run->options->json) {
    return print_json(run, text, read, &given, predictions, status == RC_OK ? NULL : reason.text,
                      error);
  }
  print_row(run, text, predictions);
  explain(&given, where, number);
  return RC_OK;
}

/* Ends early when nobody reads the answers any more (program_finish reports). */
static rc_status classify_texts(lines_run *run, int count, const char *where, long number,
                                rc_error *error) {
  answer_texts(run, count);
  for (int i = 0; i < count && !ferror(stdout); i++) {
    RC_TRY(print_text(run, i, where, number + i, error));
  }
  return RC_OK;
}

static rc_status read_lines(lines_run *run, input_lines *in, bool at_once, rc_error *error) {
  if (isatty(STDIN_FILENO)) fprintf(stderr, "One name a line; Ctrl-D ends.\n");
  while (!ferror(stdout) && !(at_once && fflush(stdout) != 0)) {
    RC_TRY(input_lines_next(in, error));
    if (in->count == 0) return RC_OK;
    memcpy(run->texts, in->lines, (size_t)in->count * sizeof *in->lines);
    RC_TRY(classify_texts(run, in->count, "line", in->number, error));
  }
  return RC_OK;
}

/* One text a line, each answered before the next is read where somebody watches. */
static rc_status read_input(lines_run *run, rc_error *error) {
  const bool at_once = isatty(STDIN_FILENO) || isatty(STDOUT_FILENO);
  input_lines in;
  rc_status status = input_lines_open(&in, at_once ? 1 : BATCH, error);
  if (status == RC_OK) status = read_lines(run, &in, at_once, error);
  input_lines_free(&in);
  return status;
}

static rc_status classify_all(lines_run *run, int count, char **names, rc_error *error) {
  if (count == 0) return read_input(run, error);
  for (int from = 0; from < count && !ferror(stdout); from += BATCH) {
    const int texts = count - from < BATCH ? count - from : BATCH;
    for (int i = 0; i < texts; i++) {
      run->texts[i] = (utf8_text){names[from + i], strlen(names[from + i])};
    }
    RC_TRY(classify_texts(run, texts, "name", from + 1, error));
  }
  return RC_OK;
}

rc_status classify_lines(const classify_options *options, classifier_ensemble *networks, int count,
                         char **names, int *refused, rc_error *error) {
  const classifier_model *model = classify_model(networks);
  const size_t labels = (size_t)model->net.config.labels;
  lines_run run = {.options = options,
                   .networks = networks,
                   .model = model,
                   .all = malloc(BATCH * labels * sizeof(float)),
                   .best = malloc(labels * sizeof(int)),
                   .top = classify_top(options, model)};
  rc_status status = run.all == NULL || run.best == NULL
                         ? rc_fail(error, RC_ERR_MEMORY, "out of memory")
                         : classify_inspect_label(model, options->label, &run.label, error);
  if (status == RC_OK) status = classify_all(&run, count, names, error);
  arena_free(&run.memory);
  free(run.best);
  free(run.all);
  *refused = run.refused;
  return status;
}
