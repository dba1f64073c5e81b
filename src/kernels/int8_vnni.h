#ifndef RECUR_KERNELS_INT8_VNNI_H
#define RECUR_KERNELS_INT8_VNNI_H

/* The vocabulary of fast_int8.h in AVX-512 with VNNI. */

#include <immintrin.h>
#include <stdint.h>
#include <string.h>

enum { INT8_LANES = 16, INT8_GROUP = 4, INT8_GROUPS = 1, INT8_SUMS = 16 };

typedef uint8_t int8_input;
typedef __m512i int8_sums, int8_weights, int8_inputs;

static inline int int8_place(int i) {
  return i;
}
static inline int8_weights int8_load_weights(const void *p) {
  return _mm512_loadu_si512(p);
}
static inline int8_inputs int8_load_inputs(int rows, const int8_input *p, int i) {
  (void)rows;
  p += INT8_GROUP * i;
  int32_t four;
  memcpy(&four, p, sizeof four);
  return _mm512_set1_epi32(four);
}
static inline int8_sums int8_load_sums(const int32_t *p) {
  return _mm512_loadu_si512(p);
}
static inline int8_sums int8_dot(int8_sums sums, int8_weights w, int8_inputs q) {
  return _mm512_dpbusd_epi32(sums, q, w);
}
static inline void int8_store(float *p, int8_sums sums) {
  _mm512_storeu_ps(p, _mm512_cvtepi32_ps(sums));
}

#endif
