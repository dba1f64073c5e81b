#ifndef RECUR_KERNELS_VEC_AVX512_H
#define RECUR_KERNELS_VEC_AVX512_H

/* The vocabulary of vec.h in AVX-512F. */

#include "vec_octet.h"

typedef __m512 vec;
typedef struct vec_wide {
  __m512d low, high;
} vec_wide;

/* 12 x 2 sums, 2 vectors of B and 1 of A fill 27 of 32 registers. */
enum { VEC = 16, GEMM_VECS = 2, TRANSPOSED = 8 };
#define GEMM_ROWS 12

static inline __mmask16 first_lanes(int n) {
  return (__mmask16)((1u << n) - 1);
}

static inline vec vec_load(const float *p) {
  return _mm512_loadu_ps(p);
}
static inline void vec_store(float *p, vec v) {
  _mm512_storeu_ps(p, v);
}
static inline vec vec_load_part(const float *p, int n) {
  return _mm512_maskz_loadu_ps(first_lanes(n), p);
}
static inline void vec_store_part(float *p, int n, vec v) {
  _mm512_mask_storeu_ps(p, first_lanes(n), v);
}
static inline vec vec_keep(int n, vec v) {
  return _mm512_maskz_mov_ps(first_lanes(n), v);
}

static inline vec vec_set1(float x) {
  return _mm512_set1_ps(x);
}
static inline vec vec_add(vec a, vec b) {
  return _mm512_add_ps(a, b);
}
static inline vec vec_sub(vec a, vec b) {
  return _mm512_sub_ps(a, b);
}
static inline vec vec_mul(vec a, vec b) {
  return _mm512_mul_ps(a, b);
}
static inline vec vec_div(vec a, vec b) {
  return _mm512_div_ps(a, b);
}
static inline vec vec_sqrt(vec a) {
  return _mm512_sqrt_ps(a);
}
static inline vec vec_fma(vec a, vec b, vec c) {
  return _mm512_fmadd_ps(a, b, c);
}
static inline vec vec_max(vec a, vec b) {
  return _mm512_max_ps(a, b);
}

/* AVX-512F has the bitwise operations for integers only. */
static inline __m512i sign_bits(void) {
  return _mm512_castps_si512(_mm512_set1_ps(-0.0f));
}
static inline vec vec_minus_abs(vec x) {
  return _mm512_castsi512_ps(_mm512_or_epi32(_mm512_castps_si512(x), sign_bits()));
}
static inline vec vec_copy_sign(vec x, vec sign) {
  const __m512i kept = _mm512_and_epi32(_mm512_castps_si512(sign), sign_bits());
  return _mm512_castsi512_ps(_mm512_or_epi32(_mm512_castps_si512(x), kept));
}
static inline vec vec_if_negative(vec x, vec a, vec b) {
  return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_LT_OQ), b, a);
}
static inline vec vec_shift_to_exponent(vec x) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_castps_si512(x), 23));
}

static inline __m256 low_half(vec v) {
  return _mm512_castps512_ps256(v);
}
static inline __m256 high_half(vec v) {
  return _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(v), 1));
}
static inline float vec_sum(vec v) {
  const __m256 sum = _mm256_add_ps(low_half(v), high_half(v));
  return quad_sum(_mm_add_ps(_mm256_castps256_ps128(sum), _mm256_extractf128_ps(sum, 1)));
}
static inline float vec_maximum(vec v) {
  const __m256 maximum = _mm256_max_ps(low_half(v), high_half(v));
  return quad_maximum(
      _mm_max_ps(_mm256_castps256_ps128(maximum), _mm256_extractf128_ps(maximum, 1)));
}

static inline vec_wide vec_wide_zero(void) {
  return (vec_wide){_mm512_setzero_pd(), _mm512_setzero_pd()};
}
static inline vec_wide vec_wide_add_square(vec_wide w, vec v) {
  const __m512d low = _mm512_cvtps_pd(low_half(v)), high = _mm512_cvtps_pd(high_half(v));
  return (vec_wide){_mm512_fmadd_pd(low, low, w.low), _mm512_fmadd_pd(high, high, w.high)};
}
static inline double vec_wide_sum(vec_wide w) {
  const __m512d eight = _mm512_add_pd(w.low, w.high);
  const __m256d four =
      _mm256_add_pd(_mm512_castpd512_pd256(eight), _mm512_extractf64x4_pd(eight, 1));
  return pair_sum(_mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1)));
}

#endif
