#ifndef RECUR_TRANSLATOR_H
#define RECUR_TRANSLATOR_H

#include <stdint.h>

#include "embedding.h"
#include "linear.h"
#include "loss.h"
#include "recurrent.h"

/* A sequence-to-sequence network with attention (Luong et al. 2015, global attention with the dot
 * score, without input feeding):
 *
 *   source tokens -> embedding -> GRU encoder -> keys
 *   target tokens -> embedding -> GRU decoder, from the encoder's last state -> queries
 *   context = attention of the queries over the keys
 *   logits = W [query; context] + b */

enum {
  TRANSLATOR_VOCABULARY_MAX = 1 << 20,
  TRANSLATOR_HIDDEN_MAX = 4096,
  TRANSLATOR_LENGTH_MAX = 1024, /* tokens of one sentence */
};

typedef struct translator_config {
  int source_vocabulary, target_vocabulary; /* tokens */
  int embedding, hidden;                    /* E, H */
} translator_config;

/* The shape alone: no weights. Plain data, freely copied. */
typedef struct translator {
  translator_config config;
  param_list params;
  embedding source, target;   /* "source" [Vs, E], "target" [Vt, E] */
  recurrent encoder, decoder; /* "encoder", "decoder": GRU, one layer, E -> H */
  linear output;              /* "output" [Vt, 2 H] */
} translator;

/* RC_ERR_ARGUMENT naming the value that makes no sense. */
rc_status translator_build(translator *net, const translator_config *config, rc_error *error);

/* Fresh weights: [params.total]. */
void translator_init(const translator *net, uint64_t seed, real *values);

/* Pairs of sentences as token ids, one sentence after another. The decoder reads `inputs` and
 * learns to say `outputs`: the target sentence behind its start token, and before its end token. */
typedef struct translator_batch {
  int count;                 /* B */
  const int *sources;        /* [Ns] in [0, Vs) */
  const int *source_lengths; /* [B] each in [1, TRANSLATOR_LENGTH_MAX] */
  const int *inputs;         /* [Nt] in [0, Vt) */
  const int *outputs;        /* [Nt] in [0, Vt) */
  const int *target_lengths; /* [B] each in [1, TRANSLATOR_LENGTH_MAX] */
} translator_batch;

/* The most that a workspace has room for. */
typedef struct translator_room {
  int count;                        /* sentences */
  int source_tokens, target_tokens; /* of all together */
  int source_length, target_length; /* of one */
} translator_room;

/* Memory for training on batches within `room`. NULL while measuring and when the arena is full.
 * One thread at a time. */
typedef struct translator_workspace translator_workspace;
translator_workspace *translator_workspace_new(const translator *net, const translator_room *room,
                                               rc_arena *arena);

/* Forward and backward over the batch: the cross-entropy of the outputs, label smoothing
 * `smoothing` in [0, 1), summed over the tokens, in nats, goes to *loss; its gradient times `scale`
 * is added to gradients [params.total]. RC_ERR_ARGUMENT for a batch outside the room. */
rc_status translator_train_step(const translator *net, const real *values,
                                const translator_batch *batch, real smoothing, real scale,
                                real *gradients, double *loss, translator_workspace *workspace,
                                rc_error *error);

#endif
