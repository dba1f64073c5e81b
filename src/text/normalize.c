#include "normalize.h"

#include <string.h>

#include "marks.h"
#include "nfc.h"

enum { REMOVED = 0x110000 }; /* no character */

static bool is_apostrophe(uint32_t c) {
  return c == '`' || c == 0xB4 || c == 0x2BC || c == 0x2018 || c == 0x2019 || c == 0x201B ||
         c == 0x2032 || c == 0xFF07;
}

static bool is_invisible(uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x200B || c == 0x200E ||
         c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

static uint32_t simplified(uint32_t c) {
  if (utf8_is_space(c)) return ' ';
  if (is_apostrophe(c)) return '\'';
  return is_invisible(c) ? REMOVED : c;
}

size_t normalize_bytes(size_t bytes) {
  rc_arena measure = arena_measure();
  (void)arena_alloc(&measure, bytes + 1, 3);
  (void)arena_alloc(&measure, 1, nfc_bytes(bytes));
  return measure.used;
}

rc_status normalize(const char *text, size_t bytes, rc_arena *arena, utf8_text *out,
                    rc_error *error) {
  /* An invalid byte becomes three. */
  char *written = arena_alloc(arena, bytes + 1, 3);
  RC_TRY(arena_check(arena, "a text to normalise", error));
  size_t length = 0;
  bool plain = true, space = false;
  for (size_t at = 0; at < bytes;) {
    uint32_t character;
    at += (size_t)utf8_next(text + at, bytes - at, &character);
    character = simplified(character);
    if (character == REMOVED) continue;
    if (character == ' ') {
      space = length > 0;
      continue;
    }
    if (space) written[length++] = ' ';
    space = false;
    length += (size_t)utf8_encode(character, written + length);
    plain = plain && nfc_is_plain(character);
  }
  written[length] = '\0';
  *out = (utf8_text){written, length};
  return plain ? RC_OK : nfc(written, length, arena, out, error);
}

/* ---- French ---- */

enum {
  NO_BREAK_SPACE = 0xA0,
  OPENING_GUILLEMET = 0xAB,
  CLOSING_GUILLEMET = 0xBB,
  NARROW_NO_BREAK_SPACE = 0x202F,
  TYPOGRAPHIC_APOSTROPHE = 0x2019
};

typedef struct french {
  bool typeset, typographic_apostrophe;
  char *out;
  size_t capacity, length;
  int *places;
} french;

static void put(french *f, uint32_t character) {
  char encoded[UTF8_MAX];
  int bytes = utf8_encode(character, encoded);
  for (int i = 0; i < bytes; i++, f->length++) {
    if (f->length < f->capacity) f->out[f->length] = encoded[i];
  }
}

static bool is_mark(uint32_t c) {
  return c == '?' || c == '!' || c == ';' || c == ':' || c == CLOSING_GUILLEMET;
}

static uint32_t space_beside(const french *f, uint32_t mark) {
  if (!f->typeset) return ' ';
  return mark == '?' || mark == '!' || mark == ';' ? NARROW_NO_BREAK_SPACE : NO_BREAK_SPACE;
}

/* The character at `at`, or a space at the end. */
static uint32_t peek(const char *text, size_t bytes, size_t at) {
  uint32_t character = ' ';
  if (at < bytes) (void)utf8_next(text + at, bytes - at, &character);
  return character;
}

/* Whether the run of marks at `at` ends a word or sentence: what follows it says. */
static bool ends_something(const char *text, size_t bytes, size_t at) {
  enum { CASE_MARK_BYTES = 3 };
  bool questions = true;
  uint32_t c;
  for (; is_mark(c = peek(text, bytes, at)); at++) {
    if (c == CLOSING_GUILLEMET) return true;
    questions = questions && (c == '?' || c == '!');
  }
  /* A mark of case stands in front of the space before its word. */
  for (; mark_is_case(c); at += CASE_MARK_BYTES) c = peek(text, bytes, at + CASE_MARK_BYTES);
  return c == ' ' || c == '"' || c == '\'' || c == 0x201D || (questions && (c == ')' || c == ']'));
}

static bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Whether the semicolon at `at` ends a character reference of HTML: "&lt;", "&#39;"; but "R&B;". */
static bool ends_reference(const char *text, size_t at) {
  enum { NAME_MIN = 2, NAME_MAX = 32 };
  size_t start = at;
  while (start > 0 && at - start < NAME_MAX && is_alphanumeric(text[start - 1])) start--;
  if (start > 0 && start < at && text[start - 1] == '#') start--;
  return start > 0 && at - start >= NAME_MIN && text[start - 1] == '&';
}

static size_t set_french(french *f, const char *text, size_t bytes) {
  uint32_t before = '('; /* the last character: nothing is due after an opening bracket */
  bool due = false;      /* a space after a guillemet, behind marks of case */
  for (size_t at = 0; at < bytes;) {
    uint32_t c;
    size_t next = at + (size_t)utf8_next(text + at, bytes - at, &c);
    bool run = is_mark(before) && before != CLOSING_GUILLEMET && c != CLOSING_GUILLEMET;
    bool reference = c == ';' && ends_reference(text, at);
    bool opened = before == '(' || before == '[' || before == OPENING_GUILLEMET;
    if (due && !mark_is_case(c)) {
      put(f, space_beside(f, OPENING_GUILLEMET));
      due = false;
    }
    if (c == ' ' && before == OPENING_GUILLEMET) {
      if (f->places != NULL) f->places[at] = (int)f->length;
      at = next;
      continue;
    }
    if (c == ' ' && is_mark(peek(text, bytes, next)) && ends_something(text, bytes, next)) {
      if (f->places != NULL) f->places[at] = (int)f->length;
      put(f, space_beside(f, peek(text, bytes, next)));
    } else {
      if (is_mark(c) && !reference && before != ' ' && !run && !opened &&
          ends_something(text, bytes, at)) {
        put(f, space_beside(f, c));
      }
      if (f->places != NULL) f->places[at] = (int)f->length;
      put(f, c == '\'' && f->typographic_apostrophe ? TYPOGRAPHIC_APOSTROPHE : c);
      due = c == OPENING_GUILLEMET || (due && mark_is_case(c));
    }
    if (!mark_is_case(c)) before = reference ? '&' : c;
    at = next;
  }
  if (f->places != NULL) f->places[bytes] = (int)f->length;
  return f->length;
}

bool language_is_french(const char *language) {
  return strcmp(language, "fr") == 0;
}

size_t normalize_french(const char *text, size_t bytes, char *out, size_t capacity) {
  french f = {.out = out, .capacity = capacity};
  return set_french(&f, text, bytes);
}

size_t typeset_french(const char *text, size_t bytes, bool typographic_apostrophe, char *out,
                      size_t capacity, int *places) {
  french f = {.typeset = true,
              .typographic_apostrophe = typographic_apostrophe,
              .out = out,
              .capacity = capacity,
              .places = places};
  return set_french(&f, text, bytes);
}
