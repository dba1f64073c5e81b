#ifndef RECUR_UTF8_H
#define RECUR_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "status.h"

/* UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing above U+10FFFF. */

enum { UTF8_MAX = 4, UTF8_REPLACEMENT = 0xFFFD };

/* A piece of text that belongs to someone else; not terminated unless said so. */
typedef struct utf8_text {
  const char *text;
  size_t bytes;
} utf8_text;

/* Decodes the character at the start of `text`, of which `bytes` >= 1 are left. Returns the bytes
 * it takes, 1 to 4, or 0 where no valid character starts; *character is then not written. */
int utf8_decode(const char *text, size_t bytes, uint32_t *character);

/* The same for any bytes: what is no part of a valid character gives UTF8_REPLACEMENT, one for each
 * longest run that begins a valid character ("substitution of maximal subparts", The Unicode
 * Standard, chapter 3, as the WHATWG's decoders do). Returns the bytes it takes, at least 1. */
int utf8_next(const char *text, size_t bytes, uint32_t *character);

/* Writes a character, at most U+10FFFF and no surrogate, as 1 to UTF8_MAX bytes; returns how many.
 */
int utf8_encode(uint32_t character, char *out);

/* Whether the character has the White_Space property. */
bool utf8_is_space(uint32_t character);

/* RC_ERR_FORMAT with the byte offset if `text` is not valid UTF-8. */
rc_status utf8_check(const char *text, size_t bytes, rc_error *error);

#endif
