#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "evaluate.h"
#include "evaluate_tables.h"
#include "examples.h"
#include "files.h"
#include "fold.h"
#include "json.h"
#include "kernels.h"
#include "model_files.h"
#include "names_alike.h"
#include "names_data.h"
#include "prior_choice.h"
#include "programs.h"

static const char program[] = "evaluate names";

typedef struct names_options {
  option_texts models;
  const char *data, *prior;
  bool json, confusion, unmarked;
  int index, top;
  bool has_index;
} names_options;

/* What is scored: every line, each pair of name and label once, or each name once with all of its
 * labels. */
typedef enum scored_set { LINES, PAIRS, NAMES, SCORED_SETS } scored_set;
static const char *const SET_NAMES[] = {"all lines", "distinct pairs", "names"};

/* Under one prior. */
typedef struct names_scores {
  const char *prior; /* "data", "equal", or of which file */
  scores sets[SCORED_SETS];
} names_scores;

enum { PRIORS_MAX = 2 };

/* One model and its predictions of one file of names. */
typedef struct names_run {
  const char *path;
  size_t file_bytes;
  classifier_model model;
  examples data;        /* with this model's labels */
  names_alike alike;    /* of the data */
  bool *repeated;       /* [N] */
  float *logits;        /* [N, C] */
  float *probabilities; /* [N, C] under the prior that is scored */
  float *chosen;        /* [N, C] of the set that is scored */
  int *labels;          /* [N] of that */
  names_scores scores[PRIORS_MAX];
  int prior_count;
  int *confusion[2]; /* [C, C] of all lines and of distinct pairs, under the first prior */
} names_run;

static void run_free(names_run *run) {
  free(run->confusion[0]);
  free(run->confusion[1]);
  free(run->probabilities);
  free(run->logits);
  free(run->chosen);
  free(run->labels);
  free(run->repeated);
  names_alike_free(&run->alike);
  examples_free(&run->data);
  classifier_model_free(&run->model);
}

static rc_status no_memory(rc_error *error) {
  return rc_fail(error, RC_ERR_MEMORY, "out of memory");
}

/* The names without their marks, in examples whose texts lie in *bytes. */
static rc_status fold_names(const examples *data, examples *folded, char **bytes, rc_error *error) {
  size_t room = 1;
  for (int i = 0; i < data->count; i++) room += data->items[i].bytes;
  *folded = *data;
  folded->items = malloc(((size_t)data->count + 1) * sizeof *folded->items);
  char *next = *bytes = malloc(room);
  if (folded->items == NULL || next == NULL) return no_memory(error);
  for (int i = 0; i < data->count; i++) {
    const example *e = &data->items[i];
    folded->items[i] = *e;
    folded->items[i].text = next;
    folded->items[i].bytes = fold_text(e->text, e->bytes, next);
    next += folded->items[i].bytes;
  }
  return RC_OK;
}

static rc_status encode_names(const names_run *run, const names_options *options, name_set *names,
                              rc_error *error) {
  const classifier_model *model = &run->model;
  const alphabet_case letter_case = model->net.config.letter_case;
  if (!options->unmarked) {
    return name_set_encode(names, &run->data, options->data, &model->letters, letter_case, error);
  }
  examples folded;
  char *bytes = NULL;
  rc_status status = fold_names(&run->data, &folded, &bytes, error);
  if (status == RC_OK) {
    status = name_set_encode(names, &folded, options->data, &model->letters, letter_case, error);
  }
  free(folded.items);
  free(bytes);
  return status;
}

