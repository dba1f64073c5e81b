#ifndef RECUR_LAYER_WRITE_H
#define RECUR_LAYER_WRITE_H

#include "layer_names.h"

/* Text with placeholders in the places of its spans, normalised as networks read and learn it. */

enum { LAYER_GROWTH = 3 }; /* bytes for one of a text of any bytes, at most */

typedef struct layer_side {
  bool french; /* learnt French: guillemets, and a space in front of ? ! ; : (normalize.h) */
} layer_side;

/* Arena space for a text of so many bytes that is not French; for French, four times as much. */
size_t layer_write_bytes(size_t bytes);

/* marks: [spans->count] the placeholders. What of the text itself looks like a mark is left out.
 * Linear time. */
rc_status layer_write(utf8_text text, const span_list *spans, const uint32_t *marks,
                      const layer_side *side, rc_arena *arena, utf8_text *out, rc_error *error);

/* The bytes of a text from start to end as valid UTF-8, to out [LAYER_GROWTH * (end - start)];
 * returns how many. */
size_t layer_write_valid(utf8_text text, size_t start, size_t end, char *out);

#endif
