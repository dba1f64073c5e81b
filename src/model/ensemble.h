#ifndef RECUR_ENSEMBLE_H
#define RECUR_ENSEMBLE_H

#include "predict.h"

/* Classifiers of the same labels that answer together:
 *
 *   p(c) = exp(mean over the members of log p_m(c)), normalised
 *
 * Of the members' calibrated probabilities, all under one prior. On names that nobody has learnt
 * this ranks a little better than the mean of the probabilities, and its confidence needs no
 * correction, where theirs is too modest. What a member rules out is ruled out for all, unless
 * every label is by some. */

enum { CLASSIFIER_ENSEMBLE_MAX = 32 };

typedef struct classifier_ensemble {
  classifier_session members[CLASSIFIER_ENSEMBLE_MAX];
  int count;
  rc_arena memory; /* for what a member says; grows with the most texts at a time */
} classifier_ensemble;

/* Sessions of models [count] in the order given, which must outlive them. RC_ERR_ARGUMENT for none,
 * too many, and unless all have the same labels in the same order. Ended by
 * classifier_ensemble_end, on failure too. */
rc_status classifier_ensemble_begin(classifier_ensemble *ensemble, const classifier_model *models,
                                    int count, rc_error *error);
void classifier_ensemble_end(classifier_ensemble *ensemble);

/* The prior of all; where one refuses it those after it keep theirs. */
rc_status classifier_ensemble_prior(classifier_ensemble *ensemble, prior_kind kind,
                                    const real *weights, rc_error *error);

/* As classifier_predict and classifier_predict_texts. Members that answer from the letters decide;
 * where there are none, those that answer from the script. `letters` is of the first that decides.
 */
rc_status classifier_ensemble_predict(classifier_ensemble *ensemble, const char *text, size_t bytes,
                                      float *probabilities, answer *out, rc_error *error);
rc_status classifier_ensemble_predict_texts(classifier_ensemble *ensemble, int count,
                                            const utf8_text *texts, float *probabilities,
                                            answer *answers, rc_error *error);

/* The same of probabilities that are there: sum [count] is 0 before the first member, and becomes
 * sum += log p; then it becomes the answer of `members` of them, [rows, classes]. */
void classifier_ensemble_add(size_t count, const float *probabilities, float *sum);
void classifier_ensemble_mean(int rows, int classes, int members, float *sum);

#endif
