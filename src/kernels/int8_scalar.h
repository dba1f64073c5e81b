#ifndef RECUR_KERNELS_INT8_SCALAR_H
#define RECUR_KERNELS_INT8_SCALAR_H

/* The vocabulary of fast_int8.h with one lane. */

#include <stdint.h>

enum { INT8_LANES = 1, INT8_GROUP = 4, INT8_GROUPS = 1, INT8_SUMS = 8 };

typedef uint8_t int8_input;
typedef int32_t int8_sums;
typedef struct int8_weights {
  int32_t at[4];
} int8_weights;
typedef struct int8_inputs {
  int32_t at[4];
} int8_inputs;

static inline int int8_place(int i) {
  return i;
}
static inline int8_weights int8_load_weights(const void *p) {
  const int8_t *w = p;
  return (int8_weights){{w[0], w[1], w[2], w[3]}};
}
static inline int8_inputs int8_load_inputs(int rows, const int8_input *p, int i) {
  (void)rows;
  p += INT8_GROUP * i;
  return (int8_inputs){{p[0], p[1], p[2], p[3]}};
}
static inline int8_sums int8_load_sums(const int32_t *p) {
  return *p;
}
static inline int8_sums int8_dot(int8_sums sums, int8_weights w, int8_inputs q) {
  return sums + (w.at[0] * q.at[0] + w.at[1] * q.at[1]) + (w.at[2] * q.at[2] + w.at[3] * q.at[3]);
}
static inline void int8_store(float *p, int8_sums sums) {
  *p = (float)sums;
}

#endif
