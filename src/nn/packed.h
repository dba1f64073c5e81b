#ifndef RECUR_PACKED_H
#define RECUR_PACKED_H

#include "arena.h"
#include "status.h"

/* A batch of sequences of different lengths without padding, as PyTorch's PackedSequence: sorted
 * by falling length, stored step after step. The element of sequence b at step t is row
 * offsets[t] + b, which exists while b < batch_sizes[t]. */

typedef struct packed {
  int steps;              /* T: longest length */
  int batch;              /* B */
  int rows;               /* N: sum of the lengths */
  const int *batch_sizes; /* [T] sequences still running at step t, never rising */
  const int *offsets;     /* [T + 1] first row of step t; offsets[T] = rows */
  const int *lengths;     /* [B] in packed order */
  const int *order;       /* [B] order[b] = the caller's index of packed sequence b */
} packed;

/* Lays a packing out in the arena. lengths: [batch], each >= 1; equal lengths keep their order.
 * RC_ERR_ARGUMENT for a batch or a length below 1 or more than INT_MAX rows, RC_ERR_MEMORY when the
 * arena is full. Over a measuring arena the arrays are NULL. */
rc_status packed_build(packed *out, const int *lengths, int batch, rc_arena *arena,
                       rc_error *error);

/* Bytes of arena that packed_build takes for that many sequences, the longest of that many steps.
 */
size_t packed_bytes(int batch, int steps);

#endif
