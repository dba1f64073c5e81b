#ifndef RECUR_CHECKPOINT_H
#define RECUR_CHECKPOINT_H

#include "history.h"
#include "trainer.h"

/* A training run between two steps, as a GGUF file: weights, moving average, optimiser state, where
 * the run stands, the settings that it must go on with, and what the program keeps beside. */

typedef struct checkpoint_numbers {
  const char *key; /* "checkpoint.seconds" */
  double *values;  /* [count] */
  int count;
} checkpoint_numbers;

typedef struct checkpoint_block { /* P elements; absent where values is NULL */
  const char *name;
  real *values;
} checkpoint_block;

enum { CHECKPOINT_BLOCKS_MAX = 32 };

/* What the program keeps: where to read it from and where to put it back. */
typedef struct checkpoint_extras {
  const char *settings; /* "name=value" lines, compared when loading */
  const checkpoint_numbers *numbers;
  int number_count;
  const checkpoint_block *blocks;
  int block_count;
  history *past; /* what its evaluations came to; empty when loading */
} checkpoint_extras;

/* Replaces `path` atomically. RC_ERR_RANGE if a weight is not finite. */
rc_status checkpoint_save(const char *path, const trainer *run, const checkpoint_extras *extras,
                          rc_error *error);

/* Restores `run`, on all ranks from the file that rank 0 reads (ranks.h), made with the same
 * settings, at most `steps` into the run and `epochs`, and lays out the epoch where it stands.
 * RC_ERR_ARGUMENT naming the first setting that differs; RC_ERR_FORMAT for a damaged file;
 * RC_ERR_IO if there is none. On failure it is not fit for use. */
rc_status checkpoint_load(const char *path, trainer *run, long steps, int epochs,
                          const checkpoint_extras *extras, rc_error *error);

#endif
