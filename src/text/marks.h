#ifndef RECUR_MARKS_H
#define RECUR_MARKS_H

#include <stdbool.h>
#include <stdint.h>

/* What is not language stands for itself in a translator's text as characters of the Private Use
 * Area: how a word is written beside the word, and what is copied as a numbered placeholder. A
 * user's own characters of that block never pass as such. */

enum {
  MARK_CAPITAL = 0xE000,  /* the letters that follow begin with a capital */
  MARK_CAPITALS = 0xE001, /* the letters that follow are all capitals */
  MARK_NUMBER = 0xE010,   /* the first of the placeholders of numbers */
  MARK_OTHER = 0xE020,    /* and the first of those of all else */
  MARK_FAMILY = 16,       /* how many there are of each */
  MARK_BLOCK = 0xE000,
  MARK_BLOCK_END = 0xE100
};

static inline bool mark_is_case(uint32_t character) {
  return character == MARK_CAPITAL || character == MARK_CAPITALS;
}

static inline bool mark_is_placeholder(uint32_t character) {
  return character >= MARK_NUMBER && character < MARK_OTHER + MARK_FAMILY;
}

#endif
