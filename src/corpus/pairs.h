#ifndef RECUR_PAIRS_H
#define RECUR_PAIRS_H

#include "arena.h"
#include "text_buffer.h"
#include "utf8.h"

/* Sentences and their translations, one `source<TAB>target` a line. */

typedef struct text_pair {
  utf8_text source, target; /* normalised (normalize.h), or as a text layer marks them */
  utf8_text written;        /* the source as it stands in the file, */
  utf8_text reference;      /* and the target */
  int line;                 /* from 1 */
} text_pair;

typedef struct text_pairs {
  text_pair *items; /* [count], at least one */
  int count;
  char sha256[65]; /* of the file */
  char *bytes, *normalized;
} text_pairs;

/* Reads a file, "-" for standard input; french: the target is French (normalize_french).
 * RC_ERR_FORMAT with "FILE:LINE: reason" as tsv_split, and where normalising leaves nothing;
 * RC_ERR_IO. Freed with pairs_free, on failure too. */
rc_status pairs_read(text_pairs *out, const char *path, bool french, rc_error *error);

/* The same of a piece of a file, from a line's begin to a line's end, behind so many lines: bytes
 * [size] are malloc'd, and those of `out` from now on. There may be no pair in it. */
rc_status pairs_read_piece(text_pairs *out, const char *path, char *bytes, size_t size, int lines,
                           bool french, rc_error *error);
void pairs_free(text_pairs *pairs);

/* One text alone: what is normalised goes behind the buffer's. scratch: reset; needs
 * pairs_normalize_bytes of the text's. */
size_t pairs_normalize_bytes(size_t bytes);
rc_status pairs_normalize(text_buffer *out, utf8_text text, bool french, rc_arena *scratch,
                          rc_error *error);

#endif
