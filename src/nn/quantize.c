#include "quantize.h"

#include <math.h>
#include <stddef.h>

/* A scale so small that it is denormal divides badly: the result stays within its range. */
static int8_t quantize(float value, float scale) {
  if (scale == 0) return 0;
  return (int8_t)rintf(fminf(fmaxf(value / scale, -127), 127));
}

void quantize_rows(int rows, int columns, const float *w, int8_t *q, float *scales) {
  for (; rows > 0; rows--, w += columns, q += columns, scales++) {
    float largest = 0;
    for (ptrdiff_t p = 0; p < columns; p++) largest = fmaxf(largest, fabsf(w[p]));
    *scales = largest / 127;
    for (ptrdiff_t p = 0; p < columns; p++) q[p] = quantize(w[p], *scales);
  }
}
