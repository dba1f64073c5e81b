#ifndef RECUR_KERNELS_INT8_RELAXED_H
#define RECUR_KERNELS_INT8_RELAXED_H

/* The vocabulary of fast_int8.h in WebAssembly's relaxed SIMD. Inputs below 128 make its product
 * the same on every processor, and with INT8_SUM_MAX keep the sums of four within 16 bits. */

#include <stdbool.h>
#include <stdint.h>
#include <wasm_simd128.h>

enum { INT8_LANES = 4, INT8_GROUP = 4, INT8_GROUPS = 2, INT8_SUMS = 8 };

typedef uint8_t int8_input;
typedef v128_t int8_sums;
typedef struct int8_groups {
  v128_t first, second;
} int8_weights, int8_inputs;

static inline int int8_place(int i) {
  return i;
}
static inline int8_weights int8_load_weights(const void *p) {
  const v128_t *groups = p;
  return (int8_weights){wasm_v128_load(groups), wasm_v128_load(groups + 1)};
}
static inline int8_inputs int8_load_inputs(int rows, const int8_input *p, int i) {
  p += INT8_GROUP * i;
  return (int8_inputs){wasm_v128_load32_splat(p), wasm_v128_load32_splat(p + INT8_GROUP * rows)};
}
static inline int8_sums int8_load_sums(const int32_t *p) {
  return wasm_v128_load(p);
}
static inline int8_sums int8_dot(int8_sums sums, int8_weights w, int8_inputs q) {
  sums = wasm_i32x4_relaxed_dot_i8x16_i7x16_add(w.first, q.first, sums);
  return wasm_i32x4_relaxed_dot_i8x16_i7x16_add(w.second, q.second, sums);
}

/* Many x86 processors lack that product, and engines put it together from parts, a constant made
 * anew each time among them. Two of them made of three products here are faster there. Such
 * processors show by how they treat inputs above 127: the first products saturate. */
static inline int8_sums int8_dot_in_steps(int8_sums sums, int8_weights w, int8_inputs q) {
  const v128_t first = wasm_i16x8_relaxed_dot_i8x16_i7x16(w.first, q.first);
  const v128_t second = wasm_i16x8_relaxed_dot_i8x16_i7x16(w.second, q.second);
  const v128_t pairs = wasm_i16x8_add(first, second);
  return wasm_i32x4_add(sums, wasm_i32x4_dot_i16x8(pairs, wasm_i16x8_const_splat(1)));
}
static inline bool int8_dot_saturates(void) {
  volatile int8_t most = 127;
  const v128_t w = wasm_i8x16_splat(most), q = wasm_i8x16_splat(-1),
               zero = wasm_i32x4_const_splat(0);
  const v128_t sums = wasm_i32x4_relaxed_dot_i8x16_i7x16_add(w, q, zero);
  return wasm_i32x4_extract_lane(sums, 0) == 2 * INT16_MAX;
}
#define INT8_DOT_IN_STEPS int8_dot_saturates()

static inline void int8_store(float *p, int8_sums sums) {
  wasm_v128_store(p, wasm_f32x4_convert_i32x4(sums));
}

#endif
