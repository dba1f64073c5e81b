#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ensemble.h"
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
  bool json, confusion, unmarked, ensemble;
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

/* One model, or several together, and the predictions of one file of names. */
typedef struct names_run {
  const char *const *paths;                  /* [count] */
  size_t file_bytes, parameters;             /* of all */
  classifier_model models[OPTION_TEXTS_MAX]; /* [count] of the same labels */
  int count;
  char title[32];                  /* of several */
  examples data;                   /* with their labels */
  names_alike alike;               /* of the data */
  bool *repeated;                  /* [N] */
  float *logits[OPTION_TEXTS_MAX]; /* [N, C] of each model */
  float *probabilities;            /* [N, C] under the prior that is scored */
  float *chosen;                   /* [N, C] of the set that is scored */
  int *labels;                     /* [N] of that */
  names_scores scores[PRIORS_MAX];
  int prior_count;
  int *confusion[2]; /* [C, C] of all lines and of distinct pairs, under the first prior */
} names_run;

static void run_free(names_run *run) {
  free(run->confusion[0]);
  free(run->confusion[1]);
  free(run->probabilities);
  free(run->chosen);
  free(run->labels);
  free(run->repeated);
  names_alike_free(&run->alike);
  examples_free(&run->data);
  for (int i = 0; i < run->count; i++) {
    free(run->logits[i]);
    classifier_model_free(&run->models[i]);
  }
}

