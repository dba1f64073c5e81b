#include "linear.h"

#include <limits.h>
#include <math.h>

rc_status linear_add(linear *layer, param_list *list, const char *prefix, int in, int out,
                     rc_error *error) {
  *layer = (linear){.in = in, .out = out};
  RC_TRY(rc_check_range(prefix, in, 1, INT_MAX, error));
  RC_TRY(params_add(list, prefix, "weight", out, in, &layer->weight, error));
  return params_add(list, prefix, "bias", out, 0, &layer->bias, error);
}

void linear_init(const linear *layer, real *values, rc_rng *rng) {
  real bound = 1 / (real)sqrt(layer->in);
  size_t weights = (size_t)layer->out * (size_t)layer->in;
  real *weight = values + layer->weight; /* [out, in] */
  real *bias = values + layer->bias;     /* [out] */
  for (size_t i = 0; i < weights; i++) weight[i] = (2 * rng_uniform(rng) - 1) * bound;
  for (int i = 0; i < layer->out; i++) bias[i] = (2 * rng_uniform(rng) - 1) * bound;
}

size_t linear_scratch(const linear *layer, int rows) {
  size_t size = linear_packed_size(layer);
  if (rows < 1) return size;
  size = arena_larger(size, kernels->gemm_packed_size(layer->out, layer->in));
  return arena_larger(size, kernels->gemm_packed_size(rows, layer->in));
}

bool linear_packs(int rows, int n) {
  return kernels->gemm_unpacked == NULL || (rows > 32 && n > 256);
}

size_t linear_packed_size(const linear *layer) {
  return kernels->gemm_packed_size(layer->in, layer->out);
}

void linear_pack(const linear *layer, const real *values, real *packed) {
  kernels->gemm_pack(true, layer->in, layer->out, values + layer->weight, layer->in, packed);
}

/* y = x W^T + b */
void linear_forward_packed(const linear *layer, const real *values, const real *packed, int rows,
                           const real *x, real *y) {
  int in = layer->in, out = layer->out;
  kernels->gemm(rows, out, in, x, in, 1, packed, false, y, out);
  kernels->add_bias(rows, out, values + layer->bias, y, out);
}

void linear_forward(const linear *layer, const real *values, int rows, const real *x, real *y,
                    real *scratch) {
  linear_pack(layer, values, scratch);
  linear_forward_packed(layer, values, scratch, rows, x, y);
}

bool linear_reads_few(int rows) {
  return kernels->gemm_unpacked != NULL && rows <= 16;
}

/* A piece of W stays in the cache for all rows. */
void linear_forward_few(const linear *layer, const real *values, int rows, const real *x, int ldx,
                        real *y) {
  enum { PIECE = 64 };
  const real *weight = values + layer->weight; /* [out, in] */
  for (int j = 0; j < layer->out; j += PIECE) {
    const int outputs = layer->out - j < PIECE ? layer->out - j : PIECE;
    for (ptrdiff_t r = 0; r < rows; r++) {
      kernels->gemv(outputs, layer->in, weight + (ptrdiff_t)j * layer->in, layer->in, x + r * ldx,
                    y + r * layer->out + j);
    }
  }
}

/* C (+)= A B over a B [k, n] without gaps. */
static void product(int m, int n, int k, const real *a, int row_stride, int column_stride,
                    const real *b, bool accumulate, real *c, real *scratch) {
  if (linear_packs(m, n)) {
    kernels->gemm_pack(false, k, n, b, n, scratch);
    kernels->gemm(m, n, k, a, row_stride, column_stride, scratch, accumulate, c, n);
  } else {
    kernels->gemm_unpacked(m, n, k, a, row_stride, column_stride, b, n, accumulate, c, n);
  }
}

/* dx = dy W */
void linear_backward_input(const linear *layer, const real *values, int rows, const real *dy,
                           bool accumulate, real *dx, real *scratch) {
  int in = layer->in, out = layer->out;
  product(rows, in, out, dy, out, 1, values + layer->weight, accumulate, dx, scratch);
}

/* dW += dy^T x */
void linear_backward_matrix(const linear *layer, int rows, const real *x, const real *dy,
                            real *gradients, real *scratch) {
  int in = layer->in, out = layer->out;
  product(out, in, rows, dy, 1, out, x, true, gradients + layer->weight, scratch);
}

/* dW += dy^T x,  db += sum over rows of dy */
void linear_backward_weights(const linear *layer, int rows, const real *x, const real *dy,
                             real *gradients, real *scratch) {
  linear_backward_matrix(layer, rows, x, dy, gradients, scratch);
  kernels->column_sum(rows, layer->out, dy, layer->out, gradients + layer->bias);
}

void linear_backward(const linear *layer, const real *values, int rows, const real *x,
                     const real *dy, real *dx, real *gradients, real *scratch) {
  linear_backward_weights(layer, rows, x, dy, gradients, scratch);
  if (dx != NULL) linear_backward_input(layer, values, rows, dy, false, dx, scratch);
}
