#ifndef RECUR_QUANTIZED_LINEAR_H
#define RECUR_QUANTIZED_LINEAR_H

#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "kernels.h"

/* y = x W^T + b with W in int8, for inference: a quarter of the memory of linear.h. x is quantised
 * row by row on the fly, as kernels.h tells. */

typedef struct quantized_linear {
  int in, out;
  void *packed;      /* W [out, in] and its scales, for the kernels selected when it was set */
  const float *bias; /* [out], or NULL; the caller's */
} quantized_linear;

/* Room for the weights; `packed` is NULL while the arena measures. RC_ERR_ARGUMENT for sizes out of
 * range: in is 1..INT8_DEPTH_MAX, out positive. */
rc_status quantized_linear_layout(quantized_linear *layer, rc_arena *arena, int in, int out,
                                  rc_error *error);

/* Packs W [out, in] with a scale for each row, as quantize_rows makes them; none is -128. */
void quantized_linear_set(quantized_linear *layer, const int8_t *weights, const float *scales,
                          const float *bias);

/* Makes `layer`, laid out with room for as many outputs, the n outputs of those numbers of another;
 * bias: [n] room for theirs where that has any. */
void quantized_linear_select(quantized_linear *layer, const quantized_linear *from, int n,
                             const int *outputs, float *bias);

/* Bytes of scratch, aligned as floats are, that forward needs for up to `rows` rows. */
size_t quantized_linear_scratch(const quantized_linear *layer, int rows);

/* x [rows, in] -> y [rows, out], whose rows lie ldy apart. Off from the product with scale q as
 * weights by at most max |x| / 126 * sum |scale q| over the row of each, and float's rounding. */
void quantized_linear_forward(const quantized_linear *layer, int rows, const float *x, float *y,
                              int ldy, void *scratch);

#endif
