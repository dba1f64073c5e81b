#ifndef RECUR_PREDICT_PARTS_H
#define RECUR_PREDICT_PARTS_H

#include "predict.h"

/* What predict.c and predict_many.c share. */

/* RC_ERR_RANGE unless all are numbers: finite weights can be so large that what they give is not.
 */
rc_status classifier_check_numbers(const real *logits, size_t count, rc_error *error);

#endif
