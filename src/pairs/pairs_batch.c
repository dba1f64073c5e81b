#include "pairs_batch.h"

#include "bpe.h"

pairs_batch pairs_batch_layout(const translator_room *room, rc_arena *arena) {
  pairs_batch b = {.room = *room};
  b.sources = ARENA_ARRAY(arena, int, (size_t)room->source_tokens);
  b.inputs = ARENA_ARRAY(arena, int, (size_t)room->target_tokens);
  b.outputs = ARENA_ARRAY(arena, int, (size_t)room->target_tokens);
  b.source_lengths = ARENA_ARRAY(arena, int, (size_t)room->count);
  b.target_lengths = ARENA_ARRAY(arena, int, (size_t)room->count);
  b.weights = ARENA_ARRAY(arena, real, (size_t)room->count);
  b.free_running = ARENA_ARRAY(arena, bool, (size_t)room->count);
  b.batch = (translator_batch){.sources = b.sources,
                               .source_lengths = b.source_lengths,
                               .inputs = b.inputs,
                               .outputs = b.outputs,
                               .target_lengths = b.target_lengths};
  return b;
}

void pairs_batch_clear(pairs_batch *b) {
  b->batch.count = b->source_tokens = b->target_tokens = 0;
}

bool pairs_batch_fits(const pairs_batch *b, int source_length, int target_length) {
  return b->batch.count < b->room.count && source_length <= b->room.source_length &&
         target_length <= b->room.target_length &&
         b->source_tokens + source_length <= b->room.source_tokens &&
         b->target_tokens + target_length <= b->room.target_tokens;
}

void pairs_batch_add(pairs_batch *b, const uint16_t *source, int source_length,
                     const uint16_t *target, int target_length, real weight) {
  int pair = b->batch.count++;
  b->source_lengths[pair] = source_length;
  b->target_lengths[pair] = target_length;
  b->weights[pair] = weight;
  for (int t = 0; t < source_length; t++) b->sources[b->source_tokens + t] = source[t];
  b->source_tokens += source_length;
  for (int t = 0; t < target_length; t++) {
    b->inputs[b->target_tokens + t] = t == 0 ? BPE_BEGIN : target[t - 1];
    b->outputs[b->target_tokens + t] = target[t];
  }
  b->target_tokens += target_length;
}