static rc_status predict(names_run *run, const names_options *options, rc_error *error) {
  const classifier_model *model = &run->model;
  name_set names;
  RC_TRY(encode_names(run, options, &names, error));
  size_t count = (size_t)names.count, classes = (size_t)model->net.config.labels;
  run->logits = malloc(count * classes * sizeof *run->logits);
  run->probabilities = malloc(count * classes * sizeof *run->probabilities);
  run->chosen = malloc(count * classes * sizeof *run->chosen);
  run->labels = malloc(count * sizeof *run->labels);
  run->repeated = calloc(count, sizeof *run->repeated);
  const bool room = run->logits != NULL && run->probabilities != NULL && run->chosen != NULL &&
                    run->labels != NULL && run->repeated != NULL;
  rc_status status = room ? classifier_predict_all(&model->net, model->values, names.count,
                                                   names.ids, names.lengths, run->logits, error)
                          : no_memory(error);
  name_set_free(&names);
  if (status == RC_OK) status = examples_mark_repeated(&run->data, run->repeated, error);
  if (status == RC_OK) status = names_alike_make(&run->alike, &run->data, error);
  return status;
}

/* Scores over all lines, or those that repeat no earlier one. */
static void score_lines(names_run *run, bool distinct, int *confusion, scores *out) {
  const size_t classes = (size_t)run->model.net.config.labels;
  int count = 0;
  for (int i = 0; i < run->data.count; i++) {
    if (distinct && run->repeated[i]) continue;
    memcpy(run->chosen + (size_t)count * classes, run->probabilities + (size_t)i * classes,
           classes * sizeof *run->chosen);
    run->labels[count++] = run->data.items[i].label;
  }
  scores_classification(count, (int)classes, run->chosen, run->labels, confusion, out);
}

static void score_names(names_run *run, scores *out) {
  const size_t classes = (size_t)run->model.net.config.labels;
  for (int i = 0; i < run->alike.count; i++) {
    memcpy(run->chosen + (size_t)i * classes,
           run->probabilities + (size_t)run->alike.items[i] * classes,
           classes * sizeof *run->chosen);
  }
  scores_among(run->alike.count, (int)classes, run->chosen, &run->alike.sets, out);
}

/* probabilities [N, C] under a prior, and all scores of them. */
static rc_status score_under(names_run *run, const char *name, const prior_choice *prior,
                             rc_error *error) {
  const classifier_model *model = &run->model;
  const bool first = run->prior_count == 0;
  names_scores *out = &run->scores[run->prior_count++];
  classifier_session session = classifier_session_begin(model);
  const rc_status status = classifier_session_prior(&session, prior->kind, prior->weights, error);
  if (status == RC_OK) {
    classifier_probabilities(&model->net, model->temperature, session.bias, run->data.count,
                             run->logits, run->probabilities);
    out->prior = name;
    score_lines(run, false, first ? run->confusion[0] : NULL, &out->sets[LINES]);
    score_lines(run, true, first ? run->confusion[1] : NULL, &out->sets[PAIRS]);
    score_names(run, &out->sets[NAMES]);
  }
  classifier_session_end(&session);
  return status;
}

/* Under the prior that was asked for, or under the data's and, where it is told, an equal one. */
static rc_status score_all(names_run *run, const names_options *options, rc_error *error) {
  size_t cells = (size_t)run->model.net.config.labels * (size_t)run->model.net.config.labels;
  for (int i = 0; i < 2; i++) run->confusion[i] = calloc(cells, sizeof(int));
  if (run->confusion[0] == NULL || run->confusion[1] == NULL) return no_memory(error);
  if (options->prior != NULL) {
    prior_choice given;
    RC_TRY(prior_choice_make(&given, options->prior, &run->model, error));
    const rc_status status = score_under(run, options->prior, &given, error);
    prior_choice_free(&given);
    return status;
  }
  const prior_choice data = {.kind = PRIOR_DATA}, equal = {.kind = PRIOR_EQUAL};
  RC_TRY(score_under(run, "data", &data, error));
  return run->model.prior == NULL ? RC_OK : score_under(run, "equal", &equal, error);
}

