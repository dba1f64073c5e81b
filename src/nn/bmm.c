#include "bmm.h"

#include <string.h>

/* c_i = sum_p a_ip b_p over the rows of one product */
static void forward_one(const bmm_shape *s, const real *a, const real *b, real *c) {
  const size_t k = (size_t)s->k, n = (size_t)s->n;
  memset(c, 0, (size_t)s->m * n * sizeof *c);
  for (int i = 0; i < s->m; i++, a += k, c += n) {
    for (size_t p = 0; p < k; p++) kernels->axpy(n, a[p], b + p * n, c);
  }
}

void bmm_forward(const bmm_shape *shape, const real *a, const real *b, real *c) {
  const bmm_shape *s = shape;
  const ptrdiff_t m = s->m, k = s->k, n = s->n;
  for (int i = 0; i < s->batch; i++) forward_one(s, a + i * m * k, b + i * k * n, c + i * m * n);
}

/* da_ip = dc_i . b_p,  db_p += a_ip dc_i */
static void backward_one(const bmm_shape *s, const real *a, const real *b, const real *dc, real *da,
                         real *db) {
  const size_t k = (size_t)s->k, n = (size_t)s->n;
  for (int i = 0; i < s->m; i++, a += k, dc += n) {
    if (da != NULL) kernels->gemv(s->k, s->n, b, s->n, dc, da + (size_t)i * k);
    for (size_t p = 0; p < k; p++) kernels->axpy(n, a[p], dc, db + p * n);
  }
}

void bmm_backward(const bmm_shape *shape, const real *a, const real *b, const real *dc, real *da,
                  real *db) {
  const bmm_shape *s = shape;
  const ptrdiff_t m = s->m, k = s->k, n = s->n;
  for (int i = 0; i < s->batch; i++) {
    backward_one(s, a + i * m * k, b + i * k * n, dc + i * m * n,
                 da == NULL ? NULL : da + i * m * k, db + i * k * n);
  }
}
