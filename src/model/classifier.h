#ifndef RECUR_CLASSIFIER_H
#define RECUR_CLASSIFIER_H

#include <stdint.h>

#include "alphabet.h"
#include "embedding.h"
#include "linear.h"
#include "loss.h"
#include "pooling.h"
#include "recurrent.h"

/* The name classifier: letters -> embedding (or one-hot) -> RNN, LSTM or GRU -> pooling over time
 * -> linear -> softmax over the labels. */

enum {
  CLASSIFIER_LETTERS_MAX = 10000, /* of one text */
  CLASSIFIER_LABELS_MAX = 4096,
  CLASSIFIER_HIDDEN_MAX = 4096,
  CLASSIFIER_GATES_MAX = 4, /* of a cell */
};

typedef struct classifier_config {
  const recurrent_cell *cell;
  int layers, hidden, directions;
  int embedding; /* size; 0 feeds the letters one-hot */
  pooling_kind pooling;
  alphabet_case letter_case;
  int letters;            /* ids, the unknown one included; 0: the tutorial's ALPHABET_SIZE */
  int labels;             /* C */
  real dropout_embedding; /* on the embedded letters; needs embedding > 0 */
  real dropout_layers;    /* between recurrent layers */
  real dropout_output;    /* before the output layer */
} classifier_config;

/* The shape alone: no weights. Plain data, freely copied. */
typedef struct classifier {
  classifier_config config;
  param_list params;
  embedding letters; /* "letters" [config.letters, E] */
  recurrent network; /* "rnn", as PyTorch calls it whatever the cell */
  linear output;     /* "output" [C, pooled] */
  int pooled;        /* width of the pooled state */
} classifier;

/* RC_ERR_ARGUMENT naming the value that makes no sense. */
rc_status classifier_build(classifier *net, const classifier_config *config, rc_error *error);

/* Fresh weights: [params.total]. */
void classifier_init(const classifier *net, uint64_t seed, real *values);

/* Texts as letter ids, one after another. */
typedef struct classifier_batch {
  int count;          /* B */
  const int *ids;     /* [sum of lengths] in [0, config.letters) */
  const int *lengths; /* [B] each in [1, CLASSIFIER_LETTERS_MAX] */
} classifier_batch;

/* Memory for batches of at most max_count texts, max_letters letters in all and max_length in one.
 * NULL while measuring and when the arena is full. One thread at a time. */
typedef struct classifier_workspace classifier_workspace;
classifier_workspace *classifier_workspace_new(const classifier *net, int max_count,
                                               int max_letters, int max_length, bool training,
                                               rc_arena *arena);

/* The network's matrices packed for many forward passes, and what the first layer makes of each
 * letter: recurrent_pack, [recurrent_packed_size(&net->network)] elements. */
void classifier_pack(const classifier *net, const real *values, real *matrices);
void classifier_workspace_use(classifier_workspace *workspace, const real *matrices);

/* logits: [B, C] in the caller's order. No dropout. The workspace must use the network's packed
 * matrices, here and for prefixes, and must use none where it trains or traces. */
rc_status classifier_forward(const classifier *net, const real *values,
                             const classifier_batch *batch, real *logits,
                             classifier_workspace *workspace, rc_error *error);

/* The same for a batch whose texts are the prefixes of its last one, shortest first: text i is i +
 * 1 letters long. What reads forward is computed once for all of them. */
rc_status classifier_forward_prefixes(const classifier *net, const real *values,
                                      const classifier_batch *prefixes, real *logits,
                                      classifier_workspace *workspace, rc_error *error);

/* probabilities = softmax(logits / temperature + bias), [rows, C]; they may take the logits' place.
 * bias: [C], or NULL for 0. */
void classifier_probabilities(const classifier *net, real temperature, const real *bias, int rows,
                              const real *logits, real *probabilities);

/* The bias that turns answers under one prior into those under another (Saerens, Latinne and
 * Decaestecker 2002, "Adjusting the Outputs of a Classifier to New a Priori Probabilities"):
 *
 *   p'(c | x) = p(c | x) q(c) / prior(c), normalised,   bias(c) = log q(c) - log prior(c)
 *
 * prior [labels], each above 0; q [labels], none below 0 and some above, need not sum to 1; NULL:
 * all are equal. A label with q = 0 gets no probability. */
void classifier_prior_bias(int labels, const real *prior, const real *q, real *bias);

/* Forward with dropout drawn from rng, loss, and backward: adds to gradients [params.total] the
 * gradient of scale * loss. targets in the caller's order; soft, if any, [B, C]. The workspace must
 * be a training one. */
typedef struct classifier_step_result {
  double loss; /* sum over the batch of the cross-entropy, nats */
  int correct; /* texts whose most probable label (under dropout) is their target */
} classifier_step_result;

rc_status classifier_train_step(const classifier *net, const real *values,
                                const classifier_batch *batch, const cross_entropy_target *target,
                                real scale, rc_rng *rng, real *gradients,
                                classifier_step_result *result, classifier_workspace *workspace,
                                rc_error *error);

/* What the network does with one text of T letters, inside, without dropout. */
typedef struct classifier_trace {
  real
      *gates[CLASSIFIER_GATES_MAX]; /* [L, D, T, H] each, in the cell's order; all NULL: unwanted */
  recurrent_state states;           /* [L, D, T, H] after each letter */
  recurrent_state final;            /* [L * D, 1, H] after the last that the direction reads */
  double loss;                      /* cross-entropy of the target, nats */
  real *d_states;                   /* [L, D, T, H] its gradient with respect to states.h */
} classifier_trace;

/* ids: [count]. Fills the trace, and logits [C] as classifier_forward does; target -1: without loss
 * and d_states. gradients: [params.total], as classifier_train_step; unread for target -1. The
 * workspace must be a training one. */
rc_status classifier_trace_text(const classifier *net, const real *values, int count,
                                const int *ids, int target, real *gradients, real *logits,
                                classifier_trace *trace, classifier_workspace *workspace,
                                rc_error *error);

#endif
