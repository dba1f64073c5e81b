#ifndef RECUR_POOLING_H
#define RECUR_POOLING_H

#include "kernels.h"
#include "packed.h"

/* From the outputs of a recurrent network, [N, D * H] packed, to one row a sequence, in packed
 * batch order.
 *
 * POOLING_LAST: the last state of each direction, [B, D * H]: forward half at the last letter,
 * backward half at the first (what PyTorch's h_n of the last layer holds).
 * POOLING_ALL: last, maximum and mean over time side by side, [B, 3 * D * H]. */
typedef enum pooling_kind { POOLING_LAST, POOLING_ALL } pooling_kind;

int pooling_width(pooling_kind kind, int hidden, int directions);

/* argmax: [B, D * H] rows of the maxima, written forward, read backward; unused by POOLING_LAST. */
void pooling_forward(pooling_kind kind, const packed *batch, int hidden, int directions,
                     const real *y, real *pooled, int *argmax);

/* dy [N, D * H] is overwritten. */
void pooling_backward(pooling_kind kind, const packed *batch, int hidden, int directions,
                      const real *d_pooled, const int *argmax, real *dy);

#endif
