#ifndef RECUR_KERNELS_INT8_SCALAR_H
#define RECUR_KERNELS_INT8_SCALAR_H

/* The vocabulary of fast_int8.h with one lane. */

#include <stdint.h>

enum { INT8_LANES = 1, INT8_SUMS = 8 };

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
static inline int8_sums int8_zero(void) {
  return 0;
}
static inline int8_weights int8_load_weights(const void *p) {
  const int8_t *w = p;
  return (int8_weights){{w[0], w[1], w[2], w[3]}};
}
static inline int8_inputs int8_load_inputs(const void *p) {
  const int8_input *q = p;
  return (int8_inputs){{q[0], q[1], q[2], q[3]}};
}
static inline int8_sums int8_dot(int8_sums sums, int8_weights w, int8_inputs q) {
  return sums + (w.at[0] * q.at[0] + w.at[1] * q.at[1]) + (w.at[2] * q.at[2] + w.at[3] * q.at[3]);
}
static inline void int8_store(int32_t *p, int8_sums sums) {
  *p = sums;
}

#endif
