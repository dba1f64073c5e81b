#include "elision.h"

#include <string.h>

#include "letters.h"
#include "marks.h"
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

/* Where the last word of a text begins. */
static size_t last_word(utf8_text text) {
  size_t start = text.bytes;
  for (size_t at = start; at > 0;) {
    uint32_t c;
    do at--;
    while (at > 0 && ((unsigned char)text.text[at] & 0xC0) == 0x80);
    (void)utf8_next(text.text + at, start - at, &c);
    if (!letters_in_word(c)) break;
    start = at;
  }
  return start;
}

bool elides_french(utf8_text before, utf8_text behind) {
  const size_t start = last_word(before);
  const utf8_text word = {before.text + start, before.bytes - start};
  uint32_t c;
  if (start > 0 && (word.text[-1] == '-' || word.text[-1] == '\'')) return false;
  if (!is_listed("le la de que je ne se me te jusque lorsque puisque", word.text, word.bytes)) {
    return false;
  }
  if (behind.bytes == 0) return false;
  const size_t first = (size_t)utf8_next(behind.text, behind.bytes, &c);
  const size_t length = skip_word(behind.text, behind.bytes, 0);
  if (length == 1) return (*behind.text | 0x20) == 'y';
  if (!is_vowel(letters_lower(c))) return false;
  if (is_listed("et ou oui onze", behind.text, length)) return false;
  return first > 1 || !is_listed("le la", word.text, word.bytes) ||
         !is_listed("un une", behind.text, length);
}

size_t elide_french(char *text, size_t bytes, int *places) {
  size_t out = 0, dropped = bytes; /* the space that goes */
  bool within = false;             /* a word */
  for (size_t at = 0, next; at < bytes; at = next) {
    uint32_t c;
    next = at + (size_t)utf8_next(text + at, bytes - at, &c);
    const bool letter = letters_in_word(c);
    const size_t space = within && !letter ? skip_marks(text, bytes, at) : bytes;
    if (space < bytes && text[space] == ' ') {
      const size_t behind = skip_marks(text, bytes, space + 1);
      if (elides_french((utf8_text){text, out}, (utf8_text){text + behind, bytes - behind})) {
        text[out - 1] = '\'';
        dropped = space;
      }
    }
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
