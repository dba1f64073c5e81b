#include "onehot.h"

#include <string.h>

size_t onehot_scratch(const linear *layer) {
  return (size_t)layer->in * (size_t)layer->out;
}

/* table [in, out] = W^T, W [out, in] */
static void turn(const linear *layer, const real *weight, real *table) {
  size_t in = (size_t)layer->in, out = (size_t)layer->out;
  for (size_t j = 0; j < out; j++) {
    for (size_t i = 0; i < in; i++) table[i * out + j] = weight[j * in + i];
  }
}

void onehot_forward(const linear *layer, const real *values, int rows, const int *ids, real *y,
                    real *scratch) {
  size_t in = (size_t)layer->in, out = (size_t)layer->out;
  const real *weight = values + layer->weight; /* [out, in] */
  bool turned = rows >= layer->in;
  if (turned) turn(layer, weight, scratch);
  for (int r = 0; r < rows; r++, y += out) {
    size_t id = (size_t)ids[r];
    if (turned) {
      memcpy(y, scratch + id * out, out * sizeof(real));
    } else {
      for (size_t j = 0; j < out; j++) y[j] = weight[j * in + id];
    }
  }
  y -= (size_t)rows * out;
  kernels->add_bias(rows, layer->out, values + layer->bias, y, layer->out);
}

/* dW[:, id[r]] += dy[r] for each row in turn, over a table [in, out] that starts at zero */
static void gather_turned(const linear *layer, int rows, const int *ids, const real *dy,
                          real *d_weight, real *table) {
  size_t in = (size_t)layer->in, out = (size_t)layer->out;
  memset(table, 0, in * out * sizeof(real));
  for (int r = 0; r < rows; r++) {
    kernels->axpy(out, 1, dy + (size_t)r * out, table + (size_t)ids[r] * out);
  }
  for (size_t j = 0; j < out; j++) {
    for (size_t i = 0; i < in; i++) d_weight[j * in + i] += table[i * out + j];
  }
}

void onehot_backward(const linear *layer, int rows, const int *ids, const real *dy, real *gradients,
                     real *scratch) {
  size_t in = (size_t)layer->in, out = (size_t)layer->out;
  real *d_weight = gradients + layer->weight; /* [out, in] */
  if (rows >= layer->in) {
    gather_turned(layer, rows, ids, dy, d_weight, scratch);
  } else {
    for (int r = 0; r < rows; r++) {
      const real *row = dy + (size_t)r * out;
      for (size_t j = 0; j < out; j++) d_weight[j * in + (size_t)ids[r]] += row[j];
    }
  }
  kernels->column_sum(rows, layer->out, dy, layer->out, gradients + layer->bias);
}
