#ifndef RECUR_KERNELS_VEC_SCALAR_H
#define RECUR_KERNELS_VEC_SCALAR_H

/* The vocabulary of vec.h with one lane: what any processor and any WASM engine runs. */

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef float vec;
typedef double vec_wide;

enum { VEC = 1, GEMM_VECS = 4, TRANSPOSED = 4 };
#ifndef GEMM_ROWS
#define GEMM_ROWS 3
#endif

static inline vec vec_load(const float *p) {
  return *p;
}
static inline void vec_store(float *p, vec v) {
  *p = v;
}

/* Without lanes there are no parts of a vector. */
static inline vec vec_load_part(const float *p, int n) {
  (void)p, (void)n;
  return 0;
}
static inline void vec_store_part(float *p, int n, vec v) {
  (void)p, (void)n, (void)v;
}
static inline vec vec_keep(int n, vec v) {
  (void)n, (void)v;
  return 0;
}

static inline vec vec_set1(float x) {
  return x;
}
static inline vec vec_add(vec a, vec b) {
  return a + b;
}
static inline vec vec_sub(vec a, vec b) {
  return a - b;
}
static inline vec vec_mul(vec a, vec b) {
  return a * b;
}
static inline vec vec_div(vec a, vec b) {
  return a / b;
}
static inline vec vec_sqrt(vec a) {
  return sqrtf(a);
}
static inline vec vec_fma(vec a, vec b, vec c) {
  return a * b + c;
}
static inline vec vec_max(vec a, vec b) {
  return a > b ? a : b;
}
static inline vec vec_minus_abs(vec x) {
  return -fabsf(x);
}
static inline vec vec_copy_sign(vec x, vec sign) {
  return copysignf(x, sign);
}
static inline vec vec_if_negative(vec x, vec a, vec b) {
  return x < 0 ? a : b;
}

static inline vec vec_shift_to_exponent(vec x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  bits <<= 23;
  memcpy(&x, &bits, sizeof bits);
  return x;
}

static inline float vec_sum(vec v) {
  return v;
}
static inline float vec_maximum(vec v) {
  return v;
}

static inline vec_wide vec_wide_zero(void) {
  return 0;
}
static inline vec_wide vec_wide_add_square(vec_wide w, vec v) {
  return w + (double)v * (double)v;
}
static inline double vec_wide_sum(vec_wide w) {
  return w;
}

static inline void vec_transpose(const float *x, ptrdiff_t ldx, float *y, ptrdiff_t ldy) {
  for (int i = 0; i < 4; i++) {
    for (int j = 0; j < 4; j++) y[i * ldy + j] = x[j * ldx + i];
  }
}

#endif
