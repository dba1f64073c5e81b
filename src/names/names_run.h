#ifndef RECUR_NAMES_RUN_H
#define RECUR_NAMES_RUN_H

#include "classifier_file.h"
#include "epoch_record.h"
#include "json_log.h"
#include "names_dev.h"
#include "names_settings.h"
#include "progress.h"
#include "scores.h"

/* One network from fresh weights (or a checkpoint) to a calibrated weight file. */

/* What is the same for every network of one command. */
typedef struct names_corpus {
  const char *const *labels; /* [label_count] */
  int label_count;
  const alphabet *letters;
  const script_label *scripts; /* [script_count] */
  int script_count;
  const name_set *known; /* to train on */
  const names_dev *dev;  /* NULL without --dev */
  char data_sha256[65], dev_sha256[65];
} names_corpus;

typedef struct train_history {
  epoch_record *epochs; /* [capacity] */
  int count, capacity;
  loss_parts loss;
  double seconds;   /* of training, in whole epochs */
  real *best;       /* [P] weights of the best epoch on dev, or NULL */
  double best_top1; /* its score, negative before the first */
} train_history;

typedef struct names_result {
  train_history history;
  long parameters;
  size_t file_bytes;
  double temperature;
  scores final; /* of the stored weights, calibrated, on dev's pairs under the data's prior */
  names_scored names, ngrams; /* the same by names, and of the regression among the teachers */
  bool has_ngrams;
  int *confusion; /* [C, C] on dev, or NULL */
  bool stopped;   /* a signal ended it early: saved, may be resumed */
} names_result;

/* Trains to settings->out, with checkpoints in `checkpoint`, from the last of them when
 * settings->resume is set and there is one. A complete run leaves its checkpoint. The result is
 * freed with names_result_free, on failure too. */
rc_status names_run(const names_settings *settings, const char *checkpoint,
                    const names_corpus *corpus, json_log *log, progress *bar, names_result *result,
                    rc_error *error);
void names_result_free(names_result *result);

#endif
