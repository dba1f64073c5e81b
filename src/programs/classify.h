#ifndef RECUR_CLASSIFY_H
#define RECUR_CLASSIFY_H

#include "ensemble.h"
#include "options.h"
#include "prior_choice.h"

/* What the parts of `classify` share. */

typedef struct classify_options {
  option_texts models;
  const char *prior;
  int top;
  bool json, whole;
  bool inspect;
  const char *label; /* of whose loss inspect shows the gradient, or NULL */
  /* of tables */
  const char *column, *input, *output, *separator;
} classify_options;

/* The first of the networks, whose labels all have. */
const classifier_model *classify_model(const classifier_ensemble *networks);

/* How many labels of a text are told. */
int classify_top(const classify_options *options, const classifier_model *model);

/* What of a text is read: the surname in it, or all. */
utf8_text classify_part(const classify_options *options, utf8_text text);

/* Classifies the arguments or, without any, the lines of standard input. *refused: texts that could
 * not be classified. */
rc_status classify_lines(const classify_options *options, classifier_ensemble *networks, int count,
                         char **names, int *refused, rc_error *error);

/* Copies a table, and adds the labels of a column's names. */
rc_status classify_table(const classify_options *options, classifier_ensemble *networks,
                         rc_error *error);

#endif
