#ifndef RECUR_ALPHABET_H
#define RECUR_ALPHABET_H

#include <stdbool.h>
#include <stddef.h>

#include "status.h"

/* The 57 letters of the classic character-RNN tutorial, "a-zA-Z .,;'", and one more for what is
 * none of them. UTF-8 is folded to them through a table generated from Unicode data: "Ślusàrski"
 * is "Slusarski", "ß" is "ss", a combining mark belongs to the letter before it and yields nothing.
 * Whatever folds to nothing ("李", "7", "-", an invalid byte) is ALPHABET_UNKNOWN, never silently
 * another letter or nothing. */

enum { ALPHABET_LETTERS = 57, ALPHABET_UNKNOWN = 57, ALPHABET_SIZE = 58 };

/* The letters in id order, ALPHABET_LETTERS characters; then "\xEF\xBF\xBD" (U+FFFD) stands for
 * the unknown. */
extern const char alphabet_letters[ALPHABET_LETTERS + 1];

typedef enum alphabet_case {
  ALPHABET_CASE_KEEP, /* letters as written */
  ALPHABET_CASE_TITLE /* the first letter of each word upper, the others lower */
} alphabet_case;

/* Folds `bytes` of UTF-8 into at most `capacity` ids. Leading and trailing white space is dropped,
 * inner runs of white space become one space. source (may be NULL): [capacity] byte offset of the
 * character that each id came from. Returns the number of ids the whole text has, which may exceed
 * `capacity`; what does not fit is not written. Any bytes are accepted. */
size_t alphabet_encode(const char *text, size_t bytes, alphabet_case letter_case, int *ids,
                       int *source, size_t capacity);

/* RC_ERR_FORMAT with the byte offset if `text` is not valid UTF-8 (RFC 3629: no overlong forms, no
 * surrogates, nothing above U+10FFFF). */
rc_status utf8_check(const char *text, size_t bytes, rc_error *error);

#endif
