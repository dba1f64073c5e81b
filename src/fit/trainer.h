#ifndef RECUR_TRAINER_H
#define RECUR_TRAINER_H

#include <stdint.h>

#include "optimizer.h"
#include "rng.h"

/* Trains any network whose gradients a task computes. No files, no clock, no printing: the programs
 * add them.
 *
 * A batch is cut into a number of shards that the task's options alone decide. Processes (ranks)
 * share the shards, and threads those of a process; each shard has its own gradients, added up in
 * shard order, and draws its random numbers from (seed, step, shard). So the weights are the same,
 * bit for bit, for any number of ranks and threads and however often the run was interrupted. */

enum { TRAINER_SHARDS_MAX = 8 };

/* One shard's part of a step. */
typedef struct trainer_share {
  int batch; /* of the running part of the epoch */
  int shard, thread;
  rc_rng rng;
  real *gradients; /* [P] to add to */
} trainer_share;

/* Sums over what was seen: names, or tokens. */
typedef struct trainer_result {
  double loss; /* nats */
  long correct, seen;
} trainer_result;

/* What is learnt. `self` is the task's own and outlives the trainer. */
typedef struct train_task {
  void *self;
  const param_list *params;
  int shards; /* at most TRAINER_SHARDS_MAX */
  void (*init)(const void *self, uint64_t seed, real *values);
  /* Takes from the arena what the batches, the shards and each of the threads need; called twice,
   * first to measure (arena.h). */
  void (*lay_out)(void *self, int threads, rc_arena *arena);
  /* Parts that an epoch comes in, one after the other; 0: it is whole. */
  int parts;
  /* Brings a part of an epoch to where begin_epoch finds it; NULL where epochs are whole. */
  rc_status (*load)(void *self, uint64_t seed, int epoch, int part, rc_error *error);
  /* Lays out the batches of an epoch, or of the part that was loaded, from 0, whatever came before;
   * returns how many. */
  int (*begin_epoch)(void *self, uint64_t seed, int epoch);
  /* Readies itself for a step from these values; NULL: nothing to do. */
  rc_status (*prepare)(void *self, const real *values, rc_error *error);
  /* Adds the gradients of one shard's share. Several threads at once. */
  rc_status (*learn)(const void *self, const real *values, trainer_share *share,
                     trainer_result *result, rc_error *error);
} train_task;

/* The processes that share a run, each with a trainer of the same task and options, and how they
 * reach one another (ranks.h); all 0: there is but this one. */
typedef struct trainer_ranks {
  int rank, count;
  int (*first_of)(int count, int rank);
  void (*unite)(void *bytes, size_t size);
  void (*sum)(real *const *mine, int count, int links, size_t total, int threads, real *sum);
} trainer_ranks;

/* Runs run(self, i, thread) for each i below count, in any order, shared by so many threads: of two
 * calls at once each has another thread, below threads and below count. */
typedef void trainer_each(int threads, int count, void (*run)(void *self, int i, int thread),
                          void *self);

/* The weights [P] as a file will store them, by so many threads. */
typedef void trainer_rounding(const param_list *params, const real *values, real *rounded,
                              int threads);

typedef struct trainer_options {
  optimizer_kind optimizer;
  schedule schedule;
  real momentum, beta2, weight_decay;
  real clip;                  /* global gradient norm; 0: none */
  real average;               /* decay of the exponential moving average of the weights; 0: none */
  trainer_rounding *rounding; /* steps are taken from weights that are so rounded, and change those
                               * that are not (Jacob et al. 2018); NULL: not rounded */
  int threads;
  trainer_each *each; /* what starts them (threads.h); NULL: there is but this one */
  uint64_t seed;
  trainer_ranks ranks;
} trainer_options;

/* What came of a shard in a step. */
typedef struct trainer_outcome {
  trainer_result result;
  rc_status status;
  rc_error error;
} trainer_outcome;

typedef struct trainer {
  train_task task;
  trainer_options options;
  optimizer optimizer;
  size_t total;  /* P */
  real *values;  /* [P] */
  real *rounded; /* [P] those that the network works with, or NULL: the values */
  real *average; /* [P] moving average of the values, or NULL */
  /* Where the run stands: all that a checkpoint holds beside the blocks above. */
  long step;       /* updates done */
  int epoch;       /* epochs done */
  int part;        /* parts done in the running epoch */
  int batch;       /* batches done in the running part */
  double loss_sum; /* over the running epoch, nats */
  long correct, seen;
  double rate; /* on top of the schedule's: 1 unless the program lowers it */

  int batches; /* of the running part */
  /* Of the shards, those from `first` up to `end` are this rank's. */
  int first, end;
  real
      *shard[TRAINER_SHARDS_MAX]; /* [P] gradients, all 0 between two steps; NULL: another rank's */
  trainer_outcome outcome[TRAINER_SHARDS_MAX];
  real *gradients;     /* [P] of the batch: those of the first shard, unless ranks add them up */
  double *square_sums; /* of the parts of the gradient, see trainer.c */
  real clip_factor;    /* of the gradient of this step */
  rc_arena memory;
} trainer;

/* Allocates everything and draws fresh weights. */
rc_status trainer_new(trainer *t, const train_task *task, const trainer_options *options,
                      rc_error *error);
void trainer_free(trainer *t);

/* Lays out the batches of the running part of the epoch. Call at the start of each epoch, and after
 * the fields above were restored from a checkpoint. Fails as the task's load, and never where
 * epochs are whole. */
rc_status trainer_begin_part(trainer *t, rc_error *error);
void trainer_begin_epoch(trainer *t); /* where they are */

/* Whether there is a part after the running one, and going on to it after its last batch. */
bool trainer_has_more(const trainer *t);
rc_status trainer_next_part(trainer *t, rc_error *error);

/* The share of the running epoch that is done. */
double trainer_progress(const trainer *t);

/* One batch: forward, backward, update. RC_ERR_RANGE if the loss is no longer finite, which leaves
 * the weights as they were. */
rc_status trainer_step(trainer *t, rc_error *error);

/* After the last batch: counts the epoch and clears the running sums. */
void trainer_end_epoch(trainer *t);

/* The learning rate of the last step. */
double trainer_rate(const trainer *t);

/* The weights to evaluate and save: the average if there is one. */
const real *trainer_weights(const trainer *t);

#endif
