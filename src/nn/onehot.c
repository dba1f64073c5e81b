#include "onehot.h"

#include <string.h>

#include "checks.h"

/* A copy of W or its gradient [out, in], turned: a table [in, out]; room for two. */
size_t onehot_scratch(const linear *layer) {
  return 2 * (size_t)layer->in * (size_t)layer->out;
}

void onehot_forward(const linear *layer, const real *values, int rows, const int *ids, real *y,
                    real *scratch) {
  RC_ASSERT(indices_below(ids, rows, layer->in));
  size_t in = (size_t)layer->in, out = (size_t)layer->out;
  const real *weight = values + layer->weight; /* [out, in] */
  const real *bias = values + layer->bias;
  if (rows < layer->in) {
    for (size_t r = 0; r < (size_t)rows; r++) {
      const real *column = weight + ids[r];
      for (size_t j = 0; j < out; j++) y[r * out + j] = column[j * in] + bias[j];
    }
    return;
  }
  kernels->transpose(layer->out, layer->in, weight, layer->in, scratch, layer->out);
  kernels->add_bias(layer->in, layer->out, bias, scratch, layer->out);
  for (size_t r = 0; r < (size_t)rows; r++) {
    memcpy(y + r * out, scratch + (size_t)ids[r] * out, out * sizeof(real));
  }
}

/* dW[:, id[r]] += dy[r] for each row in turn, over a table [in, out] that starts at zero;
 * db += the table's rows */
static void gather_turned(const linear *layer, int rows, const int *ids, const real *dy,
                          real *gradients, real *scratch) {
  size_t out = (size_t)layer->out, elements = (size_t)layer->in * out;
  real *table = scratch, *d_weight = scratch + elements; /* [in, out], [out, in] */
  memset(table, 0, elements * sizeof(real));
  for (size_t r = 0; r < (size_t)rows; r++) {
    kernels->axpy(out, 1, dy + r * out, table + (size_t)ids[r] * out);
  }
  kernels->transpose(layer->in, layer->out, table, layer->out, d_weight, layer->in);
  kernels->axpy(elements, 1, d_weight, gradients + layer->weight);
  kernels->column_sum(layer->in, layer->out, table, layer->out, gradients + layer->bias);
}

void onehot_backward(const linear *layer, int rows, const int *ids, const real *dy, real *gradients,
                     real *scratch) {
  RC_ASSERT(indices_below(ids, rows, layer->in));
  size_t in = (size_t)layer->in, out = (size_t)layer->out;
  real *d_weight = gradients + layer->weight; /* [out, in] */
  if (rows >= layer->in) {
    gather_turned(layer, rows, ids, dy, gradients, scratch);
    return;
  }
  for (size_t r = 0; r < (size_t)rows; r++) {
    for (size_t j = 0; j < out; j++) d_weight[j * in + (size_t)ids[r]] += dy[r * out + j];
  }
  kernels->column_sum(rows, layer->out, dy, layer->out, gradients + layer->bias);
}
