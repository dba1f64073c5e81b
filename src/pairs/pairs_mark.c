#include "pairs_mark.h"

#include <stdlib.h>

/* Texts lie in a buffer that moves as it grows: only their places are kept until the end. */
typedef struct place {
  size_t start, bytes;
} place;

static place add(text_buffer *out, utf8_text text) {
  const place where = {out->size, text.bytes};
  text_add_bytes(out, text.text, text.bytes);
  return where;
}

/* places: [2 * count] */
static rc_status mark_all(text_pairs *pairs, const layer_pairing *how, const uint64_t *seed,
                          rc_arena *scratch, text_buffer *out, place *places, rc_error *error) {
  int kept = 0;
  for (int i = 0; i < pairs->count; i++) {
    const text_pair pair = pairs->items[i];
    rc_rng rng = rng_make(seed == NULL ? 0 : *seed, 2, (uint64_t)pair.line);
    marked_pair marked;
    arena_reset(scratch);
    RC_TRY(layer_pair_mark(pair.written, pair.reference, how, seed == NULL ? NULL : &rng, scratch,
                           &marked, error));
    if (!marked.usable) continue;
    places[2 * kept] = add(out, marked.source);
    places[2 * kept + 1] = add(out, marked.target);
    pairs->items[kept++] = pair;
  }
  pairs->count = kept;
  return out->failed ? rc_fail(error, RC_ERR_MEMORY, "out of memory for sentences") : RC_OK;
}

rc_status pairs_mark(text_pairs *pairs, const layer_pairing *how, const uint64_t *seed,
                     rc_error *error) {
  size_t longest = 0;
  for (int i = 0; i < pairs->count; i++) {
    const text_pair *pair = &pairs->items[i];
    longest = arena_larger(longest, arena_larger(pair->written.bytes, pair->reference.bytes));
  }
  rc_arena scratch;
  RC_TRY(arena_new(&scratch, layer_pair_bytes(longest), error));
  text_buffer texts = {0};
  place *places = malloc((2 * (size_t)pairs->count + 1) * sizeof *places);
  rc_status status = places == NULL ? rc_fail(error, RC_ERR_MEMORY, "out of memory for sentences")
                                    : mark_all(pairs, how, seed, &scratch, &texts, places, error);
  for (int i = 0; i < pairs->count && status == RC_OK; i++) {
    const place *where = &places[2 * i];
    pairs->items[i].source = (utf8_text){texts.text + where[0].start, where[0].bytes};
    pairs->items[i].target = (utf8_text){texts.text + where[1].start, where[1].bytes};
  }
  if (status == RC_OK) {
    free(pairs->normalized);
    pairs->normalized = texts.text;
  } else {
    text_free(&texts);
  }
  free(places);
  arena_free(&scratch);
  return status;
}
