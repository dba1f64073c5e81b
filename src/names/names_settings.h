#ifndef RECUR_NAMES_SETTINGS_H
#define RECUR_NAMES_SETTINGS_H

#include "names_task.h"
#include "options.h"

/* What `train names` can be told. */

typedef enum names_cell { NAMES_RNN, NAMES_LSTM, NAMES_GRU, NAMES_CELLS } names_cell;
extern const char *const names_cell_names[NAMES_CELLS + 1];

enum { NAMES_SETTINGS_TEXT = 2048 };

typedef struct names_settings {
  /* Data. */
  const char *data, *dev;
  const char *scripts; /* script<TAB>label a line, or NULL */
  char *found[3];      /* where data, dev and scripts that come along are; freed by _free */
  int duplicates;      /* 0 keep, 1 drop */
  int several;         /* see names_several */
  double unmarked;     /* share of names with marks that are trained without them */
  /* Network. */
  int letters; /* 0 the tutorial's, 1 learnt: those in at least `rare` names */
  int rare;
  int cell, layers, hidden, directions, embedding, pooling, letter_case;
  double dropout, dropout_embedding;
  /* Training. */
  int recipe, optimizer, schedule, batch, epochs, precision, threads;
  double lr, beta2, momentum, weight_decay, warmup, clip, smoothing, unknown, average;
  uint64_t seed;
  bool compare;
  /* Teachers. */
  option_texts teachers;
  double ngrams; /* weight of the n-gram teacher among the teachers, [0, 1] */
  double hard;   /* weight of the true label beside the teachers, [0, 1] */
  double pseudo; /* pseudo-names in an epoch for each real one */
  /* Files. */
  const char *out, *log, *report, *name, *license, *attribution;
  int keep; /* weights of the 0 last, 1 best epoch */
  int type; /* of the tensors, see weight_types.h */
  bool resume, restart;
  double checkpoint_every; /* seconds */
  /* Every setting that decides the weights, one "name=value" a line. */
  char text[NAMES_SETTINGS_TEXT];
} names_settings;

/* Fills the settings from the recipe that argv names, then from argv. cell: one of names_cell to
 * use instead of argv's, or -1. False: end with *code, everything has been printed. */
bool names_settings_parse(names_settings *settings, int argc, char **argv, int cell, int *code);
void names_settings_free(names_settings *settings);

/* letters: how many ids the alphabet has. */
classifier_config names_settings_network(const names_settings *settings, int letters, int labels);
names_task_options names_settings_task(const names_settings *settings);
/* steps: of the whole run. */
trainer_options names_settings_training(const names_settings *settings, long steps);

#endif
