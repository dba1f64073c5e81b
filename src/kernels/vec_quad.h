#ifndef RECUR_KERNELS_VEC_QUAD_H
#define RECUR_KERNELS_VEC_QUAD_H

/* What the x86 headers share: sums and a transpose of four floats. On other processors SIMDe gives
 * these intrinsics their meaning. */

#include <stddef.h>

#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#else
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/x86/fma.h>
#include <simde/x86/sse2.h>
#endif

/* (v0 + v2) + (v1 + v3) */
static inline float quad_sum(__m128 v) {
  const __m128 pairs = _mm_add_ps(v, _mm_movehl_ps(v, v));
  return _mm_cvtss_f32(_mm_add_ss(pairs, _mm_shuffle_ps(pairs, pairs, 1)));
}

static inline float quad_maximum(__m128 v) {
  const __m128 pairs = _mm_max_ps(v, _mm_movehl_ps(v, v));
  return _mm_cvtss_f32(_mm_max_ss(pairs, _mm_shuffle_ps(pairs, pairs, 1)));
}

static inline double pair_sum(__m128d v) {
  return _mm_cvtsd_f64(_mm_add_sd(v, _mm_unpackhi_pd(v, v)));
}

static inline void quad_transpose(const float *x, ptrdiff_t ldx, float *y, ptrdiff_t ldy) {
  const __m128 row0 = _mm_loadu_ps(x), row1 = _mm_loadu_ps(x + ldx);
  const __m128 row2 = _mm_loadu_ps(x + 2 * ldx), row3 = _mm_loadu_ps(x + 3 * ldx);
  const __m128 low01 = _mm_unpacklo_ps(row0, row1), high01 = _mm_unpackhi_ps(row0, row1);
  const __m128 low23 = _mm_unpacklo_ps(row2, row3), high23 = _mm_unpackhi_ps(row2, row3);
  _mm_storeu_ps(y, _mm_movelh_ps(low01, low23));
  _mm_storeu_ps(y + ldy, _mm_movehl_ps(low23, low01));
  _mm_storeu_ps(y + 2 * ldy, _mm_movelh_ps(high01, high23));
  _mm_storeu_ps(y + 3 * ldy, _mm_movehl_ps(high23, high01));
}

#endif
