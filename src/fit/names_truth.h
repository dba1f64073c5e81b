#ifndef RECUR_NAMES_TRUTH_H
#define RECUR_NAMES_TRUTH_H

#include "names_learning.h"
#include "names_texts.h"

/* What a network is trained towards by the labels alone, as the trainer addresses it. */

typedef struct names_truth {
  train_set set;
  real *prior; /* [C] the labels' shares */
  rc_arena memory;
  names_texts texts;
} names_truth;

/* Distinct texts of `known`, then the names of `pseudo` (NULL: none) to draw from, then texts
 * without marks. Where the labels are distributions, or `taught`, set.soft is there: the smoothed
 * truth, or room for a teacher to write. Both sets must outlive the truth. RC_ERR_MEMORY. */
rc_status names_truth_make(names_truth *out, const names_learning *how, const name_set *known,
                           const name_set *pseudo, const alphabet *letters, int classes,
                           bool taught, rc_error *error);
/* Sets the prior, to the mean of the texts' targets: again where these have changed. */
void names_truth_measure(names_truth *truth, int classes);
void names_truth_free(names_truth *truth);

#endif
