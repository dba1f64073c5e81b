#ifndef RECUR_BMM_H
#define RECUR_BMM_H

#include "kernels.h"

/* Batched matrix product, as torch.bmm: C[b] = A[b] B[b] for every b, over A [batch, m, k],
 * B [batch, k, n] and C [batch, m, n] without gaps. */
typedef struct bmm_shape {
  int batch, m, k, n;
} bmm_shape;

void bmm_forward(const bmm_shape *shape, const real *a, const real *b, real *c);

/* dA[b] = dC[b] B[b]^T (overwritten; may be NULL); dB[b] += A[b]^T dC[b]. */
void bmm_backward(const bmm_shape *shape, const real *a, const real *b, const real *dc, real *da,
                  real *db);

#endif
