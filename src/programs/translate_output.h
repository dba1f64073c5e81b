#ifndef RECUR_TRANSLATE_OUTPUT_H
#define RECUR_TRANSLATE_OUTPUT_H

#include "translate_lines.h"
#include "translator_file.h"

/* What `translate` prints for a line, on standard output. What of the line was not translated, as
 * the model does not know it or cannot read so much, stands in the JSON, or else on standard error.
 */

typedef struct output_style {
  bool json, attention;
  bool layer; /* tell in the JSON what was copied */
  int nbest;
  codec source, target;              /* name the tokens */
  int longest;                       /* tokens of a source that are read, the end counted */
  const translator_model *inspected; /* with JSON and attention: to look inside of, or NULL */
} output_style;

/* number: of the line, from 1. RC_ERR_MEMORY. */
rc_status translate_output(const output_style *style, utf8_text line, long number,
                           const translated_line *result, rc_error *error);

#endif
