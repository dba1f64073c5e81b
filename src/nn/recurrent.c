#include "recurrent.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "dropout.h"
#include "onehot.h"
#include "recurrent_pass.h"

const recurrent_cell *recurrent_cell_find(const char *name) {
  const recurrent_cell *const cells[] = {&rnn_cell, &lstm_cell, &gru_cell};
  for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
    if (strcmp(cells[i]->name, name) == 0) return cells[i];
  }
  return NULL;
}

const char *recurrent_cell_name(const recurrent_cell *cell) {
  return cell->name;
}

static rc_status recurrent_check(const recurrent *network, rc_error *error) {
  RC_TRY(rc_check_range("the input's size", network->input, 1, INT_MAX, error));
  RC_TRY(rc_check_range("the hidden size", network->hidden, 1, RECURRENT_HIDDEN_MAX, error));
  RC_TRY(rc_check_range("layers", network->layers, 1, RECURRENT_LAYERS_MAX, error));
  RC_TRY(rc_check_range("directions", network->directions, 1, 2, error));
  if (!(network->dropout >= 0 && network->dropout < 1)) {
    return rc_fail(error, RC_ERR_ARGUMENT, "%s %g is not in [0, 1)", "dropout",
                   (double)network->dropout);
  }
  return RC_OK;
}

linear recurrent_input_part(const recurrent *network, int layer, int direction) {
  const recurrent_weights *weights = &network->weights[layer][direction];
  return (linear){
      .in = layer == 0 ? network->input : network->directions * network->hidden,
      .out = network->cell->gates * network->hidden,
      .weight = weights->weight_ih,
      .bias = weights->bias_ih,
  };
}

linear recurrent_hidden_part(const recurrent *network, int layer, int direction) {
  const recurrent_weights *weights = &network->weights[layer][direction];
  return (linear){
      .in = network->hidden,
      .out = network->cell->gates * network->hidden,
      .weight = weights->weight_hh,
      .bias = weights->bias_hh,
  };
}

static rc_status weights_add(recurrent *network, param_list *list, const char *prefix, int layer,
                             int direction, rc_error *error) {
  recurrent_weights *weights = &network->weights[layer][direction];
  int gates = network->cell->gates * network->hidden;
  int input = recurrent_input_part(network, layer, direction).in;
  const struct {
    const char *stem;
    int columns;
    size_t *offset;
  } rows[] = {{"weight_ih", input, &weights->weight_ih},
              {"weight_hh", network->hidden, &weights->weight_hh},
              {"bias_ih", 0, &weights->bias_ih},
              {"bias_hh", 0, &weights->bias_hh}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    char name[PARAM_NAME_MAX];
    snprintf(name, sizeof name, "%s_l%d%s", rows[i].stem, layer, direction ? "_reverse" : "");
    RC_TRY(params_add(list, prefix, name, gates, rows[i].columns, rows[i].offset, error));
  }
  return RC_OK;
}

rc_status recurrent_add(recurrent *network, param_list *list, const char *prefix,
                        const recurrent_cell *cell, int input, int hidden, int layers,
                        int directions, real dropout, rc_error *error) {
  *network = (recurrent){.cell = cell,
                         .input = input,
                         .hidden = hidden,
                         .layers = layers,
                         .directions = directions,
                         .dropout = dropout};
  RC_TRY(recurrent_check(network, error));
  for (int layer = 0; layer < layers; layer++) {
    for (int direction = 0; direction < directions; direction++) {
      RC_TRY(weights_add(network, list, prefix, layer, direction, error));
    }
  }
  return RC_OK;
}

static void uniform(real bound, size_t count, real *values, rc_rng *rng) {
  for (size_t i = 0; i < count; i++) values[i] = (2 * rng_uniform(rng) - 1) * bound;
}

void recurrent_init(const recurrent *network, real *values, rc_rng *rng) {
  real bound = 1 / (real)sqrt(network->hidden);
  for (int layer = 0; layer < network->layers; layer++) {
    for (int direction = 0; direction < network->directions; direction++) {
      linear input = recurrent_input_part(network, layer, direction);
      linear hidden = recurrent_hidden_part(network, layer, direction);
      uniform(bound, (size_t)input.out * (size_t)input.in, values + input.weight, rng);
      uniform(bound, (size_t)hidden.out * (size_t)hidden.in, values + hidden.weight, rng);
      uniform(bound, (size_t)input.out, values + input.bias, rng);
      uniform(bound, (size_t)hidden.out, values + hidden.bias, rng);
    }
  }
}

