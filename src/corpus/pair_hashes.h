#ifndef RECUR_PAIR_HASHES_H
#define RECUR_PAIR_HASHES_H

#include <stdint.h>
#include <stdio.h>

#include "pairs.h"

/* Which of more pairs than memory holds came before: their hashes of 64 bits go to a file without a
 * name, in order, and are then compared share by share. Of a hundred million different pairs two
 * have the same hash in one of four thousand sets. */

typedef struct pair_hashes {
  FILE *file;
  size_t count;
} pair_hashes;

/* In the folder of `beside`, where there is room for 8 bytes a pair; nothing is left there, not
 * even by a kill. RC_ERR_IO. Ended with pair_hashes_close, on failure too. */
rc_status pair_hashes_open(pair_hashes *out, const char *beside, rc_error *error);
void pair_hashes_close(pair_hashes *hashes);

/* The next of the places that are counted from 0: a pair, or NULL for none. RC_ERR_IO. */
rc_status pair_hashes_add(pair_hashes *hashes, const text_pair *pair, rc_error *error);

/* Sets the bit (place & 7) of the byte (place >> 3) for each place whose pair came before; returns
 * in *repeated how many. memory: bytes that it may take, about. RC_ERR_IO; RC_ERR_MEMORY. */
rc_status pair_hashes_mark(pair_hashes *hashes, size_t memory, uint8_t *bits, size_t *repeated,
                           rc_error *error);

#endif
