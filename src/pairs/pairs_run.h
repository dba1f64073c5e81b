#ifndef RECUR_PAIRS_RUN_H
#define RECUR_PAIRS_RUN_H

#include "pairs_corpus.h"
#include "training.h"
#include "translating.h"

/* One translator from fresh weights (or --init, or a checkpoint) to a weight file. */

/* What an evaluation came to: columns of its row. */
enum {
  PAIRS_STEP,     /* updates done */
  PAIRS_EPOCHS,   /* done, with the share of the running one */
  PAIRS_LOSS,     /* mean since the evaluation before, nats a target token, with label smoothing */
  PAIRS_DEV_LOSS, /* nats a target token, without; NaN without dev data, as the next two, or where
                     all of it is too long */
  PAIRS_BLEU,     /* of greedy translations, 0 to 100 */
  PAIRS_CHRF,
  PAIRS_MEASURES
};

enum { PAIRS_SAMPLES = 4 };

typedef struct pairs_result {
  run_result run; /* texts of the history: translations of the samples */
  measures measured;
  /* Pairs that are shown, of the dev data or, without, of those to train on; the last attention. */
  const text_pair *samples[PAIRS_SAMPLES];
  translated attended[PAIRS_SAMPLES];
  int sample_count;
  int averaged;     /* snapshots that the file is the mean of */
  dev_scores final; /* of the stored weights, greedy; nothing without dev data */
} pairs_result;

/* Trains to settings->out, with checkpoints in `checkpoint`, from the last of them when
 * settings->resume is set and there is one. A complete run leaves its checkpoint. The result is
 * freed with pairs_result_free, on failure too. */
rc_status pairs_run(const pairs_settings *settings, const char *checkpoint,
                    const pairs_corpus *corpus, json_log *log, progress *bar, pairs_result *result,
                    rc_error *error);
void pairs_result_free(pairs_result *result);

#endif
