#include "quantized_linear.h"

#include <limits.h>

#include "checks.h"

rc_status quantized_linear_layout(quantized_linear *layer, rc_arena *arena, int in, int out,
                                  rc_error *error) {
  RC_TRY(rc_check_range("inputs", in, 1, INT8_DEPTH_MAX, error));
  RC_TRY(rc_check_range("outputs", out, 1, INT_MAX, error));
  *layer = (quantized_linear){.in = in, .out = out};
  layer->packed = arena_alloc(arena, kernels->int8_packed_size(in, out), 1);
  return RC_OK;
}

void quantized_linear_set(quantized_linear *layer, const int8_t *weights, const float *scales,
                          const float *bias) {
  kernels->int8_pack(layer->in, layer->out, weights, scales, layer->packed);
  layer->bias = bias;
}

void quantized_linear_select(quantized_linear *layer, const quantized_linear *from, int n,
                             const int *outputs, float *bias) {
  RC_ASSERT(indices_below(outputs, n, from->out));
  kernels->int8_select(from->in, from->out, n, outputs, from->packed, layer->packed);
  layer->out = n;
  layer->bias = from->bias == NULL ? NULL : bias;
  for (int j = 0; from->bias != NULL && j < n; j++) bias[j] = from->bias[outputs[j]];
}

size_t quantized_linear_scratch(const quantized_linear *layer, int rows) {
  return (size_t)rows * kernels->int8_row_size(layer->in);
}

void quantized_linear_forward(const quantized_linear *layer, int rows, const float *x, float *y,
                              int ldy, void *scratch) {
  kernels->int8_quantize(rows, layer->in, x, layer->in, scratch);
  kernels->int8_gemm(rows, layer->out, layer->in, scratch, layer->packed, layer->bias, y, ldy);
}
