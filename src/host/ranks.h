#ifndef RECUR_RANKS_H
#define RECUR_RANKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels.h"

/* The processes that train together, on one machine or several, started by mpirun and numbered from
 * 0: ranks. There is one where nothing started more, and where MPI was left out of the build
 * (RECUR_MPI).
 *
 * All of them run the same program with the same arguments and take the same way through it; rank 0
 * alone writes files, and only what it prints is seen. Where nothing else is said a call is made by
 * all ranks, in the same order, and waits for the others. It does not come back where one of them
 * is gone: then mpirun ends all. */

/* First and last call of main; `program` is what messages begin with. The exit code comes back,
 * or PROGRAM_FAILURE where it was another rank that did not end well. */
void ranks_start(const char *program);
int ranks_end(int code);

/* No other rank takes part in these. */
int ranks_count(void);
int ranks_rank(void);
int ranks_on_this_machine(void);

/* Whether it is so on any of the ranks. */
bool ranks_any(bool here);

/* Rank 0's bytes to all. */
void ranks_broadcast(void *bytes, size_t size);

/* All of them get what each has written into its own part, which is 0 on the others: the bytes of
 * all ranks by `or`. */
void ranks_unite(void *bytes, size_t size);

/* Of `count` things in a row, in equal blocks of which the first ranks may have one more: the first
 * of this rank; that of the next for rank + 1, up to `count` for ranks_count(). */
int ranks_first_of(int count, int rank);

/* sum = what the arrays of rank 0, in their order, rank 1 and so on come to, added one after the
 * other: the same bits however many ranks share them. The arrays are then 0.
 * mine: [count, total], at least one for each of the ranks below `links` and none for others. */
void ranks_sum(real *const *mine, int count, int links, size_t total, int threads, real *sum);

/* What the sums have taken on this rank since it started: seconds, waiting for others included, and
 * bytes that it sent. */
typedef struct ranks_traffic {
  double seconds;
  uint64_t bytes;
} ranks_traffic;

ranks_traffic ranks_sums(void);

/* RC_OK if all ranks are; otherwise the failure of the first of them that has one, with its number
 * unless it is 0. A rank that has failed and finds the others busy with something else ends all of
 * them after a few seconds, with its message and exit code 1. */
rc_status ranks_agree(rc_status status, rc_error *error);

#endif
