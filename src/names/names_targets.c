#include "names_targets.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model_files.h"
#include "ngrams.h"

/* Pseudo-names tried for each one that an epoch draws, so that epochs differ; not beyond POOL_MAX,
 * unless one epoch alone draws more. */
enum { POOL_FACTOR = 8, POOL_MAX = 400000, PSEUDO_MAX = 20000000 };

/* Known names and then pseudo-names, as the trainer addresses them. */
static rc_status gather(names_targets *out, const name_set *known, int classes, bool soft,
                        rc_error *error) {
  size_t count = (size_t)known->count + (size_t)out->pseudo.count;
  size_t bytes = count * (sizeof(int *) + 2 * sizeof(int)) +
                 (soft ? count * (size_t)classes * sizeof(real) : 0);
  RC_TRY(arena_new(&out->memory, bytes + (size_t)(5 * ARENA_ALIGNMENT), error));
  const int **ids = ARENA_ARRAY(&out->memory, const int *, count);
  int *lengths = ARENA_ARRAY(&out->memory, int, count);
  int *labels = ARENA_ARRAY(&out->memory, int, count);
  real *targets = soft ? ARENA_ARRAY(&out->memory, real, count * (size_t)classes) : NULL;
  RC_TRY(arena_check(&out->memory, "the training data", error));
  for (size_t i = 0; i < count; i++) {
    const name_set *set = i < (size_t)known->count ? known : &out->pseudo;
    size_t k = set == known ? i : i - (size_t)known->count;
    ids[i] = set->ids[k];
    lengths[i] = set->lengths[k];
    labels[i] = set->labels[k];
  }
  out->set = (train_set){
      .count = (int)count,
      .always = known->count,
      .ids = ids,
      .lengths = lengths,
      .labels = labels,
      .soft = targets,
  };
  return RC_OK;
}

static rc_status check_teacher(const char *path, const classifier_model *teacher,
                               const names_settings *settings, const char *const *labels,
                               int label_count, rc_error *error) {
  bool same = teacher->net.config.labels == label_count;
  for (int i = 0; same && i < label_count; i++) same = strcmp(teacher->labels[i], labels[i]) == 0;
  if (!same) return rc_fail(error, RC_ERR_ARGUMENT, "%s: the teacher has other labels", path);
  if ((int)teacher->net.config.letter_case != settings->letter_case) {
    return rc_fail(error, RC_ERR_ARGUMENT, "%s: the teacher has another --letter-case", path);
  }
  return RC_OK;
}

/* sum += softmax(logits / temperature) of every name */
static rc_status add_predictions(const classifier_model *teacher, const train_set *set, real *sum,
                                 real *logits, rc_error *error) {
  size_t total = (size_t)set->count * (size_t)teacher->net.config.labels;
  RC_TRY(classifier_predict_all(&teacher->net, teacher->values, set->count, set->ids, set->lengths,
                                logits, error));
  classifier_probabilities(&teacher->net, teacher->temperature, set->count, logits, logits);
  kernels->axpy(total, 1, logits, sum);
  return RC_OK;
}

static rc_status ask_network(const char *path, const names_settings *settings, const train_set *set,
                             const char *const *labels, int label_count, real *sum, real *logits,
                             rc_error *error) {
  classifier_model teacher;
  size_t size;
  RC_TRY(model_files_classifier(&teacher, path, &size, error));
  rc_status status = check_teacher(path, &teacher, settings, labels, label_count, error);
  if (status == RC_OK) status = add_predictions(&teacher, set, sum, logits, error);
  classifier_model_free(&teacher);
  return status;
}

/* The n-gram regression learns from the known names and speaks of all. */
static rc_status ask_ngrams(const train_set *set, int classes, float *probabilities,
                            rc_error *error) {
  enum { INVERSE_DECAY = 2 };
  ngram_model model;
  RC_TRY(ngram_train(&model, set->always, set->ids, set->lengths, set->labels, classes,
                     INVERSE_DECAY, error));
  rc_status status = RC_OK;
  for (int i = 0; i < set->count && status == RC_OK; i++) {
    status = ngram_predict(&model, set->ids[i], set->lengths[i],
                           probabilities + (size_t)i * (size_t)classes, error);
  }
  ngram_free(&model);
  return status;
}

/* q = networks^(1 - w) * ngrams^w, normalised; the side without weight may be all zero */
static void mix_teachers(int classes, double w, const real *networks, const real *ngrams, real *q) {
  real sum = 0;
  for (int c = 0; c < classes; c++) {
    double log_q = (1 - w) * log((double)networks[c] + 1e-12) + w * log((double)ngrams[c] + 1e-12);
    sum += q[c] = (real)exp(log_q);
  }
  for (int c = 0; c < classes; c++) q[c] /= sum;
}

static rc_status ask_teachers(names_targets *out, const names_settings *settings,
                              const char *const *labels, int classes, rc_error *error) {
  train_set *set = &out->set;
  size_t total = (size_t)set->count * (size_t)classes;
  int teachers = settings->teachers.count;
  real *soft = (real *)set->soft; /* ours: laid out by gather */
  real *sum = calloc(total + 1, sizeof *sum), *other = calloc(total + 1, sizeof *other);
  rc_status status = RC_OK;
  if (sum == NULL || other == NULL) {
    status = rc_fail(error, RC_ERR_MEMORY, "out of memory for the teachers' targets");
  }
  for (int i = 0; i < teachers && status == RC_OK; i++) {
    status =
        ask_network(settings->teachers.items[i], settings, set, labels, classes, sum, other, error);
  }
  for (size_t i = 0; status == RC_OK && teachers > 0 && i < total; i++) sum[i] /= (real)teachers;
  if (status == RC_OK && settings->ngrams > 0) status = ask_ngrams(set, classes, other, error);
  for (int i = 0; i < set->count && status == RC_OK; i++) {
    size_t row = (size_t)i * (size_t)classes;
    mix_teachers(classes, teachers > 0 ? settings->ngrams : 1, sum + row, other + row, soft + row);
    if (i >= set->always) continue;
    for (int c = 0; c < classes; c++) soft[row + (size_t)c] *= (real)(1 - settings->hard);
    soft[row + (size_t)set->labels[i]] += (real)settings->hard;
  }
  free(sum);
  free(other);
  return status;
}

rc_status names_targets_make(names_targets *out, const names_settings *settings,
                             const name_set *known, const char *const *labels, int label_count,
                             rc_error *error) {
  *out = (names_targets){0};
  bool soft = settings->teachers.count > 0 || settings->ngrams > 0;
  rc_status status = RC_OK;
  double drawn = fmin(round(settings->pseudo * known->count), PSEUDO_MAX);
  if (drawn > 0) {
    int wanted = (int)fmax(drawn, fmin(drawn * POOL_FACTOR, POOL_MAX));
    status = name_set_splice(&out->pseudo, known, wanted, settings->seed, error);
  }
  if (status == RC_OK) status = gather(out, known, label_count, soft, error);
  if (status == RC_OK && soft) status = ask_teachers(out, settings, labels, label_count, error);
  if (status != RC_OK) {
    names_targets_free(out);
    return status;
  }
  int pool = out->pseudo.count;
  out->set.drawn = drawn < pool ? (int)drawn : pool;
  return RC_OK;
}

void names_targets_free(names_targets *targets) {
  name_set_free(&targets->pseudo);
  arena_free(&targets->memory);
  *targets = (names_targets){0};
}
