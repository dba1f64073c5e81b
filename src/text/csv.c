#include "csv.h"

#include <string.h>

csv_format csv_format_of(char separator) {
  return (csv_format){.separator = separator, .quoted = separator != '\t'};
}

static size_t mark_bytes(const char *bytes, size_t size) {
  enum { MARK = 3 };
  return size >= MARK && memcmp(bytes, "\xEF\xBB\xBF", MARK) == 0 ? MARK : 0;
}

csv_format csv_guess(const char *bytes, size_t size) {
  static const char separators[] = {'\t', ';', ','};
  enum { SEPARATORS = sizeof separators };
  size_t counts[SEPARATORS] = {0};
  int best = SEPARATORS - 1;
  bool quoted = false;
  for (size_t i = mark_bytes(bytes, size); i < size; i++) {
    if (bytes[i] == '"') quoted = !quoted;
    if (quoted) continue;
    if (bytes[i] == '\n') break;
    for (int k = 0; k < SEPARATORS; k++) counts[k] += bytes[i] == separators[k];
  }
  for (int k = SEPARATORS - 1; k >= 0; k--) {
    if (counts[k] > counts[best]) best = k;
  }
  return csv_format_of(separators[best]);
}

/* Where the field that starts at `at` ends: at a separator, a line end or the end of the bytes. */
static size_t field_end(const char *bytes, size_t size, size_t at, csv_format format) {
  if (format.quoted && at < size && bytes[at] == '"') {
    for (at++; at < size; at++) {
      if (bytes[at] != '"') continue;
      if (at + 1 == size || bytes[at + 1] != '"') {
        at++;
        break;
      }
      at++; /* two quotes are one within */
    }
  }
  while (at < size && bytes[at] != format.separator && bytes[at] != '\n') at++;
  return at;
}

bool csv_next(const char *bytes, size_t size, bool last, csv_format format, int column,
              csv_record *out) {
  *out = (csv_record){0};
  if (size == 0) return false;
  size_t at = 0;
  for (;;) {
    const size_t end = field_end(bytes, size, at, format);
    const bool line_ends = end == size || bytes[end] == '\n';
    size_t without = end;
    if (line_ends && without > at && bytes[without - 1] == '\r') without--;
    if (out->fields == column) out->field = (utf8_text){bytes + at, without - at};
    out->fields++;
    if (line_ends) {
      out->end = without;
      out->bytes = end < size ? end + 1 : size;
      return end < size || last;
    }
    at = end + 1;
  }
}

static bool is_quoted(utf8_text field, csv_format format) {
  return format.quoted && field.bytes > 0 && field.text[0] == '"';
}

size_t csv_unquote(utf8_text field, csv_format format, char *out) {
  if (!is_quoted(field, format)) {
    if (field.bytes > 0) memcpy(out, field.text, field.bytes);
    return field.bytes;
  }
  size_t written = 0;
  bool inside = true;
  for (size_t i = 1; i < field.bytes; i++) {
    if (inside && field.text[i] == '"') {
      if (i + 1 < field.bytes && field.text[i + 1] == '"') {
        out[written++] = field.text[i++];
      } else {
        inside = false;
      }
    } else {
      out[written++] = field.text[i];
    }
  }
  return written;
}

static bool needs_quotes(char c, csv_format format) {
  return c == format.separator || c == '\n' || c == '\r' || (format.quoted && c == '"');
}

size_t csv_quote(utf8_text text, csv_format format, char *out) {
  bool needed = false;
  for (size_t i = 0; i < text.bytes; i++) needed = needed || needs_quotes(text.text[i], format);
  size_t written = 0;
  if (needed && format.quoted) out[written++] = '"';
  for (size_t i = 0; i < text.bytes; i++) {
    char c = text.text[i];
    if (format.quoted && c == '"') out[written++] = '"';
    if (!format.quoted && needs_quotes(c, format)) c = ' ';
    out[written++] = c;
  }
  if (needed && format.quoted) out[written++] = '"';
  return written;
}
