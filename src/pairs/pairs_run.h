#ifndef RECUR_PAIRS_RUN_H
#define RECUR_PAIRS_RUN_H

#include "json_log.h"
#include "pairs_corpus.h"
#include "pairs_history.h"
#include "progress.h"
#include "translating.h"

/* One translator from fresh weights (or --init, or a checkpoint) to a weight file. */

typedef struct pairs_result {
  pairs_history history;
  /* Pairs that are shown, of the dev data or, without, of those to train on; the last attention. */
  const text_pair *samples[PAIRS_SAMPLES];
  translated attended[PAIRS_SAMPLES];
  int sample_count;
  long parameters;
  size_t file_bytes;
  int averaged;     /* snapshots that the file is the mean of */
  dev_scores final; /* of the stored weights, greedy; nothing without dev data */
  bool stopped;     /* a signal ended it early: saved, may be resumed */
} pairs_result;

/* Trains to settings->out, with checkpoints in `checkpoint`, from the last of them when
 * settings->resume is set and there is one. A complete run leaves its checkpoint. The result is
 * freed with pairs_result_free, on failure too. */
rc_status pairs_run(const pairs_settings *settings, const char *checkpoint,
                    const pairs_corpus *corpus, json_log *log, progress *bar, pairs_result *result,
                    rc_error *error);
void pairs_result_free(pairs_result *result);

#endif
