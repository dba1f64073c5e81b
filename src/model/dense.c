#include "dense.h"

#include <string.h>

size_t dense_scratch(const dense *layer, int rows) {
  if (layer->packed != NULL || layer->quantized.in == 0) return 0;
  return (quantized_linear_scratch(&layer->quantized, rows) + sizeof(float) - 1) / sizeof(float);
}

void dense_forward(const dense *layer, int rows, const float *x, float *y, float *scratch) {
  if (layer->packed == NULL) {
    quantized_linear_forward(&layer->quantized, rows, x, y, layer->out, scratch);
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

dense_memo dense_memo_layout(const dense_table *table, int out, int most, int spare,
                             rc_arena *arena) {
  dense_memo memo = {.table = table, .room = most + spare};
  memo.places = ARENA_ARRAY(arena, int, (size_t)table->count);
  memo.fresh = ARENA_ARRAY(arena, int, (size_t)most);
  memo.made = ARENA_ARRAY(arena, float, (size_t)memo.room *(size_t)out);
  return memo;
}

void dense_memo_begin(dense_memo *memo, const dense *layer) {
  memset(memo->places, 0, (size_t)memo->table->count * sizeof *memo->places);
  memo->layer = layer;
  memo->count = 0;
}

void dense_memo_forward(dense_memo *memo, int n, const int *ids, float *y) {
  const size_t size = (size_t)memo->layer->out;
  int fresh = 0;
  if (memo->count + n > memo->room) dense_memo_begin(memo, memo->layer);
  for (int i = 0; i < n; i++) {
    int *place = &memo->places[ids[i]];
    if (*place != 0) continue;
    memo->fresh[fresh++] = ids[i];
    *place = memo->count + fresh;
  }
  dense_table_forward(memo->table, fresh, memo->fresh, memo->embedded);
  dense_forward(memo->layer, fresh, memo->embedded, memo->made + (size_t)memo->count * size,
                memo->scratch);
  memo->count += fresh;
  for (int i = 0; i < n && y != NULL; i++, y += size) {
    memcpy(y, memo->made + (size_t)(memo->places[ids[i]] - 1) * size, size * sizeof *y);
  }
}
