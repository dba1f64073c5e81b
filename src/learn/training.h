#ifndef RECUR_TRAINING_H
#define RECUR_TRAINING_H

#include "checkpoint.h"
#include "progress.h"

/* The loop around a trainer that every training program has: progress, signals, checkpoints. */

typedef struct training {
  trainer *trainer;
  progress *bar;
  int epochs;              /* at most */
  const char *checkpoint;  /* path */
  double checkpoint_every; /* seconds */
  checkpoint_extras extras;
  void (*stepped)(void *self, const trainer_result *step); /* after every step, or NULL */
  void *self;
  bool accuracy;        /* the trainer counts what was right */
  double epoch_seconds; /* spent in the running epoch, without evaluation and saving */
  double saved;         /* when the last checkpoint was written */
} training;

/* Saves now. */
rc_status training_save(training *run, rc_error *error);

/* Resumes from the checkpoint if `resume` is set and there is one (*resumed), else saves a first
 * one, so that a full disk shows at once. steps: as in checkpoint_load. */
rc_status training_begin(training *run, bool resume, long steps, bool *resumed, rc_error *error);

/* Trains until the running epoch's last batch, step `until` or a signal, saving now and then.
 * total: names or tokens of the whole epoch, for the progress. */
rc_status training_steps(training *run, long until, long total, rc_error *error);

#endif
