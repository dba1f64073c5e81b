#ifndef RECUR_ONEHOT_H
#define RECUR_ONEHOT_H

#include "linear.h"

/* A linear layer over one-hot rows given by index, ids [rows], each in [0, in): the product with W
 * is a look-up of one of its columns. For fewer rows than columns these are read where they lie,
 * for more from a copy of W turned once. */

/* Elements of scratch that forward and backward need. */
size_t onehot_scratch(const linear *layer);

/* y[r] = W[:, id[r]] + b: [rows, out] */
void onehot_forward(const linear *layer, const real *values, int rows, const int *ids, real *y,
                    real *scratch);

/* dy [rows, out]; adds to gradients. */
void onehot_backward(const linear *layer, int rows, const int *ids, const real *dy, real *gradients,
                     real *scratch);

#endif
