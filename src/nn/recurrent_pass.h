#ifndef RECUR_RECURRENT_PASS_H
#define RECUR_RECURRENT_PASS_H

#include "recurrent_cache.h"

/* One pass, forward or backward, over one layer in one direction. */
typedef struct recurrent_pass {
  const recurrent *network;
  const recurrent_cell *cell;
  const real *values;
  const packed *batch;
  recurrent_cache *cache;
  int layer, direction;
  linear input, hidden; /* the two products */
  const real *packed_ih,
      *packed_hh; /* forward: their matrices; W_ih may be NULL: packed when used */
  recurrent_lane lane;
} recurrent_pass;

recurrent_pass recurrent_pass_make(const recurrent *network, const real *values,
                                   const packed *batch, recurrent_cache *cache, int layer,
                                   int direction);

/* The time step that the direction takes as its i-th: the reverse one starts with the last, so that
 * a sequence enters with its initial state at its own end. */
int recurrent_pass_step_at(const recurrent_pass *pass, int i);

/* How many sequences of the i-th step were running in the one before, which are its first; 0 where
 * there is none before, and for i = T. */
int recurrent_pass_carried(const recurrent_pass *pass, int i);

/* The cell's view of sequences [first, end) of time step t, without y and dy. Forward, the state
 * after the step goes to the running state. */
cell_step recurrent_pass_step(const recurrent_pass *pass, int t, int first, int end);

/* Puts the initial state of the sequences from `carried` on, which begin at step t, before it. */
void recurrent_pass_enter(const recurrent_pass *pass, int t, int carried);

/* The first row of step t in an output [N, D * H], at the columns of this direction; the next rows
 * follow D * H elements apart. */
size_t recurrent_pass_output(const recurrent_pass *pass, int t);

/* The running state [B, H] from and to this pass's part of a state [L * D, B, H]; NULL reads as
 * zero and is not written. */
void recurrent_pass_load(const recurrent_pass *pass, recurrent_state from);
void recurrent_pass_store(const recurrent_pass *pass, recurrent_state to);

#endif
