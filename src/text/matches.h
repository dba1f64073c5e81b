#ifndef RECUR_MATCHES_H
#define RECUR_MATCHES_H

#include <stdint.h>

#include "arena.h"

/* Which n-grams of a hypothesis its references have, for BLEU and chrF. */

enum { MATCHES_ORDER_MAX = 6 };

/* The hypothesis and then each reference, one after another in `symbols`, each followed by
 * MATCHES_ORDER_MAX zeros; the symbols themselves are not zero. Sequence s begins at starts[s];
 * starts[count] is the end of the last one's zeros. count >= 1. */
typedef struct match_sequences {
  const uint32_t *symbols;
  const size_t *starts; /* [count + 1] */
  size_t count;
} match_sequences;

/* Symbols of a sequence, and its n-grams. */
size_t matches_length(const match_sequences *sequences, size_t which);
size_t matches_ngrams(const match_sequences *sequences, size_t which, int order);

/* Arena space for matches_count, `symbols` being all of them, zeros too. */
size_t matches_bytes(size_t symbols, size_t count);

/* For n = 1 to order <= MATCHES_ORDER_MAX, the number of n-grams of the hypothesis that are
 * matched, each at most as often as it occurs
 *   any   [order]             in the reference in which it occurs most often
 *   each  [count - 1, order]  in that reference
 * O(N log N) in the length of all. RC_ERR_MEMORY if the arena is too small. */
rc_status matches_count(const match_sequences *sequences, int order, rc_arena *scratch,
                        int64_t *any, int64_t *each, rc_error *error);

#endif
