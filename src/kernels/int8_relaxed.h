#ifndef RECUR_KERNELS_INT8_RELAXED_H
#define RECUR_KERNELS_INT8_RELAXED_H

/* The vocabulary of fast_int8.h in WebAssembly's relaxed SIMD. Inputs below 128 make its product
 * the same on every processor. */

#include <stdint.h>
#include <wasm_simd128.h>

enum { INT8_LANES = 4, INT8_SUMS = 8 };

typedef uint8_t int8_input;
typedef v128_t int8_sums, int8_weights, int8_inputs;

static inline int int8_place(int i) {
  return i;
}
static inline int8_sums int8_zero(void) {
  return wasm_i32x4_splat(0);
}
static inline int8_weights int8_load_weights(const void *p) {
  return wasm_v128_load(p);
}
static inline int8_inputs int8_load_inputs(const void *p) {
  return wasm_v128_load32_splat(p);
}
static inline int8_sums int8_dot(int8_sums sums, int8_weights w, int8_inputs q) {
  return wasm_i32x4_relaxed_dot_i8x16_i7x16_add(w, q, sums);
}
static inline void int8_store(int32_t *p, int8_sums sums) {
  wasm_v128_store(p, sums);
}

#endif
