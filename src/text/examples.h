#ifndef RECUR_EXAMPLES_H
#define RECUR_EXAMPLES_H

#include <stdbool.h>

#include "arena.h"
#include "tsv.h"

/* Labelled examples, one `text<TAB>label` a line, UTF-8. */

enum { EXAMPLES_LINE_MAX = TSV_LINE_MAX }; /* bytes */

typedef struct example {
  const char *text; /* into the caller's bytes, not terminated */
  size_t bytes;
  int label; /* index into labels */
  int line;  /* from 1 */
} example;

typedef struct examples {
  example *items;
  int count;
  const char **labels; /* [label_count], terminated; sorted by bytes, or as given */
  int label_count;
} examples;

/* Reads a whole file's bytes, which must outlive `out`. `name` is the file's name for messages.
 * Blank lines (empty or spaces) and a final missing newline are fine, CR before LF is dropped, so
 * is a UTF-8 byte order mark, and white space around a label. Labels are collected from the data,
 * or taken from `known` (NULL-free array of known_count distinct labels, whose order stays) when
 * given, and then an unknown label is an error. RC_ERR_FORMAT with "FILE:LINE: reason" for no tab,
 * more than one tab, an empty side (or one of white space only), invalid UTF-8, a NUL byte, a line
 * over EXAMPLES_LINE_MAX; or when no example is left, or the file is over INT_MAX bytes. Memory
 * (items and labels) comes from malloc; free with examples_free. On failure there is nothing to
 * free, and freeing is harmless. */
rc_status examples_read(examples *out, const char *name, const char *bytes, size_t size,
                        const char *const *known, int known_count, rc_error *error);
void examples_free(examples *out);

/* repeated: [count] receives whether an earlier example has the same text and label, byte for byte.
 * Scores "over distinct pairs" count the others. RC_ERR_MEMORY, and then nothing is written. */
rc_status examples_mark_repeated(const examples *set, bool *repeated, rc_error *error);

/* Keeps only those that repeat no earlier one. RC_ERR_MEMORY, and then nothing has changed. */
rc_status examples_drop_repeated(examples *set, rc_error *error);

/* The example at `index`, negative ones counted from the end (-1 is the last), as Python's lists.
 * RC_ERR_RANGE outside. */
rc_status examples_at(const examples *set, long index, const example **out, rc_error *error);

#endif
