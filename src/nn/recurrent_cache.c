#include "recurrent_cache.h"

#include "onehot.h"

static recurrent_lane lane_layout(const recurrent *network, size_t rows, size_t batch,
                                  bool training, rc_arena *arena) {
  size_t hidden = (size_t)network->hidden, gates = (size_t)network->cell->gates * hidden;
  size_t kept = training ? rows : batch;
  bool two_states = network->cell->states == 2;
  recurrent_lane lane = {.gates = ARENA_ARRAY(arena, real, rows * gates)};
  if (network->cell->split) lane.recurrent = ARENA_ARRAY(arena, real, kept * gates);
  if (two_states) lane.tanh_c = ARENA_ARRAY(arena, real, kept * hidden);
  if (training) {
    lane.h_previous = ARENA_ARRAY(arena, real, rows * hidden);
    if (two_states) lane.c_previous = ARENA_ARRAY(arena, real, rows * hidden);
  }
  return lane;
}

/* Every product of every layer takes its turn in one scratch. */
static size_t scratch_size(const recurrent *network, int rows) {
  linear first = recurrent_input_part(network, 0, 0);
  linear hidden = recurrent_hidden_part(network, 0, 0);
  size_t size = arena_larger(linear_scratch(&first, rows), onehot_scratch(&first));
  size = arena_larger(size, linear_scratch(&hidden, rows));
  if (network->layers > 1) {
    linear later = recurrent_input_part(network, 1, 0);
    size = arena_larger(size, linear_scratch(&later, rows));
  }
  return size;
}

static void lanes_layout(recurrent_cache *cache, const recurrent *network, size_t rows,
                         size_t batch, rc_arena *arena) {
  for (int layer = 0; layer < network->layers; layer++) {
    for (int direction = 0; direction < network->directions; direction++) {
      bool first = layer == 0 && direction == 0;
      cache->lanes[layer][direction] =
          cache->training || first ? lane_layout(network, rows, batch, cache->training, arena)
                                   : cache->lanes[0][0];
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
                                     bool training, rc_arena *arena) {
  size_t rows = (size_t)max_rows, batch = (size_t)max_batch, hidden = (size_t)network->hidden;
  recurrent_cache *cache = ARENA_ARRAY(arena, recurrent_cache, 1);
  recurrent_cache layout = {.training = training};
  lanes_layout(&layout, network, rows, batch, arena);
  outputs_layout(&layout, network, rows, arena);
  layout.h = ARENA_ARRAY(arena, real, batch * hidden);
  if (network->cell->states == 2) layout.c = ARENA_ARRAY(arena, real, batch * hidden);
  layout.scratch = ARENA_ARRAY(arena, real, scratch_size(network, training ? max_rows : 0));
  if (cache == NULL || arena->failed) return NULL;
  *cache = layout;
  return cache;
}

void recurrent_cache_use(recurrent_cache *cache, const real *matrices) {
  cache->matrices = matrices;
}

void recurrent_cache_watch(recurrent_cache *cache, real *d_states) {
  cache->d_states = d_states;
}

/* W_ih and W_hh of one layer in one direction after another. */
size_t recurrent_packed_size(const recurrent *network) {
  return recurrent_packed_offset(network, network->layers, 0);
}

size_t recurrent_packed_input(const recurrent *network, int layer) {
  const linear input = recurrent_input_part(network, layer, 0);
  if (layer > 0 || (!network->one_hot && network->letters == 0)) return linear_packed_size(&input);
  const size_t table = (size_t)network->letters * (size_t)input.out;
  const size_t aligned = ARENA_ALIGNMENT / sizeof(real);
  return (table + aligned - 1) / aligned * aligned;
}

/* W_hh, in whose place W_ih is while the letters' products are computed. */
static size_t packed_hidden(const recurrent *network, int layer) {
  const linear input = recurrent_input_part(network, layer, 0);
  const linear hidden = recurrent_hidden_part(network, layer, 0);
  return arena_larger(linear_packed_size(&input), linear_packed_size(&hidden));
}

size_t recurrent_packed_offset(const recurrent *network, int layer, int direction) {
  size_t offset = 0;
  for (int i = 0; i < layer * network->directions + direction; i++) {
    int before = i / network->directions;
    offset += recurrent_packed_input(network, before) + packed_hidden(network, before);
  }
  return offset;
}

void recurrent_pack(const recurrent *network, const real *values, const real *rows,
                    real *matrices) {
  for (int i = 0; i < network->layers * network->directions; i++) {
    const int layer = i / network->directions, letters = layer == 0 ? network->letters : 0;
    const linear input = recurrent_input_part(network, layer, i % network->directions);
    const linear hidden = recurrent_hidden_part(network, layer, i % network->directions);
    const size_t kept = recurrent_packed_input(network, layer);
    if (letters > 0) {
      linear_forward(&input, values, letters, rows, matrices, matrices + kept);
    } else if (kept > 0) {
      linear_pack(&input, values, matrices);
    }
    linear_pack(&hidden, values, matrices + kept);
    matrices += kept + packed_hidden(network, layer);
  }
}
