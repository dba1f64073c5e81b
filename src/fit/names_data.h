#ifndef RECUR_NAMES_DATA_H
#define RECUR_NAMES_DATA_H

#include "alphabet.h"
#include "arena.h"
#include "examples.h"

/* Names as letter ids, ready for a trainer. */

typedef struct name_set {
  int count;
  const int **ids; /* [count] */
  int *lengths;    /* [count], each >= 1 */
  int *labels;     /* [count] */
  rc_arena memory; /* owns the three and the letters */
} name_set;

void name_set_free(name_set *set);

/* An empty set with room for `count` names of `letters` letters in all. *block: for the letters. */
rc_status name_set_new(name_set *set, size_t count, size_t letters, int **block, rc_error *error);
/* Adds a name whose letters lie in the block, or live as long. */
void name_set_append(name_set *set, const int *ids, int length, int label);

/* Encodes examples. RC_ERR_FORMAT with "FILE:LINE: reason" for a name without a letter or with more
 * than CLASSIFIER_LETTERS_MAX. */
rc_status name_set_encode(name_set *out, const examples *source, const char *file,
                          const alphabet *letters_of, alphabet_case letter_case, rc_error *error);

/* The letters of the examples (alphabet_learn.h). */
rc_status names_data_letters(alphabet *out, const examples *source, int least, rc_arena *memory,
                             rc_error *error);

#endif
