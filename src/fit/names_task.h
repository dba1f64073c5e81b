#ifndef RECUR_NAMES_TASK_H
#define RECUR_NAMES_TASK_H

#include "classifier.h"
#include "trainer.h"

/* A classifier learning from texts in memory, as a task for the trainer. */

typedef struct train_set {
  int count;
  int always;            /* the first so many are trained in every epoch, */
  int drawn;             /* and so many of the next `pool`, drawn anew for each epoch; */
  int pool;              /* what comes behind them only takes the place of others */
  const int *const *ids; /* [count] letter ids of each text */
  const int *lengths;    /* [count], each >= 1 */
  const int *labels;     /* [count] */
  const int *plain;      /* [always] index of the same without marks, -1: there is no such; or
                            NULL for none */
  const real *soft;      /* [count, C] target distributions in place of the labels, or NULL */
} train_set;

typedef struct names_task_options {
  int batch;         /* texts a step */
  real smoothing;    /* of the hard labels */
  real unknown_rate; /* letters replaced by the unknown letter while training */
  real plain_rate;   /* texts replaced by what they are without marks */
} names_task_options;

typedef struct names_task {
  classifier net;
  names_task_options options;
  const train_set *data;
  int shards;
  /* The running epoch's batches. */
  int *members, *lengths, *order, *starts, *scratch;
  struct names_shard *shard;                            /* [shards] */
  classifier_workspace *workspaces[TRAINER_SHARDS_MAX]; /* of each thread */
} names_task;

/* `data` must outlive the task. */
rc_status names_task_make(names_task *task, const classifier_config *config,
                          const names_task_options *options, const train_set *data,
                          rc_error *error);
train_task names_task_of(names_task *task);

/* Texts in an epoch; its updates. */
int train_set_epoch_count(const train_set *data);
int names_task_epoch_steps(const names_task *task);

#endif
