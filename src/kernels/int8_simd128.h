#ifndef RECUR_KERNELS_INT8_SIMD128_H
#define RECUR_KERNELS_INT8_SIMD128_H

/* The vocabulary of fast_int8.h in WebAssembly's fixed-width SIMD. Its products are of 16 bits. */

#include <stdint.h>
#include <wasm_simd128.h>

enum { INT8_LANES = 4, INT8_SUMS = 4 };

typedef int16_t int8_input;

/* The products come in pairs of sums, two of them for each lane. */
typedef struct int8_pairs {
  v128_t first, second; /* of lanes 0 and 1, of 2 and 3 */
} int8_sums, int8_weights;
typedef v128_t int8_inputs;

static inline int int8_place(int i) {
  return i;
}
static inline int8_sums int8_zero(void) {
  return (int8_sums){wasm_i32x4_splat(0), wasm_i32x4_splat(0)};
}
static inline int8_weights int8_load_weights(const void *p) {
  return (int8_weights){wasm_i16x8_load8x8(p), wasm_i16x8_load8x8((const char *)p + 8)};
}
static inline int8_inputs int8_load_inputs(const void *p) {
  return wasm_v128_load64_splat(p);
}
static inline int8_sums int8_dot(int8_sums sums, int8_weights w, int8_inputs q) {
  return (int8_sums){wasm_i32x4_add(sums.first, wasm_i32x4_dot_i16x8(w.first, q)),
                     wasm_i32x4_add(sums.second, wasm_i32x4_dot_i16x8(w.second, q))};
}
static inline void int8_store(int32_t *p, int8_sums sums) {
  const v128_t even = wasm_i32x4_shuffle(sums.first, sums.second, 0, 2, 4, 6);
  const v128_t odd = wasm_i32x4_shuffle(sums.first, sums.second, 1, 3, 5, 7);
  wasm_v128_store(p, wasm_i32x4_add(even, odd));
}

#endif
