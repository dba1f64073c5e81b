#ifndef RECUR_LEXICON_H
#define RECUR_LEXICON_H

#include <stddef.h>
#include <stdint.h>

#include "status.h"

/* Which target tokens translate a source token, by IBM's Model 1 (Brown et al. 1993, "The
 * Mathematics of Statistical Machine Translation"): t(f | e), learnt by expectation maximisation
 * from pairs of sentences, where each target token comes from one of the source's, wherever it
 * stands. */

/* Pairs of sentences as token ids, grown by lexicon_pairs_add. */
typedef struct lexicon_pairs {
  int *ids;       /* sources and targets in turn, one pair after another */
  size_t *starts; /* [2 * count + 1] of each source and target */
  size_t count, ids_room, count_room;
} lexicon_pairs;

/* RC_ERR_MEMORY. Freed with lexicon_pairs_free, on failure too. */
rc_status lexicon_pairs_add(lexicon_pairs *pairs, const int *source, int source_length,
                            const int *target, int target_length, rc_error *error);
void lexicon_pairs_free(lexicon_pairs *pairs);

/* t(f | e) of what stood together in a pair. */
typedef struct lexicon_entry {
  uint32_t source, target;
  float probability, expected; /* expected: how often, in the iteration under way */
} lexicon_entry;

typedef struct lexicon {
  lexicon_entry *entries; /* [mask + 1] a hash table; probability 0: nothing */
  size_t count, mask;
} lexicon;

/* Learns from the pairs, whose sources are below source_vocabulary. RC_ERR_MEMORY; freed with
 * lexicon_free, on failure too. */
rc_status lexicon_learn(lexicon *out, const lexicon_pairs *pairs, int source_vocabulary,
                        int iterations, rc_error *error);
void lexicon_free(lexicon *l);

/* Of each source its most probable targets, at most `width` of a probability of at least `least`,
 * to best [source_vocabulary, width], the most probable first, of equals that of the lower id, and
 * how many to counts [source_vocabulary]. RC_ERR_MEMORY. */
rc_status lexicon_best(const lexicon *l, int source_vocabulary, int width, double least,
                       uint16_t *best, uint16_t *counts, rc_error *error);

#endif
