#ifndef RECUR_BATCHES_H
#define RECUR_BATCHES_H

#include "rng.h"
#include "status.h"

/* Batches by length: every epoch the examples are shuffled, sorted by length (stable, so equal
 * lengths stay shuffled), cut into batches and the batches shuffled. */

/* order: [count] receives a permutation of 0..count-1 in which batch i is the slice
 * [starts[i], starts[i + 1]); starts: [ceil(count / batch) + 1]. lengths: [count]. Returns the
 * number of batches, all of size `batch` but for the one with the longest examples. batch 1 is a
 * plain shuffle. count >= 0, batch >= 1. scratch: [count + batches] ints. The result depends on the
 * generator's state alone. */
int batches_by_length(int count, const int *lengths, int batch, rc_rng *rng, int *order,
                      int *starts, int *scratch);

/* The same for pairs of texts, in batches of like work: shuffled, sorted by the length of the
 * source and then of the target (stable), cut so that
 *
 *   pairs * (longest source + longest target) <= tokens
 *
 * and the batches shuffled. A pair that exceeds it by itself is a batch by itself. order: [count],
 * starts: [count + 1], scratch: [3 * count] ints; sources, targets: [count] lengths, at least 0 and
 * at most INT_MAX / 2. Returns the number of batches. */
int batches_by_tokens(int count, const int *sources, const int *targets, int tokens, rc_rng *rng,
                      int *order, int *starts, int *scratch);

#endif
