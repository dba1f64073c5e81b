#ifndef RECUR_ATTENTION_H
#define RECUR_ATTENTION_H

#include "kernels.h"

/* Scaled dot-product attention (Luong et al. 2015, "dot"; Vaswani et al. 2017) of the queries of
 * each sequence over its own keys, which are the values too:
 *
 *   scores = scale Q K^T,  weights = softmax(scores) row by row,  context = weights K
 *
 * The sequences lie one after another, without padding. Sequence s has the query rows
 * query_starts[s] up to query_starts[s + 1] and its key rows likewise, at least one of each. One
 * query a sequence is one step of a decoder; all of them at once, teacher forcing. */
typedef struct attention {
  int sequences, size;                  /* S, H */
  const int *query_starts, *key_starts; /* [S + 1] */
  real scale;                           /* of the scores: 1, or 1 / sqrt(H) */
} attention;

/* A block of rows [rows, H] that may be part of a wider matrix: rows are `ld` apart. */
typedef struct attention_rows {
  real *data;
  int ld;
} attention_rows;

/* Elements of all weights: S matrices [queries, keys] without gaps, in the order of the sequences.
 */
size_t attention_weights_size(const attention *layer);

/* Elements of scratch that forward and backward need for up to that many queries and keys in one
 * sequence. */
size_t attention_scratch(int size, int queries, int keys);

/* -> weights [attention_weights_size], context [Q, H] */
void attention_forward(const attention *layer, attention_rows queries, attention_rows keys,
                       real *weights, attention_rows context, real *scratch);

/* From the weights that forward left and d_context [Q, H]: adds to d_queries [Q, H] and to d_keys
 * [K, H]. */
void attention_backward(const attention *layer, attention_rows queries, attention_rows keys,
                        const real *weights, attention_rows d_context, attention_rows d_queries,
                        attention_rows d_keys, real *scratch);

#endif
