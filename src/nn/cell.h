#ifndef RECUR_CELL_H
#define RECUR_CELL_H

#include "kernels.h"
#include "recurrent.h"

/* The contract of a recurrent cell: one time step for the b sequences still running. Everything
 * around it (the products, time, layers, directions, packing) is in recurrent.c; a cell is only
 * element-wise.
 *
 * The gates of one row lie side by side in PyTorch's order, G blocks of H. */
typedef struct cell_step {
  int rows, hidden; /* b, H */

  /* [b, G * H] Forward: from pre-activations to activations; backward: from these to the gradient
   * of the pre-activations. */
  real *gates;
  /* [b, G * H], NULL unless the cell is `split`. Forward: W_hh h + b_hh; backward: from what
   * forward left there to its gradient. */
  real *recurrent;

  real *h_previous, *c_previous; /* [b, H] state before the step; cells only read it */
  real *h, *c;                   /* [b, H] forward: receives the state after it */
  real *tanh_c;                  /* [b, H] LSTM: written forward, read backward */

  /* [b, H] Backward: from the gradient of the state after the step to the gradient of the state
   * before it, less the part of dh that passes through W_hh, which the caller adds. */
  real *dh, *dc;
} cell_step;

struct recurrent_cell {
  const char *name; /* "rnn" */
  int gates;        /* G */
  int states;       /* 1: h; 2: h and c */
  /* false: gates arrive as W_ih x + b_ih + W_hh h + b_hh, and both products have one gradient.
   * true: gates arrive as W_ih x + b_ih, and the rest apart in `recurrent`. */
  bool split;
  void (*forward)(const cell_step *step);
  void (*backward)(const cell_step *step);
};

#endif
