#ifndef RECUR_LOSS_H
#define RECUR_LOSS_H

#include "kernels.h"

/* Cross-entropy against a mixture of hard and soft targets:
 *
 *   q = (1 - soft_weight) * ((1 - smoothing) * onehot(target) + smoothing / classes)
 *     + soft_weight * soft
 *   loss = sum over rows of -sum(q * log_softmax(logits))
 *   d_logits = scale * (softmax(logits) * sum(q) - q)
 *
 * soft: [rows, classes] probabilities, or [classes] that all rows share, or NULL with soft_weight
 * 0. weights: [rows] factor of each row's loss and gradient, or NULL for 1. d_logits takes the
 * place of the logits [rows, classes]. Returns the sum, in nats. */
typedef struct cross_entropy_target {
  const int *targets;
  real smoothing; /* in [0, 1) */
  const real *soft;
  bool soft_shared;
  real soft_weight; /* in [0, 1] */
  const real *weights;
} cross_entropy_target;

double cross_entropy(int rows, int classes, const cross_entropy_target *target, real scale,
                     real *logits);

/* The expected cost of candidates under their renormalised distribution (Shen et al. 2016):
 *
 *   q_k = p_k^sharpness / sum over j of p_j^sharpness,   R = sum of q_k cost_k
 *   d_k = dR / d log p_k = sharpness q_k (cost_k - R)
 *
 * All [count], at least one. Returns R. */
double expected_risk(int count, const double *log_probability, const double *cost, double sharpness,
                     double *d);

#endif
