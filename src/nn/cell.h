#ifndef RECUR_CELL_H
#define RECUR_CELL_H

#include <stdbool.h>

#include "kernels.h"

/* The contract of a recurrent cell: one time step for the b sequences still running, see cell_step.
 * Everything around it (the products, time, layers, directions, packing) is in recurrent.c; a cell
 * is only element-wise, so its arithmetic is a kernel. */

typedef struct recurrent_cell {
  const char *name; /* "rnn" */
  int gates;        /* G */
  int states;       /* 1: h; 2: h and c */
  /* false: gates arrive as W_ih x + b_ih + W_hh h + b_hh, both products have one gradient, and all
   * of dh passes through W_hh.
   * true: gates arrive as W_ih x + b_ih, W_hh h apart in `recurrent`, and a part of dh does not. */
  bool split;
  void (*forward)(const cell_step *step);
} recurrent_cell;

extern const recurrent_cell rnn_cell, lstm_cell, gru_cell;

void cell_backward(const recurrent_cell *cell, const cell_step *step);

#endif
