#include "words.h"

#include <string.h>

#include "alphabet.h"
#include "bpe.h"

enum { NONE = -1 };
static const char BETWEEN = ' ', NOTHING = '\0';

/* What a character beyond ASCII is: its base letter; NOTHING for a mark, which belongs to the
 * character before it; otherwise BETWEEN. */
static char fold(const char *text, int bytes, uint32_t character) {
  enum { LETTERS = 26 };
  char behind[1 + UTF8_MAX] = {'a'}; /* some letter, as marks need one */
  int ids[2];
  if (utf8_is_space(character) || character == UTF8_REPLACEMENT) return BETWEEN;
  memcpy(behind + 1, text, (size_t)bytes);
  size_t count = alphabet_encode(&alphabet_tutorial, behind, (size_t)bytes + 1, ALPHABET_CASE_KEEP,
                                 ids, NULL, 2);
  if (count == 1) return NOTHING;
  if (count > 2 || ids[1] >= 2 * LETTERS) return BETWEEN;
  return alphabet_letters[ids[1] % LETTERS];
}

static char letter_of(const char *text, int bytes, uint32_t character) {
  if (character >= 0x80) return fold(text, bytes, character);
  const char c = (char)character;
  if (c >= 'A' && c <= 'Z') return alphabet_letters[c - 'A'];
  if ((c >= 'a' && c <= 'z') || c == '.' || c == '!' || c == '?') return c;
  return BETWEEN;
}

bool words_next(words_reader *reader, words_word *word) {
  word->bytes = 0;
  for (int length; reader->at < reader->bytes; reader->at += (size_t)length) {
    uint32_t character;
    const char *text = reader->text + reader->at;
    length = utf8_next(text, reader->bytes - reader->at, &character);
    const char letter = letter_of(text, length, character);
    const bool in_word = letter >= 'a' || letter == NOTHING;
    if (word->bytes > 0 && !in_word) return true;
    if (letter == BETWEEN || (letter == NOTHING && word->bytes == 0)) continue;
    if (word->bytes == 0) word->start = reader->at;
    word->end = reader->at + (size_t)length;
    if (letter != NOTHING && word->bytes < WORDS_LETTERS_MAX) word->letters[word->bytes++] = letter;
    if (in_word) continue;
    reader->at += (size_t)length; /* a mark */
    return true;
  }
  return word->bytes > 0;
}

/* FNV-1a */
static uint32_t hash_of(const char *text, size_t bytes) {
  uint32_t hash = 2166136261u;
  for (size_t i = 0; i < bytes; i++) hash = (hash ^ (unsigned char)text[i]) * 16777619u;
  return hash ^ hash >> 16;
}

/* The slot of a token of that text, or the empty one where it belongs. */
static int *slot_of(const word_list *w, const char *text, size_t bytes) {
  uint32_t at = hash_of(text, bytes) & w->mask;
  for (; w->slots[at] != NONE; at = (at + 1) & w->mask) {
    const utf8_text token = w->tokens[w->slots[at]];
    if (token.bytes == bytes && memcmp(token.text, text, bytes) == 0) break;
  }
  return &w->slots[at];
}

int words_find(const word_list *vocabulary, const words_word *word) {
  return *slot_of(vocabulary, word->letters, word->bytes);
}

static uint32_t slots_for(size_t count) {
  uint32_t slots = 64;
  while (slots < 2 * count) slots *= 2;
  return slots;
}

size_t words_open_bytes(size_t count) {
  rc_arena measure = arena_measure();
  (void)ARENA_ARRAY(&measure, int, slots_for(count));
  return measure.used;
}

static rc_status make_table(word_list *w, size_t count, rc_arena *arena, rc_error *error) {
  w->mask = slots_for(count) - 1;
  w->slots = ARENA_ARRAY(arena, int, (size_t)w->mask + 1);
  RC_TRY(arena_check(arena, "the vocabulary", error));
  for (uint32_t i = 0; i <= w->mask; i++) w->slots[i] = NONE;
  return RC_OK;
}

static bool is_fixed(utf8_text token, const char *expected) {
  return token.bytes == strlen(expected) && memcmp(token.text, expected, token.bytes) == 0;
}

