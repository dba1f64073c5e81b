#include "recurrent_pass.h"

#include <string.h>

recurrent_pass recurrent_pass_make(const recurrent *network, const real *values,
                                   const packed *batch, recurrent_cache *cache, int layer,
                                   int direction) {
  recurrent_pass pass = {
      .network = network,
      .cell = network->cell,
      .values = values,
      .batch = batch,
      .cache = cache,
      .layer = layer,
      .direction = direction,
      .input = recurrent_input_part(network, layer, direction),
      .hidden = recurrent_hidden_part(network, layer, direction),
      .packed_hh = cache->scratch,
      .lane = cache->lanes[layer][direction],
  };
  if (cache->matrices != NULL) {
    pass.packed_ih = cache->matrices + recurrent_packed_offset(network, layer, direction);
    pass.packed_hh = pass.packed_ih + recurrent_packed_input(network, layer);
  }
  return pass;
}

int recurrent_pass_step_at(const recurrent_pass *pass, int i) {
  return pass->direction == 0 ? i : pass->batch->steps - 1 - i;
}

int recurrent_pass_carried(const recurrent_pass *pass, int i) {
  if (i == 0 || i == pass->batch->steps) return 0;
  int before = pass->batch->batch_sizes[recurrent_pass_step_at(pass, i - 1)];
  int now = pass->batch->batch_sizes[recurrent_pass_step_at(pass, i)];
  return before < now ? before : now;
}

cell_step recurrent_pass_step(const recurrent_pass *pass, int t, int first, int end) {
  const recurrent_lane *lane = &pass->lane;
  recurrent_cache *cache = pass->cache;
  size_t hidden = (size_t)pass->hidden.in, gates = (size_t)pass->hidden.out;
  size_t row = (size_t)pass->batch->offsets[t] + (size_t)first, running = (size_t)first * hidden;
  size_t kept = cache->training ? row : (size_t)first;
  cell_step step = {
      .rows = end - first,
      .hidden = pass->hidden.in,
      .gates = lane->gates + row * gates,
      .h_previous = cache->training ? lane->h_previous + row * hidden : cache->h + running,
      .h = cache->h + running,
      .dh = cache->h + running,
  };
  if (pass->cell->split) {
    step.recurrent = lane->recurrent + kept * gates;
    step.bias = pass->values + pass->hidden.bias;
  }
  if (pass->cell->states == 2) {
    step.c_previous = cache->training ? lane->c_previous + row * hidden : cache->c + running;
    step.tanh_c = lane->tanh_c + kept * hidden;
    step.c = cache->c + running;
    step.dc = cache->c + running;
  }
  return step;
}

void recurrent_pass_enter(const recurrent_pass *pass, int t, int carried) {
  const recurrent_cache *cache = pass->cache;
  size_t hidden = (size_t)pass->network->hidden, from = (size_t)carried * hidden;
  size_t to = (size_t)pass->batch->offsets[t] * hidden + from;
  size_t bytes = (size_t)(pass->batch->batch_sizes[t] - carried) * hidden * sizeof(real);
  if (!cache->training || bytes == 0) return;
  memcpy(pass->lane.h_previous + to, cache->h + from, bytes);
  if (pass->cell->states == 2) memcpy(pass->lane.c_previous + to, cache->c + from, bytes);
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
