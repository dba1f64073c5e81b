#ifndef RECUR_CHECKPOINT_H
#define RECUR_CHECKPOINT_H

#include "epoch_record.h"
#include "trainer.h"

/* A training run between two steps, as a GGUF file: weights, moving average, optimiser state, where
 * the run stands, what its epochs came to, and the settings that it must go on with. */

typedef struct train_history {
  epoch_record *epochs; /* [capacity] */
  int count, capacity;
  loss_parts loss;
  double seconds;       /* of training, in whole epochs */
  double epoch_seconds; /* of the running epoch */
  real *best;           /* [P] weights of the best epoch on dev, or NULL */
  double best_top1;     /* its score, negative before the first */
} train_history;

/* Replaces `path` atomically. settings: what checkpoint_load compares. */
rc_status checkpoint_save(const char *path, const trainer *run, const train_history *history,
                          const char *settings, rc_error *error);

/* Restores `run`, made with the same settings. RC_ERR_ARGUMENT naming the first setting that
 * differs; RC_ERR_FORMAT for a damaged file; RC_ERR_IO if there is none. On failure it is
 * not fit for use. */
rc_status checkpoint_load(const char *path, trainer *run, train_history *history,
                          const char *settings, rc_error *error);

#endif
