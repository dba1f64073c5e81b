#ifndef RECUR_PRIOR_CHOICE_H
#define RECUR_PRIOR_CHOICE_H

#include "predict.h"

/* --prior equal|balanced|data|FILE: the shares of labels that answers are to suppose. */
typedef struct prior_choice {
  prior_kind kind;
  float *weights; /* [C] of PRIOR_GIVEN, else NULL */
} prior_choice;

/* What the option is explained by. */
#define PRIOR_CHOICE_HELP                                                                          \
  "shares of the labels that answers suppose: equal, those of the data that was learnt, balanced " \
  "between these two (the square roots of the data's), or a file of label<TAB>weight lines, of "   \
  "which labels that it does not name get none"

/* What a model's answers suppose unless told: what its file says, or equal, or data where the file
 * does not tell the data's prior. */
const char *prior_choice_usual(const classifier_model *model);

/* The choice for a model. text NULL: the usual one.
 * RC_ERR_FORMAT, "FILE:LINE: reason", for a label that is none, one that comes twice, a weight that
 * is no number from 0 on; RC_ERR_ARGUMENT for a file whose weights are all 0, and for weights that
 * do not tell the data's prior. Freed with prior_choice_free. */
rc_status prior_choice_make(prior_choice *out, const char *text, const classifier_model *model,
                            rc_error *error);
void prior_choice_free(prior_choice *choice);

#endif
