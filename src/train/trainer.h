#ifndef RECUR_TRAINER_H
#define RECUR_TRAINER_H

#include <stdint.h>

#include "classifier.h"
#include "optimizer.h"

/* Trains a classifier on texts in memory. No files, no clock, no printing: train_names.c adds them.
 *
 * A batch is cut into a number of shards that depends on its size alone. Threads share the shards;
 * each shard has its own gradients, added up in shard order, and draws its random numbers from
 * (seed, step, shard). So the weights are the same, bit for bit, for any number of threads and
 * however often the run was interrupted. */

typedef struct train_set {
  int count;
  int always;            /* the first so many are trained in every epoch, */
  int drawn;             /* and so many of the rest, drawn anew for each epoch */
  const int *const *ids; /* [count] letter ids of each text */
  const int *lengths;    /* [count], each >= 1 */
  const int *labels;     /* [count] */
  const real *soft;      /* [count, C] target distributions in place of the labels, or NULL */
} train_set;

typedef struct trainer_options {
  optimizer_kind optimizer;
  schedule_kind schedule;
  real lr, momentum, beta2, weight_decay;
  real clip;   /* global gradient norm; 0: none */
  real warmup; /* share of all steps, in [0, 1) */
  int epochs, batch, threads;
  uint64_t seed;
  real smoothing;    /* of the hard labels */
  real unknown_rate; /* letters replaced by the unknown letter while training */
  real average;      /* decay of the exponential moving average of the weights; 0: none */
} trainer_options;

enum { TRAINER_SHARDS_MAX = 8 };

typedef struct trainer {
  classifier net;
  trainer_options options;
  const train_set *data;
  schedule schedule;
  optimizer optimizer;
  real *values;  /* [P] */
  real *average; /* [P] moving average of the values, or NULL */
  /* Where the run stands: all that a checkpoint holds beside the blocks above. */
  long step;       /* updates done */
  int epoch;       /* epochs done */
  int batch;       /* batches done in the running epoch */
  double loss_sum; /* over the running epoch, nats */
  long correct, seen;
  /* The running epoch's batches. */
  int batches;
  int *members, *lengths, *order, *starts, *scratch;
  int shards;
  struct trainer_shard *shard;                          /* [shards] */
  classifier_workspace *workspaces[TRAINER_SHARDS_MAX]; /* of each thread */
  rc_arena memory;
} trainer;

/* Allocates everything and draws fresh weights. `data` must outlive the trainer. */
rc_status trainer_new(trainer *t, const classifier_config *config, const trainer_options *options,
                      const train_set *data, rc_error *error);
void trainer_free(trainer *t);

/* Lays out the running epoch's batches. Call at the start of each epoch and after the fields above
 * were restored from a checkpoint. */
void trainer_begin_epoch(trainer *t);

/* One batch: forward, backward, update. RC_ERR_RANGE if the loss is no longer finite, which leaves
 * the weights as they were. */
rc_status trainer_step(trainer *t, rc_error *error);

/* After the last batch: counts the epoch and clears the running sums. */
void trainer_end_epoch(trainer *t);

/* The weights to evaluate and save: the average if there is one. */
const real *trainer_weights(const trainer *t);

/* Texts in an epoch; updates in the whole run. */
int train_set_epoch_count(const train_set *data);
long trainer_total_steps(const trainer_options *options, const train_set *data);

#endif
