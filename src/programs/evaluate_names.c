#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "evaluate.h"
#include "evaluate_tables.h"
#include "examples.h"
#include "files.h"
#include "json.h"
#include "kernels.h"
#include "model_files.h"
#include "names_data.h"
#include "programs.h"

static const char program[] = "evaluate names";

typedef struct names_options {
  option_texts models;
  const char *data;
  bool json, confusion;
  int index, top;
  bool has_index;
} names_options;

/* One model and its predictions of one file of names. */
typedef struct names_run {
  const char *path;
  size_t file_bytes;
  classifier_model model;
  examples data;        /* with this model's labels */
  float *probabilities; /* [N, C] */
  evaluation all, distinct;
  int *confusion[2]; /* [C, C] of all lines and of distinct pairs */
} names_run;

static void run_free(names_run *run) {
  free(run->confusion[0]);
  free(run->confusion[1]);
  free(run->probabilities);
  examples_free(&run->data);
  classifier_model_free(&run->model);
}

/* probabilities [N, C] = softmax(logits / temperature) */
static rc_status predict(names_run *run, const char *file, rc_error *error) {
  const classifier_model *model = &run->model;
  name_set names;
  RC_TRY(name_set_encode(&names, &run->data, file, model->net.config.letter_case, error));
  size_t count = (size_t)names.count, classes = (size_t)model->net.config.labels;
  float *logits = malloc(count * classes * sizeof *logits);
  run->probabilities = logits;
  rc_status status = logits == NULL
                         ? rc_fail(error, RC_ERR_MEMORY, "out of memory")
                         : classifier_predict_all(&model->net, model->values, names.count,
                                                  names.ids, names.lengths, logits, error);
  name_set_free(&names);
  if (status != RC_OK || logits == NULL) return status;
  classifier_probabilities(&model->net, model->temperature, (int)count, logits, logits);
  return RC_OK;
}

/* Scores over all lines, or, with `skip`, over the others, moved to the front of copies. */
static rc_status score(names_run *run, const bool *skip, int *confusion, scores *out,
                       rc_error *error) {
  size_t classes = (size_t)run->model.net.config.labels, all = (size_t)run->data.count;
  float *probabilities = malloc(all * classes * sizeof *probabilities);
  int *labels = malloc(all * sizeof *labels);
  int count = 0;
  for (size_t i = 0; probabilities != NULL && labels != NULL && i < all; i++) {
    if (skip != NULL && skip[i]) continue;
    memcpy(probabilities + (size_t)count * classes, run->probabilities + i * classes,
           classes * sizeof *probabilities);
    labels[count++] = run->data.items[i].label;
  }
  bool failed = count == 0;
  if (!failed) {
    scores_classification(count, (int)classes, probabilities, labels, confusion, out);
  }
  free(labels);
  free(probabilities);
  return failed ? rc_fail(error, RC_ERR_MEMORY, "out of memory") : RC_OK;
}

static rc_status score_both(names_run *run, rc_error *error) {
  size_t cells = (size_t)run->model.net.config.labels * (size_t)run->model.net.config.labels;
  for (int i = 0; i < 2; i++) run->confusion[i] = calloc(cells, sizeof(int));
  bool *repeated = calloc((size_t)run->data.count, sizeof *repeated);
  rc_status status = run->confusion[0] == NULL || run->confusion[1] == NULL || repeated == NULL
                         ? rc_fail(error, RC_ERR_MEMORY, "out of memory")
                         : examples_mark_repeated(&run->data, repeated, error);
  if (status == RC_OK) status = score(run, NULL, run->confusion[0], &run->all.scores, error);
  if (status == RC_OK)
    status = score(run, repeated, run->confusion[1], &run->distinct.scores, error);
  free(repeated);
  run->all.set = "all lines";
  run->distinct.set = "distinct pairs";
  run->all.model = run->distinct.model = run->path;
  return status;
}

/* On failure the run may be freed all the same. */
static rc_status run_load(names_run *run, const char *path, const names_options *options,
                          const char *bytes, size_t size, rc_error *error) {
  run->path = path;
  RC_TRY(model_files_classifier(&run->model, path, &run->file_bytes, error));
  return examples_read(&run->data, options->data, bytes, size, run->model.labels,
                       run->model.net.config.labels, error);
}

static void json_scores(json *object, const char *key, const scores *of) {
  json *item = json_member_object(object, key);
  json_integer(item, "count", of->count);
  json_number(item, "top1", of->top1);
  json_number(item, "top3", of->top3);
  json_number(item, "macro_f1", of->macro_f1);
  json_number(item, "calibration_error", of->calibration_error);
  json_number(item, "nll", of->nll);
}

static rc_status print_json(const names_run *run, const names_options *options, rc_error *error) {
  json *root = json_object();
  json_text(root, "model", run->path);
  json_text(root, "data", options->data);
  json_unsigned(root, "file_bytes", run->file_bytes);
  json_unsigned(root, "parameters", run->model.net.params.total);
  json_number(root, "temperature", (double)run->model.temperature);
  json_scores(root, "all", &run->all.scores);
  json_scores(root, "distinct", &run->distinct.scores);
  int classes = run->model.net.config.labels;
  json *labels = json_member_array(root, "labels");
  for (int c = 0; c < classes; c++) json_item_text(labels, run->model.labels[c]);
  for (int k = 0; options->confusion && k < 2; k++) {
    json *rows = json_member_array(root, k == 0 ? "confusion_all" : "confusion_distinct");
    for (int i = 0; i < classes; i++) {
      json_item_integers(rows, run->confusion[k] + (size_t)i * (size_t)classes, classes);
    }
  }
  return program_print_json(root, error);
}

