#ifndef RECUR_PAIR_FILTER_H
#define RECUR_PAIR_FILTER_H

#include "pairs.h"

/* What can be seen of a pair without knowing the languages: that one side does not translate the
 * other. */

typedef enum pair_fault {
  PAIR_FINE,
  PAIR_EMPTY,  /* a side has no text */
  PAIR_COPIED, /* both are the same */
  PAIR_UNLIKE, /* one is far longer than the other */
} pair_fault;

/* ratio: the longer side has at most ratio times the characters of the shorter and ten more, which
 * leaves room for short ones; 0: any lengths. */
pair_fault pair_filter_check(utf8_text source, utf8_text target, double ratio);

/* Drops the pairs that are at fault, and keeps the others in order. Returns how many went. */
int pair_filter_faults(text_pairs *pairs, double ratio);

/* Drops from each of the files [count] the pairs that are in it, or in a file before, already.
 * RC_ERR_MEMORY. */
rc_status pair_filter_repeated(text_pairs *files, int count, int *dropped, rc_error *error);

#endif
