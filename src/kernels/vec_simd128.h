#ifndef RECUR_KERNELS_VEC_SIMD128_H
#define RECUR_KERNELS_VEC_SIMD128_H

/* The vocabulary of vec.h in WebAssembly's SIMD. Only relaxed SIMD has a fused multiply-add, where
 * the processor has one. */

#include <stddef.h>
#include <wasm_simd128.h>

typedef v128_t vec;
typedef struct vec_wide {
  v128_t low, high;
} vec_wide;

/* Engines on x86-64 have 16 registers and need one for each product. */
enum { VEC = 4, GEMM_VECS = 2, TRANSPOSED = 4 };
#ifndef GEMM_ROWS
#define GEMM_ROWS 4
#endif

static inline vec vec_load(const float *p) {
  return wasm_v128_load(p);
}
static inline void vec_store(float *p, vec v) {
  wasm_v128_store(p, v);
}

/* Called, not inlined: the copies would make a module 6 % larger. */
#define APART static inline __attribute__((noinline))

APART vec vec_load_part(const float *p, int n) {
  return wasm_f32x4_make(p[0], n > 1 ? p[1] : 0, n > 2 ? p[2] : 0, 0);
}
APART void vec_store_part(float *p, int n, vec v) {
  p[0] = wasm_f32x4_extract_lane(v, 0);
  if (n > 1) p[1] = wasm_f32x4_extract_lane(v, 1);
  if (n > 2) p[2] = wasm_f32x4_extract_lane(v, 2);
}
static inline vec vec_keep(int n, vec v) {
  return wasm_v128_and(v, wasm_i32x4_gt(wasm_i32x4_splat(n), wasm_i32x4_make(0, 1, 2, 3)));
}

static inline vec vec_set1(float x) {
  return wasm_f32x4_splat(x);
}
static inline vec vec_add(vec a, vec b) {
  return wasm_f32x4_add(a, b);
}
static inline vec vec_sub(vec a, vec b) {
  return wasm_f32x4_sub(a, b);
}
static inline vec vec_mul(vec a, vec b) {
  return wasm_f32x4_mul(a, b);
}
static inline vec vec_div(vec a, vec b) {
  return wasm_f32x4_div(a, b);
}
static inline vec vec_sqrt(vec a) {
  return wasm_f32x4_sqrt(a);
}
static inline vec vec_fma(vec a, vec b, vec c) {
#ifdef __wasm_relaxed_simd__
  return wasm_f32x4_relaxed_madd(a, b, c);
#else
  return wasm_f32x4_add(wasm_f32x4_mul(a, b), c);
#endif
}

/* pmax(b, a) is b < a ? a : b: one x86 instruction, where max takes several to order NaN. */
static inline vec vec_max(vec a, vec b) {
  return wasm_f32x4_pmax(b, a);
}

static inline vec vec_minus_abs(vec x) {
  return wasm_v128_or(x, wasm_f32x4_splat(-0.0f));
}
static inline vec vec_copy_sign(vec x, vec sign) {
  return wasm_v128_or(x, wasm_v128_and(sign, wasm_f32x4_splat(-0.0f)));
}
static inline vec vec_if_negative(vec x, vec a, vec b) {
  return wasm_v128_bitselect(a, b, wasm_f32x4_lt(x, wasm_f32x4_splat(0)));
}
static inline vec vec_shift_to_exponent(vec x) {
  return wasm_i32x4_shl(x, 23);
}

static inline vec high_pair(vec v) {
  return wasm_i32x4_shuffle(v, v, 2, 3, 2, 3);
}
static inline float vec_sum(vec v) {
  const vec pairs = wasm_f32x4_add(v, high_pair(v));
  return wasm_f32x4_extract_lane(pairs, 0) + wasm_f32x4_extract_lane(pairs, 1);
}
static inline float vec_maximum(vec v) {
  const vec pairs = vec_max(v, high_pair(v));
  const float a = wasm_f32x4_extract_lane(pairs, 0), b = wasm_f32x4_extract_lane(pairs, 1);
  return a > b ? a : b;
}

static inline vec_wide vec_wide_zero(void) {
  return (vec_wide){wasm_f64x2_splat(0), wasm_f64x2_splat(0)};
}
static inline vec_wide vec_wide_add_square(vec_wide w, vec v) {
  const v128_t low = wasm_f64x2_promote_low_f32x4(v);
  const v128_t high = wasm_f64x2_promote_low_f32x4(high_pair(v));
  return (vec_wide){wasm_f64x2_add(w.low, wasm_f64x2_mul(low, low)),
                    wasm_f64x2_add(w.high, wasm_f64x2_mul(high, high))};
}
static inline double vec_wide_sum(vec_wide w) {
  const v128_t sum = wasm_f64x2_add(w.low, w.high);
  return wasm_f64x2_extract_lane(sum, 0) + wasm_f64x2_extract_lane(sum, 1);
}

static inline void vec_transpose(const float *x, ptrdiff_t ldx, float *y, ptrdiff_t ldy) {
  const vec row0 = vec_load(x), row1 = vec_load(x + ldx);
  const vec row2 = vec_load(x + 2 * ldx), row3 = vec_load(x + 3 * ldx);
  const vec low01 = wasm_i32x4_shuffle(row0, row1, 0, 4, 1, 5);
  const vec high01 = wasm_i32x4_shuffle(row0, row1, 2, 6, 3, 7);
  const vec low23 = wasm_i32x4_shuffle(row2, row3, 0, 4, 1, 5);
  const vec high23 = wasm_i32x4_shuffle(row2, row3, 2, 6, 3, 7);
  vec_store(y, wasm_i64x2_shuffle(low01, low23, 0, 2));
  vec_store(y + ldy, wasm_i64x2_shuffle(low01, low23, 1, 3));
  vec_store(y + 2 * ldy, wasm_i64x2_shuffle(high01, high23, 0, 2));
  vec_store(y + 3 * ldy, wasm_i64x2_shuffle(high01, high23, 1, 3));
}

#endif
