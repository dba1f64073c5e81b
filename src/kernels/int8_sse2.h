#ifndef RECUR_KERNELS_INT8_SSE2_H
#define RECUR_KERNELS_INT8_SSE2_H

/* The vocabulary of fast_int8.h in SSE2, and through SIMDe in NEON. Its products are of 16 bits.
 * The 16-bit lanes hold two weights each, one a byte, and shifts widen them: so weights 0 and 1 of
 * a group lie in the lower bytes of two lanes, 2 and 3 in the upper. */

#include <stdint.h>
#include <string.h>

#include "vec_quad.h"

enum { INT8_LANES = 4, INT8_GROUP = 4, INT8_GROUPS = 1, INT8_SUMS = 8 };

typedef int16_t int8_input;
typedef __m128i int8_sums;
typedef struct int8_pairs {
  __m128i first, second;
} int8_weights, int8_inputs;

static inline int int8_place(int i) {
  return i % 2 * 2 + i / 2;
}
static inline int8_weights int8_load_weights(const void *p) {
  const __m128i bytes = _mm_loadu_si128(p);
  return (int8_weights){_mm_srai_epi16(_mm_slli_epi16(bytes, 8), 8), _mm_srai_epi16(bytes, 8)};
}
static inline int8_inputs int8_load_inputs(int rows, const int8_input *p, int i) {
  (void)rows;
  p += INT8_GROUP * i;
  const __m128i four = _mm_loadl_epi64((const __m128i *)(const void *)p);
  return (int8_inputs){_mm_shuffle_epi32(four, 0x00), _mm_shuffle_epi32(four, 0x55)};
}
static inline int8_sums int8_load_sums(const int32_t *p) {
  return _mm_loadu_si128((const __m128i *)(const void *)p);
}
static inline int8_sums int8_dot(int8_sums sums, int8_weights w, int8_inputs q) {
  const __m128i first = _mm_madd_epi16(w.first, q.first);
  return _mm_add_epi32(_mm_add_epi32(sums, first), _mm_madd_epi16(w.second, q.second));
}
static inline void int8_store(float *p, int8_sums sums) {
  _mm_storeu_ps(p, _mm_cvtepi32_ps(sums));
}

#endif
