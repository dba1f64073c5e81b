#include "recurrent.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "dropout.h"
#include "onehot.h"
#include "recurrent_cache.h"

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
  if (network->input < 1) {
    return rc_fail(error, RC_ERR_ARGUMENT, "input size %d is not positive", network->input);
  }
  if (network->hidden < 1 || network->hidden > RECURRENT_HIDDEN_MAX) {
    return rc_fail(error, RC_ERR_ARGUMENT, "hidden size %d is not in 1..%d", network->hidden,
                   RECURRENT_HIDDEN_MAX);
  }
  if (network->layers < 1 || network->layers > RECURRENT_LAYERS_MAX) {
    return rc_fail(error, RC_ERR_ARGUMENT, "%d layers are not in 1..%d", network->layers,
                   RECURRENT_LAYERS_MAX);
  }
  if (network->directions != 1 && network->directions != 2) {
    return rc_fail(error, RC_ERR_ARGUMENT, "directions: %d is neither 1 nor 2",
                   network->directions);
  }
  if (!(network->dropout >= 0 && network->dropout < 1)) {
    return rc_fail(error, RC_ERR_ARGUMENT, "dropout %g is not in [0, 1)", (double)network->dropout);
  }
  return RC_OK;
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

/* What a pass over one layer in one direction works on. */
typedef struct forward_pass {
  const recurrent *network;
  const real *values;
  const packed *batch;
  recurrent_cache *cache;
  int layer, direction;
} forward_pass;

/* gates = W_ih x + b_ih, for a cell that is not split + b_hh: every time step at once */
static void project_input(const forward_pass *pass, recurrent_input input) {
  const recurrent_lane *lane = &pass->cache->lanes[pass->layer][pass->direction];
  linear part = recurrent_input_part(pass->network, pass->layer, pass->direction);
  linear hidden = recurrent_hidden_part(pass->network, pass->layer, pass->direction);
  int rows = pass->batch->rows;
  if (input.ids != NULL) {
    onehot_forward(&part, pass->values, rows, input.ids, lane->gates, pass->cache->scratch);
  } else {
    linear_forward(&part, pass->values, rows, input.x, lane->gates, pass->cache->scratch);
  }
  if (!pass->network->cell->split) {
    kernels->add_bias(rows, hidden.out, pass->values + hidden.bias, lane->gates, hidden.out);
  }
}

/* Adds W_hh h to the gates, or puts W_hh h + b_hh beside them; W_hh is packed in the scratch. */
static void project_state(const forward_pass *pass, const cell_step *step) {
  linear part = recurrent_hidden_part(pass->network, pass->layer, pass->direction);
  bool split = pass->network->cell->split;
  kernels->gemm(step->rows, part.out, part.in, step->h_previous, part.in, 1, pass->cache->scratch,
                !split, split ? step->recurrent : step->gates, part.out);
  if (split) {
    kernels->add_bias(step->rows, part.out, pass->values + part.bias, step->recurrent, part.out);
  }
}

static void run_step(const forward_pass *pass, int t, real *y) {
  const recurrent *network = pass->network;
  recurrent_cache *cache = pass->cache;
  cell_step step = recurrent_step(network, pass->batch, cache, pass->layer, pass->direction, t);
  size_t hidden = (size_t)network->hidden, width = (size_t)network->directions * hidden;
  size_t bytes = (size_t)step.rows * hidden * sizeof(real);

  memcpy(step.h_previous, cache->h, bytes);
  if (network->cell->states == 2) memcpy(step.c_previous, cache->c, bytes);
  project_state(pass, &step);
  network->cell->forward(&step);

  real *out = y + (size_t)pass->batch->offsets[t] * width + (size_t)pass->direction * hidden;
  for (int b = 0; b < step.rows; b++) {
    memcpy(out + (size_t)b * width, cache->h + (size_t)b * hidden, hidden * sizeof(real));
  }
}

static void run_direction(const forward_pass *pass, recurrent_input input, recurrent_state initial,
                          real *y, recurrent_state final) {
  const recurrent *network = pass->network;
  recurrent_cache *cache = pass->cache;
  const packed *batch = pass->batch;
  linear hidden = recurrent_hidden_part(network, pass->layer, pass->direction);
  project_input(pass, input);
  kernels->gemm_pack(true, hidden.in, hidden.out, pass->values + hidden.weight, hidden.in,
                     cache->scratch);
  recurrent_state_load(network, batch, pass->layer, pass->direction, initial, cache);
  for (int i = 0; i < batch->steps; i++) {
    run_step(pass, recurrent_step_at(batch, pass->direction, i), y);
  }
  recurrent_state_store(network, batch, pass->layer, pass->direction, cache, final);
}

void recurrent_forward(const recurrent *network, const real *values, const packed *batch,
                       recurrent_input input, recurrent_state initial, rc_rng *dropout_rng, real *y,
                       recurrent_state final, recurrent_cache *cache) {
  size_t elements = (size_t)batch->rows * (size_t)network->directions * (size_t)network->hidden;
  cache->dropped = dropout_rng != NULL && network->dropout > 0;
  for (int layer = 0; layer < network->layers; layer++) {
    bool last = layer == network->layers - 1;
    real *output = last ? y : cache->outputs[layer];
    for (int direction = 0; direction < network->directions; direction++) {
      forward_pass pass = {network, values, batch, cache, layer, direction};
      run_direction(&pass, input, initial, output, final);
    }
    if (!last && cache->dropped) {
      dropout_forward(network->dropout, elements, output, output, cache->masks[layer], dropout_rng);
    }
    input = (recurrent_input){.x = output};
  }
}
