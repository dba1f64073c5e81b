#ifndef RECUR_NAMES_RUN_H
#define RECUR_NAMES_RUN_H

#include "classifier_file.h"
#include "names_dev.h"
#include "names_settings.h"
#include "scores.h"
#include "training.h"

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

/* What an epoch came to: columns of its row. */
enum {
  NAMES_EPOCH,      /* from 1 */
  NAMES_LOSS,       /* mean while training, nats */
  NAMES_TRAIN_TOP1, /* in [0, 1], as seen while training */
  NAMES_DEV_LOSS,   /* NaN without dev data, as the two below */
  NAMES_DEV_TOP1,   /* in [0, 1] */
  NAMES_DEV_TOP3,   /* in [0, 1] */
  NAMES_MEASURES
};
extern const measures names_measures;

/* The training loss in finer steps than epochs: a run is cut into so many parts of equal length. */
enum { LOSS_PARTS = 100 };
typedef struct loss_parts {
  double sum[LOSS_PARTS];  /* nats */
  double seen[LOSS_PARTS]; /* examples; 0 where the run has no step in that part */
} loss_parts;

typedef struct names_result {
  run_result run;
  loss_parts loss;
  double temperature;
  scores final; /* of the stored weights, calibrated, on dev's pairs under the data's prior */
  names_scored names, ngrams; /* the same by names, and of the regression among the teachers */
  bool has_ngrams;
  int *confusion; /* [C, C] on dev, row = label, column = prediction; NULL without dev data, as all
                     scores */
} names_result;

/* Trains to settings->out, with checkpoints in `checkpoint`, from the last of them when
 * settings->resume is set and there is one. A complete run leaves its checkpoint. The result is
 * freed with names_result_free, on failure too. */
rc_status names_run(const names_settings *settings, const char *checkpoint,
                    const names_corpus *corpus, json_log *log, progress *bar, names_result *result,
                    rc_error *error);
void names_result_free(names_result *result);

#endif
