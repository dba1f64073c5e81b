#include "dropout.h"
#include "onehot.h"
#include "recurrent.h"
#include "recurrent_pass.h"

/* Backpropagation through time: recurrent.c from the last line to the first. */

/* dh += dy of the rows of step t, dy [N, D * H] */
static void add_output_gradient(const recurrent_pass *pass, int t, const real *dy, real *dh) {
  size_t hidden = (size_t)pass->network->hidden;
  size_t width = (size_t)pass->network->directions * hidden;
  dy += recurrent_pass_output(pass, t);
  for (size_t b = 0; b < (size_t)pass->batch->batch_sizes[t]; b++) {
    kernels->axpy(hidden, 1, dy + b * width, dh + b * hidden);
  }
}

/* From the last step that forward took to its first. Leaves the gradients of the pre-activations in
 * the lane, and that of the initial state in d_initial. */
static void run_pass_back(const recurrent_pass *pass, const real *dy, recurrent_state d_final,
                          recurrent_state d_initial) {
  int hidden = pass->hidden.in, width = pass->hidden.out;
  real *packed_weight = pass->cache->scratch;
  kernels->gemm_pack(false, width, hidden, pass->values + pass->hidden.weight, hidden,
                     packed_weight);
  recurrent_pass_load(pass, d_final);
  for (int i = pass->batch->steps - 1; i >= 0; i--) {
    int t = recurrent_pass_step_at(pass, i);
    cell_step step = recurrent_pass_step(pass, t);
    if (dy != NULL) add_output_gradient(pass, t, dy, step.dh);
    pass->cell->backward(&step);
    /* dh += da W_hh */
    const real *da = pass->cell->split ? step.recurrent : step.gates;
    kernels->gemm(step.rows, hidden, width, da, width, 1, packed_weight, true, step.dh, hidden);
  }
  recurrent_pass_store(pass, d_initial);
}

/* The gradients of both products over all time steps at once. */
static void gather_weights(const recurrent_pass *pass, recurrent_input input, real *gradients) {
  int rows = pass->batch->rows;
  const recurrent_lane *lane = &pass->lane;
  real *scratch = pass->cache->scratch;
  if (input.ids != NULL) {
    onehot_backward(&pass->input, rows, input.ids, lane->gates, gradients, scratch);
  } else {
    linear_backward_weights(&pass->input, rows, input.x, lane->gates, gradients, scratch);
  }
  const real *da = pass->cell->split ? lane->recurrent : lane->gates;
  linear_backward_weights(&pass->hidden, rows, lane->h_previous, da, gradients, scratch);
}

/* dx = da W_ih, the directions one after the other */
static void gather_input(const recurrent_pass *pass, real *dx) {
  linear_backward_input(&pass->input, pass->values, pass->batch->rows, pass->lane.gates,
                        pass->direction > 0, dx, pass->cache->scratch);
}

void recurrent_backward(const recurrent *network, const real *values, const packed *batch,
                        recurrent_input input, const real *dy, recurrent_state d_final, real *dx,
                        recurrent_state d_initial, real *gradients, recurrent_cache *cache) {
  size_t elements = (size_t)batch->rows * (size_t)network->directions * (size_t)network->hidden;
  for (int layer = network->layers - 1; layer >= 0; layer--) {
    bool first = layer == 0;
    recurrent_input layer_input = first ? input : (recurrent_input){.x = cache->outputs[layer - 1]};
    /* Both directions have read dy before the same memory receives the gradient of their input. */
    real *d_input = first ? dx : cache->d_output;
    for (int direction = 0; direction < network->directions; direction++) {
      recurrent_pass pass = recurrent_pass_make(network, values, batch, cache, layer, direction);
      run_pass_back(&pass, dy, d_final, d_initial);
      gather_weights(&pass, layer_input, gradients);
    }
    for (int direction = 0; direction < network->directions; direction++) {
      recurrent_pass pass = recurrent_pass_make(network, values, batch, cache, layer, direction);
      if (d_input != NULL && layer_input.ids == NULL) gather_input(&pass, d_input);
    }
    if (!first && cache->dropped) {
      dropout_backward(elements, d_input, cache->masks[layer - 1], d_input);
    }
    dy = d_input;
  }
}
