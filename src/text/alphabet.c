#include "alphabet.h"

#include "fold_table.h"

const char alphabet_letters[ALPHABET_LETTERS + 1] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ .,;'";

enum { CASE_BIT = 'a' ^ 'A' };

/* Where alphabet_encode puts letters, and what it must know of those it has put. */
typedef struct letter_sink {
  int *ids, *source;
  size_t capacity, count;
  bool title, in_word; /* in_word: the last letter is one of a-zA-Z */
} letter_sink;

static bool is_letter(unsigned char c) {
  unsigned char lower = c | CASE_BIT;
  return lower >= 'a' && lower <= 'z';
}

/* The id of a character that is a letter of the alphabet, else ALPHABET_UNKNOWN. */
static int letter_id(unsigned char c) {
  if (c >= 'a' && c <= 'z') return c - 'a';
  if (c >= 'A' && c <= 'Z') return 26 + c - 'A';
  for (int id = 52; id < ALPHABET_LETTERS; id++) {
    if ((unsigned char)alphabet_letters[id] == c) return id;
  }
  return ALPHABET_UNKNOWN;
}

static void put(letter_sink *sink, unsigned char c, size_t offset) {
  bool letter = is_letter(c);
  if (letter && sink->title) {
    c = (unsigned char)(sink->in_word ? c | CASE_BIT : c & ~CASE_BIT);
  }
  if (sink->count < sink->capacity) {
    sink->ids[sink->count] = letter_id(c);
    if (sink->source != NULL) sink->source[sink->count] = (int)offset;
  }
  sink->count++;
  sink->in_word = letter;
}

/* A fold as the table has it: FOLD_UNKNOWN, FOLD_MARK, a letter, or an expansion's number. */
static unsigned char fold(uint32_t character) {
  if (character >= 0xE0100 && character <= 0xE01EF) return FOLD_MARK; /* variation selectors */
  if (character >= FOLD_END) return FOLD_UNKNOWN;
  return fold_pages[fold_index[character / FOLD_PAGE]][character % FOLD_PAGE];
}

size_t alphabet_encode(const char *text, size_t bytes, alphabet_case letter_case, int *ids,
                       int *source, size_t capacity) {
  letter_sink sink = {.ids = ids,
                      .source = source,
                      .capacity = capacity,
                      .title = letter_case == ALPHABET_CASE_TITLE};
  bool space = true; /* the last character is white space, or there is none yet */
  size_t space_at = 0;
  for (size_t at = 0; at < bytes;) {
    uint32_t character;
    int length = utf8_decode(text + at, bytes - at, &character);
    unsigned char folded = length == 0 ? FOLD_UNKNOWN : fold(character);
    if (folded == ' ') {
      if (!space) space_at = at;
      space = true;
    } else if (folded != FOLD_MARK || space) {
      if (space && sink.count > 0) put(&sink, ' ', space_at);
      space = false;
      if (folded < FOLD_EXPANSIONS) {
        put(&sink, folded, at);
      } else {
        const char *letters = fold_expansions[folded - FOLD_EXPANSIONS];
        for (; *letters != '\0'; letters++) put(&sink, (unsigned char)*letters, at);
      }
    }
    at += length == 0 ? 1 : (size_t)length;
  }
  return sink.count;
}
