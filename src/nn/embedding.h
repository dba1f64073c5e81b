#ifndef RECUR_EMBEDDING_H
#define RECUR_EMBEDDING_H

#include "params.h"
#include "rng.h"

/* y[i] = W[id[i]], as torch.nn.Embedding: W [count, size]. */

typedef struct embedding {
  int count, size;
  size_t weight;
} embedding;

rc_status embedding_add(embedding *layer, param_list *list, const char *prefix, int count, int size,
                        rc_error *error);

/* N(0, 1), as PyTorch. */
void embedding_init(const embedding *layer, real *values, rc_rng *rng);

/* ids [rows], each in [0, count) -> y [rows, size] */
void embedding_forward(const embedding *layer, const real *values, int rows, const int *ids,
                       real *y);

/* dy [rows, size]; adds to gradients in row order. */
void embedding_backward(const embedding *layer, int rows, const int *ids, const real *dy,
                        real *gradients);

#endif
