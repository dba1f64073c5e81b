#ifndef RECUR_TRANSLATE_OUTPUT_H
#define RECUR_TRANSLATE_OUTPUT_H

#include "translate_lines.h"

/* What `translate` prints for a line, on standard output. */

typedef struct output_style {
  bool json, attention;
  int nbest;
  codec source, target; /* name the tokens */
} output_style;

/* number: of the line, from 1. RC_ERR_MEMORY. */
rc_status translate_output(const output_style *style, utf8_text line, long number,
                           const translated_line *result, rc_error *error);

#endif
