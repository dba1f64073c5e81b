#include "tokenize_13a.h"

#include <string.h>

bool tokenize_is_space(uint32_t c) {
  return utf8_is_space(c) || (c >= 0x1C && c <= 0x1F);
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool is_point(char c) {
  return c == '.' || c == ',';
}

/* ASCII punctuation but for what depends on digits beside it, . , -, and the apostrophe. */
static bool is_mark(char c) {
  return c == ' ' || (c > ' ' && c < '0' && c != '\'' && c != ',' && c != '-' && c != '.') ||
         (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

/* Replaces in place, from left to right; `to` is no longer than `from`. Returns the new size. */
static size_t replace(char *text, size_t bytes, const char *from, const char *to) {
  size_t skipped = strlen(from), put = strlen(to), kept = 0;
  for (size_t at = 0; at < bytes;) {
    if (bytes - at >= skipped && memcmp(text + at, from, skipped) == 0) {
      memcpy(text + kept, to, put);
      kept += put;
      at += skipped;
    } else {
      text[kept++] = text[at++];
    }
  }
  return kept;
}

static size_t put(char *out, size_t length, const char *text, size_t bytes) {
  memcpy(out + length, text, bytes);
  return length + bytes;
}

/* Spaces around punctuation. */
static size_t part_marks(const char *in, size_t bytes, char *out) {
  size_t length = 0;
  for (size_t i = 0; i < bytes; i++) {
    if (is_mark(in[i])) {
      length = put(out, length, (char[]){' ', in[i], ' '}, 3);
    } else {
      out[length++] = in[i];
    }
  }
  return length;
}

/* Points and commas from what is no digit before them. */
static size_t part_points_after(const char *in, size_t bytes, char *out) {
  size_t length = 0;
  for (size_t i = 0; i < bytes; i++) {
    out[length++] = in[i];
    if (i + 1 < bytes && !is_digit(in[i]) && is_point(in[i + 1])) {
      length = put(out, length, (char[]){' ', in[++i], ' '}, 3);
    }
  }
  return length;
}

/* Points and commas from what is no digit after them. */
static size_t part_points_before(const char *in, size_t bytes, char *out) {
  size_t length = 0;
  for (size_t i = 0; i < bytes; i++) {
    if (i + 1 < bytes && is_point(in[i]) && !is_digit(in[i + 1])) {
      length = put(out, length, (char[]){' ', in[i], ' ', in[i + 1]}, 4);
      i++;
    } else {
      out[length++] = in[i];
    }
  }
  return length;
}

/* Hyphens from a digit before them. */
static size_t part_hyphens(const char *in, size_t bytes, char *out) {
  size_t length = 0;
  for (size_t i = 0; i < bytes; i++) {
    out[length++] = in[i];
    if (i + 1 < bytes && is_digit(in[i]) && in[i + 1] == '-') {
      length = put(out, length, " - ", 3);
      i++;
    }
  }
  return length;
}

/* White space becomes one space, none at the ends. */
static size_t collapse(const char *in, size_t bytes, char *out) {
  size_t length = 0;
  bool space = false;
  for (size_t at = 0; at < bytes;) {
    uint32_t character;
    size_t width = (size_t)utf8_next(in + at, bytes - at, &character);
    if (tokenize_is_space(character)) {
      space = length > 0;
    } else {
      if (space) out[length++] = ' ';
      space = false;
      length = put(out, length, in + at, width);
    }
    at += width;
  }
  return length;
}

/* Bytes without the white space at the end. */
static size_t stripped(const char *text, size_t bytes) {
  size_t end = 0;
  for (size_t at = 0; at < bytes;) {
    uint32_t character;
    at += (size_t)utf8_next(text + at, bytes - at, &character);
    if (!tokenize_is_space(character)) end = at;
  }
  return end;
}

/* A point can have four bytes: itself, a space before it and two after. */
size_t tokenize_13a_bytes(size_t bytes) {
  return 4 * (bytes + 2);
}

size_t tokenize_13a(const char *text, size_t bytes, char *out, char *scratch) {
  size_t length = 0;
  out[length++] = ' ';
  length = put(out, length, text, stripped(text, bytes));
  length = replace(out, length, "<skipped>", "");
  length = replace(out, length, "-\n", "");
  length = replace(out, length, "\n", " ");
  length = replace(out, length, "&quot;", "\"");
  length = replace(out, length, "&amp;", "&");
  length = replace(out, length, "&lt;", "<");
  length = replace(out, length, "&gt;", ">");
  out[length++] = ' ';
  length = part_marks(out, length, scratch);
  length = part_points_after(scratch, length, out);
  length = part_points_before(out, length, scratch);
  length = part_hyphens(scratch, length, out);
  memcpy(scratch, out, length);
  return collapse(scratch, length, out);
}
