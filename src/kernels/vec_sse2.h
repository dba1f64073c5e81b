#ifndef RECUR_KERNELS_VEC_SSE2_H
#define RECUR_KERNELS_VEC_SSE2_H

/* The vocabulary of vec.h in SSE2, which every x86-64 has; the same lines serve as NEON on AArch64,
 * where SIMDe maps each intrinsic to one instruction and there is a fused multiply-add and twice
 * the registers. */

#include "vec_quad.h"

typedef __m128 vec;
typedef struct vec_wide {
  __m128d low, high;
} vec_wide;

enum { VEC = 4, GEMM_VECS = 2, TRANSPOSED = 4 };

#if defined(__x86_64__) || defined(__i386__)
#define GEMM_ROWS 4
static inline vec vec_fma(vec a, vec b, vec c) {
  return _mm_add_ps(_mm_mul_ps(a, b), c);
}
#else
#define GEMM_ROWS 8
static inline vec vec_fma(vec a, vec b, vec c) {
  return _mm_fmadd_ps(a, b, c);
}
#endif

static inline vec vec_load(const float *p) {
  return _mm_loadu_ps(p);
}
static inline void vec_store(float *p, vec v) {
  _mm_storeu_ps(p, v);
}

static inline vec vec_load_part(const float *p, int n) {
  return _mm_setr_ps(p[0], n > 1 ? p[1] : 0, n > 2 ? p[2] : 0, 0);
}

static inline void vec_store_part(float *p, int n, vec v) {
  float lanes[4];
  _mm_storeu_ps(lanes, v);
  p[0] = lanes[0];
  if (n > 1) p[1] = lanes[1];
  if (n > 2) p[2] = lanes[2];
}

static inline vec vec_keep(int n, vec v) {
  const __m128i kept = _mm_cmpgt_epi32(_mm_set1_epi32(n), _mm_setr_epi32(0, 1, 2, 3));
  return _mm_and_ps(v, _mm_castsi128_ps(kept));
}

static inline vec vec_set1(float x) {
  return _mm_set1_ps(x);
}
static inline vec vec_add(vec a, vec b) {
  return _mm_add_ps(a, b);
}
static inline vec vec_sub(vec a, vec b) {
  return _mm_sub_ps(a, b);
}
static inline vec vec_mul(vec a, vec b) {
  return _mm_mul_ps(a, b);
}
static inline vec vec_div(vec a, vec b) {
  return _mm_div_ps(a, b);
}
static inline vec vec_sqrt(vec a) {
  return _mm_sqrt_ps(a);
}
static inline vec vec_max(vec a, vec b) {
  return _mm_max_ps(a, b);
}

static inline vec vec_minus_abs(vec x) {
  return _mm_or_ps(x, _mm_set1_ps(-0.0f));
}
static inline vec vec_copy_sign(vec x, vec sign) {
  return _mm_or_ps(x, _mm_and_ps(sign, _mm_set1_ps(-0.0f)));
}
static inline vec vec_if_negative(vec x, vec a, vec b) {
  const __m128 negative = _mm_cmplt_ps(x, _mm_setzero_ps());
  return _mm_or_ps(_mm_and_ps(negative, a), _mm_andnot_ps(negative, b));
}
static inline vec vec_shift_to_exponent(vec x) {
  return _mm_castsi128_ps(_mm_slli_epi32(_mm_castps_si128(x), 23));
}

static inline float vec_sum(vec v) {
  return quad_sum(v);
}
static inline float vec_maximum(vec v) {
  return quad_maximum(v);
}

static inline vec_wide vec_wide_zero(void) {
  return (vec_wide){_mm_setzero_pd(), _mm_setzero_pd()};
}
static inline vec_wide vec_wide_add_square(vec_wide w, vec v) {
  const __m128d low = _mm_cvtps_pd(v), high = _mm_cvtps_pd(_mm_movehl_ps(v, v));
  return (vec_wide){_mm_add_pd(w.low, _mm_mul_pd(low, low)),
                    _mm_add_pd(w.high, _mm_mul_pd(high, high))};
}
static inline double vec_wide_sum(vec_wide w) {
  return pair_sum(_mm_add_pd(w.low, w.high));
}

static inline void vec_transpose(const float *x, ptrdiff_t ldx, float *y, ptrdiff_t ldy) {
  quad_transpose(x, ldx, y, ldy);
}

#endif
