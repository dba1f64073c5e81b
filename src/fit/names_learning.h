#ifndef RECUR_NAMES_LEARNING_H
#define RECUR_NAMES_LEARNING_H

#include "names_task.h"

/* All that decides the weights of a classifier but its data and teachers, with the recipes that it
 * is told from. Shares and rates are in [0, 1). */

typedef enum names_cell { NAMES_RNN, NAMES_LSTM, NAMES_GRU, NAMES_CELLS } names_cell;
extern const char *const names_cell_names[NAMES_CELLS + 1];

typedef struct names_learning {
  /* Data. */
  int duplicates;  /* 0 keep, 1 drop */
  int several;     /* see names_several */
  double unmarked; /* share of names with marks that are trained without them */
  /* Network. */
  int letters; /* 0 the tutorial's, 1 learnt: those in at least `rare` names */
  int rare;
  int cell, layers, hidden, directions, embedding, pooling, letter_case;
  double dropout, dropout_embedding;
  /* Training. */
  int optimizer, schedule, batch, epochs;
  double lr, beta2, momentum, weight_decay, warmup, clip, smoothing, unknown, average;
  uint64_t seed;
} names_learning;

/* The best found for that cell, and the classic character-RNN tutorial. */
names_learning names_learning_best(names_cell cell);
names_learning names_learning_tutorial(names_cell cell);

/* letters: how many ids the alphabet has. */
classifier_config names_learning_network(const names_learning *how, int letters, int labels);
names_task_options names_learning_task(const names_learning *how);
/* steps: of the whole run. */
trainer_options names_learning_training(const names_learning *how, long steps, int threads);

#endif
