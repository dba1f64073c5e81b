#ifndef RECUR_DENSE_H
#define RECUR_DENSE_H

#include "quantized_linear.h"

/* Layers for inference: matrices packed once, for the kernels now selected, in f32 or in int8. */

/* y = x W^T + b */
typedef struct dense {
  int in, out;
  const float *bias;          /* [out], or NULL */
  float *packed;              /* f32: W [out, in] as gemm_pack leaves it; else NULL */
  quantized_linear quantized; /* int8 */
} dense;

/* Elements of float scratch that dense_forward needs for up to `rows` rows. */
size_t dense_scratch(const dense *layer, int rows);

/* x [rows, in] -> y [rows, out] */
void dense_forward(const dense *layer, int rows, const float *x, float *y, float *scratch);

/* One layer of a GRU in one direction. */
typedef struct dense_gru {
  dense input, state;   /* W_ih x + b_ih; W_hh h */
  const float *bias_hh; /* [3 H] */
} dense_gru;

/* An embedding [count, size], in f32, in int8 with a scale for each row, or the weights of a layer
 * in int8. */
typedef struct dense_table {
  int count, size;
  float *rows;
  int8_t *quantized;
  float *scales; /* [count] */
  const quantized_linear *tied;
} dense_table;

/* y [n, size] */
void dense_table_forward(const dense_table *table, int n, const int *ids, float *y);

/* What a layer makes of the rows of a table, each made once. */
typedef struct dense_memo {
  const dense_table *table;
  const dense *layer;
  int room, count;           /* rows there may be, and are */
  int *places;               /* [table->count] which row is whose, from 1; 0: none */
  int *fresh;                /* [most] scratch */
  float *made;               /* [room, layer->out] */
  float *embedded, *scratch; /* [most, table->size] and dense_scratch(layer, most), the caller's */
} dense_memo;

/* For up to `most` ids at a time, and layers of `out` outputs; so many and `spare` more rows are
 * kept until they are too many. embedded and scratch are to be set. */
dense_memo dense_memo_layout(const dense_table *table, int out, int most, int spare,
                             rc_arena *arena);
/* Empty, for that layer. */
void dense_memo_begin(dense_memo *memo, const dense *layer);

/* y [n, layer->out], or NULL: only made, many at a time, for later calls. */
void dense_memo_forward(dense_memo *memo, int n, const int *ids, float *y);

#endif
