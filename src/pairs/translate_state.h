#ifndef RECUR_TRANSLATE_STATE_H
#define RECUR_TRANSLATE_STATE_H

#include "training.h"
#include "translate_run.h"
#include "translating.h"

/* Everything a translator's training holds while it lasts: shared by the files that make it up. */

enum { TRANSLATE_DEV_BATCH = 64 };

typedef struct translate_state {
  const translate_settings *settings;
  const translate_corpus *corpus;
  json_log *log;
  progress *bar;
  translate_result *result;
  pairs_task task;
  trainer trainer;
  training training;
  /* Since the last evaluation. */
  double loss_sum, tokens;
  /* Snapshots of evaluations: their weights [P], steps (0: none yet) and scores. */
  real *snapshots[TRANSLATE_SNAPSHOTS_MAX];
  double snapshot_steps[TRANSLATE_SNAPSHOTS_MAX], snapshot_bleu[TRANSLATE_SNAPSHOTS_MAX];
  char snapshot_names[TRANSLATE_SNAPSHOTS_MAX][16];
  checkpoint_numbers numbers[7];
  checkpoint_block blocks[TRANSLATE_SNAPSHOTS_MAX];
  char record[TRANSLATE_RECORD_TEXT]; /* of a checkpoint's line */
  char *text;                         /* settings and data, compared on --resume */
} translate_state;

/* Greedy translations of the dev data's sources: [source_count], freed with translated_free and
 * free. */
rc_status translate_dev(const translate_state *r, const translator_weights *weights,
                        translated **out, rc_error *error);

/* Greedy translations of the sample sentences: [sample_count], freed with translated_free. */
rc_status translate_samples(const translate_state *r, const translator_weights *weights,
                            bool attention, translated *out, rc_error *error);

/* Takes a snapshot of the weights if it is worth keeping. bleu: NaN without dev data. */
void translate_snapshot(translate_state *r, long step, double bleu);

/* Makes the weight file of the snapshots and writes it; fills the result. */
rc_status translate_save(translate_state *r, rc_error *error);

#endif
