#ifndef RECUR_NAMES_DATA_H
#define RECUR_NAMES_DATA_H

#include "alphabet.h"
#include "arena.h"
#include "examples.h"
#include "rng.h"

/* Names as letter ids, ready for a trainer. */

typedef struct name_set {
  int count;
  const int **ids; /* [count] */
  int *lengths;    /* [count], each >= 1 */
  int *labels;     /* [count] */
  rc_arena memory; /* owns the three and the letters */
} name_set;

void name_set_free(name_set *set);

/* Encodes examples. RC_ERR_FORMAT with "FILE:LINE: reason" for a name without a letter or with more
 * than CLASSIFIER_LETTERS_MAX. */
rc_status name_set_encode(name_set *out, const examples *source, const char *file,
                          alphabet_case letter_case, rc_error *error);

/* Pseudo-names: the beginning of one name and the end of another of the same label, cut behind the
 * same two letters (Peter|s and Ander|sen make Petersen). `wanted` are tried; those that are known
 * names, came before or are longer than SPLICE_LETTERS_MAX are left out. */
enum { SPLICE_CONTEXT = 2, SPLICE_LETTERS_MAX = 20 };
rc_status name_set_splice(name_set *out, const name_set *known, int wanted, uint64_t seed,
                          rc_error *error);

#endif