static int label_count(const names_run *run) {
  return run->models[0].net.config.labels;
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

static rc_status encode_names(const names_run *run, const names_options *options,
                              const classifier_model *model, name_set *names, rc_error *error) {
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

/* logits [N, C] of one model. */
static rc_status ask(const names_run *run, const names_options *options, int which, float **logits,
                     rc_error *error) {
  const classifier_model *model = &run->models[which];
  name_set names;
  RC_TRY(encode_names(run, options, model, &names, error));
  *logits = malloc((size_t)names.count * (size_t)label_count(run) * sizeof **logits);
  const rc_status status = *logits == NULL
                               ? no_memory(error)
                               : classifier_predict_all(&model->net, model->values, names.count,
                                                        names.ids, names.lengths, *logits, error);
  name_set_free(&names);
  return status;
}

static rc_status predict(names_run *run, const names_options *options, rc_error *error) {
  for (int i = 0; i < run->count; i++) {
    RC_TRY(ask(run, options, i, &run->logits[i], error));
  }
  const size_t count = (size_t)run->data.count, classes = (size_t)label_count(run);
  run->probabilities = malloc(count * classes * sizeof *run->probabilities);
  run->chosen = malloc(count * classes * sizeof *run->chosen);
  run->labels = malloc(count * sizeof *run->labels);
  run->repeated = calloc(count, sizeof *run->repeated);
  const bool room = run->probabilities != NULL && run->chosen != NULL && run->labels != NULL &&
                    run->repeated != NULL;
  RC_TRY(room ? examples_mark_repeated(&run->data, run->repeated, error) : no_memory(error));
  return names_alike_make(&run->alike, &run->data, error);
}

/* Scores over all lines, or those that repeat no earlier one. */
static void score_lines(names_run *run, bool distinct, int *confusion, scores *out) {
  const size_t classes = (size_t)label_count(run);
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
  const size_t classes = (size_t)label_count(run);
  for (int i = 0; i < run->alike.count; i++) {
    memcpy(run->chosen + (size_t)i * classes,
           run->probabilities + (size_t)run->alike.items[i] * classes,
           classes * sizeof *run->chosen);
  }
  scores_among(run->alike.count, (int)classes, run->chosen, &run->alike.sets, out);
}

/* probabilities [N, C] of all models together. */
static void answer_all(names_run *run, const classifier_ensemble *networks) {
  const size_t size = (size_t)run->data.count * (size_t)label_count(run);
  float *of_one = run->count > 1 ? run->chosen : run->probabilities;
  if (run->count > 1) memset(run->probabilities, 0, size * sizeof *run->probabilities);
  for (int i = 0; i < run->count; i++) {
    const classifier_model *model = &run->models[i];
    classifier_probabilities(&model->net, model->temperature, networks->members[i].bias,
                             run->data.count, run->logits[i], of_one);
    if (run->count > 1) classifier_ensemble_add(size, of_one, run->probabilities);
  }
  if (run->count > 1) {
    classifier_ensemble_mean(run->data.count, label_count(run), run->count, run->probabilities);
  }
}

/* All scores under a prior. */
static rc_status score_under(names_run *run, const char *name, const prior_choice *prior,
                             rc_error *error) {
  const bool first = run->prior_count == 0;
  names_scores *out = &run->scores[run->prior_count++];
  classifier_ensemble networks;
  rc_status status = classifier_ensemble_begin(&networks, run->models, run->count, error);
  if (status == RC_OK) {
    status = classifier_ensemble_prior(&networks, prior->kind, prior->weights, error);
  }
  if (status == RC_OK) {
    answer_all(run, &networks);
    out->prior = name;
    score_lines(run, false, first ? run->confusion[0] : NULL, &out->sets[LINES]);
    score_lines(run, true, first ? run->confusion[1] : NULL, &out->sets[PAIRS]);
    score_names(run, &out->sets[NAMES]);
  }
  classifier_ensemble_end(&networks);
  return status;
}

/* Under the prior that was asked for, or under the data's and, where it is told, an equal one. */
static rc_status score_all(names_run *run, const names_options *options, rc_error *error) {
  const size_t cells = (size_t)label_count(run) * (size_t)label_count(run);
  for (int i = 0; i < 2; i++) run->confusion[i] = calloc(cells, sizeof(int));
  if (run->confusion[0] == NULL || run->confusion[1] == NULL) return no_memory(error);
  if (options->prior != NULL) {
    prior_choice given;
    RC_TRY(prior_choice_make(&given, options->prior, run->models, error));
    const rc_status status = score_under(run, options->prior, &given, error);
    prior_choice_free(&given);
    return status;
  }
  const prior_choice data = {.kind = PRIOR_DATA}, equal = {.kind = PRIOR_EQUAL};
  RC_TRY(score_under(run, "data", &data, error));
  return run->models[0].prior == NULL ? RC_OK : score_under(run, "equal", &equal, error);
}

/* On failure the run may be freed all the same. */
static rc_status run_load(names_run *run, const char *const *paths, int count,
                          const names_options *options, const char *bytes, size_t size,
                          rc_error *error) {
  classifier_ensemble networks;
  size_t file_bytes;
  run->paths = paths;
  for (; run->count < count; run->count++) {
    classifier_model *model = &run->models[run->count];
    RC_TRY(model_files_classifier(model, paths[run->count], &file_bytes, error));
    run->file_bytes += file_bytes;
    run->parameters += model->net.params.total;
  }
  if (count > 1) snprintf(run->title, sizeof run->title, "%d together", count);
  const rc_status status = classifier_ensemble_begin(&networks, run->models, count, error);
  classifier_ensemble_end(&networks);
  RC_TRY(status);
  return examples_read(&run->data, options->data, bytes, size, run->models[0].labels,
                       label_count(run), error);
}

static const char *title_of(const names_run *run) {
  return run->count > 1 ? run->title : run->paths[0];
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
  json_text(root, "model", run->paths[0]);
  json *together = run->count > 1 ? json_member_array(root, "ensemble") : NULL;
  for (int i = 0; together != NULL && i < run->count; i++) json_item_text(together, run->paths[i]);
  json_text(root, "data", options->data);
  json_unsigned(root, "file_bytes", run->file_bytes);
  json_unsigned(root, "parameters", run->parameters);
  if (run->count == 1) json_number(root, "temperature", (double)run->models[0].temperature);
  json_text(root, "prior", run->scores[0].prior);
  json_prior(root, &run->scores[0]);
  if (run->prior_count > 1) json_prior(json_member_object(root, "equal"), &run->scores[1]);
  const int classes = label_count(run);
  json *labels = json_member_array(root, "labels");
  for (int c = 0; c < classes; c++) json_item_text(labels, run->models[0].labels[c]);
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
  const int classes = label_count(run);
  int top = options->top < classes ? options->top : classes;
  float *probabilities = malloc((size_t)classes * sizeof *probabilities);
  int *best = malloc((size_t)classes * sizeof *best);
  classifier_ensemble networks;
  prior_choice prior = {0};
  answer given = {0};
  rc_status status = classifier_ensemble_begin(&networks, run->models, run->count, error);
  if (status == RC_OK && (probabilities == NULL || best == NULL)) status = no_memory(error);
  if (status == RC_OK) status = prior_choice_make(&prior, options->prior, run->models, error);
  if (status == RC_OK) {
    status = classifier_ensemble_prior(&networks, prior.kind, prior.weights, error);
  }
  if (status == RC_OK) {
    status = classifier_ensemble_predict(&networks, sample->text, sample->bytes, probabilities,
                                         &given, error);
  }
  if (status == RC_OK && given.basis != ANSWER_NONE) {
    model_files_best(probabilities, classes, top, best);
    sample_prediction shown = {title_of(run), sample, run->models[0].labels,
                               probabilities, best,   top};
    status = evaluate_print_sample(&shown, options->json, error);
  }
  prior_choice_free(&prior);
  classifier_ensemble_end(&networks);
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
        rows[row++] = (evaluation){title_of(&runs[i]), SET_NAMES[set], of->prior, of->sets[set],
                                   .has_f1 = set != NAMES};
      }
    }
  }
  evaluate_print_scores(rows, row);
  for (int i = 0; with_confusion && i < count; i++) {
    printf("\n%s, distinct pairs; rows are labels, columns predictions\n", title_of(&runs[i]));
    evaluate_print_confusion(runs[i].confusion[1], runs[i].models[0].labels, label_count(&runs[i]));
  }
}

static int run_names(const names_options *options) {
  char *bytes;
  size_t size;
  rc_error error;
  if (files_read_all(options->data, &bytes, &size, &error) != RC_OK) {
    return program_fail(program, &error);
  }
  const int together = options->ensemble ? options->models.count : 1;
  const int count = options->models.count / together;
  names_run *runs = calloc((size_t)count, sizeof *runs);
  if (runs == NULL) {
    free(bytes);
    rc_fail(&error, RC_ERR_MEMORY, "out of memory");
    return program_fail(program, &error);
  }
  rc_status status = RC_OK;
  int done = 0;
  for (; status == RC_OK && done < count; done++) {
    status =
        run_load(&runs[done], options->models.items + done, together, options, bytes, size, &error);
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
      OPTION_FLAG("ensemble", 0, &options.ensemble,
                  "the models, which must have the same labels, answer together, by the mean of "
                  "the logarithms of their probabilities, instead of each alone"),
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
          "evaluate names -m names-rnn.gguf -m names-lstm.gguf --data names.dev.tsv --ensemble\n"
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
