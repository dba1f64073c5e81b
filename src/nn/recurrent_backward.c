#include "dropout.h"
#include "onehot.h"
#include "recurrent.h"
#include "recurrent_cache.h"

/* Backpropagation through time: recurrent.c from the last line to the first. */

/* What a pass over one layer in one direction works on. */
typedef struct backward_pass {
  const recurrent *network;
  const real *values;
  const packed *batch;
  recurrent_cache *cache;
  int layer, direction;
} backward_pass;

/* dh += dy of the rows of step t, dy [N, D * H] */
static void add_output_gradient(const backward_pass *pass, int t, const real *dy) {
  size_t hidden = (size_t)pass->network->hidden;
  size_t width = (size_t)pass->network->directions * hidden;
  dy += (size_t)pass->batch->offsets[t] * width + (size_t)pass->direction * hidden;
  for (size_t b = 0; b < (size_t)pass->batch->batch_sizes[t]; b++) {
    kernels->axpy(hidden, 1, dy + b * width, pass->cache->h + b * hidden);
  }
}

/* From the last step that forward took to its first. Leaves the gradients of the pre-activations in
 * the lane, and that of the initial state in cache->h and cache->c. */
static void run_direction_back(const backward_pass *pass, const real *dy, recurrent_state d_final,
                               recurrent_state d_initial) {
  const recurrent *network = pass->network;
  const packed *batch = pass->batch;
  recurrent_cache *cache = pass->cache;
  linear part = recurrent_hidden_part(network, pass->layer, pass->direction);
  kernels->gemm_pack(false, part.out, part.in, pass->values + part.weight, part.in, cache->scratch);
  recurrent_state_load(network, batch, pass->layer, pass->direction, d_final, cache);
  for (int i = batch->steps - 1; i >= 0; i--) {
    int t = recurrent_step_at(batch, pass->direction, i);
    cell_step step = recurrent_step(network, batch, cache, pass->layer, pass->direction, t);
    if (dy != NULL) add_output_gradient(pass, t, dy);
    network->cell->backward(&step);
    /* dh += da W_hh */
    const real *da = network->cell->split ? step.recurrent : step.gates;
    kernels->gemm(step.rows, part.in, part.out, da, part.out, 1, cache->scratch, true, cache->h,
                  part.in);
  }
  recurrent_state_store(network, batch, pass->layer, pass->direction, cache, d_initial);
}

/* The gradients of both products over all time steps at once. */
static void gather_weights(const backward_pass *pass, recurrent_input input, real *gradients) {
  const recurrent_lane *lane = &pass->cache->lanes[pass->layer][pass->direction];
  linear part = recurrent_input_part(pass->network, pass->layer, pass->direction);
  linear hidden = recurrent_hidden_part(pass->network, pass->layer, pass->direction);
  int rows = pass->batch->rows;
  real *scratch = pass->cache->scratch;
  if (input.ids != NULL) {
    onehot_backward(&part, rows, input.ids, lane->gates, gradients, scratch);
  } else {
    linear_backward_weights(&part, rows, input.x, lane->gates, gradients, scratch);
  }
  const real *da = pass->network->cell->split ? lane->recurrent : lane->gates;
  linear_backward_weights(&hidden, rows, lane->h_previous, da, gradients, scratch);
}

/* dx = da W_ih, summed over the directions */
static void gather_input(const backward_pass *pass, real *dx) {
  const recurrent_lane *lane = &pass->cache->lanes[pass->layer][pass->direction];
  linear part = recurrent_input_part(pass->network, pass->layer, pass->direction);
  linear_backward_input(&part, pass->values, pass->batch->rows, lane->gates, pass->direction > 0,
                        dx, pass->cache->scratch);
}

void recurrent_backward(const recurrent *network, const real *values, const packed *batch,
                        recurrent_input input, recurrent_state initial, const real *dy,
                        recurrent_state d_final, real *dx, recurrent_state d_initial,
                        real *gradients, recurrent_cache *cache) {
  (void)initial; /* the cache has it, as the state before the first step */
  size_t elements = (size_t)batch->rows * (size_t)network->directions * (size_t)network->hidden;
  for (int layer = network->layers - 1; layer >= 0; layer--) {
    bool first = layer == 0;
    recurrent_input layer_input = first ? input : (recurrent_input){.x = cache->outputs[layer - 1]};
    /* Both directions have read dy before the same memory receives the gradient of their input. */
    real *d_input = first ? dx : cache->d_output;
    for (int direction = 0; direction < network->directions; direction++) {
      backward_pass pass = {network, values, batch, cache, layer, direction};
      run_direction_back(&pass, dy, d_final, d_initial);
      gather_weights(&pass, layer_input, gradients);
    }
    for (int direction = 0; direction < network->directions; direction++) {
      backward_pass pass = {network, values, batch, cache, layer, direction};
      if (d_input != NULL && layer_input.ids == NULL) gather_input(&pass, d_input);
    }
    if (!first && cache->dropped) {
      dropout_backward(elements, d_input, cache->masks[layer - 1], d_input);
    }
    dy = d_input;
  }
}
