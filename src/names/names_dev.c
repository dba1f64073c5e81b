#include "names_dev.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static rc_status no_memory(rc_error *error) {
  return rc_fail(error, RC_ERR_MEMORY, "out of memory for scores");
}

/* The rows of the names, divided by the temperature; NULL: no memory. The caller frees. */
static real *choose(const names_dev *dev, int classes, const real *logits, double temperature) {
  const size_t width = (size_t)classes;
  real *chosen = malloc(((size_t)dev->alike.count * width + 1) * sizeof *chosen);
  for (int i = 0; chosen != NULL && i < dev->alike.count; i++) {
    const real *row = logits + (size_t)dev->alike.items[i] * width;
    for (size_t c = 0; c < width; c++) {
      chosen[(size_t)i * width + c] = row[c] / (real)temperature;
    }
  }
  return chosen;
}

static real *equal_bias(int classes, const real *prior) {
  real *bias = malloc((size_t)classes * sizeof *bias);
  if (bias != NULL) classifier_prior_bias(classes, prior, NULL, bias);
  return bias;
}

rc_status names_dev_fit(const names_dev *dev, int classes, const real *logits, const real *prior,
                        double *temperature, rc_error *error) {
  real *chosen = choose(dev, classes, logits, 1), *bias = equal_bias(classes, prior);
  rc_status status = chosen == NULL || bias == NULL ? no_memory(error) : RC_OK;
  if (status == RC_OK) {
    const real *biases[] = {NULL, bias};
    *temperature =
        scores_fit_confidence(dev->alike.count, classes, chosen, &dev->alike.sets, biases, 2);
  }
  free(chosen);
  free(bias);
  return status;
}

/* probabilities: [names, C], of the rows chosen; overwritten. */
static void score(const names_dev *dev, int classes, const real *chosen, const real *bias,
                  real *probabilities, scores *out) {
  const size_t width = (size_t)classes, total = (size_t)dev->alike.count * width;
  memcpy(probabilities, chosen, total * sizeof *probabilities);
  for (size_t i = 0; i < total && bias != NULL; i += width) {
    kernels->axpy(width, 1, bias, probabilities + i);
  }
  kernels->softmax(dev->alike.count, classes, probabilities, probabilities);
  scores_among(dev->alike.count, classes, probabilities, &dev->alike.sets, out);
}

rc_status names_dev_score(const names_dev *dev, int classes, const real *logits, double temperature,
                          const real *prior, names_scored *out, rc_error *error) {
  real *chosen = choose(dev, classes, logits, temperature), *bias = equal_bias(classes, prior);
  real *p = malloc(((size_t)dev->alike.count * (size_t)classes + 1) * sizeof *p);
  const bool room = chosen != NULL && bias != NULL && p != NULL;
  if (room) {
    score(dev, classes, chosen, NULL, p, &out->data);
    score(dev, classes, chosen, bias, p, &out->equal);
  }
  free(chosen);
  free(bias);
  free(p);
  return room ? RC_OK : no_memory(error);
}

rc_status names_dev_score_ngrams(const names_dev *dev, const ngram_model *model, const real *prior,
                                 names_scored *out, rc_error *error) {
  const real least = 1e-30F;
  const name_set *pairs = dev->pairs;
  const size_t width = (size_t)model->classes;
  real *logits = malloc(((size_t)pairs->count * width + 1) * sizeof *logits);
  rc_status status = logits == NULL ? no_memory(error) : RC_OK;
  for (int i = 0; i < pairs->count && status == RC_OK; i++) {
    real *row = logits + (size_t)i * width;
    status = ngram_predict(model, pairs->ids[i], pairs->lengths[i], row, error);
    for (size_t c = 0; c < width; c++) row[c] = (real)log((double)fmaxf(row[c], least));
  }
  if (status == RC_OK) {
    status = names_dev_score(dev, model->classes, logits, 1, prior, out, error);
  }
  free(logits);
  return status;
}
