#ifndef RECUR_JSON_LOG_H
#define RECUR_JSON_LOG_H

#include <stdbool.h>

#include "json.h"

/* A log of one JSON object a line (jsonlines.org), each flushed as it is written so that another
 * program can follow. */

typedef struct json_log {
  const char *path; /* NULL: no log, writing is a no-op */
  bool resume;
  FILE *file; /* NULL before the first record */
} json_log;

/* path NULL: a log that swallows everything. The file is opened with the first record, when all
 * that a program reads has been found good. resume true: it goes on after the last whole line of an
 * existing file (half a line that a kill left is cut off); false: it begins anew. */
json_log json_log_of(const char *path, bool resume);

/* Appends one record and frees it. RC_ERR_IO naming the file. */
rc_status json_log_write(json_log *log, json *record, rc_error *error);

/* RC_ERR_IO if the last bytes could not be written. */
rc_status json_log_close(json_log *log, rc_error *error);

#endif
