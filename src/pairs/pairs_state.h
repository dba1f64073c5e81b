#ifndef RECUR_PAIRS_STATE_H
#define RECUR_PAIRS_STATE_H

#include "pairs_run.h"
#include "translating.h"

/* Everything a translator's training holds while it lasts: shared by the files that make it up. */

enum { PAIRS_DEV_BATCH = 64 };

typedef struct pairs_state {
  const pairs_settings *settings;
  const pairs_corpus *corpus;
  pairs_result *result;
  pairs_task task;
  trainer trainer;
  training training;
  /* Since the last evaluation. */
  double loss_sum, tokens;
  /* Snapshots of evaluations: their weights [P], steps (0: none yet) and scores. */
  real *snapshots[PAIRS_SNAPSHOTS_MAX];
  double snapshot_steps[PAIRS_SNAPSHOTS_MAX], snapshot_bleu[PAIRS_SNAPSHOTS_MAX];
  char snapshot_names[PAIRS_SNAPSHOTS_MAX][16];
  checkpoint_numbers numbers[7];
  checkpoint_block blocks[PAIRS_SNAPSHOTS_MAX];
  translator_weights *weights; /* while they are evaluated */
  char *text;                  /* settings and data, compared on --resume */
} pairs_state;

/* What greedy translations of the dev data are worth, which all ranks share (ranks.h). */
rc_status pairs_score_dev(const pairs_state *r, const translator_weights *weights,
                          dev_scores *scores, rc_error *error);

/* Greedy translations of the sample sentences: [sample_count], freed with translated_free. */
rc_status pairs_samples(const pairs_state *r, const translator_weights *weights, bool attention,
                        translated *out, rc_error *error);

/* Takes a snapshot of the weights if it is worth keeping. bleu: NaN without dev data. */
void pairs_snapshot(pairs_state *r, long step, double bleu);

/* Makes the weight file of the snapshots and writes it; fills the result. */
rc_status pairs_save(pairs_state *r, rc_error *error);

#endif