/* gates = W_ih x + b_ih, for a cell that is not split + b_hh: every time step at once */
static void project_input(const recurrent_pass *pass, recurrent_input input) {
  int rows = pass->batch->rows, width = pass->input.out;
  real *gates = pass->lane.gates, *scratch = pass->cache->scratch;
  if (input.ids != NULL && pass->network->letters > 0) {
    for (int r = 0; r < rows; r++) {
      memcpy(gates + (size_t)r * (size_t)width,
             pass->packed_ih + (size_t)input.ids[r] * (size_t)width, (size_t)width * sizeof(real));
    }
  } else if (input.ids != NULL) {
    onehot_forward(&pass->input, pass->values, rows, input.ids, gates, scratch);
  } else {
    const real *matrix = pass->packed_ih;
    if (matrix == NULL) {
      linear_pack(&pass->input, pass->values, scratch);
      matrix = scratch;
    }
    linear_forward_packed(&pass->input, pass->values, matrix, rows, input.x, gates);
  }
  if (!pass->cell->split) {
    kernels->add_bias(rows, width, pass->values + pass->hidden.bias, gates, width);
  }
}

/* Adds W_hh h to the gates, or puts it beside them, for the first `moving` sequences of the step; h
 * of the others is 0. */
static void project_state(const recurrent_pass *pass, const cell_step *step, int moving) {
  int hidden = pass->hidden.in, width = pass->hidden.out;
  bool split = pass->cell->split;
  kernels->gemm(moving, width, hidden, step->h_previous, hidden, 1, pass->packed_hh, !split,
                split ? step->recurrent : step->gates, width);
  if (split && moving < step->rows) {
    size_t done = (size_t)moving * (size_t)width, all = (size_t)step->rows * (size_t)width;
    memset(step->recurrent + done, 0, (all - done) * sizeof(real));
  }
}

/* The step's outputs and states of sequences [first, end), the states before step `next`, or where
 * that is -1 to the running state. */
static void run_cell(const recurrent_pass *pass, int t, int first, int end, int next, real *y) {
  cell_step step = recurrent_pass_step(pass, t, first, end);
  size_t hidden = (size_t)step.hidden, width = (size_t)pass->network->directions * hidden;
  if (first == end) return;
  if (next >= 0) {
    size_t to = ((size_t)pass->batch->offsets[next] + (size_t)first) * hidden;
    step.h = pass->lane.h_previous + to;
    if (pass->cell->states == 2) step.c = pass->lane.c_previous + to;
  }
  step.y = y + recurrent_pass_output(pass, t) + (size_t)first * width;
  step.ldy = (int)width;
  pass->cell->forward(&step);
}

static void run_step(const recurrent_pass *pass, int i, real *y) {
  int t = recurrent_pass_step_at(pass, i), rows = pass->batch->batch_sizes[t];
  int carried = recurrent_pass_carried(pass, i), staying = recurrent_pass_carried(pass, i + 1);
  recurrent_pass_enter(pass, t, carried);
  cell_step step = recurrent_pass_step(pass, t, 0, rows);
  project_state(pass, &step, pass->cache->from_zero ? carried : rows);
  if (pass->cache->training) {
    if (staying > 0) run_cell(pass, t, 0, staying, recurrent_pass_step_at(pass, i + 1), y);
    run_cell(pass, t, staying, rows, -1, y);
  } else {
    run_cell(pass, t, 0, rows, -1, y);
  }
}

static void run_pass(const recurrent_pass *pass, recurrent_input input, recurrent_state initial,
                     real *y, recurrent_state final) {
  project_input(pass, input);
  if (pass->packed_ih == NULL) linear_pack(&pass->hidden, pass->values, pass->cache->scratch);
  recurrent_pass_load(pass, initial);
  for (int i = 0; i < pass->batch->steps; i++) run_step(pass, i, y);
  recurrent_pass_store(pass, final);
}

void recurrent_forward(const recurrent *network, const real *values, const packed *batch,
                       recurrent_input input, recurrent_state initial, rc_rng *dropout_rng, real *y,
                       recurrent_state final, recurrent_cache *cache) {
  size_t elements = (size_t)batch->rows * (size_t)network->directions * (size_t)network->hidden;
  cache->dropped = dropout_rng != NULL && network->dropout > 0;
  cache->from_zero = initial.h == NULL;
  for (int layer = 0; layer < network->layers; layer++) {
    bool last = layer == network->layers - 1;
    real *output = last ? y : cache->outputs[layer];
    for (int direction = 0; direction < network->directions; direction++) {
      recurrent_pass pass = recurrent_pass_make(network, values, batch, cache, layer, direction);
      run_pass(&pass, input, initial, output, final);
    }
    if (!last && cache->dropped) {
      dropout_forward(network->dropout, elements, output, output, cache->masks[layer], dropout_rng);
    }
    input = (recurrent_input){.x = output};
  }
}

void recurrent_forward_direction(const recurrent *network, const real *values, const packed *batch,
                                 recurrent_input input, int direction, real *y,
                                 recurrent_cache *cache) {
  recurrent_state none = {0};
  cache->from_zero = true;
  recurrent_pass pass = recurrent_pass_make(network, values, batch, cache, 0, direction);
  run_pass(&pass, input, none, y, none);
}
