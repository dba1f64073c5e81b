#ifndef RECUR_PREDICT_PARTS_H
#define RECUR_PREDICT_PARTS_H

#include "predict.h"

/* What predict.c and predict_many.c share. */

/* Packs the network's matrices, unless they are. */
rc_status classifier_session_pack(classifier_session *session, rc_error *error);

/* The prior among the labels of a script: probabilities [C]. */
void classifier_session_script(const classifier_session *session, script_code script,
                               float *probabilities);

/* RC_ERR_RANGE unless all are numbers: finite weights can be so large that what they give is not.
 */
rc_status classifier_check_numbers(const real *logits, size_t count, rc_error *error);

#endif
