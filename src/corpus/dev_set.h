#ifndef RECUR_DEV_SET_H
#define RECUR_DEV_SET_H

#include "bleu.h"
#include "pairs.h"
#include "translating.h"

/* Pairs to score translations on: each source is translated once, however many references it has.
 */

typedef struct dev_set {
  const text_pair *items; /* [count] */
  int count;
  int *source_of;     /* [count] index into sources */
  utf8_text *sources; /* [source_count] distinct, as they are written, in the order of their first
                       * occurrence */
  int *by_source;     /* [count] the items sorted by source (stable) */
  int source_count;
  size_t longest; /* bytes of all references of a source together, at most */
} dev_set;

/* items must outlive the set. RC_ERR_MEMORY. Freed with dev_set_free, on failure too. */
rc_status dev_set_make(dev_set *out, const text_pair *items, int count, rc_error *error);
void dev_set_free(dev_set *set);

typedef struct dev_scores {
  bleu_score bleu;
  double chrf;    /* 0 to 100 */
  int sentences;  /* scored */
  int references; /* of each; 0 where they differ in number */
} dev_scores;

/* hypotheses: [source_count]. multi false: every pair counts as a sentence with one reference;
 * true: every source does, with all of its references. RC_ERR_MEMORY. */
rc_status dev_set_score(const dev_set *set, const utf8_text *hypotheses, bool multi,
                        dev_scores *out, rc_error *error);

/* The same of the best translation of each source: translations [source_count]. */
rc_status dev_set_score_best(const dev_set *set, const translated *translations, bool multi,
                             dev_scores *scores, rc_error *error);

#endif
