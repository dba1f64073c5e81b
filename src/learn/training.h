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

/* Training that runs away: a mean loss, in nats, that is far worse than that of guessing among so
 * many classes, ln(classes).
 *
 * A warning for a loss that is so and that before it (NaN for the first) was not. */
void training_warn(progress *bar, double before, double loss, int classes);

/* Whether a network of that loss may be written to `path`: RC_ERR_RANGE where training ran away and
 * there is a file, which can only be better. */
rc_status training_may_replace(const char *path, double loss, int classes, rc_error *error);

#endif
