#include "casing.h"

#include <string.h>

#include "letters.h"
#include "marks.h"

static bool in_run(uint32_t c) {
  const letter_class class = letters_class(c);
  return class == LETTER_LATIN || class == LETTER_MARK;
}

/* A run of letters. */
typedef struct run {
  size_t start, end;
  int letters, capitals;
} run;

/* The first run from `at` on; false if there is none. */
static bool find_run(utf8_text text, size_t at, run *out) {
  *out = (run){.start = at, .end = at};
  for (uint32_t c; at < text.bytes;) {
    const size_t length = (size_t)utf8_next(text.text + at, text.bytes - at, &c);
    if (in_run(c)) {
      if (out->end != at) out->start = at;
      out->end = at + length;
      out->letters += letters_class(c) == LETTER_LATIN;
      out->capitals += letters_is_upper(c);
    } else if (out->end > out->start) {
      return true;
    }
    at += length;
  }
  return out->end > out->start;
}

/* How the runs of a text are written. */
typedef struct census {
  int runs, letters, longest;
  bool capitals; /* nothing else */
} census;

static census count_runs(utf8_text text) {
  census all = {.capitals = true};
  run r;
  for (size_t at = 0; find_run(text, at, &r); at = r.end) {
    all.runs++;
    all.letters += r.letters;
    if (r.letters > all.longest) all.longest = r.letters;
    all.capitals = all.capitals && r.capitals == r.letters && r.letters > 0;
  }
  return all;
}

bool casing_is_capitals(utf8_text text) {
  const census all = count_runs(text);
  return all.capitals && all.runs >= 2 && all.longest >= 3;
}

bool casing_is_all_capitals(utf8_text text) {
  const census all = count_runs(text);
  return all.capitals && (all.runs == 1 ? all.letters >= 2 : all.runs >= 2 && all.longest >= 3);
}

/* A mark in front of what was written, but for a space at its end. */
static size_t put_mark(char *out, size_t length, bool behind_space, uint32_t mark) {
  if (behind_space) length--;
  length += (size_t)utf8_encode(mark, out + length);
  if (behind_space) out[length++] = ' ';
  return length;
}

size_t casing_mark(utf8_text text, bool sentence, char *out) {
  size_t length = 0, at = 0;
  run r;
  for (bool first = true; find_run(text, at, &r); first = false) {
    memcpy(out + length, text.text + at, r.start - at);
    length += r.start - at;
    at = r.start;
    const bool whole = !sentence && r.letters >= 2 && r.capitals == r.letters;
    const bool spaced = at > 0 && text.text[at - 1] == ' ';
    if (whole) length = put_mark(out, length, spaced, MARK_CAPITALS);
    for (uint32_t c; at < r.end;) {
      const bool begins = at == r.start;
      at += (size_t)utf8_next(text.text + at, r.end - at, &c);
      if (letters_is_upper(c) && !whole && (!sentence || (first && begins))) {
        length = put_mark(out, length, spaced && begins, MARK_CAPITAL);
      }
      length += (size_t)utf8_encode(letters_lower(c), out + length);
    }
  }
  memcpy(out + length, text.text + at, text.bytes - at);
  return length + text.bytes - at;
}

bool casing_read(casing_reader *r, uint32_t *character) {
  const uint32_t c = *character;
  if (mark_is_case(c)) {
    r->mark = c;
    r->begun = false;
    return false;
  }
  if (in_run(c)) {
    if (r->capitals || (r->mark != 0 && !(r->begun && r->mark == MARK_CAPITAL))) {
      *character = letters_upper(c);
    }
    r->begun = true;
  } else if (r->begun || letters_class(c) != LETTER_SPACE) {
    r->mark = 0;
    r->begun = false;
  }
  return true;
}
