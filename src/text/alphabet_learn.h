#ifndef RECUR_ALPHABET_LEARN_H
#define RECUR_ALPHABET_LEARN_H

#include "alphabet.h"
#include "arena.h"
#include "status.h"

/* An alphabet learnt from texts: every letter that stands in at least `least` of them, whatever its
 * case and whether composed or not, in the order of Unicode, and the letters of ASCII that letters
 * of the texts fold to. Only "İ" is not a capital "i": it says too much about a name. Combining
 * marks that no letter of Unicode has are dropped in Latin, Greek and Cyrillic, and are letters of
 * their own where they are written as such (Devanagari's vowels).
 *
 * texts: valid UTF-8. memory receives an arena that owns the alphabet's arrays and ends with
 * arena_free. RC_ERR_MEMORY; RC_ERR_RANGE for more than ALPHABET_LEARNT_MAX letters. */
rc_status alphabet_learn(alphabet *out, const utf8_text *texts, int count, int least,
                         rc_arena *memory, rc_error *error);

#endif
