#include "dense.h"

#include <string.h>

size_t dense_scratch(const dense *layer, int rows) {
  if (layer->packed != NULL || layer->quantized.in == 0) return 0;
  return (quantized_linear_scratch(&layer->quantized, rows) + sizeof(float) - 1) / sizeof(float);
}

void dense_forward(const dense *layer, int rows, const float *x, float *y, float *scratch) {
  if (layer->packed == NULL) {
    quantized_linear_forward(&layer->quantized, rows, x, y, scratch);
    return;
  }
  kernels->gemm(rows, layer->out, layer->in, x, layer->in, 1, layer->packed, false, y, layer->out);
  if (layer->bias != NULL) kernels->add_bias(rows, layer->out, layer->bias, y, layer->out);
}

void dense_table_forward(const dense_table *table, int n, const int *ids, float *y) {
  const size_t size = (size_t)table->size;
  for (int i = 0; i < n; i++, y += size) {
    const size_t id = (size_t)ids[i];
    if (table->rows != NULL) {
      memcpy(y, table->rows + id * size, size * sizeof *y);
      continue;
    }
    if (table->tied != NULL) {
      kernels->int8_unpack(table->tied->in, table->tied->out, ids[i], table->tied->packed, y);
      continue;
    }
    const int8_t *q = table->quantized + id * size;
    for (size_t k = 0; k < size; k++) y[k] = table->scales[id] * (float)q[k];
  }
}
