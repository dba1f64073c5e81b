#ifndef RECUR_NGRAMS_H
#define RECUR_NGRAMS_H

#include <stdint.h>

#include "kernels.h"
#include "status.h"

/* Softmax regression over the letter n-grams of a text, n = 1 to 5, ends marked: linear, trained in
 * seconds, and a good teacher for a recurrent network because it errs differently. */

enum { NGRAM_LONGEST = 5 };

typedef struct ngram_model {
  uint64_t *keys; /* [features], rising: the n-grams seen in training */
  float *weights; /* [features + 1, C], the last row is the bias */
  int features, classes;
} ngram_model;

/* What is learnt from. */
typedef struct ngram_texts {
  int count, classes;
  const int *const *ids; /* [count] letter ids of each text, in [0, NGRAM_LETTERS_MAX) */
  const int *lengths;    /* [count] */
  const real *targets;   /* [count, C] distributions */
  const real *weights;   /* [count] */
} ngram_texts;

enum { NGRAM_LETTERS_MAX = 4096 };

/* Minimises sum of weight times cross-entropy + |W|^2 / (2 c), bias free, by L-BFGS (Liu & Nocedal
 * 1989). RC_ERR_MEMORY; RC_ERR_RANGE if the optimiser finds no way down. */
rc_status ngram_train(ngram_model *model, const ngram_texts *texts, double c, rc_error *error);
void ngram_free(ngram_model *model);

/* probabilities: [C]. RC_ERR_MEMORY. */
rc_status ngram_predict(const ngram_model *model, const int *ids, int length, float *probabilities,
                        rc_error *error);

#endif
