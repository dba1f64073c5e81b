#ifndef RECUR_PAIRS_RISK_H
#define RECUR_PAIRS_RISK_H

#include "sentence_score.h"
#include "trainer.h"
#include "translator_search.h"

/* Minimum-risk training of a translator (Shen et al. 2016; Edunov et al. 2018): what the network
 * itself proposes for a source, the n-best of a beam, is to be costly as seldom as possible.
 *
 *   loss = likelihood * cross-entropy of the target, a token's mean over the step
 *        + (1 - likelihood) * expected_risk (loss.h), a sentence's mean over the step
 *
 * where a candidate costs 1 - its score against the target. Candidates and their probabilities are
 * those of the weights before the step, without dropout. */

struct pairs_task;

typedef struct pairs_risk_options {
  int candidates; /* of each source, 2 to TRANSLATOR_BEAM_MAX; 0: likelihood alone */
  sentence_metric metric;
  double sharpness;
  double likelihood; /* in [0, 1] */
} pairs_risk_options;

/* What a thread needs; grows to the largest request so far. */
typedef struct pairs_risk_worker {
  translator_session session;
  rc_arena scratch, text;
} pairs_risk_worker;

typedef struct pairs_risk {
  translator_weights *weights; /* of the running step */
  pairs_risk_worker workers[TRAINER_SHARDS_MAX];
} pairs_risk;

/* Before each step: the weights as they are. */
rc_status pairs_risk_prepare(struct pairs_task *task, const real *values, rc_error *error);

/* The risk's part of a shard's share: adds its gradients; the loss is the expected cost, in [0, 1],
 * of each pair times its target tokens. */
rc_status pairs_risk_learn(const struct pairs_task *task, const real *values, trainer_share *share,
                           trainer_result *result, rc_error *error);
void pairs_risk_free(pairs_risk *risk);

#endif
