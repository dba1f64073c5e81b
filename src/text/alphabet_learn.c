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
  RANGES = sizeof case_ranges / sizeof *case_ranges,
};

static uint32_t last_of(int range) {
  return case_ranges[range].first +
         (uint32_t)(case_ranges[range].count - 1) * case_ranges[range].step;
}

static bool is_in_range(int range, uint32_t character) {
  return character >= case_ranges[range].first && character <= last_of(range) &&
         (character - case_ranges[range].first) % case_ranges[range].step == 0;
}

static uint32_t lower(uint32_t character) {
  if (character == DOTTED_CAPITAL_I) return character;
  int low = 0, high = RANGES;
  while (low < high) {
    int middle = (low + high) / 2;
    if (last_of(middle) < character) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == RANGES || !is_in_range(low, character)) return character;
  return character + (uint32_t)case_ranges[low].distance;
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
  char bytes[2][ALPHABET_TEXT_MAX];
} letter_texts;

static bool has_room(const letter_texts *l) {
  size_t characters = 0;
  for (size_t i = 0; i < l->characters.bytes; i++) {
    characters += ((unsigned char)l->bytes[0][i] & 0xC0) != 0x80;
  }
  return characters < ALPHABET_FORMS_MAX;
}

static void add_character(letter_texts *l, uint32_t character) {
  if (!has_room(l)) return;
  l->characters.bytes += (size_t)utf8_encode(character, l->bytes[0] + l->characters.bytes);
}

/* The letter and its capitals. */
static void write_characters(uint32_t letter, letter_texts *l) {
  add_character(l, letter);
  for (int i = 0; i < RANGES; i++) {
    const uint32_t upper = letter - (uint32_t)case_ranges[i].distance;
    if (is_in_range(i, upper) && upper != DOTTED_CAPITAL_I) add_character(l, upper);
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

/* The letters while their texts are put together. */
typedef struct learning {
  const tally *t;
  letter_texts *letters; /* [count], by character */
  utf8_text *texts;      /* [2 count] for alphabet_build */
  int count;
} learning;

/* How many marks a letter's spelling has, if it has this base and no marks but those among the
 * parts; else 0. */
static int shared_marks(const letter_texts *l, const uint32_t *parts, int count) {
  uint32_t character;
  int shared = -1; /* the base is no mark */
  for (size_t at = 0; at < l->spelling.bytes; shared++) {
    const bool first = at == 0;
    at += (size_t)utf8_next(l->bytes[1] + at, l->spelling.bytes - at, &character);
    bool found = first && character == lower(parts[0]);
    for (int i = 1; i < count && !first; i++) found = found || parts[i] == character;
    if (!found) return 0;
  }
  return shared < 0 ? 0 : shared;
}

/* A character that no text has, but that is a letter with further marks, is read as that letter. */
static rc_status lend(const learning *l, uint32_t character, rc_error *error) {
  uint32_t parts[NFC_PARTS_MAX];
  int count = 0, most = 0;
  letter_texts *nearest = NULL;
  if (l->t->texts[lower(character)] != 0) return RC_OK;
  RC_TRY(nfc_decompose(character, parts, &count, error));
  for (int i = 0; i < l->count && count > 2; i++) {
    const int shared = shared_marks(&l->letters[i], parts, count);
    if (shared > most) {
      most = shared;
      nearest = &l->letters[i];
    }
  }
  if (nearest != NULL) add_character(nearest, character);
  return RC_OK;
}

/* Latin, Greek and Cyrillic letters with marks. */
static rc_status lend_all(const learning *l, rc_error *error) {
  static const uint32_t blocks[][2] = {{0xC0, 0x250}, {0x370, 0x530}, {0x1E00, 0x2000}};
  for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
    for (uint32_t c = blocks[i][0]; c < blocks[i][1]; c++) RC_TRY(lend(l, c, error));
  }
  return RC_OK;
}

static rc_status write_letters(learning *l, rc_error *error) {
  for (uint32_t c = 0; c < CHARACTERS; c++) {
    if (l->t->texts[c] == 0) continue;
    letter_texts *letter = &l->letters[l->count++];
    write_characters(c, letter);
    RC_TRY(write_spelling(l->t, c, letter->bytes[1], &letter->spelling.bytes, error));
  }
  return lend_all(l, error);
}

static rc_status build(alphabet *out, learning *l, rc_arena *memory, rc_error *error) {
  RC_TRY(write_letters(l, error));
  utf8_text *spellings = l->texts + l->count;
  for (int i = 0; i < l->count; i++) {
    l->texts[i] = (utf8_text){l->letters[i].bytes[0], l->letters[i].characters.bytes};
    spellings[i] = (utf8_text){l->letters[i].bytes[1], l->letters[i].spelling.bytes};
  }
  rc_arena need = arena_measure();
  RC_TRY(alphabet_build(out, l->texts, spellings, l->count, &need, error));
  RC_TRY(arena_new(memory, need.used, error));
  rc_status status = alphabet_build(out, l->texts, spellings, l->count, memory, error);
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
  learning l = {.t = t,
                .letters = calloc(room, sizeof *l.letters),
                .texts = calloc(2 * room, sizeof *l.texts)};
  rc_status status = l.letters == NULL || l.texts == NULL
                         ? rc_fail(error, RC_ERR_MEMORY, "out of memory: letters")
                         : build(out, &l, memory, error);
  free(l.letters);
  free(l.texts);
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
