#ifndef RECUR_BATCHES_H
#define RECUR_BATCHES_H

#include "rng.h"
#include "status.h"

/* Batches by length: every epoch the examples are shuffled, sorted by length (stable, so equal
 * lengths stay shuffled), cut into batches and the batches shuffled. */

/* order: [count] receives a permutation of 0..count-1 in which batch i is the slice
 * [starts[i], starts[i + 1]); starts: [ceil(count / batch) + 1]. Returns the number of batches.
 * batch 1 is a plain shuffle. scratch: [count + batches] ints. */
int batches_by_length(int count, const int *lengths, int batch, rc_rng *rng, int *order,
                      int *starts, int *scratch);

#endif
