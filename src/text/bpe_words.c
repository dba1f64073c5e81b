#include "bpe_words.h"

#include "marks.h"

typedef enum class { LETTER, DIGIT, MARK, SPACE, CASE } class;

static bool is_ascii_letter(uint32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static class class_of(uint32_t c) {
  if (c == ' ') return SPACE;
  if (c >= '0' && c <= '9') return DIGIT;
  if (c < 0x80) return is_ascii_letter(c) ? LETTER : MARK;
  if (mark_is_case(c)) return CASE;
  if (mark_is_placeholder(c)) return DIGIT;
  bool mark = (c < 0xC0 && c != 0xAA && c != 0xB5 && c != 0xBA) || c == 0xD7 || c == 0xF7 ||
              (c >= 0x2000 && c < 0x2C00) || /* punctuation, signs, arrows, symbols */
              (c >= 0x3000 && c < 0x3040) || /* CJK punctuation */
              (c >= 0xFE00 && c < 0xFE10) || /* variation selectors */
              (c >= 0xFF01 && c <= 0xFF20) || c == 0xFFFD || /* full-width marks, replacement */
              (c >= 0x1F000 && c < 0x1FB00);                 /* emoji */
  return mark ? MARK : LETTER;
}

/* The character at `at`, of which it returns the length; 0 at the end. */
static size_t look(const bpe_words *words, size_t at, uint32_t *character) {
  if (at >= words->bytes) return 0;
  return (size_t)utf8_next(words->text + at, words->bytes - at, character);
}

/* Whether a word goes on from `last` to the character `c` that ends at `next`. */
static bool goes_on(const bpe_words *words, uint32_t last, uint32_t c, size_t next) {
  uint32_t after;
  switch (class_of(last)) {
    case LETTER:
      if (class_of(c) == LETTER) return true;
      return (c == '\'' || c == '-') && look(words, next, &after) > 0 && class_of(after) == LETTER;
    case MARK:
      return c == last;
    default:
      return false;
  }
}

bool bpe_next_word(bpe_words *words, bpe_word *word) {
  if (words->at >= words->bytes) return false;
  size_t at = words->at, length;
  uint32_t last, c;
  *word = (bpe_word){.text = words->text + at};
  length = look(words, at, &last);
  if (class_of(last) == CASE) {
    word->bytes = length;
    words->at += length;
    return true;
  }
  word->spaced = !words->begun;
  if (words->begun && last == ' ') {
    word->spaced = true;
    word->text++;
    length = look(words, ++at, &last);
  }
  words->begun = true;
  if (length > 0 && class_of(last) != SPACE && class_of(last) != CASE) {
    bool letters = class_of(last) == LETTER;
    at += length;
    for (int characters = word->spaced ? 2 : 1; characters < BPE_WORD_MAX; characters++) {
      length = look(words, at, &c);
      /* After an apostrophe or hyphen inside a word there is a letter. */
      bool more = length > 0 && ((letters && class_of(last) == MARK && class_of(c) == LETTER) ||
                                 goes_on(words, last, c, at + length));
      if (!more) break;
      last = c;
      at += length;
    }
  }
  word->bytes = (size_t)(words->text + at - word->text);
  words->at = at;
  return true;
}
