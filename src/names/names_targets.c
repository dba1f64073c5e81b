#include "names_targets.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model_files.h"
#include "names_splice.h"
#include "predict.h"

/* Pseudo-names tried for each one that an epoch draws, so that epochs differ; no more than all of
 * them draw together, as the teachers take their time for each, and not beyond POOL_MAX, unless one
 * epoch alone draws more. */
enum { POOL_FACTOR = 8, POOL_MAX = 400000, PSEUDO_MAX = 20000000 };

static bool same_letters(const alphabet *a, const alphabet *b) {
  bool same = a->letters == b->letters;
  for (int i = 0; same && i < a->letters; i++) {
    same = alphabet_character(a, i) == alphabet_character(b, i);
  }
  return same;
}

static rc_status check_teacher(const char *path, const classifier_model *teacher,
                               const names_settings *settings, const names_subject *subject,
                               rc_error *error) {
  const int label_count = subject->label_count;
  bool same = teacher->net.config.labels == label_count;
  for (int i = 0; same && i < label_count; i++) {
    same = strcmp(teacher->labels[i], subject->labels[i]) == 0;
  }
  if (!same) return rc_fail(error, RC_ERR_ARGUMENT, "%s: the teacher has other labels", path);
  if (!same_letters(&teacher->letters, subject->letters)) {
    return rc_fail(error, RC_ERR_ARGUMENT, "%s: the teacher reads other letters", path);
  }
  if ((int)teacher->net.config.letter_case != settings->how.letter_case) {
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
  classifier_probabilities(&teacher->net, teacher->temperature, NULL, set->count, logits, logits);
  kernels->axpy(total, 1, logits, sum);
  return RC_OK;
}

static rc_status ask_network(const char *path, const names_settings *settings, const train_set *set,
                             const names_subject *subject, real *sum, real *logits,
                             rc_error *error) {
  classifier_model teacher;
  size_t size;
  RC_TRY(model_files_classifier(&teacher, path, &size, error));
  rc_status status = check_teacher(path, &teacher, settings, subject, error);
  if (status == RC_OK) status = add_predictions(&teacher, set, sum, logits, error);
  classifier_model_free(&teacher);
  return status;
}

/* How often the networks see each text of names_texts in an epoch, [count + plain_count]. */
static real *text_weights(const names_texts *texts, double plain_rate) {
  real *weights = calloc((size_t)(texts->count + texts->plain_count) + 1, sizeof *weights);
  for (int i = 0; weights != NULL && i < texts->count; i++) {
    const real plain = texts->plain[i] < 0 ? 0 : (real)plain_rate;
    weights[i] = 1 - plain;
    if (texts->plain[i] >= 0) weights[texts->plain[i]] += plain;
  }
  return weights;
}

/* The n-gram regression learns from the known names and speaks of all. */
static rc_status ask_ngrams(names_targets *out, const names_settings *settings, int classes,
                            float *probabilities, rc_error *error) {
  enum { INVERSE_DECAY = 2 };
  const names_texts *texts = &out->truth.texts;
  const train_set *set = &out->truth.set;
  real *weights = text_weights(texts, settings->how.unmarked);
  if (weights == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory for the n-gram teacher");
  const ngram_texts learnt = {.count = texts->count + texts->plain_count,
                              .classes = classes,
                              .ids = texts->ids,
                              .lengths = texts->lengths,
                              .targets = texts->targets,
                              .weights = weights};
  rc_status status = ngram_train(&out->ngrams, &learnt, INVERSE_DECAY, error);
  for (int i = 0; i < set->count && status == RC_OK; i++) {
    status = ngram_predict(&out->ngrams, set->ids[i], set->lengths[i],
                           probabilities + (size_t)i * (size_t)classes, error);
  }
  free(weights);
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

/* Of each text's labels the share that the teachers' distribution over all has for it. */
static void weigh_labels(names_targets *out, int classes, const real *soft) {
  const size_t width = (size_t)classes;
  const int pseudo = out->truth.set.pool;
  for (int i = 0; i < out->truth.texts.count + out->truth.texts.plain_count; i++) {
    const real *row = soft + (size_t)(i < out->truth.texts.count ? i : i + pseudo) * width;
    real *target = out->truth.texts.targets + (size_t)i * width, sum = 0;
    for (size_t c = 0; c < width; c++) sum += target[c] *= row[c] + FLT_MIN;
    for (size_t c = 0; c < width; c++) target[c] /= sum;
  }
}

/* target = (1 - hard) target + hard truth, of each text whose labels are known. */
static void mix_truth(const names_targets *out, double hard, int classes, real *soft) {
  const size_t width = (size_t)classes;
  const int pseudo = out->truth.set.pool;
  for (int i = 0; i < out->truth.texts.count + out->truth.texts.plain_count; i++) {
    real *row = soft + (size_t)(i < out->truth.texts.count ? i : i + pseudo) * width;
    for (size_t c = 0; c < width; c++) row[c] *= (real)(1 - hard);
    kernels->axpy(width, (real)hard, out->truth.texts.targets + (size_t)i * width, row);
  }
}

static rc_status ask_teachers(names_targets *out, const names_settings *settings,
                              const names_subject *subject, rc_error *error) {
  train_set *set = &out->truth.set;
  const int classes = subject->label_count;
  size_t total = (size_t)set->count * (size_t)classes;
  int teachers = settings->teachers.count;
  real *soft = (real *)set->soft; /* ours: laid out by gather */
  real *sum = calloc(total + 1, sizeof *sum), *other = calloc(total + 1, sizeof *other);
  rc_status status = RC_OK;
  if (sum == NULL || other == NULL) {
    status = rc_fail(error, RC_ERR_MEMORY, "out of memory for the teachers' targets");
  }
  for (int i = 0; i < teachers && status == RC_OK; i++) {
    status = ask_network(settings->teachers.items[i], settings, set, subject, sum, other, error);
  }
  for (size_t i = 0; status == RC_OK && teachers > 0 && i < total; i++) sum[i] /= (real)teachers;
  if (status == RC_OK && settings->ngrams > 0) {
    status = ask_ngrams(out, settings, classes, other, error);
  }
  for (int i = 0; i < set->count && status == RC_OK; i++) {
    size_t row = (size_t)i * (size_t)classes;
    mix_teachers(classes, teachers > 0 ? settings->ngrams : 1, sum + row, other + row, soft + row);
  }
  if (status == RC_OK && settings->how.several == NAMES_WEIGHED) weigh_labels(out, classes, soft);
  if (status == RC_OK) mix_truth(out, settings->hard, classes, soft);
  free(sum);
  free(other);
  return status;
}

static rc_status make(names_targets *out, const names_settings *settings,
                      const names_subject *subject, rc_error *error) {
  const names_learning *how = &settings->how;
  const bool teachers = settings->teachers.count > 0 || settings->ngrams > 0;
  const double drawn = fmin(round(settings->pseudo * subject->known->count), PSEUDO_MAX);
  if (drawn > 0) {
    int wanted = (int)fmax(drawn, fmin(drawn * fmin(POOL_FACTOR, how->epochs), POOL_MAX));
    RC_TRY(names_splice(&out->pseudo, subject->known, subject->letters, wanted, how->unmarked,
                        how->seed, error));
  }
  RC_TRY(names_truth_make(&out->truth, how, subject->known, &out->pseudo, subject->letters,
                          subject->label_count, teachers, error));
  if (teachers) RC_TRY(ask_teachers(out, settings, subject, error));
  names_truth_measure(&out->truth, subject->label_count);
  train_set *set = &out->truth.set;
  set->drawn = drawn < set->pool ? (int)drawn : set->pool;
  return RC_OK;
}

rc_status names_targets_make(names_targets *out, const names_settings *settings,
                             const names_subject *subject, rc_error *error) {
  *out = (names_targets){0};
  const rc_status status = make(out, settings, subject, error);
  if (status != RC_OK) names_targets_free(out);
  return status;
}

void names_targets_free(names_targets *targets) {
  ngram_free(&targets->ngrams);
  names_truth_free(&targets->truth);
  name_set_free(&targets->pseudo);
  *targets = (names_targets){0};
}
