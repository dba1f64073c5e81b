#include "loss.h"

#include <math.h>
#include <string.h>

#include "checks.h"

static target_mixture mixture_row(const cross_entropy_target *target, int classes, int row) {
  real hard = 1 - target->soft_weight;
  const size_t soft_row = target->soft_shared ? 0 : (size_t)row;
  return (target_mixture){
      .target = target->targets[row],
      .base = hard * target->smoothing / (real)classes,
      .peak = hard * (1 - target->smoothing),
      .soft = target->soft == NULL ? NULL : target->soft + soft_row * (size_t)classes,
      .soft_weight = target->soft_weight,
  };
}

double cross_entropy(int rows, int classes, const cross_entropy_target *target, real scale,
                     real *logits) {
  RC_ASSERT(indices_below(target->targets, rows, classes));
  RC_ASSERT(target->smoothing >= 0 && target->smoothing < 1);
  RC_ASSERT(target->soft_weight >= 0 && target->soft_weight <= 1);
  double loss = 0;
  for (int row = 0; row < rows; row++) {
    const target_mixture q = mixture_row(target, classes, row);
    real weight = target->weights == NULL ? 1 : target->weights[row];
    loss += (double)weight * kernels->cross_entropy(classes, &q, scale * weight,
                                                    logits + (size_t)row * (size_t)classes);
  }
  return loss;
}

double expected_risk(int count, const double *log_probability, const double *cost, double sharpness,
                     double *d) {
  RC_ASSERT(count > 0);
  double highest = log_probability[0], sum = 0, risk = 0;
  for (int k = 1; k < count; k++) highest = fmax(highest, log_probability[k]);
  for (int k = 0; k < count; k++) {
    d[k] = exp(sharpness * (log_probability[k] - highest));
    sum += d[k];
    risk += d[k] * cost[k];
  }
  risk /= sum;
  for (int k = 0; k < count; k++) d[k] *= sharpness / sum * (cost[k] - risk);
  return risk;
}
