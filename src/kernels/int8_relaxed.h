#ifndef RECUR_KERNELS_INT8_RELAXED_H
#define RECUR_KERNELS_INT8_RELAXED_H

/* The vocabulary of fast_int8.h in WebAssembly's relaxed SIMD. Inputs below 128 make its product
 * the same on every processor. */

#include <stdbool.h>
#include <stdint.h>
#include <wasm_simd128.h>

enum { INT8_LANES = 4, INT8_GROUP = 4, INT8_SUMS = 8 };

typedef uint8_t int8_input;
typedef v128_t int8_sums, int8_weights, int8_inputs;

static inline int int8_place(int i) {
  return i;
}
static inline int8_weights int8_load_weights(const void *p) {
  return wasm_v128_load(p);
}
/* Of four rows in one load, as V8 lets all loads of a turn occupy registers at once. */
static inline int8_inputs int8_load_inputs(int rows, const int8_input *p, int i) {
  if (rows != 4) return wasm_v128_load32_splat(p + 4 * i);
  typedef int32_t four_rows __attribute__((vector_size(16)));
  const four_rows all = wasm_v128_load(p);
  return wasm_i32x4_splat(all[i]);
}
static inline int8_sums int8_load_sums(const int32_t *p) {
  return wasm_v128_load(p);
}
static inline int8_sums int8_dot(int8_sums sums, int8_weights w, int8_inputs q) {
  return wasm_i32x4_relaxed_dot_i8x16_i7x16_add(w, q, sums);
}

/* Many x86 processors lack that product, and engines put it together from parts, a constant made
 * anew each time among them. Made of two products here, it is faster there. They show by how they
 * treat inputs above 127: the first of the two products saturates. */
static inline int8_sums int8_dot_in_steps(int8_sums sums, int8_weights w, int8_inputs q) {
  const v128_t pairs = wasm_i16x8_relaxed_dot_i8x16_i7x16(w, q);
  return wasm_i32x4_add(sums, wasm_i32x4_dot_i16x8(pairs, wasm_i16x8_const_splat(1)));
}
static inline bool int8_dot_saturates(void) {
  volatile int8_t most = 127;
  const v128_t w = wasm_i8x16_splat(most), q = wasm_i8x16_splat(-1);
  return wasm_i32x4_extract_lane(int8_dot(wasm_i32x4_const_splat(0), w, q), 0) == 2 * INT16_MAX;
}
#define INT8_DOT_IN_STEPS int8_dot_saturates()

static inline void int8_store(float *p, int8_sums sums) {
  wasm_v128_store(p, wasm_f32x4_convert_i32x4(sums));
}

#endif
