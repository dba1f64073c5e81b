#include "attention.h"

#include "matmul.h"

/* One sequence's part of the batch. */
typedef struct span {
  int queries, keys;    /* Tq, Tk */
  ptrdiff_t query, key; /* first row of each */
} span;

static span span_of(const attention *layer, int sequence) {
  const int *query = layer->query_starts + sequence, *key = layer->key_starts + sequence;
  return (span){query[1] - query[0], key[1] - key[0], query[0], key[0]};
}

static real *row(attention_rows block, ptrdiff_t index) {
  return block.data + index * block.ld;
}

static matmul_operand rows_from(attention_rows block, ptrdiff_t index, bool transposed) {
  return (matmul_operand){row(block, index), block.ld, transposed};
}

size_t attention_weights_size(const attention *layer) {
  size_t size = 0;
  for (int s = 0; s < layer->sequences; s++) {
    const span it = span_of(layer, s);
    size += (size_t)it.queries * (size_t)it.keys;
  }
  return size;
}

static size_t larger(size_t a, size_t b) {
  return a > b ? a : b;
}

static size_t product_scratch(int size, int queries, int keys) {
  const size_t scores = matmul_scratch(keys, size), contexts = matmul_scratch(size, keys);
  return larger(larger(scores, contexts), matmul_scratch(size, queries));
}

/* The gradient of one sequence's weights, then the packed operand of a product. */
size_t attention_scratch(int size, int queries, int keys) {
  return (size_t)queries * (size_t)keys + product_scratch(size, queries, keys);
}

void attention_forward(const attention *layer, attention_rows queries, attention_rows keys,
                       real *weights, attention_rows context, real *scratch) {
  const int size = layer->size;
  for (int s = 0; s < layer->sequences; s++) {
    const span it = span_of(layer, s);
    const int count = it.queries * it.keys;
    matmul(it.queries, it.keys, size, rows_from(queries, it.query, false),
           rows_from(keys, it.key, true), false, weights, it.keys, scratch);
    for (int i = 0; i < count; i++) weights[i] *= layer->scale;
    kernels->softmax(it.queries, it.keys, weights, weights);
    const matmul_operand shares = {weights, it.keys, false};
    matmul(it.queries, size, it.keys, shares, rows_from(keys, it.key, false), false,
           row(context, it.query), context.ld, scratch);
    weights += count;
  }
}

/* Through the softmax and the scale: ds = scale w (dw - sum(w dw)), row by row, over dw. */
static void scores_backward(const span *it, real scale, const real *weights, real *d_weights) {
  for (int i = 0; i < it->queries; i++, weights += it->keys, d_weights += it->keys) {
    real sum = 0;
    for (int j = 0; j < it->keys; j++) sum += weights[j] * d_weights[j];
    for (int j = 0; j < it->keys; j++) d_weights[j] = scale * weights[j] * (d_weights[j] - sum);
  }
}

/* dw = d_context K^T,  dK += w^T d_context,  and through ds:  dQ += ds K,  dK += ds^T Q */
void attention_backward(const attention *layer, attention_rows queries, attention_rows keys,
                        const real *weights, attention_rows d_context, attention_rows d_queries,
                        attention_rows d_keys, real *scratch) {
  const int size = layer->size;
  for (int s = 0; s < layer->sequences; s++) {
    const span it = span_of(layer, s);
    const size_t count = (size_t)it.queries * (size_t)it.keys;
    real *d_weights = scratch, *packed = scratch + count;
    const matmul_operand d_rows = rows_from(d_context, it.query, false);
    matmul(it.queries, it.keys, size, d_rows, rows_from(keys, it.key, true), false, d_weights,
           it.keys, packed);
    const matmul_operand shares = {weights, it.keys, true};
    matmul(it.keys, size, it.queries, shares, d_rows, true, row(d_keys, it.key), d_keys.ld, packed);
    scores_backward(&it, layer->scale, weights, d_weights);
    const matmul_operand d_scores = {d_weights, it.keys, false};
    const matmul_operand d_scores_across = {d_weights, it.keys, true};
    matmul(it.queries, size, it.keys, d_scores, rows_from(keys, it.key, false), true,
           row(d_queries, it.query), d_queries.ld, packed);
    matmul(it.keys, size, it.queries, d_scores_across, rows_from(queries, it.query, false), true,
           row(d_keys, it.key), d_keys.ld, packed);
    weights += count;
  }
}
