#ifndef RECUR_KERNELS_VEC_OCTET_H
#define RECUR_KERNELS_VEC_OCTET_H

/* What the headers for AVX2 and AVX-512 share. */

#include "vec_quad.h"

/* Four floats of row x and of the row four below, side by side. */
static inline __m256 two_quads(const float *x, ptrdiff_t ldx) {
  return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(x)), _mm_loadu_ps(x + 4 * ldx),
                              1);
}

/* y[i, j] = x[j, i] for 8 rows j of x and 4 rows i of y. */
static inline void octet_transpose_half(const float *x, ptrdiff_t ldx, float *y, ptrdiff_t ldy) {
  const __m256 row0 = two_quads(x, ldx), row1 = two_quads(x + ldx, ldx);
  const __m256 row2 = two_quads(x + 2 * ldx, ldx), row3 = two_quads(x + 3 * ldx, ldx);
  const __m256 low01 = _mm256_unpacklo_ps(row0, row1), high01 = _mm256_unpackhi_ps(row0, row1);
  const __m256 low23 = _mm256_unpacklo_ps(row2, row3), high23 = _mm256_unpackhi_ps(row2, row3);
  _mm256_storeu_ps(y, _mm256_shuffle_ps(low01, low23, _MM_SHUFFLE(1, 0, 1, 0)));
  _mm256_storeu_ps(y + ldy, _mm256_shuffle_ps(low01, low23, _MM_SHUFFLE(3, 2, 3, 2)));
  _mm256_storeu_ps(y + 2 * ldy, _mm256_shuffle_ps(high01, high23, _MM_SHUFFLE(1, 0, 1, 0)));
  _mm256_storeu_ps(y + 3 * ldy, _mm256_shuffle_ps(high01, high23, _MM_SHUFFLE(3, 2, 3, 2)));
}

static inline void vec_transpose(const float *x, ptrdiff_t ldx, float *y, ptrdiff_t ldy) {
  octet_transpose_half(x, ldx, y, ldy);
  octet_transpose_half(x + 4, ldx, y + 4 * ldy, ldy);
}

#endif
