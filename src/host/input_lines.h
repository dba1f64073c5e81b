#ifndef RECUR_INPUT_LINES_H
#define RECUR_INPUT_LINES_H

#include "status.h"
#include "text_buffer.h"
#include "utf8.h"

/* Standard input, so many lines at a time. */

enum {
  INPUT_LINE_MAX = 4 << 20,     /* bytes of a line; longer ones are refused while they are read */
  INPUT_BYTES_ENOUGH = 8 << 20, /* after so many bytes there are no more lines at a time */
};

typedef struct input_lines {
  utf8_text
      *lines; /* [count] without their ends, LF or CR LF, and the first one's byte order mark */
  int count;
  int most;        /* lines at a time */
  long number;     /* of the first, from 1 */
  size_t taken;    /* bytes so far */
  size_t total;    /* bytes of all; 0 if unknown */
  utf8_text *more; /* [count] after input_lines_split, what is behind each line's tab */
  size_t *ends;
  text_buffer bytes;
  rc_status status; /* why there is no more after these lines */
  rc_error error;
} input_lines;

/* Freed with input_lines_free, on failure too. RC_ERR_MEMORY. */
rc_status input_lines_open(input_lines *in, int most, rc_error *error);
void input_lines_free(input_lines *in);

/* Reads the next lines, none at the end. RC_ERR_IO; RC_ERR_MEMORY; RC_ERR_RANGE for a line that is
 * too long. It fails only after the lines before. */
rc_status input_lines_next(input_lines *in, rc_error *error);

/* Cuts each line at its tab: RC_ERR_FORMAT, saying which, if there is none in a line that is not
 * empty, or more than one. */
rc_status input_lines_split(input_lines *in, rc_error *error);

#endif
