#ifndef RECUR_ATTEND_H
#define RECUR_ATTEND_H

#include "kernels.h"

/* Attention of one query q [K] over the n keys k [n, K] and values v [n, C] of its sequence:
 *
 *   score_j = scale q . k_j               scaled dot product, or where `score` u is given
 *   score_j = u . tanh(q + k_j)           additive (Bahdanau et al. 2015), q and k projected before
 *   weights = softmax(score),  context = sum_j weights_j v_j
 *
 * or by location (Luong et al. 2015), without keys: q has the scores of K >= n positions, over all
 * of which the softmax runs; what is weighed behind the last value is 0.
 *
 * All rows lie without gaps. */
typedef struct attend {
  int size, width;   /* K, C */
  real scale;        /* of the dot product */
  const real *score; /* u [K], or NULL */
  bool location;
} attend;

/* Elements of scratch that forward and backward need for up to n keys of K elements, or positions.
 */
size_t attend_scratch(bool additive, int size, int n);

/* -> weights [n], by location [K]; context [C] */
void attend_forward(const attend *layer, int n, const real *query, const real *keys,
                    const real *values, real *weights, real *context, real *scratch);

/* y += sum_j weights_j x_j over x [n, C], y [C] */
void attend_add(int n, int width, const real *weights, const real *x, real *y);

typedef struct attend_gradients {
  real *query;         /* [K] */
  real *keys, *values; /* [n, K], [n, C]; the same where keys are the values */
  real *score;         /* [K], or NULL */
} attend_gradients;

/* From the weights that forward left, d_context [C], and d_weights [n], what else the weights did,
 * or NULL: adds to all gradients. */
void attend_backward(const attend *layer, int n, const real *query, const real *keys,
                     const real *values, const real *weights, const real *d_context,
                     const real *d_weights, const attend_gradients *gradients, real *scratch);

#endif
