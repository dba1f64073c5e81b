#ifndef RECUR_SCAN_H
#define RECUR_SCAN_H

#include <stdint.h>
#include <string.h>

#include "utf8.h"

/* Reading a text from left to right: what is asked for is taken if it comes next. */

enum { SCAN_NO_BREAK_SPACE = 0xA0, SCAN_NARROW_NO_BREAK_SPACE = 0x202F };

typedef struct scan {
  utf8_text text;
  size_t at;
} scan;

/* The next character, 0 at the end. */
static inline uint32_t scan_peek(const scan *s) {
  uint32_t character = 0;
  if (s->at < s->text.bytes) {
    (void)utf8_next(s->text.text + s->at, s->text.bytes - s->at, &character);
  }
  return character;
}

/* Passes it; there must be one. */
static inline void scan_skip(scan *s) {
  uint32_t character;
  s->at += (size_t)utf8_next(s->text.text + s->at, s->text.bytes - s->at, &character);
}

static inline bool scan_take(scan *s, uint32_t character) {
  if (s->at >= s->text.bytes || scan_peek(s) != character) return false;
  scan_skip(s);
  return true;
}

static inline bool scan_is_digit(uint32_t c) {
  return c >= '0' && c <= '9';
}

/* Digits, no more than `most`, and how many; none and 0 where there are fewer than `least`. */
static inline size_t scan_take_digits(scan *s, size_t least, size_t most) {
  const size_t start = s->at;
  while (s->at - start < most && scan_is_digit(scan_peek(s))) s->at++;
  const size_t count = s->at - start;
  if (count >= least) return count;
  s->at = start;
  return 0;
}

/* A space that parts a number from what belongs to it. */
static inline bool scan_take_space(scan *s) {
  const uint32_t c = scan_peek(s);
  if (c != ' ' && c != SCAN_NO_BREAK_SPACE && c != SCAN_NARROW_NO_BREAK_SPACE) return false;
  scan_skip(s);
  return true;
}

static inline bool scan_take_text(scan *s, const char *expected) {
  const size_t bytes = strlen(expected);
  if (s->text.bytes - s->at < bytes || memcmp(s->text.text + s->at, expected, bytes) != 0) {
    return false;
  }
  s->at += bytes;
  return true;
}

#endif