/* On failure the run may be freed all the same. */
static rc_status run_load(names_run *run, const char *path, const names_options *options,
                          const char *bytes, size_t size, rc_error *error) {
  run->path = path;
  RC_TRY(model_files_classifier(&run->model, path, &run->file_bytes, error));
  return examples_read(&run->data, options->data, bytes, size, run->model.labels,
                       run->model.net.config.labels, error);
}

static void json_scores(json *object, const char *key, const scores *of, bool has_f1) {
  json *item = json_member_object(object, key);
  json_integer(item, "count", of->count);
  json_number(item, "top1", of->top1);
  json_number(item, "top3", of->top3);
  json_number(item, "macro_recall", of->macro_recall);
  if (has_f1) json_number(item, "macro_f1", of->macro_f1);
  json_number(item, "calibration_error", of->calibration_error);
  json_number(item, "nll", of->nll);
}

static void json_prior(json *object, const names_scores *of) {
  json_scores(object, "all", &of->sets[LINES], true);
  json_scores(object, "distinct", &of->sets[PAIRS], true);
  json_scores(object, "names", &of->sets[NAMES], false);
}

static rc_status print_json(const names_run *run, const names_options *options, rc_error *error) {
  json *root = json_object();
  json_text(root, "model", run->path);
  json_text(root, "data", options->data);
  json_unsigned(root, "file_bytes", run->file_bytes);
  json_unsigned(root, "parameters", run->model.net.params.total);
  json_number(root, "temperature", (double)run->model.temperature);
  json_text(root, "prior", run->scores[0].prior);
  json_prior(root, &run->scores[0]);
  if (run->prior_count > 1) json_prior(json_member_object(root, "equal"), &run->scores[1]);
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
  int classes = run->model.net.config.labels;
  int top = options->top < classes ? options->top : classes;
  float *probabilities = malloc((size_t)classes * sizeof *probabilities);
  int *best = malloc((size_t)classes * sizeof *best);
  classifier_session session = classifier_session_begin(&run->model);
  prior_choice prior = {0};
  answer given = {0};
  rc_status status = probabilities == NULL || best == NULL
                         ? no_memory(error)
                         : prior_choice_make(&prior, options->prior, &run->model, error);
  if (status == RC_OK) {
    status = classifier_session_prior(&session, prior.kind, prior.weights, error);
  }
  if (status == RC_OK) {
    status =
        classifier_predict(&session, sample->text, sample->bytes, probabilities, &given, error);
  }
  if (status == RC_OK && given.basis != ANSWER_NONE) {
    model_files_best(probabilities, classes, top, best);
    sample_prediction shown = {run->path, sample, run->model.labels, probabilities, best, top};
    status = evaluate_print_sample(&shown, options->json, error);
  }
  prior_choice_free(&prior);
  classifier_session_end(&session);
  free(best);
  free(probabilities);
  return status;
}

static rc_status evaluate_one(names_run *run, const names_options *options, rc_error *error) {
  if (options->has_index) return show_sample(run, options, error);
  RC_TRY(predict(run, options, error));
  RC_TRY(score_all(run, options, error));
  return options->json ? print_json(run, options, error) : RC_OK;
}

static void print_tables(const names_run *runs, int count, bool with_confusion) {
  evaluation rows[PRIORS_MAX * SCORED_SETS * OPTION_TEXTS_MAX] = {0};
  int row = 0;
  for (int i = 0; i < count; i++) {
    for (int p = 0; p < runs[i].prior_count; p++) {
      for (int set = 0; set < SCORED_SETS; set++) {
        const names_scores *of = &runs[i].scores[p];
        rows[row++] = (evaluation){runs[i].path, SET_NAMES[set], of->prior, of->sets[set],
                                   .has_f1 = set != NAMES};
      }
    }
  }
  evaluate_print_scores(rows, row);
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
      OPTION_TEXT("prior", 0, &options.prior, "PRIOR",
                  PRIOR_CHOICE_HELP "; without it, both are scored"),
      OPTION_FLAG("unmarked", 'u', &options.unmarked,
                  "score the names as one types them who leaves out all marks"),
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
