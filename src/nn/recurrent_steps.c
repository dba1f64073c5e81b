#include <string.h>

#include "recurrent_cache.h"

/* The state after a step is that before the next one of the direction, and after the last the final
 * one. */
static void states_after(size_t steps, size_t hidden, int direction, const real *before,
                         const real *final, real *after) {
  const size_t others = (steps - 1) * hidden, bytes = sizeof(real);
  memcpy(direction == 0 ? after : after + hidden, direction == 0 ? before + hidden : before,
         others * bytes);
  memcpy(direction == 0 ? after + others : after, final, hidden * bytes);
}

void recurrent_steps(const recurrent *network, int steps, recurrent_state final, int layer,
                     int direction, real *const *gates, recurrent_state states,
                     const recurrent_cache *cache) {
  const recurrent_lane *lane = &cache->lanes[layer][direction];
  const size_t count = (size_t)steps, hidden = (size_t)network->hidden;
  const size_t width = (size_t)network->cell->gates * hidden;
  const size_t slot = ((size_t)layer * (size_t)network->directions + (size_t)direction) * hidden;
  for (int gate = 0; gates != NULL && gate < network->cell->gates; gate++) {
    for (size_t t = 0; t < count; t++) {
      memcpy(gates[gate] + t * hidden, lane->gates + t * width + (size_t)gate * hidden,
             hidden * sizeof(real));
    }
  }
  states_after(count, hidden, direction, lane->h_previous, final.h + slot, states.h);
  if (network->cell->states == 2) {
    states_after(count, hidden, direction, lane->c_previous, final.c + slot, states.c);
  }
}
