#ifndef RECUR_RECURRENT_CACHE_H
#define RECUR_RECURRENT_CACHE_H

#include "recurrent.h"

/* What one layer in one direction keeps. Rows are those of the packed batch, [N]; in a cache that
 * is not for training only `gates` has them, `recurrent` and `tanh_c` serve one step after another,
 * [B], and the state before a step is the running one. */
typedef struct recurrent_lane {
  real *gates;                   /* [N, G * H] */
  real *recurrent;               /* [N, G * H] or NULL, see cell_step */
  real *h_previous, *c_previous; /* [N, H] training: each step writes those of the next */
  real *tanh_c;                  /* [N, H] */
} recurrent_lane;

struct recurrent_cache {
  bool training;
  bool dropped;   /* the last forward drew masks */
  bool from_zero; /* and started from h = 0 */
  recurrent_lane lanes[RECURRENT_LAYERS_MAX][2];
  real *outputs[RECURRENT_LAYERS_MAX]; /* [N, D * H] of every layer but the last, after dropout */
  real *masks[RECURRENT_LAYERS_MAX];   /* [N, D * H] of the same; NULL without dropout */
  real *d_output;                      /* [N, D * H] gradient of the output between two layers */
  /* [B, H] Running state, in backward its gradient. A training forward leaves it alone but for each
   * sequence's initial state before and its final state after. */
  real *h, *c;
  const real *matrices; /* see recurrent_cache_use */
  real *d_states;       /* see recurrent_cache_watch */
  real *scratch;        /* weights packed for one pass */
};

/* Where W_ih of a layer in one direction, or what it makes of the letters, lies in what
 * recurrent_pack fills, and how long it is there; W_hh follows. */
size_t recurrent_packed_offset(const recurrent *network, int layer, int direction);
size_t recurrent_packed_input(const recurrent *network, int layer);

#endif
