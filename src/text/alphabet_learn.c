#include "alphabet_learn.h"

#include <stdlib.h>
#include <string.h>

#include "alphabet_build.h"
#include "case_table.h"
#include "fold.h"
#include "nfc.h"

enum {
  CHARACTERS = 0x110000,
  DOTTED_CAPITAL_I = 0x130,
  PAIRS = sizeof case_pairs / sizeof *case_pairs,
};

static uint32_t lower(uint32_t character) {
  if (character == DOTTED_CAPITAL_I) return character;
  int low = 0, high = PAIRS;
  while (low < high) {
    int middle = (low + high) / 2;
    if (case_pairs[middle].upper < character) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < PAIRS && case_pairs[low].upper == character ? case_pairs[low].lower : character;
}

/* What is counted: in how many texts each character is. */
typedef struct tally {
  int *texts, *last; /* [CHARACTERS]; last: the text that had it last, from 1 */
} tally;

static void count_character(tally *t, uint32_t character, int text) {
  if (t->last[character] == text) return;
  t->last[character] = text;
  t->texts[character]++;
}

static bool is_plain(utf8_text text) {
  uint32_t character;
  for (size_t at = 0; at < text.bytes;) {
    at += (size_t)utf8_next(text.text + at, text.bytes - at, &character);
    if (!nfc_is_plain(character)) return false;
  }
  return true;
}

/* The letter that a character of composed text is, or 0 for none. */
static uint32_t letter_of(uint32_t character) {
  enum { LATIN_MARKS = 0x300, LATIN_MARKS_END = 0x370 };
  const fold folded = fold_character(character);
  if (folded.kind == FOLDS_TO_NOTHING) return 0;
  if (character >= LATIN_MARKS && character < LATIN_MARKS_END) return 0;
  if (folded.kind == FOLDS_TO_SPACE) return ' ';
  if (fold_is_hyphen(character)) return '-';
  return strcmp(folded.letters, "'") == 0 ? '\'' : lower(character);
}

static void count_text(tally *t, utf8_text text, int number) {
  uint32_t character;
  for (size_t at = 0; at < text.bytes;) {
    at += (size_t)utf8_next(text.text + at, text.bytes - at, &character);
    const uint32_t letter = letter_of(character);
    if (letter != 0) count_character(t, letter, number);
  }
}

static rc_status count_texts(tally *t, const utf8_text *texts, int count, rc_error *error) {
  size_t longest = 0;
  for (int i = 0; i < count; i++) longest = arena_larger(longest, texts[i].bytes);
  rc_arena scratch;
  RC_TRY(arena_new(&scratch, nfc_bytes(longest), error));
  rc_status status = RC_OK;
  for (int i = 0; i < count && status == RC_OK; i++) {
    utf8_text text = texts[i];
    if (!is_plain(text)) {
      arena_reset(&scratch);
      status = nfc(text.text, text.bytes, &scratch, &text, error);
    }
    if (status == RC_OK) count_text(t, text, i + 1);
  }
  arena_free(&scratch);
  return status;
}

/* Whether characters become letters: t->texts is then 1 or 0. */
static void choose(tally *t, int least) {
  bool ascii[128] = {false};
  for (uint32_t c = 0; c < CHARACTERS; c++) {
    if (t->texts[c] == 0) continue;
    const fold folded = fold_character(c);
    for (const char *letter = folded.letters; *letter != '\0'; letter++) {
      ascii[lower((unsigned char)*letter)] = true;
    }
    t->texts[c] = t->texts[c] >= least;
  }
  for (int c = 0; c < 128; c++) t->texts[c] |= ascii[c];
}

/* The texts that alphabet_build is given. */
typedef struct letter_texts {
  utf8_text characters, spelling;
  char bytes[2][ALPHABET_TEXT_MAX + UTF8_MAX];
} letter_texts;

static void write_characters(uint32_t letter, char *out, size_t *bytes) {
  int room = ALPHABET_FORMS_MAX - 1;
  *bytes = (size_t)utf8_encode(letter, out);
  for (int i = 0; i < PAIRS && room > 0; i++) {
    if (case_pairs[i].lower != letter || case_pairs[i].upper == DOTTED_CAPITAL_I) continue;
    *bytes += (size_t)utf8_encode(case_pairs[i].upper, out + *bytes);
    room--;
  }
}

/* The letter's canonical decomposition, where its base is a letter too. */
static rc_status write_spelling(const tally *t, uint32_t letter, char *out, size_t *bytes,
                                rc_error *error) {
  uint32_t parts[NFC_PARTS_MAX];
  int count = 0;
  *bytes = 0;
  RC_TRY(nfc_decompose(letter, parts, &count, error));
  if (count < 2 || count > 1 + ALPHABET_MARKS_MAX || t->texts[lower(parts[0])] == 0) return RC_OK;
  for (int i = 1; i < count; i++) {
    if (fold_character(parts[i]).kind != FOLDS_TO_MARK) return RC_OK; /* Hangul */
  }
  *bytes = (size_t)utf8_encode(lower(parts[0]), out);
  for (int i = 1; i < count; i++) *bytes += (size_t)utf8_encode(parts[i], out + *bytes);
  return RC_OK;
}

static rc_status build(alphabet *out, const letter_texts *letters, utf8_text *characters,
                       utf8_text *spellings, int count, rc_arena *memory, rc_error *error) {
  for (int i = 0; i < count; i++) {
    characters[i] = (utf8_text){letters[i].bytes[0], letters[i].characters.bytes};
    spellings[i] = (utf8_text){letters[i].bytes[1], letters[i].spelling.bytes};
  }
  rc_arena need = arena_measure();
  RC_TRY(alphabet_build(out, characters, spellings, count, &need, error));
  RC_TRY(arena_new(memory, need.used, error));
  rc_status status = alphabet_build(out, characters, spellings, count, memory, error);
  if (status != RC_OK) arena_free(memory);
  return status;
}

static rc_status build_chosen(alphabet *out, const tally *t, rc_arena *memory, rc_error *error) {
  int count = 0;
  for (uint32_t c = 0; c < CHARACTERS; c++) count += t->texts[c];
  if (count > ALPHABET_LEARNT_MAX) {
    return rc_fail(error, RC_ERR_RANGE, "the names have %d letters, at most %d can be told apart",
                   count, ALPHABET_LEARNT_MAX);
  }
  const size_t room = (size_t)count + 1;
  letter_texts *letters = calloc(room, sizeof *letters);
  utf8_text *texts = calloc(2 * room, sizeof *texts);
  rc_status status = letters == NULL || texts == NULL
                         ? rc_fail(error, RC_ERR_MEMORY, "out of memory: letters")
                         : RC_OK;
  int at = 0;
  for (uint32_t c = 0; c < CHARACTERS && status == RC_OK; c++) {
    if (t->texts[c] == 0) continue;
    letter_texts *l = &letters[at++];
    write_characters(c, l->bytes[0], &l->characters.bytes);
    status = write_spelling(t, c, l->bytes[1], &l->spelling.bytes, error);
  }
  if (status == RC_OK) status = build(out, letters, texts, texts + room, count, memory, error);
  free(letters);
  free(texts);
  return status;
}

rc_status alphabet_learn(alphabet *out, const utf8_text *texts, int count, int least,
                         rc_arena *memory, rc_error *error) {
  *memory = (rc_arena){0};
  tally t = {calloc(CHARACTERS, sizeof(int)), calloc(CHARACTERS, sizeof(int))};
  rc_status status = t.texts == NULL || t.last == NULL
                         ? rc_fail(error, RC_ERR_MEMORY, "out of memory: letters")
                         : count_texts(&t, texts, count, error);
  if (status == RC_OK) {
    choose(&t, least);
    status = build_chosen(out, &t, memory, error);
  }
  free(t.texts);
  free(t.last);
  return status;
}
