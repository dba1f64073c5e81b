#include "surname.h"

#include <stdbool.h>
#include <string.h>

#include "fold.h"
#include "script.h"

/* Without case and marks, as fold_text writes them. */
static const char *const PARTICLES[] = {
    "'s",     "'t",    "aan", "ab",  "abd",   "abdel", "abdul", "abi",  "abou",  "abu",   "af",
    "ag",     "ait",   "al",  "an",  "ap",    "av",    "ben",   "bin",  "bint",  "d'",    "da",
    "dal",    "dalla", "das", "de",  "degli", "dei",   "del",   "dela", "della", "delle", "delli",
    "dello",  "den",   "der", "des", "di",    "do",    "dos",   "du",   "el",    "ibn",   "ibnu",
    "in",     "l'",    "la",  "las", "le",    "les",   "lo",    "los",  "mac",   "mc",    "na",
    "ni",     "nic",   "o",   "o'",  "op",    "ould",  "saint", "san",  "sant",  "santa", "st",
    "st.",    "te",    "ten", "ter", "then",  "to",    "ua",    "ui",   "ul",    "van",   "vande",
    "vander", "vom",   "von", "zu",  "zum",   "zur",
};

/* Of them those that more people are called first, at the start of a name: "Ben Affleck". */
static const char *const GIVEN[] = {"al", "ben"};

static const char *const SUFFIXES[] = {"ii", "iii", "iv",     "jr",    "jr.", "junior",
                                       "sr", "sr.", "senior", "filho", "neto"};

enum { WORD_MAX = 16, PARTICLE_COUNT = sizeof PARTICLES / sizeof *PARTICLES };

static bool is_among(utf8_text word, const char *const *list, size_t count) {
  char folded[WORD_MAX];
  if (word.bytes > WORD_MAX) return false;
  const size_t bytes = fold_text(word.text, word.bytes, folded);
  for (size_t i = 0; i < count; i++) {
    if (strlen(list[i]) == bytes && memcmp(list[i], folded, bytes) == 0) return true;
  }
  return false;
}

static bool is_particle(utf8_text word) {
  return is_among(word, PARTICLES, PARTICLE_COUNT);
}

static bool is_given(utf8_text word) {
  return is_among(word, GIVEN, sizeof GIVEN / sizeof *GIVEN);
}

static bool is_suffix(utf8_text word) {
  return is_among(word, SUFFIXES, sizeof SUFFIXES / sizeof *SUFFIXES);
}

static bool is_space_at(utf8_text text, size_t at, size_t *length) {
  uint32_t character;
  *length = (size_t)utf8_next(text.text + at, text.bytes - at, &character);
  return utf8_is_space(character);
}

/* The last word of the text; empty where there is none. */
static utf8_text last_word(utf8_text text) {
  size_t start = 0, end = 0, length;
  bool in_word = false;
  for (size_t at = 0; at < text.bytes; at += length) {
    const bool space = is_space_at(text, at, &length);
    if (!space && !in_word) start = at;
    if (!space) end = at + length;
    in_word = !space;
  }
  return (utf8_text){text.text + start, end - start};
}

static utf8_text before(utf8_text text, utf8_text word) {
  return (utf8_text){text.text, (size_t)(word.text - text.text)};
}

/* What stands before the first comma, if there is something on both sides. */
static utf8_text before_comma(utf8_text text) {
  const char *comma = memchr(text.text, ',', text.bytes);
  if (comma == NULL) return text;
  const utf8_text left = {text.text, (size_t)(comma - text.text)};
  const utf8_text right = {comma + 1, text.bytes - left.bytes - 1};
  return last_word(left).bytes > 0 && last_word(right).bytes > 0 ? left : text;
}

utf8_text surname_of(const char *text, size_t bytes) {
  const utf8_text whole = {text, bytes};
  const script_code script = script_of_text(text, bytes);
  if (bytes == 0 || (script != SCRIPT_LATIN && script != SCRIPT_NONE)) return whole;
  const utf8_text name = before_comma(whole);
  if (name.bytes < bytes && name.text[name.bytes] == ',') {
    /* All before a comma is the surname, of however many words. */
    const utf8_text tail =
        last_word((utf8_text){name.text + name.bytes + 1, bytes - name.bytes - 1});
    if (!is_suffix(tail)) return name;
  }
  utf8_text word = last_word(name);
  if (is_suffix(word) && last_word(before(name, word)).bytes > 0) {
    word = last_word(before(name, word));
  }
  const char *end = word.text + word.bytes;
  for (;;) {
    const utf8_text previous = last_word(before(name, word));
    if (previous.bytes == 0 || !is_particle(previous)) break;
    if (is_given(previous) && last_word(before(name, previous)).bytes == 0) break;
    word = previous;
  }
  return (utf8_text){word.text, (size_t)(end - word.text)};
}
