#ifndef RECUR_KERNELS_INT8_AVX2_H
#define RECUR_KERNELS_INT8_AVX2_H

/* The vocabulary of fast_int8.h in AVX2. Inputs below 128 and INT8_SUM_MAX keep the sums of four
 * products within 16 bits. */

#include <immintrin.h>
#include <stdint.h>
#include <string.h>

enum { INT8_LANES = 8, INT8_GROUP = 4, INT8_GROUPS = 2, INT8_SUMS = 8 };

typedef uint8_t int8_input;
typedef __m256i int8_sums;
typedef struct int8_groups {
  __m256i first, second;
} int8_weights, int8_inputs;

static inline int int8_place(int i) {
  return i;
}
static inline int8_weights int8_load_weights(const void *p) {
  const __m256i *groups = p;
  return (int8_weights){_mm256_loadu_si256(groups), _mm256_loadu_si256(groups + 1)};
}
static inline __m256i int8_splat(const int8_input *p) {
  int32_t four;
  memcpy(&four, p, sizeof four);
  return _mm256_set1_epi32(four);
}
static inline int8_inputs int8_load_inputs(int rows, const int8_input *p, int i) {
  p += INT8_GROUP * i;
  return (int8_inputs){int8_splat(p), int8_splat(p + INT8_GROUP * rows)};
}
static inline int8_sums int8_load_sums(const int32_t *p) {
  return _mm256_loadu_si256((const __m256i *)(const void *)p);
}
static inline int8_sums int8_dot(int8_sums sums, int8_weights w, int8_inputs q) {
  const __m256i first = _mm256_maddubs_epi16(q.first, w.first);
  const __m256i pairs = _mm256_add_epi16(first, _mm256_maddubs_epi16(q.second, w.second));
  return _mm256_add_epi32(sums, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}
static inline void int8_store(float *p, int8_sums sums) {
  _mm256_storeu_ps(p, _mm256_cvtepi32_ps(sums));
}

#endif
