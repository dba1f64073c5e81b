#include "translator_side.h"

#include <string.h>

#include "dropout.h"

translator_side translator_side_layout(int count, int tokens, int length, int width,
                                       rc_arena *arena) {
  size_t rows = (size_t)tokens;
  translator_side side = {.packing_bytes = packed_bytes(count, length)};
  side.packing = arena_alloc(arena, side.packing_bytes, 1);
  side.starts = ARENA_ARRAY(arena, int, (size_t)count + 1);
  side.rows = ARENA_ARRAY(arena, int, rows);
  side.sentences = ARENA_ARRAY(arena, int, rows);
  side.ids = ARENA_ARRAY(arena, int, rows);
  side.embedded = ARENA_ARRAY(arena, real, rows * (size_t)width);
  return side;
}

void translator_side_layout_back(translator_side *side, int tokens, int width, real dropout,
                                 rc_arena *arena) {
  size_t embedded = (size_t)tokens * (size_t)width;
  side->d_embedded = ARENA_ARRAY(arena, real, embedded);
  if (dropout > 0) side->mask = ARENA_ARRAY(arena, real, embedded);
}

rc_status translator_side_check(const char *what, int count, const int *lengths, int length,
                                int tokens, rc_error *error) {
  int total = 0;
  for (int i = 0; i < count; i++) {
    RC_TRY(rc_check_range(what, lengths[i], 1, length, error));
    if (lengths[i] > tokens - total) {
      return rc_fail(error, RC_ERR_ARGUMENT, "%s: a batch has more than %d tokens", what, tokens);
    }
    total += lengths[i];
  }
  return RC_OK;
}

rc_status translator_side_pack(translator_side *side, int count, const int *lengths, const int *ids,
                               rc_error *error) {
  rc_arena arena = arena_over(side->packing, side->packing_bytes);
  RC_TRY(packed_build(&side->batch, lengths, count, &arena, error));
  side->starts[0] = 0;
  for (int i = 0; i < count; i++) side->starts[i + 1] = side->starts[i] + lengths[i];
  for (int b = 0; b < count; b++) {
    int sentence = side->batch.order[b], *rows = side->rows + side->starts[sentence];
    for (int t = 0; t < side->batch.lengths[b]; t++) {
      rows[t] = side->batch.offsets[t] + b;
      side->sentences[rows[t]] = sentence;
    }
  }
  for (int r = 0; r < side->batch.rows; r++) side->ids[side->rows[r]] = ids[r];
  return RC_OK;
}

void translator_side_embed(translator_side *side, const embedding *table, const real *values,
                           real dropout, rc_rng *rng) {
  size_t elements = (size_t)side->batch.rows * (size_t)table->size;
  embedding_forward(table, values, side->batch.rows, side->ids, side->embedded);
  if (rng != NULL && side->mask != NULL) {
    dropout_forward(dropout, elements, side->embedded, side->embedded, side->mask, rng);
  }
}

void translator_side_embed_again(translator_side *side, const embedding *table, const real *values,
                                 bool dropped, int first, int rows) {
  size_t start = (size_t)first * (size_t)table->size, elements = (size_t)rows * (size_t)table->size;
  real *embedded = side->embedded + start;
  embedding_forward(table, values, rows, side->ids + first, embedded);
  if (!dropped || side->mask == NULL) return;
  for (size_t i = 0; i < elements; i++) embedded[i] *= side->mask[start + i];
}

void translator_side_embed_back(translator_side *side, const embedding *table, bool dropped,
                                real *gradients) {
  size_t elements = (size_t)side->batch.rows * (size_t)table->size;
  if (dropped && side->mask != NULL) {
    dropout_backward(elements, side->d_embedded, side->mask, side->d_embedded);
  }
  embedding_backward(table, side->batch.rows, side->ids, side->d_embedded, gradients);
}

void translator_side_unpack(const translator_side *side, int width, const real *from, real *to) {
  size_t row = (size_t)width;
  for (int r = 0; r < side->batch.rows; r++) {
    memcpy(to + (size_t)r * row, from + (size_t)side->rows[r] * row, row * sizeof *to);
  }
}

void translator_side_pack_add(const translator_side *side, int width, const real *from, real *to) {
  size_t row = (size_t)width;
  for (int r = 0; r < side->batch.rows; r++) {
    kernels->axpy(row, 1, from + (size_t)r * row, to + (size_t)side->rows[r] * row);
  }
}

/* Row 0 of a sentence says where it stands in the packed batch. */
void translator_side_reorder(const translator_side *from_side, const translator_side *to_side,
                             int width, const real *from, real *to) {
  size_t row = (size_t)width;
  for (int i = 0; i < from_side->batch.batch; i++) {
    size_t from_row = (size_t)from_side->rows[from_side->starts[i]];
    size_t to_row = (size_t)to_side->rows[to_side->starts[i]];
    memcpy(to + to_row * row, from + from_row * row, row * sizeof *to);
  }
}
