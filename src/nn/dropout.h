#ifndef RECUR_DROPOUT_H
#define RECUR_DROPOUT_H

#include <stddef.h>

#include "kernels.h"
#include "rng.h"

/* Inverted dropout (Srivastava et al. 2014): y = x * mask, mask = 0 with probability p, otherwise
 * 1 / (1 - p). p in [0, 1). mask: [n], written forward, read backward; one draw an element in
 * order. x may be y, dy may be dx. */
void dropout_forward(real p, size_t n, const real *x, real *y, real *mask, rc_rng *rng);
void dropout_backward(size_t n, const real *dy, const real *mask, real *dx);

#endif
