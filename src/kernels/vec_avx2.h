#ifndef RECUR_KERNELS_VEC_AVX2_H
#define RECUR_KERNELS_VEC_AVX2_H

/* The vocabulary of vec.h in AVX2 with FMA. */

#include "vec_octet.h"

typedef __m256 vec;
typedef struct vec_wide {
  __m256d low, high;
} vec_wide;

/* 6 x 2 sums, 2 vectors of B and 1 of A fill 15 of 16 registers. */
enum { VEC = 8, GEMM_VECS = 2, TRANSPOSED = 8 };
#define GEMM_ROWS 6

/* All ones in the lanes below n. */
static inline __m256i first_lanes(int n) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

static inline vec vec_load(const float *p) {
  return _mm256_loadu_ps(p);
}
static inline void vec_store(float *p, vec v) {
  _mm256_storeu_ps(p, v);
}
static inline vec vec_load_part(const float *p, int n) {
  return _mm256_maskload_ps(p, first_lanes(n));
}
static inline void vec_store_part(float *p, int n, vec v) {
  _mm256_maskstore_ps(p, first_lanes(n), v);
}
static inline vec vec_keep(int n, vec v) {
  return _mm256_and_ps(v, _mm256_castsi256_ps(first_lanes(n)));
}

static inline vec vec_set1(float x) {
  return _mm256_set1_ps(x);
}
static inline vec vec_add(vec a, vec b) {
  return _mm256_add_ps(a, b);
}
static inline vec vec_sub(vec a, vec b) {
  return _mm256_sub_ps(a, b);
}
static inline vec vec_mul(vec a, vec b) {
  return _mm256_mul_ps(a, b);
}
static inline vec vec_div(vec a, vec b) {
  return _mm256_div_ps(a, b);
}
static inline vec vec_sqrt(vec a) {
  return _mm256_sqrt_ps(a);
}
static inline vec vec_fma(vec a, vec b, vec c) {
  return _mm256_fmadd_ps(a, b, c);
}
static inline vec vec_max(vec a, vec b) {
  return _mm256_max_ps(a, b);
}

static inline vec vec_minus_abs(vec x) {
  return _mm256_or_ps(x, _mm256_set1_ps(-0.0f));
}
static inline vec vec_copy_sign(vec x, vec sign) {
  return _mm256_or_ps(x, _mm256_and_ps(sign, _mm256_set1_ps(-0.0f)));
}
static inline vec vec_if_negative(vec x, vec a, vec b) {
  return _mm256_blendv_ps(b, a, _mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_LT_OQ));
}
static inline vec vec_shift_to_exponent(vec x) {
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_castps_si256(x), 23));
}

static inline float vec_sum(vec v) {
  return quad_sum(_mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1)));
}
static inline float vec_maximum(vec v) {
  return quad_maximum(_mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1)));
}

static inline vec_wide vec_wide_zero(void) {
  return (vec_wide){_mm256_setzero_pd(), _mm256_setzero_pd()};
}
static inline vec_wide vec_wide_add_square(vec_wide w, vec v) {
  const __m256d low = _mm256_cvtps_pd(_mm256_castps256_ps128(v));
  const __m256d high = _mm256_cvtps_pd(_mm256_extractf128_ps(v, 1));
  return (vec_wide){_mm256_fmadd_pd(low, low, w.low), _mm256_fmadd_pd(high, high, w.high)};
}
static inline double vec_wide_sum(vec_wide w) {
  const __m256d sum = _mm256_add_pd(w.low, w.high);
  return pair_sum(_mm_add_pd(_mm256_castpd256_pd128(sum), _mm256_extractf128_pd(sum, 1)));
}

#endif
