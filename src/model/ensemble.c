#include "ensemble.h"

#include <math.h>
#include <string.h>

static bool same_labels(const classifier_model *a, const classifier_model *b) {
  if (a->net.config.labels != b->net.config.labels) return false;
  for (int c = 0; c < a->net.config.labels; c++) {
    if (strcmp(a->labels[c], b->labels[c]) != 0) return false;
  }
  return true;
}

rc_status classifier_ensemble_begin(classifier_ensemble *ensemble, const classifier_model *models,
                                    int count, rc_error *error) {
  *ensemble = (classifier_ensemble){0};
  if (count < 1 || count > CLASSIFIER_ENSEMBLE_MAX) {
    return rc_fail(error, RC_ERR_ARGUMENT, "%d networks; 1 to %d can answer together", count,
                   CLASSIFIER_ENSEMBLE_MAX);
  }
  for (int i = 0; i < count; i++) {
    if (!same_labels(&models[0], &models[i])) {
      return rc_fail(error, RC_ERR_ARGUMENT,
                     "the labels of network %d are others than those of the first, or in another "
                     "order: these cannot answer together",
                     i + 1);
    }
    ensemble->members[ensemble->count++] = classifier_session_begin(&models[i]);
  }
  return RC_OK;
}

void classifier_ensemble_end(classifier_ensemble *ensemble) {
  for (int i = 0; i < ensemble->count; i++) classifier_session_end(&ensemble->members[i]);
  arena_free(&ensemble->memory);
  *ensemble = (classifier_ensemble){0};
}

rc_status classifier_ensemble_prior(classifier_ensemble *ensemble, prior_kind kind,
                                    const real *weights, rc_error *error) {
  for (int i = 0; i < ensemble->count; i++) {
    RC_TRY(classifier_session_prior(&ensemble->members[i], kind, weights, error));
  }
  return RC_OK;
}

void classifier_ensemble_add(size_t count, const float *probabilities, float *sum) {
  const float impossible = -1e6F; /* far below the log of any float, and no infinity: all may be */
  for (size_t i = 0; i < count; i++) {
    sum[i] += probabilities[i] > 0 ? logf(probabilities[i]) : impossible;
  }
}

void classifier_ensemble_mean(int rows, int classes, int members, float *sum) {
  const size_t count = (size_t)rows * (size_t)classes;
  for (size_t i = 0; i < count; i++) sum[i] /= (float)members;
  kernels->softmax(rows, classes, sum, sum);
}

/* What one member says of the texts. */
typedef struct layout {
  float *probabilities; /* [texts, C] */
  answer *answers;      /* [texts] */
  int *deciders;        /* [texts] members that the answer is of */
} layout;

static layout lay_out(size_t texts, size_t labels, rc_arena *arena) {
  layout l;
  l.probabilities = ARENA_ARRAY(arena, float, texts *labels);
  l.answers = ARENA_ARRAY(arena, answer, texts);
  l.deciders = ARENA_ARRAY(arena, int, texts);
  return l;
}

static rc_status prepare(classifier_ensemble *ensemble, size_t texts, size_t labels, layout *out,
                         rc_error *error) {
  rc_arena need = arena_measure();
  (void)lay_out(texts, labels, &need);
  RC_TRY(arena_check(&need, "the answers of an ensemble", error));
  if (need.used > ensemble->memory.size) {
    arena_free(&ensemble->memory);
    RC_TRY(arena_new(&ensemble->memory, need.used, error));
  }
  arena_reset(&ensemble->memory);
  *out = lay_out(texts, labels, &ensemble->memory);
  return arena_check(&ensemble->memory, "the answers of an ensemble", error);
}

static int rank_of(answer_basis basis) {
  return basis == ANSWER_LETTERS ? 2 : basis == ANSWER_SCRIPT ? 1 : 0;
}

/* Adds what a member says of one text, unless others answer it from better. */
static void add_answer(size_t labels, const answer *given, const float *probabilities,
                       int *deciders, answer *out, float *sum) {
  if (rank_of(given->basis) < rank_of(out->basis)) return;
  if (rank_of(given->basis) > rank_of(out->basis)) {
    *out = *given;
    *deciders = 0;
    memset(sum, 0, labels * sizeof *sum);
  }
  if (given->basis == ANSWER_NONE) return;
  classifier_ensemble_add(labels, probabilities, sum);
  ++*deciders;
}

rc_status classifier_ensemble_predict_texts(classifier_ensemble *ensemble, int count,
                                            const utf8_text *texts, float *probabilities,
                                            answer *answers, rc_error *error) {
  classifier_session *members = ensemble->members;
  if (ensemble->count == 1 || count == 0) {
    return classifier_predict_texts(&members[0], count, texts, probabilities, answers, error);
  }
  const size_t labels = (size_t)members[0].model->net.config.labels;
  layout l;
  RC_TRY(prepare(ensemble, (size_t)count, labels, &l, error));
  for (int m = 0; m < ensemble->count; m++) {
    RC_TRY(classifier_predict_texts(&members[m], count, texts, l.probabilities, l.answers, error));
    for (int i = 0; i < count; i++) {
      const size_t row = (size_t)i * labels;
      if (m == 0) {
        l.deciders[i] = 0;
        answers[i] = (answer){.letters = l.answers[i].letters, .script = l.answers[i].script};
      }
      add_answer(labels, &l.answers[i], l.probabilities + row, &l.deciders[i], &answers[i],
                 probabilities + row);
    }
  }
  for (int i = 0; i < count; i++) {
    if (l.deciders[i] == 0) continue;
    classifier_ensemble_mean(1, (int)labels, l.deciders[i], probabilities + (size_t)i * labels);
  }
  return RC_OK;
}

rc_status classifier_ensemble_predict(classifier_ensemble *ensemble, const char *text, size_t bytes,
                                      float *probabilities, answer *out, rc_error *error) {
  if (ensemble->count == 1) {
    return classifier_predict(&ensemble->members[0], text, bytes, probabilities, out, error);
  }
  const utf8_text whole = {text, bytes};
  RC_TRY(classifier_ensemble_predict_texts(ensemble, 1, &whole, probabilities, out, error));
  if (out->letters <= CLASSIFIER_LETTERS_MAX) return RC_OK;
  /* refuses it, and says why */
  return classifier_predict(&ensemble->members[0], text, bytes, probabilities, out, error);
}
