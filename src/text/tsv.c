#include "tsv.h"

#include <limits.h>
#include <string.h>

rc_status tsv_begin(tsv_lines *all, const char *name, const char *bytes, size_t size,
                    rc_error *error) {
  *all = (tsv_lines){.name = name, .at = bytes, .end = bytes + size};
  if (size > INT_MAX) {
    return rc_fail(error, RC_ERR_FORMAT, "%s: %zu bytes, allowed are %d", name, size, INT_MAX);
  }
  if (size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) all->at += 3;
  return RC_OK;
}

static bool is_blank(utf8_text line) {
  for (size_t i = 0; i < line.bytes; i++) {
    if (line.text[i] != ' ') return false;
  }
  return true;
}

static bool next_line(tsv_lines *all, utf8_text *line) {
  if (all->at == all->end) return false;
  const char *feed = memchr(all->at, '\n', (size_t)(all->end - all->at));
  const char *end = feed == NULL ? all->end : feed;
  *line = (utf8_text){.text = all->at, .bytes = (size_t)(end - all->at)};
  if (line->bytes > 0 && end[-1] == '\r') line->bytes--;
  all->at = feed == NULL ? all->end : feed + 1;
  all->number++;
  return true;
}

bool tsv_next(tsv_lines *all, utf8_text *line) {
  while (next_line(all, line)) {
    if (!is_blank(*line)) return true;
  }
  return false;
}

rc_status tsv_refuse(const tsv_lines *all, const char *reason, rc_error *error) {
  return rc_fail(error, RC_ERR_FORMAT, "%s:%d: %s", all->name, all->number, reason);
}

static bool is_empty(utf8_text field) {
  for (size_t at = 0; at < field.bytes;) {
    uint32_t character;
    at += (size_t)utf8_next(field.text + at, field.bytes - at, &character);
    if (!utf8_is_space(character)) return false;
  }
  return true;
}

rc_status tsv_split(const tsv_lines *all, utf8_text line, const char *left, const char *right,
                    utf8_text fields[2], rc_error *error) {
  rc_error why;
  if (line.bytes > TSV_LINE_MAX) {
    return rc_fail(error, RC_ERR_FORMAT, "%s:%d: a line of %zu bytes, allowed are %d", all->name,
                   all->number, line.bytes, TSV_LINE_MAX);
  }
  if (memchr(line.text, '\0', line.bytes) != NULL) return tsv_refuse(all, "a NUL byte", error);
  if (utf8_check(line.text, line.bytes, &why) != RC_OK) return tsv_refuse(all, why.text, error);
  const char *tab = memchr(line.text, '\t', line.bytes);
  const size_t behind = tab == NULL ? 0 : (size_t)(line.text + line.bytes - tab - 1);
  if ((tab == NULL || memchr(tab + 1, '\t', behind) != NULL) &&
      memchr(line.text, '\r', line.bytes) != NULL) {
    return tsv_refuse(all, "a carriage return alone does not end a line: LF or CR LF does", error);
  }
  if (tab == NULL) {
    return rc_fail(error, RC_ERR_FORMAT, "%s:%d: no tab between %s and %s", all->name, all->number,
                   left, right);
  }
  size_t bytes = (size_t)(tab - line.text);
  fields[0] = (utf8_text){.text = line.text, .bytes = bytes};
  fields[1] = (utf8_text){.text = tab + 1, .bytes = line.bytes - bytes - 1};
  if (memchr(tab + 1, '\t', fields[1].bytes) != NULL) {
    return tsv_refuse(all, "more than one tab: cut -f1,2 leaves the first two columns", error);
  }
  for (int i = 0; i < 2; i++) {
    if (!is_empty(fields[i])) continue;
    return rc_fail(error, RC_ERR_FORMAT, "%s:%d: the %s is empty", all->name, all->number,
                   i == 0 ? left : right);
  }
  return RC_OK;
}
