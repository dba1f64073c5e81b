#ifndef RECUR_NAMES_STATE_H
#define RECUR_NAMES_STATE_H

#include "names_run.h"
#include "names_targets.h"
#include "training.h"

/* Everything a classifier's training holds while it lasts: shared by the files that make it up. */
typedef struct names_state {
  const names_settings *settings;
  const names_corpus *corpus;
  names_result *result;
  names_targets targets;
  names_task task;
  trainer trainer;
  training training;
  long steps;       /* of the whole run */
  real *best;       /* [P] weights of the best epoch on dev, or NULL */
  double best_top1; /* its score, negative before the first */
  checkpoint_numbers numbers[5];
  checkpoint_block blocks[1];
  rc_arena memory;  /* of the next two */
  char *text;       /* settings and data, compared on --resume */
  real *dev_logits; /* [dev, C] */
} names_state;

/* r->dev_logits of these weights; all ranks take part (ranks.h). */
rc_status names_predict_dev(names_state *r, const real *values, rc_error *error);

/* Their scores at this temperature. */
rc_status names_score(const names_state *r, double temperature, int *confusion, scores *out,
                      rc_error *error);

/* Calibrates the weights that are kept, makes their file and writes it; fills the result. */
rc_status names_save(names_state *r, rc_error *error);

#endif
