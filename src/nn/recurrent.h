#ifndef RECUR_RECURRENT_H
#define RECUR_RECURRENT_H

#include "arena.h"
#include "cell.h"
#include "linear.h"
#include "packed.h"
#include "params.h"
#include "rng.h"

/* RNN, LSTM and GRU over packed sequences with the equations, gate order and parameter names of
 * torch.nn.RNN(tanh) / LSTM / GRU: any number of layers, one or two directions, dropout on the
 * output of every layer but the last.
 *
 * A cell is one step forward and one step backward (cell.c); everything else, time,
 * layers, directions, packing, is written once in recurrent.c. */

enum { RECURRENT_LAYERS_MAX = 8, RECURRENT_HIDDEN_MAX = 1 << 20 };

/* By name: "rnn", "lstm", "gru"; NULL otherwise. */
const recurrent_cell *recurrent_cell_find(const char *name);
const char *recurrent_cell_name(const recurrent_cell *cell);

typedef struct recurrent_weights {
  size_t weight_ih, weight_hh; /* [G * H, in], [G * H, H] */
  size_t bias_ih, bias_hh;     /* [G * H] each */
} recurrent_weights;

typedef struct recurrent {
  const recurrent_cell *cell;
  int input, hidden, layers, directions; /* I, H, L, D */
  real dropout;                          /* between layers */
  bool one_hot;                          /* only ever given ids: recurrent_pack leaves W_ih out */
  int letters; /* the rows among which every input of the first layer is; 0: any input */
  recurrent_weights weights[RECURRENT_LAYERS_MAX][2];
} recurrent;

/* The two products of a layer in one direction, as linear layers: W_ih x + b_ih and W_hh h + b_hh.
 */
linear recurrent_input_part(const recurrent *network, int layer, int direction);
linear recurrent_hidden_part(const recurrent *network, int layer, int direction);

/* Appends weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, the same with _reverse, then
 * layer 1... RC_ERR_ARGUMENT for sizes below 1, a hidden size above RECURRENT_HIDDEN_MAX, layers
 * above RECURRENT_LAYERS_MAX, directions not 1 or 2, dropout outside [0, 1), and what params_add
 * refuses; the list then holds a part of them and is of no use. */
rc_status recurrent_add(recurrent *network, param_list *list, const char *prefix,
                        const recurrent_cell *cell, int input, int hidden, int layers,
                        int directions, real dropout, rc_error *error);

/* U(-1/sqrt(H), 1/sqrt(H)), as PyTorch. */
void recurrent_init(const recurrent *network, real *values, rc_rng *rng);

/* The input of the first layer: dense rows, or with `ids` one-hot rows of width I given by index,
 * whose projection is a row look-up instead of a product (and whose dx is not computed). */
typedef struct recurrent_input {
  const real *x;  /* [N, I] packed, or NULL */
  const int *ids; /* [N] packed, each in [0, I), or of packed letters in [0, letters), or NULL */
} recurrent_input;

/* States: [L * D, B, H] in packed batch order, layer after layer, forward direction first, as
 * PyTorch. `c` is the LSTM's cell state and NULL for the others. NULL means zero on the way in,
 * not wanted on the way out. */
typedef struct recurrent_state {
  real *h, *c;
} recurrent_state;

/* Everything that backward needs from forward, and the scratch of both. */
typedef struct recurrent_cache recurrent_cache;

/* Lays a cache out for at most max_rows rows and max_batch sequences, and for the kernels now
 * selected. `training` false leaves out what only backward needs. NULL while measuring
 * or when the arena is full. */
recurrent_cache *recurrent_cache_new(const recurrent *network, int max_rows, int max_batch,
                                     bool training, rc_arena *arena);

/* The matrices of all layers and directions packed once for many forward passes over the same
 * values, for the kernels now selected: [recurrent_packed_size] elements. rows: [letters, I], and
 * what the first layer makes of each, W_ih x + b_ih, is kept in the place of W_ih; without letters
 * unread. */
size_t recurrent_packed_size(const recurrent *network);
void recurrent_pack(const recurrent *network, const real *values, const real *rows, real *matrices);
/* Forward passes with this cache take the matrices from there, and where there are letters take
 * inputs by `ids` among them; NULL, as at first: pack them anew. */
void recurrent_cache_use(recurrent_cache *cache, const real *matrices);

/* Backward passes with this cache leave there, overwritten, the gradient of the loss with respect
 * to the hidden state after each step, by whatever way it has its effect: [L * D, N, H], the slots
 * as in a recurrent_state; NULL, as at first: they do not. */
void recurrent_cache_watch(recurrent_cache *cache, real *d_states);

/* y: [N, D * H] packed. dropout_rng NULL: no dropout (evaluation); else the cache must be a
 * training one. */
void recurrent_forward(const recurrent *network, const real *values, const packed *batch,
                       recurrent_input input, recurrent_state initial, rc_rng *dropout_rng, real *y,
                       recurrent_state final, recurrent_cache *cache);

/* The half of y [N, D * H] that one direction (0 forward, 1 reverse) of a network of one layer
 * writes; the other half stays as it is. Zero initial states, no dropout. */
void recurrent_forward_direction(const recurrent *network, const real *values, const packed *batch,
                                 recurrent_input input, int direction, real *y,
                                 recurrent_cache *cache);

/* What a forward with a training cache over one sequence did at each step of a layer in one
 * direction, until the backward: the gates in the cell's order (cell_step), [G] arrays [T, H] or
 * NULL, and the states after the step, [T, H]. final: [L * D, 1, H], as forward left it. */
void recurrent_steps(const recurrent *network, int steps, recurrent_state final, int layer,
                     int direction, real *const *gates, recurrent_state states,
                     const recurrent_cache *cache);

/* After a forward with a training cache (which has its initial state), same batch and input, once:
 * the activations in the cache turn into gradients. dy [N, D * H] and d_final (either may be NULL)
 * -> dx [N, I] (overwritten; may be NULL), d_initial (overwritten; may be NULL); adds to gradients.
 */
void recurrent_backward(const recurrent *network, const real *values, const packed *batch,
                        recurrent_input input, const real *dy, recurrent_state d_final, real *dx,
                        recurrent_state d_initial, real *gradients, recurrent_cache *cache);

#endif
