#ifndef RECUR_TRAINING_H
#define RECUR_TRAINING_H

#include "checkpoint.h"
#include "json_log.h"
#include "progress.h"
#include "run_settings.h"
#include "text_buffer.h"

/* The run that every training command has, from fresh weights or a checkpoint to a weight file:
 * resuming, the loop, signals, checkpoints, what is shown and logged. A task fills in the rest. */

/* What came of a run, and of all its evaluations. */
typedef struct run_result {
  history history;
  long parameters;
  size_t file_bytes;
  bool stopped; /* a signal ended it early: saved, may be resumed */
} run_result;

/* What is a task's own; self is its `self`. */
typedef struct training_task {
  const char *event; /* an evaluation in the log: "epoch" */
  /* Of the ranks (ranks.h), all call what follows, but for `show` and `log_...`, of which only rank
   * 0's is seen. */
  /* After every step; NULL: nothing to do. */
  void (*stepped)(void *self, const trainer_result *step);
  /* Examples of the running epoch, for the progress. */
  long (*epoch_size)(const void *self);
  /* Fills a row, NaN so far, with what the weights as they are came to; *seen: on how many examples
   * since the row before. */
  rc_status (*evaluate)(void *self, double *row, double *seen, rc_error *error);
  /* The last row is that of these weights: keeps what may be worth it. */
  rc_status (*keep)(void *self, rc_error *error);
  /* After its line; NULL: nothing more to say. */
  void (*show)(const void *self);
  /* Makes the weight file; rank 0 writes it. */
  rc_status (*finish)(void *self, rc_error *error);
  /* Adds what is learnt from: "720 names, 18 labels". */
  void (*announce)(const void *self, text_buffer *words);
  /* Members of the log's records: first what the data are, then how many; of the last row (or
   * NULL); of the finished run. */
  void (*log_data)(const void *self, json *record);
  void (*log_counts)(const void *self, json *record);
  void (*log_row)(const void *self, json *record);
  void (*log_result)(const void *self, json *record);
} training_task;

typedef struct training {
  const training_task *task;
  void *self;
  trainer *trainer;
  run_result *result;
  json_log *log;
  progress *bar;
  const run_settings *settings;
  const char *checkpoint; /* path */
  int epochs;             /* at most */
  long least, most;       /* updates of an epoch */
  int classes;            /* that the network tells apart */
  bool accuracy;          /* the trainer counts what was right */
  checkpoint_extras extras;
  double epoch_seconds; /* spent since the last evaluation, without evaluation and saving */
  double saved;         /* when the last checkpoint was written */
} training;

/* What the trainer needs to share a run with the other ranks. */
trainer_ranks training_ranks(void);

/* Trains to the end or to a signal, with checkpoints, from the last of them where it is to resume
 * and there is one. A complete run leaves its checkpoint. */
rc_status training_run(training *run, rc_error *error);

/* Whether a network of that mean loss, in nats, may be written to `path`: RC_ERR_RANGE where
 * training ran away, to a loss far worse than that of guessing among so many classes, ln(classes),
 * and there is a file, which can only be better. */
rc_status training_may_replace(const char *path, double loss, int classes, rc_error *error);

#endif
