#include "dropout.h"

#include "checks.h"

void dropout_forward(real p, size_t n, const real *x, real *y, real *mask, rc_rng *rng) {
  RC_ASSERT(p >= 0 && p < 1);
  /* A whole random word against p * 2^32 is as good as a fraction against p, and cheaper. */
  uint32_t threshold = (uint32_t)((double)p * 0x1p32);
  real kept = 1 / (1 - p);
  for (size_t i = 0; i < n; i++) mask[i] = rng_u32(rng) < threshold ? 0 : kept;
  for (size_t i = 0; i < n; i++) y[i] = x[i] * mask[i];
}

void dropout_backward(size_t n, const real *dy, const real *mask, real *dx) {
  for (size_t i = 0; i < n; i++) dx[i] = dy[i] * mask[i];
}
