#ifndef RECUR_LAYER_PAIR_H
#define RECUR_LAYER_PAIR_H

#include "rng.h"
#include "text_layer.h"

/* Marked text (text_layer.h) to learn from: a sentence and its translation.
 *
 * The spans of both sides are matched by what they say: numbers and clock times by their value,
 * whichever way each language writes them, all else byte for byte. What occurs as often on both
 * sides becomes placeholders, the k-th of the source and the k-th of the target the same one; what
 * has no match stays plain text. Names that a network is to learn to copy are spans as well. */

typedef struct layer_pairing {
  bool french_source, french_target; /* numbers and, in the target, spacing are written so */
  /* Whether a word, in the letters of the source, is a name to be copied if it stands on both
   * sides; NULL: none is. */
  bool (*is_name)(const void *context, utf8_text word);
  const void *context;
} layer_pairing;

typedef struct marked_pair {
  utf8_text source, target; /* terminated */
  bool usable; /* false: it has more spans than there are placeholders, and is not to be learnt */
} marked_pair;

/* Arena space for a pair of so many bytes on the longer side. */
size_t layer_pair_bytes(size_t bytes);

/* rng: every other pair takes any of the placeholders, in ascending order, so that all are learnt;
 * and of the names seven in ten are spans. NULL: the first placeholders, and no names. */
rc_status layer_pair_mark(utf8_text source, utf8_text target, const layer_pairing *how, rc_rng *rng,
                          rc_arena *arena, marked_pair *out, rc_error *error);

#endif
