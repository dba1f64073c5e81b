#ifndef RECUR_NAMES_SETTINGS_H
#define RECUR_NAMES_SETTINGS_H

#include "names_learning.h"
#include "run_settings.h"

/* What `train names` can be told. */

/* In classifier_priors; what a file need not say. */
enum { NAMES_PRIOR_EQUAL = 1 };

typedef struct names_settings {
  run_settings run;
  /* Data. */
  const char *data;
  const char *scripts; /* script<TAB>label a line, or NULL */
  char *found[3];      /* where data, dev and scripts that come along are; freed by _free */
  /* Network and training. */
  names_learning how;
  int recipe;
  bool compare;
  int prior; /* that answers take unless told: of classifier_priors */
  /* Teachers. */
  option_texts teachers;
  double ngrams; /* weight of the n-gram teacher among the teachers, [0, 1] */
  double hard;   /* weight of the true label beside the teachers, [0, 1] */
  double pseudo; /* pseudo-names in an epoch for each real one */
} names_settings;

/* Fills the settings from the recipe that argv names, then from argv. cell: one of names_cell to
 * use instead of argv's, or -1. False: end with *code, everything has been printed. */
bool names_settings_parse(names_settings *settings, int argc, char **argv, int cell, int *code);
void names_settings_free(names_settings *settings);

/* steps: of the whole run. */
trainer_options names_settings_training(const names_settings *settings, long steps);

#endif
