#include "names_learning.h"

#include <math.h>

const char *const names_cell_names[NAMES_CELLS + 1] = {"rnn", "lstm", "gru", NULL};

names_learning names_learning_tutorial(names_cell cell) {
  return (names_learning){
      .rare = 4,
      .cell = (int)cell,
      .layers = 1,
      .hidden = 128,
      .directions = 1,
      .pooling = POOLING_LAST,
      .letter_case = ALPHABET_CASE_KEEP,
      .optimizer = OPTIMIZER_SGD,
      .schedule = SCHEDULE_CONSTANT,
      .batch = 1,
      .epochs = 1,
      .lr = 1e-3,
      .beta2 = 0.999,
      .seed = 1,
  };
}

/* Wide enough to learn from the n-gram teacher and from pseudo-names, which fill the gaps between
 * the real ones. The RNN is the cheapest cell by far and gets more of it. */
names_learning names_learning_best(names_cell cell) {
  return (names_learning){
      .duplicates = 1,
      .several = 1,
      .unmarked = 0.35,
      .letters = 1,
      .rare = 4,
      .cell = (int)cell,
      .layers = 1,
      .hidden = cell == NAMES_RNN ? 192 : 160,
      .directions = 2,
      .embedding = 64,
      .pooling = POOLING_ALL,
      .letter_case = ALPHABET_CASE_TITLE,
      .dropout = 0.2,
      .dropout_embedding = 0.05,
      .optimizer = OPTIMIZER_ADAMW,
      .schedule = SCHEDULE_COSINE,
      .batch = 64,
      .epochs = 24,
      .lr = cell == NAMES_RNN ? 1e-3 : 2e-3,
      .beta2 = 0.99,
      .warmup = 0.03,
      .weight_decay = 0.01,
      .clip = 1,
      .unknown = 0.03,
      .seed = 1,
  };
}

classifier_config names_learning_network(const names_learning *how, int letters, int labels) {
  return (classifier_config){
      .letters = letters,
      .cell = recurrent_cell_find(names_cell_names[how->cell]),
      .layers = how->layers,
      .hidden = how->hidden,
      .directions = how->directions,
      .embedding = how->embedding,
      .pooling = (pooling_kind)how->pooling,
      .letter_case = (alphabet_case)how->letter_case,
      .labels = labels,
      .dropout_embedding = how->embedding > 0 ? (real)how->dropout_embedding : 0,
      .dropout_layers = (real)how->dropout,
      .dropout_output = (real)how->dropout,
  };
}

names_task_options names_learning_task(const names_learning *how) {
  return (names_task_options){
      .batch = how->batch,
      .smoothing = (real)how->smoothing,
      .unknown_rate = (real)how->unknown,
      .plain_rate = (real)how->unmarked,
  };
}

trainer_options names_learning_training(const names_learning *how, long steps, int threads) {
  return (trainer_options){
      .optimizer = (optimizer_kind)how->optimizer,
      .schedule = {.kind = (schedule_kind)how->schedule,
                   .peak = (real)how->lr,
                   .warmup = lround((double)(real)how->warmup * (double)steps),
                   .total = steps},
      .momentum = (real)how->momentum,
      .beta2 = (real)how->beta2,
      .weight_decay = (real)how->weight_decay,
      .clip = (real)how->clip,
      .average = (real)how->average,
      .threads = threads,
      .seed = how->seed,
  };
}
