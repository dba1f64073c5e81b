#include <string.h>

#include "dropout.h"
#include "onehot.h"
#include "recurrent.h"
#include "recurrent_pass.h"

/* Backpropagation through time: recurrent.c from the last line to the first. */

/* dh = what comes back from the step after + what the output of this one adds, kept for who
 * watches: [N, H] of this layer and direction. */
static void keep_gradient(const recurrent_pass *pass, const cell_step *step, int t) {
  const recurrent *network = pass->network;
  const size_t hidden = (size_t)step->hidden, rows = (size_t)pass->batch->rows;
  const size_t slot = (size_t)pass->layer * (size_t)network->directions + (size_t)pass->direction;
  const size_t row = (size_t)pass->batch->offsets[t];
  real *kept = pass->cache->d_states + (slot * rows + row) * hidden;
  memcpy(kept, step->dh, (size_t)step->rows * hidden * sizeof *kept);
  for (size_t b = 0; step->dy != NULL && b < (size_t)step->rows; b++) {
    kernels->axpy(hidden, 1, step->dy + b * (size_t)step->ldy, kept + b * hidden);
  }
}

/* Step i: the gradients of its pre-activations to the lane, and dh of the step before. */
static void run_step_back(const recurrent_pass *pass, int i, const real *dy, bool initial_wanted) {
  int hidden = pass->hidden.in, width = pass->hidden.out;
  int t = recurrent_pass_step_at(pass, i), rows = pass->batch->batch_sizes[t];
  bool split = pass->cell->split;
  cell_step step = recurrent_pass_step(pass, t, 0, rows);
  step.dy = dy == NULL ? NULL : dy + recurrent_pass_output(pass, t);
  step.ldy = pass->network->directions * hidden;
  if (pass->cache->d_states != NULL) keep_gradient(pass, &step, t);
  cell_backward(pass->cell, &step);
  /* dh = da W_hh, of a split cell dh += da W_hh; of sequences that began here nobody may want it */
  int wanted = initial_wanted ? rows : recurrent_pass_carried(pass, i);
  const real *da = split ? step.recurrent : step.gates,
             *weight = pass->values + pass->hidden.weight;
  if (linear_packs(pass->batch->rows, hidden)) {
    kernels->gemm(wanted, hidden, width, da, width, 1, pass->cache->scratch, split, step.dh,
                  hidden);
  } else {
    kernels->gemm_unpacked(wanted, hidden, width, da, width, 1, weight, hidden, split, step.dh,
                           hidden);
  }
}

/* From the last step that forward took to its first. Leaves the gradients of the pre-activations in
 * the lane, and that of the initial state in d_initial. */
static void run_pass_back(const recurrent_pass *pass, const real *dy, recurrent_state d_final,
                          recurrent_state d_initial) {
  const linear *hidden = &pass->hidden;
  if (linear_packs(pass->batch->rows, hidden->in)) {
    kernels->gemm_pack(false, hidden->out, hidden->in, pass->values + hidden->weight, hidden->in,
                       pass->cache->scratch);
  }
  recurrent_pass_load(pass, d_final);
  for (int i = pass->batch->steps - 1; i >= 0; i--) {
    run_step_back(pass, i, dy, d_initial.h != NULL);
  }
  recurrent_pass_store(pass, d_initial);
}

/* dW_hh += da^T h, less the step whose h are all 0;  db_hh += sum over rows of da */
static void gather_hidden(const recurrent_pass *pass, real *gradients) {
  const packed *batch = pass->batch;
  const real *da = pass->cell->split ? pass->lane.recurrent : pass->lane.gates;
  int width = pass->hidden.out;
  int first = 0, end = batch->rows;
  if (pass->cache->from_zero && pass->direction == 0) first = batch->offsets[1];
  if (pass->cache->from_zero && pass->direction == 1) end = batch->offsets[batch->steps - 1];
  linear_backward_matrix(&pass->hidden, end - first,
                         pass->lane.h_previous + (size_t)first * (size_t)pass->hidden.in,
                         da + (size_t)first * (size_t)width, gradients, pass->cache->scratch);
  kernels->column_sum(batch->rows, width, da, width, gradients + pass->hidden.bias);
}

/* The gradients of both products over all time steps at once. */
static void gather_weights(const recurrent_pass *pass, recurrent_input input, real *gradients) {
  int rows = pass->batch->rows;
  const real *da = pass->lane.gates;
  real *scratch = pass->cache->scratch;
  if (input.ids != NULL) {
    onehot_backward(&pass->input, rows, input.ids, da, gradients, scratch);
  } else {
    linear_backward_weights(&pass->input, rows, input.x, da, gradients, scratch);
  }
  gather_hidden(pass, gradients);
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
