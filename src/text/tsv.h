#ifndef RECUR_TSV_H
#define RECUR_TSV_H

#include <stdbool.h>

#include "status.h"
#include "utf8.h"

/* Lines of two fields with a tab between them, UTF-8, in a file's bytes. */

enum { TSV_LINE_MAX = 100000 }; /* bytes */

typedef struct tsv_lines {
  const char *name; /* of the file, for messages */
  const char *at, *end;
  int number; /* of the line last taken, from 1 */
} tsv_lines;

/* A byte order mark is skipped. RC_ERR_FORMAT for more than INT_MAX bytes. */
rc_status tsv_begin(tsv_lines *all, const char *name, const char *bytes, size_t size,
                    rc_error *error);

/* The next line that is not blank (empty or spaces), without its end, LF or CR LF; false after the
 * last. */
bool tsv_next(tsv_lines *all, utf8_text *line);

/* Splits the line last taken; left and right: what messages call the fields. RC_ERR_FORMAT with
 * "FILE:LINE: reason" for no tab, more than one tab, an empty field (or one of white space only),
 * invalid UTF-8, a NUL byte, a line over TSV_LINE_MAX, and lines that end with CR alone. */
rc_status tsv_split(const tsv_lines *all, utf8_text line, const char *left, const char *right,
                    utf8_text fields[2], rc_error *error);

/* RC_ERR_FORMAT, "FILE:LINE: reason". */
rc_status tsv_refuse(const tsv_lines *all, const char *reason, rc_error *error);

#endif
