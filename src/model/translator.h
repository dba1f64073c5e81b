#ifndef RECUR_TRANSLATOR_H
#define RECUR_TRANSLATOR_H

#include <stdbool.h>
#include <stdint.h>

#include "attend.h"
#include "embedding.h"
#include "linear.h"
#include "loss.h"
#include "recurrent.h"

/* A sequence-to-sequence network with attention (Bahdanau et al. 2015; Luong et al. 2015):
 *
 *   source tokens -> embedding -> GRU encoder -> states s [Ts, C], C = directions * encoder_hidden
 *   h_0 = tanh(W_b [last states of the top layer] + b_b), or those states themselves
 *   h_t = GRU decoder step from h_(t-1), of the embedded target token y_(t-1) and, with input
 *         feeding, of a_(t-1), which is 0 at first
 *   weights = softmax over the source of score(h_t, s_j),  context = sum_j weights_j s_j
 *   a_t = tanh(W_a [h_t; context] + b_a), or without attentional layer [h_t; context] itself
 *   logits = W a_t + b, or with the lexical part, by which an attended token says what it becomes
 *         whatever stands around it (Nguyen and Chiang 2018, of whose layers it has one),
 *         W (a_t + sum_j weights_j (W_l [embedded source token j] + b_l)) + b
 *
 * Dropout falls on the embedded tokens, between the encoder's layers, and on a_t, before it is fed
 * on.
 *
 * That is the order of Luong et al. 2015: state first. With attention first, as Bahdanau et al.
 * 2015 and PyTorch's tutorial have it, the state before asks, and the decoder reads what is found:
 *
 *   weights = softmax of score(h_(t-1), s_j),  context = sum_j weights_j s_j
 *   a_t = relu(W_a [embedded y_(t-1); context] + b_a)
 *   h_t = GRU decoder step from h_(t-1), of a_t
 *   logits = W h_t + b
 *
 * where dropout falls on the embedded target tokens, not on the source's. */

enum {
  TRANSLATOR_VOCABULARY_MAX = 1 << 20,
  TRANSLATOR_HIDDEN_MAX = 4096,
  TRANSLATOR_LENGTH_MAX = 1024, /* tokens of one sentence */
};

typedef enum translator_order {
  TRANSLATOR_STATE_FIRST,
  TRANSLATOR_ATTENTION_FIRST, /* needs A > 0, no input feeding */
} translator_order;

/* score(h, s): how well the decoder's state h [H] goes with the encoder's s [C]. */
typedef enum translator_attention {
  TRANSLATOR_DOT,        /* h . s, with C = H (Luong et al. 2015, "dot") */
  TRANSLATOR_SCALED_DOT, /* h . s / sqrt(H), with C = H (Vaswani et al. 2017) */
  TRANSLATOR_GENERAL,    /* h . (W_k s + b_k) / sqrt(H) (Luong et al. 2015, "general") */
  TRANSLATOR_ADDITIVE,   /* v . tanh(W_q h + W_k s + b_k), H wide (Bahdanau et al. 2015) */
  /* Row j of W_q [embedded y_(t-1); h] + b_q for the j-th of P positions, whatever stands there
   * (Luong et al. 2015, "location"; the tutorial). Weights behind the source's last go nowhere. */
  TRANSLATOR_LOCATION,
} translator_attention;

/* Which of the matrices [vocabulary, E] are one (Press and Wolf 2017). The output layer can be tied
 * where its input is E wide, that is attentional = E, or H = E with attention first; the languages
 * where their vocabularies are as large, of which the caller sees to it that they are the same. */
typedef enum translator_tying {
  TRANSLATOR_UNTIED,
  TRANSLATOR_TIED_OUTPUT, /* target embedding and output */
  TRANSLATOR_TIED_ALL,    /* source embedding, target embedding and output */
} translator_tying;

/* 0 or false leaves out what can be left out. */
typedef struct translator_config {
  int source_vocabulary, target_vocabulary; /* Vs, Vt tokens */
  int embedding;                            /* E */
  int hidden;                               /* H, of the decoder */
  int encoder_hidden;                       /* He, of each direction of the encoder */
  int encoder_layers, encoder_directions;   /* 1 to RECURRENT_LAYERS_MAX; 1 or 2 */
  bool bridge;                              /* false needs C = H */
  translator_order order;
  translator_attention attention;
  int positions;      /* P, the most source tokens; 0 but for TRANSLATOR_LOCATION */
  int attentional;    /* A, width of a_t; 0: no such layer */
  bool input_feeding; /* needs A > 0 */
  bool lexical;       /* needs A > 0 and the state first */
  translator_tying tying;
  real dropout_embedding, dropout_layers, dropout_attentional; /* in [0, 1) */
} translator_config;

