#ifndef RECUR_NAMES_TARGETS_H
#define RECUR_NAMES_TARGETS_H

#include "names_settings.h"
#include "names_truth.h"
#include "ngrams.h"

/* What a network is trained towards: labels alone, or labels and teachers (Hinton et al. 2015,
 * "Distilling the Knowledge in a Neural Network"). */

typedef struct names_targets {
  names_truth truth;
  name_set pseudo;
  ngram_model ngrams; /* without features where none was asked for */
} names_targets;

/* What is learnt, and which letters and labels it has: teachers must have the same. */
typedef struct names_subject {
  const name_set *known; /* distinct pairs */
  const alphabet *letters;
  const char *const *labels; /* [label_count] */
  int label_count;
} names_subject;

/* The subject must outlive the targets. */
rc_status names_targets_make(names_targets *out, const names_settings *settings,
                             const names_subject *subject, rc_error *error);
void names_targets_free(names_targets *targets);

#endif
