#ifndef RECUR_PAIRS_BATCH_H
#define RECUR_PAIRS_BATCH_H

#include "translator.h"

/* A translator's batch in the making, pair by pair. */

typedef struct pairs_batch {
  translator_batch batch; /* its arrays are the following */
  translator_room room;
  int source_tokens, target_tokens; /* so far */
  int *sources, *inputs, *outputs;
  int *source_lengths, *target_lengths;
  real *weights;      /* of the pairs that were given one */
  bool *free_running; /* likewise */
} pairs_batch;

pairs_batch pairs_batch_layout(const translator_room *room, rc_arena *arena);
void pairs_batch_clear(pairs_batch *b);

/* Whether a pair of so many tokens still fits. */
bool pairs_batch_fits(const pairs_batch *b, int source_length, int target_length);

/* Appends one that fits: the decoder reads the target behind the start token. weight: of its loss
 * (translator_batch.weights), where batch.weights is set. */
void pairs_batch_add(pairs_batch *b, const uint16_t *source, int source_length,
                     const uint16_t *target, int target_length, real weight);

#endif
