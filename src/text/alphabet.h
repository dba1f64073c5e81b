#ifndef RECUR_ALPHABET_H
#define RECUR_ALPHABET_H

#include <stdbool.h>
#include <stddef.h>

#include "utf8.h"

/* The 57 letters of the classic character-RNN tutorial, "a-zA-Z .,;'", and one more for what is
 * none of them. UTF-8 is folded to them through a table that the build makes from Unicode data
 * (fold_table.awk says how): "Ślusàrski" is "Slusarski", "ß" is "ss", a typographic apostrophe is
 * "'". Composed and decomposed spellings of a text give the same letters.
 *
 * Whatever folds to nothing ("李", "7", "-", an invalid byte) is one ALPHABET_UNKNOWN, never
 * silently another letter or nothing. Only what belongs to the character before it yields nothing
 * of its own: a combining mark, a vowel or final consonant of a decomposed Hangul syllable. With no
 * character to belong to, at the start of the text or after white space, it is unknown too. */

enum { ALPHABET_LETTERS = 57, ALPHABET_UNKNOWN = 57, ALPHABET_SIZE = 58 };

/* The letters in id order, ALPHABET_LETTERS characters; then "\xEF\xBF\xBD" (U+FFFD) stands for
 * the unknown. */
extern const char alphabet_letters[ALPHABET_LETTERS + 1];

typedef enum alphabet_case {
  ALPHABET_CASE_KEEP, /* letters as written */
  ALPHABET_CASE_TITLE /* the first letter of each word upper, the others lower; a word is a run of
                         letters, so "o'NEILL" is "O'Neill" */
} alphabet_case;

/* Folds `bytes` of UTF-8 into at most `capacity` ids. Any bytes are accepted; each byte that is no
 * part of a valid character is one unknown. Leading and trailing white space is dropped, an inner
 * run of white space becomes one space. source (may be NULL): [capacity] byte offset of the
 * character that each id came from (of a run of spaces, the first), never falling; a character may
 * give several ids. Returns the number of ids the whole text has, which may exceed `capacity`; what
 * does not fit is not written. A text never has more ids than bytes. ids may be NULL with capacity
 * 0. `bytes` at most INT_MAX. */
size_t alphabet_encode(const char *text, size_t bytes, alphabet_case letter_case, int *ids,
                       int *source, size_t capacity);

#endif
