#ifndef RECUR_PAIR_PIECES_H
#define RECUR_PAIR_PIECES_H

#include <stdint.h>

#include "pairs.h"
#include "progress.h"

/* Files of pairs that need not fit into memory, in pieces of whole lines that are read one by one,
 * in any order and by several threads at once. */

typedef struct pair_piece {
  int file;             /* of those that were opened */
  int line, line_count; /* lines of the file before it; its own, blank ones included */
  size_t start, bytes;  /* in the file */
  uint64_t hash;        /* of these bytes */
} pair_piece;

typedef struct pair_pieces {
  const char *const *paths; /* [file_count] */
  int *files;               /* [file_count] descriptors */
  char (*sha256)[65];       /* [file_count] */
  int file_count, opened;
  pair_piece *items; /* [count] file by file, from the first line to the last */
  int count, room;
} pair_pieces;

/* The bytes of all of them; SIZE_MAX if one is no regular file, or is not there. */
size_t pair_pieces_size(const char *const *paths, int count, size_t *largest);

/* Reads the files once, to find out where their pieces are: the lines up to the end of that in
 * which so many bytes are full. RC_ERR_IO; RC_ERR_FORMAT for an empty file or more than INT_MAX
 * lines; RC_ERR_MEMORY. paths outlive `out`, which is freed with pair_pieces_close, on failure too.
 */
rc_status pair_pieces_open(pair_pieces *out, const char *const *paths, int count, size_t bytes,
                           progress *bar, rc_error *error);
void pair_pieces_close(pair_pieces *pieces);

/* Reads a piece, as pairs_read. RC_ERR_IO also where the file is not what it was. Freed with
 * pairs_free, on failure too. */
rc_status pair_pieces_read(const pair_pieces *pieces, int piece, bool french, text_pairs *out,
                           rc_error *error);

/* Whether the training is to end while data are still read: RC_ERR_IO. */
rc_status pair_pieces_check_signals(rc_error *error);

#endif
