#ifndef RECUR_TRAIN_COMMAND_H
#define RECUR_TRAIN_COMMAND_H

#include "json_log.h"
#include "run_settings.h"

/* What `train names` and `train translate` do alike once their options are read. Of the ranks
 * (ranks.h) all train, and rank 0 does what comes before and after. */

typedef struct train_command {
  const char *program; /* "train names" */
  /* Refuses what would only fail or be regretted after hours. */
  rc_status (*check)(const void *self, rc_error *error);
  /* Reads the data and trains, until done or stopped by a signal. */
  rc_status (*train)(void *self, json_log *log, bool *stopped, rc_error *error);
  /* What is left to do when all is trained; command: as it was typed. */
  rc_status (*finish)(void *self, const char *command, rc_error *error);
} train_command;

/* Returns the exit code; everything has been printed. */
int train_command_run(const train_command *command, const run_settings *settings, void *self,
                      int argc, char **argv);

#endif
