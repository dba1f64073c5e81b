#include "pooling.h"

#include <string.h>

int pooling_width(pooling_kind kind, int hidden, int directions) {
  return (kind == POOLING_ALL ? 3 : 1) * directions * hidden;
}

/* Row of the last state of sequence b: the forward direction ends at its last letter, the backward
 * one at its first. */
static size_t last_row(const packed *batch, int b, int direction) {
  int t = direction == 0 ? batch->lengths[b] - 1 : 0;
  return (size_t)batch->offsets[t] + (size_t)b;
}

static void last_forward(const packed *batch, size_t hidden, int directions, const real *y,
                         size_t stride, real *pooled) {
  size_t width = (size_t)directions * hidden;
  for (int b = 0; b < batch->batch; b++) {
    for (int d = 0; d < directions; d++) {
      memcpy(pooled + (size_t)b * stride + (size_t)d * hidden,
             y + last_row(batch, b, d) * width + (size_t)d * hidden, hidden * sizeof(real));
    }
  }
}

static void last_backward(const packed *batch, size_t hidden, int directions, const real *d_pooled,
                          size_t stride, real *dy) {
  size_t width = (size_t)directions * hidden;
  for (int b = 0; b < batch->batch; b++) {
    for (int d = 0; d < directions; d++) {
      kernels->axpy(hidden, 1, d_pooled + (size_t)b * stride + (size_t)d * hidden,
                    dy + last_row(batch, b, d) * width + (size_t)d * hidden);
    }
  }
}

/* Takes one row into the running maximum (the first of equals stays) and sum. */
static void row_forward(size_t width, int row, const real *restrict y, real *restrict max,
                        real *restrict sum, int *restrict argmax) {
  for (size_t k = 0; k < width; k++) argmax[k] = y[k] > max[k] ? row : argmax[k];
  for (size_t k = 0; k < width; k++) max[k] = y[k] > max[k] ? y[k] : max[k];
  for (size_t k = 0; k < width; k++) sum[k] += y[k];
}

static void sequence_forward(const packed *batch, int b, size_t width, const real *y, real *max,
                             real *mean, int *argmax) {
  int length = batch->lengths[b];
  memcpy(max, y + (size_t)b * width, width * sizeof(real));
  memcpy(mean, max, width * sizeof(real));
  for (size_t k = 0; k < width; k++) argmax[k] = b;
  for (int t = 1; t < length; t++) {
    int row = batch->offsets[t] + b;
    row_forward(width, row, y + (size_t)row * width, max, mean, argmax);
  }
  for (size_t k = 0; k < width; k++) mean[k] /= (real)length;
}

static void sequence_backward(const packed *batch, int b, size_t width, const real *d_max,
                              const real *d_mean, const int *argmax, real *dy) {
  int length = batch->lengths[b];
  for (int t = 0; t < length; t++) {
    kernels->axpy(width, 1 / (real)length, d_mean, dy + (size_t)(batch->offsets[t] + b) * width);
  }
  for (size_t k = 0; k < width; k++) dy[(size_t)argmax[k] * width + k] += d_max[k];
}

/* Row b of pooled: last | max | mean, each [D * H]; POOLING_LAST stops after the first. */

void pooling_forward(pooling_kind kind, const packed *batch, int hidden, int directions,
                     const real *y, real *pooled, int *argmax) {
  size_t width = (size_t)directions * (size_t)hidden;
  size_t stride = (size_t)pooling_width(kind, hidden, directions);
  last_forward(batch, (size_t)hidden, directions, y, stride, pooled);
  if (kind == POOLING_LAST) return;
  for (int b = 0; b < batch->batch; b++) {
    real *row = pooled + (size_t)b * stride;
    sequence_forward(batch, b, width, y, row + width, row + 2 * width, argmax + (size_t)b * width);
  }
}

void pooling_backward(pooling_kind kind, const packed *batch, int hidden, int directions,
                      const real *d_pooled, const int *argmax, real *dy) {
  size_t width = (size_t)directions * (size_t)hidden;
  size_t stride = (size_t)pooling_width(kind, hidden, directions);
  memset(dy, 0, (size_t)batch->rows * width * sizeof(real));
  last_backward(batch, (size_t)hidden, directions, d_pooled, stride, dy);
  if (kind == POOLING_LAST) return;
  for (int b = 0; b < batch->batch; b++) {
    const real *row = d_pooled + (size_t)b * stride;
    sequence_backward(batch, b, width, row + width, row + 2 * width, argmax + (size_t)b * width,
                      dy);
  }
}