/* One sample and what the model says of it. */
static rc_status show_sample(names_run *run, const names_options *options, rc_error *error) {
  const example *sample;
  RC_TRY(examples_at(&run->data, options->index, &sample, error));
  int classes = run->model.net.config.labels, letters = 0;
  int top = options->top < classes ? options->top : classes;
  float *probabilities = malloc((size_t)classes * sizeof *probabilities);
  int *best = malloc((size_t)classes * sizeof *best);
  classifier_session session = classifier_session_begin(&run->model);
  rc_status status = probabilities == NULL || best == NULL
                         ? rc_fail(error, RC_ERR_MEMORY, "out of memory")
                         : classifier_predict(&session, sample->text, sample->bytes, probabilities,
                                              &letters, error);
  if (status == RC_OK && letters > 0) {
    model_files_best(probabilities, classes, top, best);
    sample_prediction shown = {run->path, sample, run->model.labels, probabilities, best, top};
    status = evaluate_print_sample(&shown, options->json, error);
  }
  classifier_session_end(&session);
  free(best);
  free(probabilities);
  return status;
}

static rc_status evaluate_one(names_run *run, const names_options *options, rc_error *error) {
  if (options->has_index) return show_sample(run, options, error);
  RC_TRY(predict(run, options->data, error));
  RC_TRY(score_both(run, error));
  return options->json ? print_json(run, options, error) : RC_OK;
}

static void print_tables(const names_run *runs, int count, bool with_confusion) {
  evaluation rows[2 * OPTION_TEXTS_MAX] = {0};
  for (int i = 0; i < count; i++) {
    rows[2 * i] = runs[i].all;
    rows[2 * i + 1] = runs[i].distinct;
  }
  evaluate_print_scores(rows, 2 * count);
  for (int i = 0; with_confusion && i < count; i++) {
    printf("\n%s, distinct pairs; rows are labels, columns predictions\n", runs[i].path);
    evaluate_print_confusion(runs[i].confusion[1], runs[i].model.labels,
                             runs[i].model.net.config.labels);
  }
}

static int run_names(const names_options *options) {
  char *bytes;
  size_t size;
  rc_error error;
  if (files_read_all(options->data, &bytes, &size, &error) != RC_OK) {
    return program_fail(program, &error);
  }
  int count = options->models.count;
  names_run *runs = calloc((size_t)count, sizeof *runs);
  if (runs == NULL) {
    free(bytes);
    rc_fail(&error, RC_ERR_MEMORY, "out of memory");
    return program_fail(program, &error);
  }
  rc_status status = RC_OK;
  int done = 0;
  for (; status == RC_OK && done < count; done++) {
    status = run_load(&runs[done], options->models.items[done], options, bytes, size, &error);
    if (status == RC_OK) status = evaluate_one(&runs[done], options, &error);
  }
  if (status == RC_OK && !options->json && !options->has_index) {
    print_tables(runs, count, options->confusion);
  }
  for (int i = 0; i < done; i++) run_free(&runs[i]);
  free(runs);
  free(bytes);
  return status == RC_OK ? PROGRAM_OK : program_fail(program, &error);
}

int evaluate_names(int argc, char **argv) {
  names_options options = {.top = 5, .index = INT_MIN};
  program_option table[] = {
      OPTION_GROUP("What"),
      OPTION_TEXTS("model", 'm', &options.models, "FILE",
                   "weight file made by train; several are compared side by side; needed"),
      OPTION_TEXT("data", 'd', &options.data, "FILE",
                  "labelled names, one name<TAB>label a line, - for standard input; needed"),
      OPTION_GROUP("How"),
      OPTION_FLAG("confusion", 'c', &options.confusion,
                  "also print which labels are taken for which, over distinct pairs"),
      OPTION_INT("index", 'i', &options.index, -INT_MAX, INT_MAX,
                 "show only the sample at this index with its prediction; 0 is the first, -1 the "
                 "last"),
      OPTION_INT("top", 'k', &options.top, 1, CLASSIFIER_LABELS_MAX,
                 "how many labels to show with --index"),
      OPTION_FLAG("json", 'j', &options.json, "print one JSON object a line for each model"),
  };
  program_spec spec = {
      .program = program,
      .usage = "--model FILE [--model FILE...] --data FILE [options]",
      .summary =
          "Scores classifiers on labelled names: share of names whose label comes first "
          "(top-1) or among the first three (top-3), F1 averaged over the labels, expected "
          "calibration error in 15 bins, and mean negative log-likelihood; over all lines "
          "and over distinct pairs of name and label.",
      .examples =
          "evaluate names --model names-gru.gguf --data names.dev.tsv --confusion\n"
          "evaluate names -m names-rnn.gguf -m names-lstm.gguf --data names.dev.tsv\n"
          "evaluate names --model names-gru.gguf --data names.dev.tsv --index -1\n",
      .options = table,
      .option_count = OPTION_COUNT(table),
  };
  int code;
  if (!program_options(&spec, argc, argv, NULL, &code)) return code;
  options.has_index = options_given(&spec, "index");
  if (options.models.count == 0) return program_wrong_usage(program, "--model FILE is needed");
  if (options.data == NULL) return program_wrong_usage(program, "--data FILE is needed");
  return run_names(&options);
}
