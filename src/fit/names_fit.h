#ifndef RECUR_NAMES_FIT_H
#define RECUR_NAMES_FIT_H

#include "classifier_file.h"
#include "names_truth.h"
#include "scores.h"

/* A classifier that learns in memory from the labels alone, as long as it is asked to: the run of a
 * program without files, clock and printing. For one seed and kernels its weights are those of
 * `train names` to the bit. */

typedef struct names_fit {
  names_learning how;
  rc_arena texts; /* owns what the examples point into */
  examples data, dev;
  alphabet letters;
  rc_arena letters_memory;
  name_set known, kept; /* to learn and to evaluate on */
  names_truth truth;
  names_task task;
  trainer trainer;
} names_fit;

/* Where the name<TAB>label lines for evaluation come from. */
typedef struct names_fit_data {
  utf8_text train, dev; /* for messages "train" and "dev" */
  bool split;           /* dev is about one name in ten of train, no name of which stays there */
} names_fit_data;

/* Copies the data, learns the letters and draws fresh weights. The fit is not to be moved. On
 * failure nothing is left to free. RC_ERR_FORMAT "train:LINE: reason", as for the files of
 * programs; RC_ERR_ARGUMENT for a network that makes no sense; RC_ERR_MEMORY. */
rc_status names_fit_new(names_fit *fit, const names_learning *how, const names_fit_data *data,
                        rc_error *error);
void names_fit_free(names_fit *fit);

/* One update of the weights; epochs follow one another without end. step: sums over its names.
 * RC_ERR_RANGE as trainer_step. */
rc_status names_fit_step(names_fit *fit, trainer_result *step, rc_error *error);

/* Epochs done, with the part of the running one. */
double names_fit_epoch(const names_fit *fit);

/* The learning rate from now on, whatever the schedule. */
void names_fit_set_rate(names_fit *fit, double rate);

/* Names a step from now on. The running epoch begins anew, and what is left of the schedule is
 * stretched to what is left of the steps. On failure all is as it was. */
rc_status names_fit_set_batch(names_fit *fit, int batch, rc_error *error);

/* Scores on dev: confusion [C, C] as scores.h, predicted [dev.count] the likeliest label. */
rc_status names_fit_evaluate(const names_fit *fit, int *confusion, int *predicted, scores *out,
                             rc_error *error);

/* A view of the network as it is: it has no memory of its own, and its prior is NULL where a label
 * was not learnt. */
classifier_model names_fit_model(const names_fit *fit);

/* The temperature at which dev's labels are likeliest; 1 without dev. */
rc_status names_fit_calibrate(const names_fit *fit, double *temperature, rc_error *error);

/* The weight file, weights as F32. buffer NULL: only its size. */
rc_status names_fit_write(const names_fit *fit, double temperature, uint8_t *buffer,
                          size_t capacity, size_t *size, rc_error *error);

#endif
