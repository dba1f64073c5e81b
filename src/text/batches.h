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

#endif
