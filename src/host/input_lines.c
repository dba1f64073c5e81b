#include "input_lines.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
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

static rc_status read_line(input_lines *in, bool first, bool *got, rc_error *error) {
  char *line = NULL;
  size_t capacity = 0;
  ssize_t bytes = getline(&line, &capacity, stdin);
  *got = bytes >= 0;
  if (*got) {
    const char *text = line;
    size_t size = (size_t)bytes;
    in->taken += size;
    if (size > 0 && text[size - 1] == '\n') size--;
    if (size > 0 && text[size - 1] == '\r') size--;
    if (first && size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
      text += 3; /* byte order mark */
      size -= 3;
    }
    text_add_bytes(&in->bytes, text, size);
  }
  free(line);
  if (in->bytes.failed) return rc_fail(error, RC_ERR_MEMORY, "out of memory for lines");
  if (ferror(stdin)) return rc_fail(error, RC_ERR_IO, "standard input: %s", strerror(errno));
  return RC_OK;
}

rc_status input_lines_next(input_lines *in, rc_error *error) {
  in->number += in->count;
  in->bytes.size = 0;
  in->count = 0;
  for (bool got = true; in->count < in->most && got;) {
    RC_TRY(read_line(in, in->taken == 0, &got, error));
    if (got) in->ends[in->count++] = in->bytes.size;
  }
  for (int i = 0; i < in->count; i++) {
    size_t start = i == 0 ? 0 : in->ends[i - 1];
    const char *text = in->bytes.text == NULL ? "" : in->bytes.text + start;
    in->lines[i] = (utf8_text){text, in->ends[i] - start};
  }
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
      return rc_fail(error, RC_ERR_FORMAT, "line %ld: %s between source and reference",
                     in->number + i, tab == NULL ? "no tab" : "more than one tab");
    }
    in->lines[i].bytes = source;
    in->more[i] = (utf8_text){tab + 1, rest};
  }
  return RC_OK;
}
