#ifndef RECUR_CSV_H
#define RECUR_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "utf8.h"

/* Tables of text with separated values, read without a change to their bytes: RFC 4180, with any
 * separator and either line end, and tables with tabs, in which quotes are letters like others. */

/* Where the fields of a record end. */
typedef struct csv_format {
  char separator; /* ',', ';', '\t' or any other ASCII character but quotes and line ends */
  bool quoted;    /* a field that begins with " goes on to its closing one, whatever is between */
} csv_format;

csv_format csv_format_of(char separator);

/* The format whose separator, a tab, a semicolon or a comma, the first record has most of; a comma
 * where it has none. A byte order mark and quotes are seen through. */
csv_format csv_guess(const char *bytes, size_t size);

typedef struct csv_record {
  size_t bytes;    /* with its line end */
  size_t end;      /* without it: LF, CR LF, or at the end of all nothing */
  int fields;      /* at least 1 */
  utf8_text field; /* as it is written, quotes included; the wanted one, empty if there is none */
} csv_record;

/* Reads the record at the start of the bytes, of which `column` (from 0) is wanted. False: it is
 * not complete, and `last` says that more bytes may follow; or there are no bytes. An unclosed
 * quote reaches to the end of all. */
bool csv_next(const char *bytes, size_t size, bool last, csv_format format, int column,
              csv_record *out);

/* What a field says: without quotes, where it has them. out: [field.bytes]; returns how many bytes.
 */
size_t csv_unquote(utf8_text field, csv_format format, char *out);

/* Writes text as a field, in quotes where it needs them: out [2 * bytes + 2]. What a table without
 * quotes cannot hold, a separator or a line end, becomes a space. Returns how many bytes. */
size_t csv_quote(utf8_text text, csv_format format, char *out);

#endif