/* Whether reading the token as text gives the token. */
static bool is_word(utf8_text token) {
  words_reader reader = {.text = token.text, .bytes = token.bytes};
  words_word word;
  return words_next(&reader, &word) && word.bytes == token.bytes &&
         memcmp(word.letters, token.text, token.bytes) == 0;
}

rc_status words_open(word_list *out, const utf8_text *tokens, size_t count, rc_arena *arena,
                     rc_error *error) {
  *out = (word_list){0};
  if (count <= WORDS_FIRST || count > BPE_TOKENS_MAX) {
    return rc_fail(error, RC_ERR_FORMAT, "a vocabulary of %zu tokens; %d to %d are possible", count,
                   WORDS_FIRST + 1, BPE_TOKENS_MAX);
  }
  if (!is_fixed(tokens[BPE_BEGIN], "<s>") || !is_fixed(tokens[BPE_END], "</s>")) {
    return rc_fail(error, RC_ERR_FORMAT, "the vocabulary does not begin with <s> and </s>");
  }
  word_list w = {.count = (int)count, .tokens = tokens};
  RC_TRY(make_table(&w, count, arena, error));
  for (size_t i = WORDS_FIRST; i < count; i++) {
    int *slot = is_word(tokens[i]) ? slot_of(&w, tokens[i].text, tokens[i].bytes) : NULL;
    if (slot == NULL || *slot != NONE) {
      return rc_fail(error, RC_ERR_FORMAT, "token %zu of the vocabulary %s", i,
                     slot == NULL ? "is no word" : "occurs twice");
    }
    *slot = (int)i;
  }
  *out = w;
  return RC_OK;
}

/* ---- learning ---- */

typedef struct amount {
  size_t words, letters;
} amount;

static amount measure(const utf8_text *texts, size_t count) {
  amount all = {0};
  words_word word;
  for (size_t i = 0; i < count; i++) {
    words_reader reader = {.text = texts[i].text, .bytes = texts[i].bytes};
    for (; words_next(&reader, &word); all.words++) all.letters += word.bytes;
  }
  return all;
}

static void add(bpe_vocabulary *out, const char *text, size_t bytes, char **room) {
  out->tokens[out->count++] = (utf8_text){*room, bytes};
  memcpy(*room, text, bytes);
  (*room)[bytes] = '\0';
  *room += bytes + 1;
}

static void learn(bpe_vocabulary *out, word_list *seen, const utf8_text *texts, size_t count,
                  char *room) {
  add(out, "<s>", 3, &room);
  add(out, "</s>", 4, &room);
  seen->tokens = out->tokens;
  words_word word;
  for (size_t i = 0; i < count; i++) {
    words_reader reader = {.text = texts[i].text, .bytes = texts[i].bytes};
    while (words_next(&reader, &word)) {
      int *slot = slot_of(seen, word.letters, word.bytes);
      if (*slot != NONE) continue;
      *slot = out->count;
      add(out, word.letters, word.bytes, &room);
    }
  }
}

rc_status words_learn(bpe_vocabulary *out, const utf8_text *texts, size_t count, rc_error *error) {
  *out = (bpe_vocabulary){0};
  const amount all = measure(texts, count);
  const size_t most = all.words + WORDS_FIRST, bytes = all.letters + most + sizeof "<s></s>";
  word_list seen = {0};
  rc_arena table;
  RC_TRY(
      arena_new(&out->block, most * sizeof *out->tokens + bytes + (size_t)(2 * ARENA_MORE), error));
  out->tokens = ARENA_ARRAY(&out->block, utf8_text, most);
  char *room = ARENA_ARRAY(&out->block, char, bytes);
  rc_status status = arena_new(&table, words_open_bytes(most), error);
  if (status == RC_OK) status = make_table(&seen, most, &table, error);
  if (status == RC_OK) learn(out, &seen, texts, count, room);
  arena_free(&table);
  if (status == RC_OK && out->count > BPE_TOKENS_MAX) {
    status = rc_fail(error, RC_ERR_ARGUMENT, "%d different words on one side, at most %d fit",
                     out->count - WORDS_FIRST, BPE_TOKENS_MAX - WORDS_FIRST);
  }
  if (status != RC_OK) bpe_vocabulary_free(out);
  return status;
}
