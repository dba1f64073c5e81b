#ifndef RECUR_SCRIPT_H
#define RECUR_SCRIPT_H

#include "utf8.h"

/* Which script a text is written in, by blocks of Unicode: enough to tell scripts apart, not which
 * characters are letters. */

/* A script by its code in ISO 15924, "Grek": four ASCII bytes, the first lowest. */
typedef uint32_t script_code;

#define SCRIPT(a, b, c, d) \
  ((script_code)(a) | (script_code)(b) << 8 | (script_code)(c) << 16 | (script_code)(d) << 24)

enum {
  SCRIPT_NONE = 0,
  SCRIPT_LATIN = SCRIPT('L', 'a', 't', 'n'),
  SCRIPT_HAN = SCRIPT('H', 'a', 'n', 'i'),
  SCRIPT_JAPANESE = SCRIPT('J', 'p', 'a', 'n'), /* kana, and Han beside them */
};

/* SCRIPT_NONE for what belongs to none of those known here, or to several (digits, punctuation). */
script_code script_of(uint32_t character);

/* The script of most of the text's characters; of equals the one that comes first. SCRIPT_NONE
 * where none of them has one. */
script_code script_of_text(const char *text, size_t bytes);

/* "Grek" to the code; SCRIPT_NONE for what is no such code. */
script_code script_parse(utf8_text text);
void script_write(script_code script, char out[5]);

/* "Greek", for messages; the code itself where it has no name here. */
const char *script_name(script_code script, char out[5]);

#endif
