#ifndef RECUR_KERNELS_INT8_SIMD128_H
#define RECUR_KERNELS_INT8_SIMD128_H

/* The vocabulary of fast_int8.h in WebAssembly's fixed-width SIMD. Its products are of 16 bits and
 * add pairs, which are the groups. */

#include <stdint.h>
#include <wasm_simd128.h>

enum { INT8_LANES = 4, INT8_GROUP = 2, INT8_GROUPS = 1, INT8_SUMS = 8 };

typedef int16_t int8_input;
typedef v128_t int8_sums, int8_weights, int8_inputs;

static inline int int8_place(int i) {
  return i;
}
static inline int8_weights int8_load_weights(const void *p) {
  return wasm_i16x8_load8x8(p);
}
static inline int8_inputs int8_load_inputs(int rows, const int8_input *p, int i) {
  (void)rows;
  p += INT8_GROUP * i;
  return wasm_v128_load32_splat(p);
}
static inline int8_sums int8_load_sums(const int32_t *p) {
  return wasm_v128_load(p);
}
static inline int8_sums int8_dot(int8_sums sums, int8_weights w, int8_inputs q) {
  return wasm_i32x4_add(sums, wasm_i32x4_dot_i16x8(w, q));
}
static inline void int8_store(float *p, int8_sums sums) {
  wasm_v128_store(p, wasm_f32x4_convert_i32x4(sums));
}

#endif