/* The shape alone: no weights. Plain data, freely copied. */
typedef struct translator {
  translator_config config;
  int context; /* C */
  param_list params;
  embedding source, target;   /* "source" [Vs, E], "target" [Vt, E]; tied, the same "embedding" */
  recurrent encoder, decoder; /* "encoder" E -> He, "decoder" E, or A, -> H: GRU */
  linear bridge;              /* "bridge" [H, C] */
  linear keys;                /* "keys" [H, C] */
  linear query;               /* "query" [H, H], no bias; or "location" [P, E + H] */
  size_t score;               /* "score.weight" [H]: v */
  linear feed;                /* "feed" [3 H, A], no bias: a part of the decoder's W_ih */
  linear attentional;         /* "attentional" [A, H + C], or [A, E + C] */
  linear lexical;             /* "lexical" [A, E] */
  linear output;              /* "output" [Vt, A or H + C], or [Vt, H] */
} translator;

/* RC_ERR_ARGUMENT naming the value that makes no sense. */
rc_status translator_build(translator *net, const translator_config *config, rc_error *error);

/* Fresh weights: [params.total]. Everything as PyTorch does by default (U(-1/sqrt(n), 1/sqrt(n))
 * for n inputs, embeddings N(0, 1)), but tied embeddings, as they are the output layer's weights as
 * well, from N(0, 1/E). */
void translator_init(const translator *net, uint64_t seed, real *values);

/* Whether attention comes first. */
bool translator_asks_first(const translator *net);

/* Dropout on the embedded tokens of the source. */
real translator_source_dropout(const translator *net);

/* The network's attention over keys and queries that are projected already; score: [H], read only
 * if it is additive. */
attend translator_attend(const translator *net, const real *score);

/* Pairs of sentences as token ids, one sentence after another. The decoder reads `inputs` and
 * learns to say `outputs`: the target sentence behind its start token, and before its end token. */
typedef struct translator_batch {
  int count;                 /* B */
  const int *sources;        /* [Ns] in [0, Vs) */
  const int *source_lengths; /* [B] each in [1, TRANSLATOR_LENGTH_MAX] */
  const int *inputs;         /* [Nt] in [0, Vt) */
  const int *outputs;        /* [Nt] in [0, Vt) */
  const int *target_lengths; /* [B] each in [1, TRANSLATOR_LENGTH_MAX] */
  const real *weights;       /* [B] factor of each pair's loss and gradient, or NULL for 1 */
  /* [B] Whether the decoder, instead of its inputs, reads from the second on what itself finds the
   * most likely output, until that is the end (BPE_END): what the pair was to say after it does not
   * count. NULL: none does, which is teacher forcing. Only for translator_train_step. */
  const bool *free_running;
} translator_batch;

/* The most that a workspace has room for. */
typedef struct translator_room {
  int count;                        /* sentences */
  int source_tokens, target_tokens; /* of all together */
  int source_length, target_length; /* of one */
  int sampled_softmax; /* further tokens of a step's softmax, see output_sample.h; 0: all */
} translator_room;

/* Memory for training on batches within `room`. NULL while measuring and when the arena is full.
 * One thread at a time. */
typedef struct translator_workspace translator_workspace;
translator_workspace *translator_workspace_new(const translator *net, const translator_room *room,
                                               rc_arena *arena);

/* Forward and backward over the batch: the cross-entropy of the outputs, label smoothing
 * `smoothing` in [0, 1), summed over the tokens that count, in nats, goes to *loss; its gradient
 * times `scale` is added to gradients [params.total]. Dropout, and the sample of the softmax where
 * the room has one, are drawn from rng; NULL: none.
 * RC_ERR_ARGUMENT for a batch outside the room. */
rc_status translator_train_step(const translator *net, const real *values,
                                const translator_batch *batch, real smoothing, real scale,
                                rc_rng *rng, real *gradients, double *loss,
                                translator_workspace *workspace, rc_error *error);

/* Forward alone, without dropout: the log-probability, in nats, of each pair's outputs given its
 * source: [B] in the caller's order. RC_ERR_ARGUMENT for a batch outside the room. */
rc_status translator_score(const translator *net, const real *values, const translator_batch *batch,
                           double *log_probability, translator_workspace *workspace,
                           rc_error *error);

#endif
