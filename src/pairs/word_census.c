#include "word_census.h"

#include <stdlib.h>
#include <string.h>

#include "fnv.h"
#include "letters.h"

enum { WORD_MAX = 256 /* bytes; longer ones do not count */ };

typedef struct census_word {
  size_t start, bytes; /* in the census's letters */
  uint64_t hash;
  uint32_t count, capital, alike;
} census_word;

static rc_status no_memory(rc_error *error) {
  return rc_fail(error, RC_ERR_MEMORY, "out of memory for words");
}

/* ---- the words of a text ---- */

typedef struct reader {
  utf8_text text;
  size_t at;
} reader;

static bool next_word(reader *r, utf8_text *word) {
  size_t start = r->at;
  bool begun = false;
  for (uint32_t c; r->at < r->text.bytes;) {
    const size_t length = (size_t)utf8_next(r->text.text + r->at, r->text.bytes - r->at, &c);
    const letter_class class = letters_class(c);
    const bool letter = class == LETTER_LATIN || class == LETTER_MARK;
    if (letter && !begun) start = r->at;
    if (!letter && begun) break;
    begun = letter;
    r->at += length;
  }
  *word = (utf8_text){r->text.text + start, r->at - start};
  return begun;
}

/* In lower case, to lower [WORD_MAX]; 0 if it is too long. */
static size_t lower_word(utf8_text word, char *lower) {
  size_t bytes = 0;
  if (word.bytes > WORD_MAX) return 0;
  for (size_t at = 0; at < word.bytes;) {
    uint32_t c;
    at += (size_t)utf8_next(word.text + at, word.bytes - at, &c);
    bytes += (size_t)utf8_encode(letters_lower(c), lower + bytes);
  }
  return bytes;
}

static bool has_capital(utf8_text word) {
  uint32_t c;
  (void)utf8_next(word.text, word.bytes, &c);
  return letters_is_upper(c);
}

/* FNV-1a */
static uint64_t hash_of(const char *text, size_t bytes) {
  const uint64_t hash = fnv_add_bytes(FNV_BEGIN, text, bytes);
  return hash ^ hash >> 32;
}

/* ---- the table ---- */

/* The word's entry, or the empty one where it belongs. */
static census_word *find(const word_census *c, const char *text, size_t bytes, uint64_t hash) {
  for (size_t at = (size_t)hash;; at++) {
    census_word *entry = &c->words[at & c->mask];
    if (entry->count == 0) return entry;
    if (entry->hash == hash && entry->bytes == bytes &&
        memcmp(c->letters.text + entry->start, text, bytes) == 0) {
      return entry;
    }
  }
}

static rc_status make_room(word_census *c, rc_error *error) {
  const size_t size = c->words == NULL ? 0 : c->mask + 1;
  if (2 * c->count < size) return RC_OK;
  const size_t larger = size == 0 ? 4096 : 2 * size;
  census_word *words = calloc(larger, sizeof *words), *old = c->words;
  if (words == NULL) return no_memory(error);
  c->words = words;
  c->mask = larger - 1;
  for (size_t i = 0; i < size; i++) {
    if (old[i].count == 0) continue;
    *find(c, c->letters.text + old[i].start, old[i].bytes, old[i].hash) = old[i];
  }
  free(old);
  return RC_OK;
}

static rc_status add_word(word_census *c, utf8_text word, bool alike, rc_error *error) {
  char lower[WORD_MAX];
  const size_t bytes = lower_word(word, lower);
  if (bytes == 0) return RC_OK;
  RC_TRY(make_room(c, error));
  const uint64_t hash = hash_of(lower, bytes);
  census_word *entry = find(c, lower, bytes, hash);
  if (entry->count == 0) {
    *entry = (census_word){.start = c->letters.size, .bytes = bytes, .hash = hash};
    text_add_bytes(&c->letters, lower, bytes);
    c->count++;
    if (c->letters.failed) return no_memory(error);
  }
  entry->count++;
  entry->capital += has_capital(word);
  entry->alike += alike;
  return RC_OK;
}

static rc_status add_pair(word_census *c, const text_pair *pair, rc_error *error) {
  enum { TARGETS_MAX = 512 };
  uint64_t targets[TARGETS_MAX];
  int count = 0;
  utf8_text word;
  for (reader r = {.text = pair->reference}; count < TARGETS_MAX && next_word(&r, &word);) {
    targets[count++] = hash_of(word.text, word.bytes);
  }
  for (reader r = {.text = pair->written}; next_word(&r, &word);) {
    const uint64_t hash = hash_of(word.text, word.bytes);
    bool alike = false;
    for (int i = 0; i < count && !alike; i++) alike = targets[i] == hash;
    RC_TRY(add_word(c, word, alike, error));
  }
  return RC_OK;
}

rc_status word_census_take(word_census *out, const text_pairs *files, int count, rc_error *error) {
  *out = (word_census){.words = NULL};
  RC_TRY(make_room(out, error));
  for (int f = 0; f < count; f++) {
    for (int i = 0; i < files[f].count; i++) RC_TRY(add_pair(out, &files[f].items[i], error));
  }
  return RC_OK;
}

void word_census_free(word_census *census) {
  free(census->words);
  text_free(&census->letters);
  *census = (word_census){.words = NULL};
}

/* ---- what it says ---- */

bool word_census_is_rare_name(const void *context, utf8_text word) {
  const word_census *c = context;
  char lower[WORD_MAX];
  const size_t bytes = lower_word(word, lower);
  if (bytes == 0) return false;
  const census_word *entry = find(c, lower, bytes, hash_of(lower, bytes));
  if (entry->count == 0) return c->sampled && has_capital(word);
  return entry->count <= CENSUS_RARE && entry->capital == entry->count;
}

static bool is_copied(const census_word *w) {
  return w->count <= CENSUS_RARE && w->capital == w->count && w->alike == w->count;
}

static bool is_share(uint32_t part, uint32_t whole, uint64_t tenths) {
  return (uint64_t)10 * part >= tenths * whole;
}

/* Nearly always with a capital, and mostly alike: free translations leave names out. Or the other
 * way round: people who type carelessly leave out the capitals. */
static bool is_name(const census_word *w) {
  enum { NEARLY_ALWAYS = 9, MOSTLY = 6 };
  return (is_share(w->capital, w->count, NEARLY_ALWAYS) && is_share(w->alike, w->count, MOSTLY)) ||
         (is_share(w->capital, w->count, MOSTLY) && is_share(w->alike, w->count, NEARLY_ALWAYS));
}

rc_status word_census_known(const word_census *c, known_words *out, uint8_t **bits,
                            rc_error *error) {
  size_t entries = 0;
  *out = (known_words){NULL, 0};
  *bits = NULL;
  if (c->count < CENSUS_TELLING) return RC_OK;
  for (size_t i = 0; i <= c->mask; i++) {
    const census_word *w = &c->words[i];
    if (w->count > 0 && !is_copied(w)) entries += is_name(w) ? 2 : 1;
  }
  const size_t bytes = known_words_bytes(entries);
  *bits = calloc(bytes, 1);
  if (*bits == NULL) return no_memory(error);
  for (size_t i = 0; i <= c->mask; i++) {
    const census_word *w = &c->words[i];
    if (w->count == 0 || is_copied(w)) continue;
    const utf8_text word = {c->letters.text + w->start, w->bytes};
    known_words_add(*bits, bytes, word, KNOWN_WORD);
    if (is_name(w)) known_words_add(*bits, bytes, word, KNOWN_NAME);
  }
  *out = (known_words){*bits, bytes};
  return RC_OK;
}
