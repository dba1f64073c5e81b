#include "input_lines.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

rc_status input_lines_open(input_lines *in, int most, rc_error *error) {
  *in = (input_lines){.most = most,
                      .number = 1,
                      .lines = malloc((size_t)most * sizeof *in->lines),
                      .more = malloc((size_t)most * sizeof *in->more),
                      .ends = malloc((size_t)most * sizeof *in->ends)};
  struct stat input;
  if (fstat(STDIN_FILENO, &input) == 0 && S_ISREG(input.st_mode)) in->total = (size_t)input.st_size;
  if (in->lines != NULL && in->more != NULL && in->ends != NULL) return RC_OK;
  return rc_fail(error, RC_ERR_MEMORY, "out of memory for lines");
}

void input_lines_free(input_lines *in) {
  free(in->lines);
  free(in->more);
  free(in->ends);
  text_free(&in->bytes);
  *in = (input_lines){0};
}

/* Appends a line to the bytes, its end left out; *got: whether there was one. Of a line that is too
 * long no more is read than shows it. */
static rc_status read_line(input_lines *in, bool *got, rc_error *error) {
  const size_t start = in->bytes.size;
  char piece[4096];
  size_t used = 0;
  int byte;
  flockfile(stdin);
  while ((byte = getc_unlocked(stdin)) != EOF && byte != '\n') {
    piece[used++] = (char)byte;
    in->taken++;
    if (used < sizeof piece) continue;
    text_add_bytes(&in->bytes, piece, used);
    used = 0;
    if (in->bytes.failed || in->bytes.size - start > INPUT_LINE_MAX) break;
  }
  const int reason = errno;
  funlockfile(stdin);
  text_add_bytes(&in->bytes, piece, used);
  *got = byte != EOF || in->bytes.size > start;
  in->taken += byte == '\n';
  if (in->bytes.failed) return rc_fail(error, RC_ERR_MEMORY, "out of memory for lines");
  if (ferror(stdin)) return rc_fail(error, RC_ERR_IO, "standard input: %s", strerror(reason));
  if (in->bytes.size - start > INPUT_LINE_MAX) {
    return rc_fail(error, RC_ERR_RANGE, "line %ld: longer than %d bytes", in->number + in->count,
                   INPUT_LINE_MAX);
  }
  if (in->bytes.size > start && in->bytes.text[in->bytes.size - 1] == '\r') in->bytes.size--;
  return RC_OK;
}

static utf8_text without_mark(utf8_text line) {
  if (line.bytes < 3 || memcmp(line.text, "\xEF\xBB\xBF", 3) != 0) return line;
  return (utf8_text){line.text + 3, line.bytes - 3};
}

rc_status input_lines_next(input_lines *in, rc_error *error) {
  const bool first = in->taken == 0;
  in->number += in->count;
  in->bytes.size = 0;
  in->count = 0;
  for (bool got = in->status == RC_OK; got && in->count < in->most;) {
    in->status = read_line(in, &got, &in->error);
    if (in->status != RC_OK) break;
    if (got) in->ends[in->count++] = in->bytes.size;
    if (in->bytes.size > INPUT_BYTES_ENOUGH) break;
  }
  if (in->count == 0 && in->status != RC_OK) {
    if (error != NULL) *error = in->error;
    return in->status;
  }
  for (int i = 0; i < in->count; i++) {
    size_t start = i == 0 ? 0 : in->ends[i - 1];
    const char *text = in->bytes.text == NULL ? "" : in->bytes.text + start;
    in->lines[i] = (utf8_text){text, in->ends[i] - start};
  }
  if (first && in->count > 0) in->lines[0] = without_mark(in->lines[0]);
  return RC_OK;
}

rc_status input_lines_split(input_lines *in, rc_error *error) {
  for (int i = 0; i < in->count; i++) {
    utf8_text line = in->lines[i];
    in->more[i] = (utf8_text){line.text, 0};
    if (line.bytes == 0) continue;
    const char *tab = memchr(line.text, '\t', line.bytes);
    size_t source = tab == NULL ? 0 : (size_t)(tab - line.text);
    size_t rest = tab == NULL ? 0 : line.bytes - source - 1;
    if (tab == NULL || memchr(tab + 1, '\t', rest) != NULL) {
      const char *fault =
          memchr(line.text, '\r', line.bytes) != NULL
              ? "a carriage return without a line feed does not end a line, so there "
                "is not one tab"
          : tab == NULL ? "no tab"
                        : "more than one tab";
      return rc_fail(error, RC_ERR_FORMAT, "line %ld: %s between source and reference",
                     in->number + i, fault);
    }
    in->lines[i].bytes = source;
    in->more[i] = (utf8_text){tab + 1, rest};
  }
  return RC_OK;
}
