#ifndef RECUR_NAMES_ALIKE_H
#define RECUR_NAMES_ALIKE_H

#include "examples.h"
#include "scores.h"

/* Labelled names to score by what is right for a name: each spelling once, with every label under
 * which it stands in any spelling that differs from it only in marks and case (fold_text). */
typedef struct names_alike {
  int count;
  int *items;  /* [count] an example of each spelling, the first, in the order of the data */
  int *starts; /* [count + 1] of label_sets */
  int *labels;
  label_sets sets;
} names_alike;

/* RC_ERR_MEMORY. Freed with names_alike_free, on failure too. */
rc_status names_alike_make(names_alike *out, const examples *set, rc_error *error);
void names_alike_free(names_alike *names);

#endif
