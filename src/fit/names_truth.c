#include "names_truth.h"

/* Distinct texts, then pseudo-names, then texts without marks. */
static rc_status gather(names_truth *out, const name_set *extra, int classes, bool soft,
                        rc_error *error) {
  const names_texts *texts = &out->texts;
  const size_t known = (size_t)texts->count, pseudo = (size_t)extra->count;
  const size_t count = known + pseudo + (size_t)texts->plain_count;
  const size_t bytes = count * (sizeof(int *) + 3 * sizeof(int)) + (size_t)classes * sizeof(real) +
                       (soft ? count * (size_t)classes * sizeof(real) : 0);
  RC_TRY(arena_new(&out->memory, bytes + (size_t)(7 * ARENA_MORE), error));
  const int **ids = ARENA_ARRAY(&out->memory, const int *, count);
  int *lengths = ARENA_ARRAY(&out->memory, int, count);
  int *labels = ARENA_ARRAY(&out->memory, int, count);
  int *plain = ARENA_ARRAY(&out->memory, int, known);
  real *targets = soft ? ARENA_ARRAY(&out->memory, real, count * (size_t)classes) : NULL;
  out->prior = ARENA_ARRAY(&out->memory, real, (size_t)classes);
  RC_TRY(arena_check(&out->memory, "the training data", error));
  for (size_t i = 0; i < count; i++) {
    const bool is_pseudo = i >= known && i < known + pseudo;
    const size_t k = i < known ? i : is_pseudo ? i - known : i - pseudo;
    ids[i] = is_pseudo ? extra->ids[k] : texts->ids[k];
    lengths[i] = is_pseudo ? extra->lengths[k] : texts->lengths[k];
    labels[i] = is_pseudo ? extra->labels[k] : texts->labels[k];
  }
  for (size_t i = 0; i < known; i++) {
    plain[i] = texts->plain[i] < 0 ? -1 : texts->plain[i] + (int)pseudo;
  }
  out->set = (train_set){
      .count = (int)count,
      .always = (int)known,
      .pool = (int)pseudo,
      .ids = ids,
      .lengths = lengths,
      .labels = labels,
      .plain = plain,
      .soft = targets,
  };
  return RC_OK;
}

void names_truth_measure(names_truth *truth, int classes) {
  const names_texts *texts = &truth->texts;
  for (int c = 0; c < classes; c++) {
    double sum = 0;
    for (int i = 0; i < texts->count; i++) {
      sum += (double)texts->targets[(size_t)i * (size_t)classes + (size_t)c];
    }
    truth->prior[c] = (real)(sum / texts->count);
  }
}

/* The labels alone, smoothed. */
static void use_truth(const names_truth *out, double smoothing, int classes, real *soft) {
  const size_t width = (size_t)classes;
  const size_t total = (size_t)out->set.count * width;
  for (size_t i = 0; i < total; i++) soft[i] = (real)(smoothing / (1 - smoothing) / classes);
  for (int i = 0; i < out->texts.count + out->texts.plain_count; i++) {
    kernels->axpy(width, 1, out->texts.targets + (size_t)i * width, soft + (size_t)i * width);
  }
  for (size_t i = 0; i < total; i++) soft[i] *= (real)(1 - smoothing);
}

rc_status names_truth_make(names_truth *out, const names_learning *how, const name_set *known,
                           const name_set *pseudo, const alphabet *letters, int classes,
                           bool taught, rc_error *error) {
  const name_set none = {0};
  const bool soft = taught || how->several != NAMES_EACH || how->unmarked > 0;
  *out = (names_truth){0};
  rc_status status = names_texts_make(&out->texts, known, letters, classes,
                                      (names_several)how->several, how->unmarked > 0, error);
  if (status == RC_OK) status = gather(out, pseudo == NULL ? &none : pseudo, classes, soft, error);
  if (status != RC_OK) {
    names_truth_free(out);
    return status;
  }
  if (soft && !taught) use_truth(out, how->smoothing, classes, (real *)out->set.soft);
  names_truth_measure(out, classes);
  return RC_OK;
}

void names_truth_free(names_truth *truth) {
  names_texts_free(&truth->texts);
  arena_free(&truth->memory);
  *truth = (names_truth){0};
}
