#include "alphabet.h"

#include <limits.h>

#include "checks.h"
#include "fold.h"

const char alphabet_letters[ALPHABET_LETTERS + 1] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ .,;'";

const alphabet alphabet_tutorial = {.letters = ALPHABET_LETTERS};

enum { CASE_BIT = 'a' ^ 'A', GATHERED_MARKS_MAX = 8 };

/* Where alphabet_encode puts letters, and what it must know of those it has put. */
typedef struct letter_sink {
  const alphabet *letters;
  int *ids, *source;
  size_t capacity, count;
  bool title, in_word;                /* in_word: the last letter is one of a-zA-Z */
  bool open;                          /* marks may follow: */
  int base;                           /* the letter written last is this one */
  uint32_t marks[GATHERED_MARKS_MAX]; /* with some of these */
  int mark_count;
} letter_sink;

static bool is_letter(unsigned char c) {
  unsigned char lower = c | CASE_BIT;
  return lower >= 'a' && lower <= 'z';
}

/* The id of a character that is a letter of the tutorial's alphabet, else ALPHABET_UNKNOWN. */
static int letter_id(unsigned char c) {
  if (c >= 'a' && c <= 'z') return c - 'a';
  if (c >= 'A' && c <= 'Z') return 26 + c - 'A';
  for (int id = 52; id < ALPHABET_LETTERS; id++) {
    if ((unsigned char)alphabet_letters[id] == c) return id;
  }
  return ALPHABET_UNKNOWN;
}

uint32_t alphabet_character(const alphabet *a, int id) {
  if (id >= a->letters) return UTF8_REPLACEMENT;
  return a->characters != NULL ? a->characters[id] : (uint32_t)(unsigned char)alphabet_letters[id];
}

