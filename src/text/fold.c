#include "fold.h"

#include <string.h>

#include "fold_table.h"

_Static_assert(sizeof *fold_expansions <= FOLD_LETTERS_MAX + 1, "an expansion has its room");

/* Default_Ignorable_Code_Point of the Unicode Character Database but for the variation selectors
 * and the joiner of graphemes, which are marks, and the fillers of Hangul, which have width; and
 * what annotates. */
static const struct {
  uint32_t first, last;
} invisible[] = {
    {0xAD, 0xAD},     {0x61C, 0x61C},   {0x180E, 0x180E}, {0x200B, 0x200F},   {0x202A, 0x202E},
    {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE0FFF},
};

static bool is_invisible(uint32_t character) {
  for (size_t i = 0; i < sizeof invisible / sizeof *invisible; i++) {
    if (character <= invisible[i].last) return character >= invisible[i].first;
  }
  return false;
}

fold fold_character(uint32_t character) {
  if (character >= 0xE0100 && character <= 0xE01EF) { /* variation selectors */
    return (fold){.kind = FOLDS_TO_MARK};
  }
  if (is_invisible(character)) return (fold){.kind = FOLDS_TO_NOTHING};
  if (character >= FOLD_END) return (fold){.kind = FOLDS_TO_UNKNOWN};
  const unsigned char byte = fold_pages[fold_index[character / FOLD_PAGE]][character % FOLD_PAGE];
  if (byte == FOLD_UNKNOWN) return (fold){.kind = FOLDS_TO_UNKNOWN};
  if (byte == FOLD_MARK) return (fold){.kind = FOLDS_TO_MARK};
  if (byte == ' ') return (fold){.kind = FOLDS_TO_SPACE};
  fold out = {.kind = FOLDS_TO_LETTERS, .letters = {(char)byte}};
  if (byte >= FOLD_EXPANSIONS) {
    memcpy(out.letters, fold_expansions[byte - FOLD_EXPANSIONS], sizeof *fold_expansions);
  }
  return out;
}

bool fold_is_hyphen(uint32_t character) {
  return character == '-' || (character >= 0x2010 && character <= 0x2015) || character == 0x2212 ||
         character == 0xFE58 || character == 0xFE63 || character == 0xFF0D;
}

size_t fold_text(const char *text, size_t bytes, char *out) {
  size_t written = 0;
  bool space = false;
  for (size_t at = 0; at < bytes;) {
    uint32_t character;
    const int length = utf8_decode(text + at, bytes - at, &character);
    const fold folded = length == 0 ? (fold){.kind = FOLDS_TO_UNKNOWN} : fold_character(character);
    const char *from = text + at;
    size_t count = length == 0 ? 1 : (size_t)length;
    at += count;
    if (folded.kind == FOLDS_TO_SPACE) space = true;
    if (folded.kind != FOLDS_TO_LETTERS && folded.kind != FOLDS_TO_UNKNOWN) continue;
    if (space && written > 0) out[written++] = ' ';
    space = false;
    if (folded.kind == FOLDS_TO_LETTERS) {
      for (const char *c = folded.letters; *c != '\0'; c++) {
        out[written++] = (char)(*c >= 'A' && *c <= 'Z' ? *c | ('a' ^ 'A') : *c);
      }
    } else if (length > 0 && fold_is_hyphen(character)) {
      out[written++] = '-';
    } else {
      memcpy(out + written, from, count);
      written += count;
    }
  }
  return written;
}
