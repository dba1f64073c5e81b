#ifndef RECUR_NAMES_DEV_H
#define RECUR_NAMES_DEV_H

#include "classifier.h"
#include "names_alike.h"
#include "names_data.h"
#include "ngrams.h"

/* What a trained network is calibrated and scored on. */
typedef struct names_dev {
  const name_set *pairs; /* distinct name-label pairs */
  names_alike alike;     /* the same by names, whose items are among the pairs */
} names_dev;

/* Scores of names, right if the first answer is any label of theirs, under two priors. */
typedef struct names_scored {
  scores data, equal;
} names_scored;

/* Here and below logits are [pairs, C], and prior [C] is the data's. RC_ERR_MEMORY. */

/* The temperature at which the first answer's probability says how often it is right, under the
 * data's prior and under an equal one (scores_fit_confidence). */
rc_status names_dev_fit(const names_dev *dev, int classes, const real *logits, const real *prior,
                        double *temperature, rc_error *error);

rc_status names_dev_score(const names_dev *dev, int classes, const real *logits, double temperature,
                          const real *prior, names_scored *out, rc_error *error);

/* The same of a regression, whose probabilities are left as they are. */
rc_status names_dev_score_ngrams(const names_dev *dev, const ngram_model *model, const real *prior,
                                 names_scored *out, rc_error *error);

#endif