int alphabet_find(const alphabet *a, uint32_t character) {
  int low = 0, high = a->form_count;
  while (low < high) {
    int middle = (low + high) / 2;
    if (a->forms[middle].character < character) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  bool found = low < a->form_count && a->forms[low].character == character;
  return found ? a->forms[low].id : alphabet_unknown(a);
}

static const alphabet_spelling *find_spelling(const alphabet *a, int id) {
  for (int i = 0; i < a->spelling_count; i++) {
    if (a->spellings[i].id == id) return &a->spellings[i];
  }
  return NULL;
}

static void put(letter_sink *sink, int id, size_t offset) {
  if (sink->count < sink->capacity) {
    sink->ids[sink->count] = id;
    if (sink->source != NULL) sink->source[sink->count] = (int)offset;
  }
  sink->count++;
  sink->open = false;
}

/* A letter of the tutorial's. */
static void put_cased(letter_sink *sink, unsigned char c, size_t offset) {
  bool letter = is_letter(c);
  if (letter && sink->title) {
    c = (unsigned char)(sink->in_word ? c | CASE_BIT : c & ~CASE_BIT);
  }
  put(sink, letter_id(c), offset);
  sink->in_word = letter;
}

/* A letter of a learnt alphabet, to which marks may be added. */
static void put_open(letter_sink *sink, int id, size_t offset) {
  put(sink, id, offset);
  if (id == alphabet_unknown(sink->letters)) return;
  const alphabet_spelling *spelling = find_spelling(sink->letters, id);
  sink->open = true;
  sink->base = spelling != NULL ? spelling->base : id;
  sink->mark_count = 0;
  for (int i = 0; spelling != NULL && i < spelling->mark_count; i++) {
    sink->marks[sink->mark_count++] = spelling->marks[i];
  }
}

static bool has_mark(const uint32_t *marks, int count, uint32_t mark) {
  for (int i = 0; i < count; i++) {
    if (marks[i] == mark) return true;
  }
  return false;
}

static bool has_marks_of(const letter_sink *sink, const alphabet_spelling *spelling) {
  for (int i = 0; i < spelling->mark_count; i++) {
    if (!has_mark(sink->marks, sink->mark_count, spelling->marks[i])) return false;
  }
  return true;
}

/* Makes the letter before what it is with the marks that it has by now, as many of them as the
 * alphabet knows together, in whatever order they came. Whether this mark is among them. */
static bool add_mark(letter_sink *sink, uint32_t mark) {
  if (!sink->open || sink->mark_count == GATHERED_MARKS_MAX) return false;
  sink->marks[sink->mark_count++] = mark;
  const alphabet *a = sink->letters;
  const alphabet_spelling *best = NULL;
  for (int i = 0; i < a->spelling_count; i++) {
    const alphabet_spelling *s = &a->spellings[i];
    if (s->base != sink->base || !has_marks_of(sink, s)) continue;
    if (best == NULL || s->mark_count > best->mark_count) best = s;
  }
  if (best == NULL) return false;
  if (sink->count <= sink->capacity) sink->ids[sink->count - 1] = best->id;
  return has_mark(best->marks, best->mark_count, mark);
}

/* What the character is in a learnt alphabet; begins: no letter is before it in its word. */
static void put_learnt(letter_sink *sink, uint32_t character, const fold *folded, bool begins,
                       size_t offset) {
  const alphabet *a = sink->letters;
  if (folded->kind == FOLDS_TO_MARK && !begins && add_mark(sink, character)) return;
  int id = alphabet_find(a, fold_is_hyphen(character) ? '-' : character);
  if (id != alphabet_unknown(a)) {
    put_open(sink, id, offset);
  } else if (folded->kind == FOLDS_TO_LETTERS) {
    for (const char *c = folded->letters; *c != '\0'; c++) {
      put_open(sink, alphabet_find(a, (unsigned char)*c), offset);
    }
  } else if (folded->kind != FOLDS_TO_MARK || begins) {
    put(sink, alphabet_unknown(a), offset);
  }
}

static void put_tutorial(letter_sink *sink, const fold *folded, bool begins, size_t offset) {
  if (folded->kind == FOLDS_TO_LETTERS) {
    for (const char *c = folded->letters; *c != '\0'; c++) {
      put_cased(sink, (unsigned char)*c, offset);
    }
  } else if (folded->kind != FOLDS_TO_MARK || begins) {
    put_cased(sink, '\0', offset);
  }
}

static void put_space(letter_sink *sink, size_t offset) {
  if (sink->letters->characters != NULL) {
    put(sink, alphabet_find(sink->letters, ' '), offset);
  } else {
    put_cased(sink, ' ', offset);
  }
}

size_t alphabet_encode(const alphabet *a, const char *text, size_t bytes, alphabet_case letter_case,
                       int *ids, int *source, size_t capacity) {
  RC_ASSERT(bytes <= INT_MAX);
  letter_sink sink = {.letters = a,
                      .ids = ids,
                      .source = source,
                      .capacity = capacity,
                      .title = letter_case == ALPHABET_CASE_TITLE};
  bool space = true; /* the last character is white space, or there is none yet */
  size_t space_at = 0;
  for (size_t at = 0; at < bytes;) {
    uint32_t character = UTF8_REPLACEMENT;
    int length = utf8_decode(text + at, bytes - at, &character);
    const fold folded = length == 0 ? (fold){.kind = FOLDS_TO_UNKNOWN} : fold_character(character);
    if (folded.kind == FOLDS_TO_SPACE) {
      if (!space) space_at = at;
      space = true;
    } else if (folded.kind != FOLDS_TO_NOTHING) {
      bool begins = space;
      if ((folded.kind != FOLDS_TO_MARK || space) && space && sink.count > 0) {
        put_space(&sink, space_at);
      }
      space = false;
      if (a->characters != NULL) {
        put_learnt(&sink, character, &folded, begins, at);
      } else {
        put_tutorial(&sink, &folded, begins, at);
      }
    }
    at += length == 0 ? 1 : (size_t)length;
  }
  return sink.count;
}
