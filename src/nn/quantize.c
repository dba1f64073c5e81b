#include "quantize.h"

#include <math.h>
#include <stddef.h>

#include "kernels.h"

enum { EIGHT = 8 }; /* INT8_SUM_MAX is of two sets of four among them */

static float larger(float a, float b) {
  return a > b ? a : b;
}

/* A scale so small that it is denormal divides badly: the result stays within its range. */
static int8_t quantize(float value, float scale) {
  if (scale == 0) return 0;
  const float steps = larger(value / scale, -127);
  return (int8_t)rintf(steps < 127 ? steps : 127);
}

/* What the weights of one sign of either set come to, if that is more than `largest`. */
static float larger_sum(const float *w, float largest) {
  float sums[2][2] = {{0}};
  for (int p = 0; p < EIGHT; p++) sums[p / 2 % 2][w[p] > 0] += fabsf(w[p]);
  for (int i = 0; i < 4; i++) largest = larger(largest, sums[i / 2][i % 2]);
  return largest;
}

float quantize_scale(int columns, const float *w) {
  float largest = 0, sum = 0;
  for (ptrdiff_t p = 0; p < columns; p += EIGHT) {
    float eight[EIGHT] = {0};
    for (ptrdiff_t i = 0; i < EIGHT && p + i < columns; i++) {
      eight[i] = w[p + i] / (INT8_SUM_MAX - 2); /* at once, so that no sum overflows */
      largest = larger(largest, fabsf(w[p + i]));
    }
    sum = larger_sum(eight, sum);
  }
  return larger(largest / 127, sum);
}

void quantize_rows(int rows, int columns, const float *w, int8_t *q, float *scales) {
  for (; rows > 0; rows--, w += columns, q += columns, scales++) {
    *scales = quantize_scale(columns, w);
    for (ptrdiff_t p = 0; p < columns; p++) q[p] = quantize(w[p], *scales);
  }
}

bool quantized_rows_fit(int rows, int columns, const int8_t *q) {
  float sum = 0;
  for (; rows > 0; rows--, q += columns) {
    for (ptrdiff_t p = 0; p < columns; p += EIGHT) {
      float eight[EIGHT] = {0};
      for (ptrdiff_t i = 0; i < EIGHT && p + i < columns; i++) eight[i] = q[p + i];
      sum = larger_sum(eight, sum);
    }
  }
  return sum <= INT8_SUM_MAX;
}
