#ifndef RECUR_TRANSLATE_RUN_H
#define RECUR_TRANSLATE_RUN_H

#include "json_log.h"
#include "progress.h"
#include "translate_corpus.h"
#include "translate_history.h"
#include "translating.h"

/* One translator from fresh weights (or --init, or a checkpoint) to a weight file. */

typedef struct translate_result {
  translate_history history;
  /* Pairs that are shown, of the dev data or, without, of those to train on; the last attention. */
  const text_pair *samples[TRANSLATE_SAMPLES];
  translated attended[TRANSLATE_SAMPLES];
  int sample_count;
  long parameters;
  size_t file_bytes;
  int averaged;     /* snapshots that the file is the mean of */
  dev_scores final; /* of the stored weights, greedy; nothing without dev data */
  bool stopped;     /* a signal ended it early: saved, may be resumed */
} translate_result;

/* Trains to settings->out, with checkpoints in `checkpoint`, from the last of them when
 * settings->resume is set and there is one. A complete run leaves its checkpoint. The result is
 * freed with translate_result_free, on failure too. */
rc_status translate_run(const translate_settings *settings, const char *checkpoint,
                        const translate_corpus *corpus, json_log *log, progress *bar,
                        translate_result *result, rc_error *error);
void translate_result_free(translate_result *result);

#endif
