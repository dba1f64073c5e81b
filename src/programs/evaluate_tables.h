#ifndef RECUR_EVALUATE_TABLES_H
#define RECUR_EVALUATE_TABLES_H

#include <stdbool.h>

#include "examples.h"
#include "scores.h"

/* What `evaluate names` prints for people, on standard output. */

typedef struct evaluation {
  const char *model, *set, *prior;
  scores scores;
  bool has_f1;
} evaluation;

/* One row each, columns aligned; a narrow terminal gets the columns that fit. count >= 1. */
void evaluate_print_scores(const evaluation *rows, int count);

/* confusion [classes, classes], row = label, column = prediction; colours on a terminal. Where the
 * window is too narrow for the matrix: the commonest confusions as a list. */
void evaluate_print_confusion(const int *confusion, const char *const *labels, int classes);

typedef struct sample_prediction {
  const char *model;
  const example *sample;
  const char *const *labels;
  const float *probabilities; /* [C] */
  const int *best;            /* [top] classes, likeliest first */
  int top;
} sample_prediction;

rc_status evaluate_print_sample(const sample_prediction *shown, bool as_json, rc_error *error);

#endif
