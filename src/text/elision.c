#include "elision.h"

#include <stdbool.h>
#include <string.h>

#include "letters.h"
#include "marks.h"
#include "utf8.h"
#include "word_list.h"

/* Whether the `bytes` of a word are listed, in lower case. */
static bool is_listed(const char *list, const char *text, size_t bytes) {
  return word_is_listed(list, (utf8_text){text, bytes}, true);
}

static size_t skip_marks(const char *text, size_t bytes, size_t at) {
  uint32_t c;
  while (at < bytes) {
    const size_t next = at + (size_t)utf8_next(text + at, bytes - at, &c);
    if (!mark_is_case(c)) break;
    at = next;
  }
  return at;
}

static size_t skip_word(const char *text, size_t bytes, size_t at) {
  uint32_t c;
  while (at < bytes) {
    const size_t next = at + (size_t)utf8_next(text + at, bytes - at, &c);
    if (!letters_in_word(c)) break;
    at = next;
  }
  return at;
}

static bool is_vowel(uint32_t c) {
  return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 0x153 /* œ */ ||
         (c >= 0xE0 && c <= 0xFC && c != 0xE7 && c != 0xF0 && c != 0xF1 && c != 0xF7);
}

/* Whether a word like "le" (of `bytes`) loses its vowel in front of what begins at `next`. */
static bool elides(const char *word, size_t bytes, const char *text, size_t end, size_t next) {
  uint32_t c;
  if (!is_listed("le la de que je ne se me te jusque lorsque puisque", word, bytes)) return false;
  if (next >= end) return false;
  const size_t first = (size_t)utf8_next(text + next, end - next, &c);
  const char *follower = text + next;
  const size_t length = skip_word(text, end, next) - next;
  if (length == 1) return (*follower | 0x20) == 'y';
  if (!is_vowel(letters_lower(c))) return false;
  if (is_listed("et ou oui onze", follower, length)) return false;
  return first > 1 || !is_listed("le la", word, bytes) || !is_listed("un une", follower, length);
}

size_t elide_french(char *text, size_t bytes, int *places) {
  size_t out = 0, word = 0;           /* where the word began that is being copied */
  size_t dropped = bytes;             /* the space that goes */
  bool within = false, bound = false; /* a word; behind a hyphen or an apostrophe */
  for (size_t at = 0, next; at < bytes; at = next) {
    uint32_t c;
    next = at + (size_t)utf8_next(text + at, bytes - at, &c);
    const bool letter = letters_in_word(c);
    if (letter && !within) word = out;
    if (within && !letter && !bound) {
      const size_t space = skip_marks(text, bytes, at);
      if (space < bytes && text[space] == ' ' &&
          elides(text + word, out - word, text, bytes, skip_marks(text, bytes, space + 1))) {
        text[out - 1] = '\'';
        dropped = space;
      }
    }
    if (!letter) bound = c == '-' || c == '\'';
    within = letter;
    places[at] = (int)out;
    if (at == dropped) continue;
    memmove(text + out, text + at, next - at);
    out += next - at;
  }
  places[bytes] = (int)out;
  text[out] = '\0';
  return out;
}
