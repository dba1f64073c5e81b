#include "recurrent_cache.h"

#include <string.h>

#include "onehot.h"

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

/* Where a layer and direction begin in a state [L * D, B, H]. */
static size_t state_offset(const recurrent *network, const packed *batch, int layer,
                           int direction) {
  size_t slot = (size_t)(layer * network->directions + direction);
  return slot * (size_t)batch->batch * (size_t)network->hidden;
}

static void copy_or_clear(size_t count, const real *from, real *to) {
  if (from != NULL) {
    memcpy(to, from, count * sizeof(real));
  } else {
    memset(to, 0, count * sizeof(real));
  }
}

void recurrent_state_load(const recurrent *network, const packed *batch, int layer, int direction,
                          recurrent_state from, recurrent_cache *cache) {
  size_t count = (size_t)batch->batch * (size_t)network->hidden;
  size_t at = state_offset(network, batch, layer, direction);
  copy_or_clear(count, from.h == NULL ? NULL : from.h + at, cache->h);
  if (network->cell->states < 2) return;
  copy_or_clear(count, from.c == NULL ? NULL : from.c + at, cache->c);
}

void recurrent_state_store(const recurrent *network, const packed *batch, int layer, int direction,
                           const recurrent_cache *cache, recurrent_state to) {
  size_t bytes = (size_t)batch->batch * (size_t)network->hidden * sizeof(real);
  size_t at = state_offset(network, batch, layer, direction);
  if (to.h != NULL) memcpy(to.h + at, cache->h, bytes);
  if (to.c != NULL && network->cell->states == 2) memcpy(to.c + at, cache->c, bytes);
}

int recurrent_step_at(const packed *batch, int direction, int i) {
  return direction == 0 ? i : batch->steps - 1 - i;
}

cell_step recurrent_step(const recurrent *network, const packed *batch, recurrent_cache *cache,
                         int layer, int direction, int t) {
  const recurrent_lane *lane = &cache->lanes[layer][direction];
  size_t hidden = (size_t)network->hidden, gates = (size_t)network->cell->gates * hidden;
  size_t row = (size_t)batch->offsets[t], kept = cache->training ? row : 0;
  cell_step step = {
      .rows = batch->batch_sizes[t],
      .hidden = network->hidden,
      .gates = lane->gates + row * gates,
      .h_previous = lane->h_previous + kept * hidden,
      .h = cache->h,
      .dh = cache->h,
  };
  if (network->cell->split) step.recurrent = lane->recurrent + kept * gates;
  if (network->cell->states == 2) {
    step.c_previous = lane->c_previous + kept * hidden;
    step.tanh_c = lane->tanh_c + kept * hidden;
    step.c = cache->c;
    step.dc = cache->c;
  }
  return step;
}

static recurrent_lane lane_layout(const recurrent *network, size_t rows, size_t kept,
                                  rc_arena *arena) {
  size_t hidden = (size_t)network->hidden, gates = (size_t)network->cell->gates * hidden;
  recurrent_lane lane = {
      .gates = ARENA_ARRAY(arena, real, rows * gates),
      .h_previous = ARENA_ARRAY(arena, real, kept * hidden),
  };
  if (network->cell->split) lane.recurrent = ARENA_ARRAY(arena, real, kept * gates);
  if (network->cell->states == 2) {
    lane.c_previous = ARENA_ARRAY(arena, real, kept * hidden);
    lane.tanh_c = ARENA_ARRAY(arena, real, kept * hidden);
  }
  return lane;
}

static size_t larger(size_t a, size_t b) {
  return a > b ? a : b;
}

/* Every product of every layer takes its turn in one scratch. */
static size_t scratch_size(const recurrent *network, int rows) {
  linear first = recurrent_input_part(network, 0, 0);
  linear hidden = recurrent_hidden_part(network, 0, 0);
  size_t size = larger(linear_scratch(&first, rows), onehot_scratch(&first));
  size = larger(size, linear_scratch(&hidden, rows));
  if (network->layers > 1) {
    linear later = recurrent_input_part(network, 1, 0);
    size = larger(size, linear_scratch(&later, rows));
  }
  return size;
}

static void lanes_layout(recurrent_cache *cache, const recurrent *network, size_t rows, size_t kept,
                         rc_arena *arena) {
  for (int layer = 0; layer < network->layers; layer++) {
    for (int direction = 0; direction < network->directions; direction++) {
      bool first = layer == 0 && direction == 0;
      cache->lanes[layer][direction] =
          cache->training || first ? lane_layout(network, rows, kept, arena) : cache->lanes[0][0];
    }
  }
}

static void outputs_layout(recurrent_cache *cache, const recurrent *network, size_t rows,
                           rc_arena *arena) {
  size_t elements = rows * (size_t)network->directions * (size_t)network->hidden;
  for (int layer = 0; layer < network->layers - 1; layer++) {
    /* Without a backward to come two take turns. */
    cache->outputs[layer] = cache->training || layer < 2 ? ARENA_ARRAY(arena, real, elements)
                                                         : cache->outputs[layer - 2];
    if (cache->training && network->dropout > 0) {
      cache->masks[layer] = ARENA_ARRAY(arena, real, elements);
    }
  }
  if (cache->training && network->layers > 1) {
    cache->d_output = ARENA_ARRAY(arena, real, elements);
  }
}

recurrent_cache *recurrent_cache_new(const recurrent *network, int max_rows, int max_batch,
                                     int max_steps, bool training, rc_arena *arena) {
  (void)max_steps; /* what is kept grows with the rows, however they lie in time */
  size_t rows = (size_t)max_rows, batch = (size_t)max_batch, hidden = (size_t)network->hidden;
  recurrent_cache *cache = ARENA_ARRAY(arena, recurrent_cache, 1);
  recurrent_cache layout = {.training = training};
  lanes_layout(&layout, network, rows, training ? rows : batch, arena);
  outputs_layout(&layout, network, rows, arena);
  layout.h = ARENA_ARRAY(arena, real, batch * hidden);
  if (network->cell->states == 2) layout.c = ARENA_ARRAY(arena, real, batch * hidden);
  layout.scratch = ARENA_ARRAY(arena, real, scratch_size(network, training ? max_rows : 0));
  if (cache == NULL || arena->failed) return NULL;
  *cache = layout;
  return cache;
}
