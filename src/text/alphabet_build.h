#ifndef RECUR_ALPHABET_BUILD_H
#define RECUR_ALPHABET_BUILD_H

#include "alphabet.h"
#include "arena.h"

/* An alphabet from what a weight file keeps of it, and the other way. */

/* Of letter i: letters[i] has the characters that are read as it, the first of which shows it;
 * spellings[i] is empty, or the letter and the combining marks behind it that it may be written as.
 * UTF-8, [count] each. The arrays are taken from the arena, which may only measure (and then `out`
 * is of no use). RC_ERR_FORMAT for more than there may be, a character that is two letters, a
 * spelling that is none; RC_ERR_MEMORY. */
rc_status alphabet_build(alphabet *out, const utf8_text *letters, const utf8_text *spellings,
                         int count, rc_arena *arena, rc_error *error);

enum { ALPHABET_TEXT_MAX = ALPHABET_FORMS_MAX * UTF8_MAX + 1 };

/* Writes the two texts of letter `id`, terminated. */
void alphabet_describe(const alphabet *a, int id, char characters[ALPHABET_TEXT_MAX],
                       char spelling[ALPHABET_TEXT_MAX]);

#endif
