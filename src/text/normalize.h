#ifndef RECUR_NORMALIZE_H
#define RECUR_NORMALIZE_H

#include <stdbool.h>

#include "arena.h"
#include "utf8.h"

/* Text as the translator reads and writes it.
 *
 * Normalised text is valid UTF-8 in Normalization Form C (nfc.h) with
 *   - one kind of space, U+0020, never two together, none at either end: every character of the
 *     White_Space property, line ends too, is one;
 *   - one kind of apostrophe, U+0027: also for ` and the acute accent that stand for one, U+2018,
 *     U+2019, U+201B, U+02BC, the prime U+2032 and the full-width U+FF07;
 *   - no control characters, and no invisible ones that say only how to lay text out (soft hyphens,
 *     zero-width spaces, direction marks, byte order marks). Joiners stay: emoji need them.
 * What is no UTF-8 becomes U+FFFD, one for each maximal subpart (utf8_next).
 *
 * Normalising twice is normalising once. */

/* Arena space that normalize() needs at most for that much text. */
size_t normalize_bytes(size_t bytes);

/* Writes normalised text to the arena; terminated, at most three times as long. Any bytes are
 * accepted, in linear time. RC_ERR_MEMORY if the arena is too small. */
rc_status normalize(const char *text, size_t bytes, rc_arena *arena, utf8_text *out,
                    rc_error *error);

/* Whether a text in that language ("fr") is set as French is. */
bool language_is_french(const char *language);

/* French sets a space before ? ! ; : and » and after «. `text` is normalised text; these write it
 * with every such space in place, those that it lacks put in:
 *   plain    a space, as networks are to see it;
 *   typeset  U+202F, narrow and unbreakable, before ? ! ; and U+00A0 before : and inside « »; the
 *            apostrophe as U+2019 where asked.
 * A run of ? ! ; : has one space, before the first. Marks that end no word or sentence ("10:30",
 * "a;b", ":)", a mark after an opening bracket) are left alone, and so is the semicolon of a
 * character reference ("&lt;", "&#39;"), which stays as it is: nothing says that a text is HTML.
 *
 * out: [capacity], not terminated. Returns the bytes that the whole text has, at most four times
 * those of `text`; what does not fit is not written, and then the text may end inside a character.
 * places: [bytes + 1] where in it each character of `text` is now, told at its first byte, and the
 * end; or NULL. */
size_t normalize_french(const char *text, size_t bytes, char *out, size_t capacity);
size_t typeset_french(const char *text, size_t bytes, bool typographic_apostrophe, char *out,
                      size_t capacity, int *places);

#endif
