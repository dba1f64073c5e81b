#ifndef RECUR_CHECKPOINT_TOY_H
#define RECUR_CHECKPOINT_TOY_H

#include "checkpoint.h"

/* The smallest training run that a checkpoint has all kinds of contents of. */
typedef struct checkpoint_toy {
  param_list params;
  trainer trainer;
  real best[4];
  double numbers[3];
  checkpoint_numbers kept[2];
  checkpoint_block block;
  history past;
  checkpoint_extras extras;
} checkpoint_toy;

enum { TOY_STEPS = 8, TOY_EPOCHS = 4 };

rc_status checkpoint_toy_new(checkpoint_toy *toy, rc_error *error);
void checkpoint_toy_free(checkpoint_toy *toy);
/* A step of it, and a row of its history. */
rc_status checkpoint_toy_step(checkpoint_toy *toy, rc_error *error);

#endif
