#ifndef RECUR_OUTPUT_SAMPLE_H
#define RECUR_OUTPUT_SAMPLE_H

#include "linear.h"
#include "loss.h"

/* A sample of the output tokens, over which a step of training takes its softmax in the place of
 * all of them (Jean et al. 2015, "On Using Very Large Target Vocabulary for Neural Machine
 * Translation"): those that the step is to say, the first of the vocabulary, where subwords have
 * the commonest, and as many of the others, drawn at random, each with the same chance. A drawn one
 * stands for all that could have been drawn: the inverse of its chance is a factor of its
 * exponential and of its part in the smoothing, so that the sum of the softmax and the gradient of
 * the smoothing are right in the mean. */
typedef struct output_sample {
  linear whole;             /* the output layer of all tokens */
  int wanted;               /* first and drawn ones; 0: all tokens, always */
  linear layer;             /* the output layer of those in the sample, or `whole` */
  int *ids;                 /* [V] those in the sample, then the others */
  int *places;              /* [V] where a token stands in ids */
  real *values, *gradients; /* [room * (in + 1)] of the layer */
  real *smooth;             /* [room] what each of them has of the smoothing; the sum is 1 */
} output_sample;

/* For steps of up to so many target tokens. */
output_sample output_sample_layout(const linear *output, int wanted, int target_tokens,
                                   rc_arena *arena);

/* All tokens. */
void output_sample_all(output_sample *sample);

/* A sample that has all of said [count], which become places in it. values: of the whole network.
 */
void output_sample_draw(output_sample *sample, const real *values, int count, int *said,
                        rc_rng *rng);

/* Where the layer's parameters and their gradients are: those of the network where it is whole. */
const real *output_sample_values(const output_sample *sample, const real *values);
real *output_sample_gradients(const output_sample *sample, real *gradients);

/* What rows that say these are to learn; weights: as of a cross_entropy_target. */
cross_entropy_target output_sample_target(const output_sample *sample, const int *said,
                                          real smoothing, const real *weights);

/* The token of a place. */
int output_sample_id(const output_sample *sample, int place);

/* Adds the sample's gradients to those of the network. */
void output_sample_add(const output_sample *sample, real *gradients);

#endif
