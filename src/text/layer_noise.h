#ifndef RECUR_LAYER_NOISE_H
#define RECUR_LAYER_NOISE_H

#include "rng.h"
#include "utf8.h"

/* Marked or normalised text as people type it in haste, to learn from: without capitals,
 * apostrophes or the full stop, with a letter doubled, left out or in the place of its neighbour.
 */

enum { NOISE_MORE = 4 /* bytes that it may become longer */ };

/* source and target: from one, to the other, text [bytes + NOISE_MORE] and bytes. The target
 * changes only where it follows: it begins without a capital and ends without a full stop if the
 * source does. */
typedef struct noisy_text {
  char *text;
  size_t bytes;
} noisy_text;

void layer_noise_add(utf8_text source, utf8_text target, rc_rng *rng, noisy_text *noisy_source,
                     noisy_text *noisy_target);

#endif
