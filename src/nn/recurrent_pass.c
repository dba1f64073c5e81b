#include "recurrent_pass.h"

#include <string.h>

recurrent_pass recurrent_pass_make(const recurrent *network, const real *values,
                                   const packed *batch, recurrent_cache *cache, int layer,
                                   int direction) {
  return (recurrent_pass){
      .network = network,
      .cell = network->cell,
      .values = values,
      .batch = batch,
      .cache = cache,
      .layer = layer,
      .direction = direction,
      .input = recurrent_input_part(network, layer, direction),
      .hidden = recurrent_hidden_part(network, layer, direction),
      .lane = cache->lanes[layer][direction],
  };
}

int recurrent_pass_step_at(const recurrent_pass *pass, int i) {
  return pass->direction == 0 ? i : pass->batch->steps - 1 - i;
}

cell_step recurrent_pass_step(const recurrent_pass *pass, int t) {
  const recurrent_lane *lane = &pass->lane;
  recurrent_cache *cache = pass->cache;
  size_t hidden = (size_t)pass->hidden.in, gates = (size_t)pass->hidden.out;
  size_t row = (size_t)pass->batch->offsets[t], kept = cache->training ? row : 0;
  cell_step step = {
      .rows = pass->batch->batch_sizes[t],
      .hidden = pass->hidden.in,
      .gates = lane->gates + row * gates,
      .h_previous = lane->h_previous + kept * hidden,
      .h = cache->h,
      .dh = cache->h,
  };
  if (pass->cell->split) step.recurrent = lane->recurrent + kept * gates;
  if (pass->cell->states == 2) {
    step.c_previous = lane->c_previous + kept * hidden;
    step.tanh_c = lane->tanh_c + kept * hidden;
    step.c = cache->c;
    step.dc = cache->c;
  }
  return step;
}

size_t recurrent_pass_output(const recurrent_pass *pass, int t) {
  size_t hidden = (size_t)pass->network->hidden;
  size_t width = (size_t)pass->network->directions * hidden;
  return (size_t)pass->batch->offsets[t] * width + (size_t)pass->direction * hidden;
}

/* Elements of one layer and direction in a state [L * D, B, H], and those before it. */
static size_t state_count(const recurrent_pass *pass) {
  return (size_t)pass->batch->batch * (size_t)pass->network->hidden;
}

static size_t state_offset(const recurrent_pass *pass) {
  int slot = pass->layer * pass->network->directions + pass->direction;
  return (size_t)slot * state_count(pass);
}

static void copy_or_clear(const recurrent_pass *pass, const real *from, real *to) {
  size_t bytes = state_count(pass) * sizeof(real);
  if (from != NULL) {
    memcpy(to, from + state_offset(pass), bytes);
  } else {
    memset(to, 0, bytes);
  }
}

void recurrent_pass_load(const recurrent_pass *pass, recurrent_state from) {
  copy_or_clear(pass, from.h, pass->cache->h);
  if (pass->cell->states == 2) copy_or_clear(pass, from.c, pass->cache->c);
}

void recurrent_pass_store(const recurrent_pass *pass, recurrent_state to) {
  size_t bytes = state_count(pass) * sizeof(real), at = state_offset(pass);
  if (to.h != NULL) memcpy(to.h + at, pass->cache->h, bytes);
  if (to.c != NULL && pass->cell->states == 2) memcpy(to.c + at, pass->cache->c, bytes);
}
