#ifndef RECUR_LETTERS_H
#define RECUR_LETTERS_H

#include <stdbool.h>
#include <stdint.h>

/* What characters are to the text layer. The classes are coarse: blocks of Unicode, not single
 * characters, outside of what English and French are written in. */

typedef enum letter_class {
  LETTER_SPACE,
  LETTER_LATIN,  /* a letter of the Latin script */
  LETTER_MARK,   /* a combining mark: part of the letter before it */
  LETTER_OTHER,  /* of any other script: its letters, digits and marks */
  LETTER_DIGIT,  /* 0 to 9 */
  LETTER_JOINER, /* joins characters or varies the one before: of emoji, Arabic, Indic scripts */
  LETTER_SYMBOL, /* pictures, arrows, currencies, mathematics, private use */
  LETTER_PUNCTUATION, /* and all else */
} letter_class;

letter_class letters_class(uint32_t character);

/* Whether it is part of a word: a letter, digit, mark or low line. */
bool letters_in_word(uint32_t character);

/* The Latin letters that come in pairs, each the only partner of the other; every other character
 * is its own lower and upper form. So one form gives back the other. */
uint32_t letters_lower(uint32_t character);
uint32_t letters_upper(uint32_t character);

static inline bool letters_is_upper(uint32_t character) {
  return letters_lower(character) != character;
}

static inline bool letters_is_lower(uint32_t character) {
  return letters_upper(character) != character;
}

#endif
