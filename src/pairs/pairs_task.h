#ifndef RECUR_PAIRS_TASK_H
#define RECUR_PAIRS_TASK_H

#include "codec.h"
#include "pairs.h"
#include "pairs_batch.h"
#include "pairs_risk.h"
#include "pairs_stream.h"
#include "placeholders.h"
#include "trainer.h"
#include "translator.h"

/* A translator learning from pairs of sentences, as a task for the trainer.
 *
 * Every epoch the pairs are cut into tokens anew (with BPE-dropout differently each time) and laid
 * out in batches of like lengths within a budget of tokens. */

typedef struct pairs_task_options {
  int tokens; /* source and target, the ends counted, of a batch: its pairs times the longest */
  int length; /* the most tokens of a side, the end counted; longer pairs are left out */
  float bpe_dropout;
  float noise; /* share of the pairs that are typed carelessly (layer_noise.h), drawn every epoch */
  real smoothing;
  int sampled_softmax; /* further output tokens of a shard's softmax (output_sample.h); 0: all */
  pairs_risk_options risk;
  real free_running; /* share of the pairs that are not learnt by teacher forcing, drawn for each */
  /* So many pairs drawn at random, each a step by itself, make an epoch; what is learnt and counted
   * is then a pair's loss, as in the tutorial: the gradient of its sum over the tokens, and in the
   * result their mean. 0: all pairs once, in batches, by tokens. */
  int iterations;
} pairs_task_options;

typedef struct pairs_task {
  translator net;
  pairs_task_options options;
  codec source, target;
  placeholders marks;            /* of a text layer, for the candidates of the risk */
  pairs_stream *stream;          /* where epochs come in parts, whose corpora are then these: */
  const weighted_pairs *corpora; /* [corpus_count] */
  int corpus_count;
  int shards;
  int *usable; /* [pairs of all corpora] 1, or 0 for those that are too long or have a side without
                * a token; NULL: all are */
  long epoch_members; /* pairs in an epoch, */
  int members;        /* in the running part of it, */
  int members_most;   /* and in any part at most */
  int largest;        /* pairs of a corpus at most */
  int left_out;       /* pairs that are not usable, */
  int wordless;       /* of them those without a token on a side */
  size_t tokens;      /* the most that the members of a part can have */
  size_t longest;     /* bytes of a text */
  rc_arena memory;
  /* The running part of an epoch. */
  int part;
  const text_pair **member;             /* [members] */
  int *drawn;                           /* [largest] */
  uint16_t *ids;                        /* [tokens] of both sides, the ends included */
  size_t *starts;                       /* [2 * members + 1] source and target of each member */
  int *source_lengths, *target_lengths; /* [members] */
  int *order, *batches, *scratch;
  char *noisy[2];                                       /* [the longest text] of both sides */
  long epoch_size;                                      /* target tokens of the members, or pairs */
  pairs_batch batch[TRAINER_SHARDS_MAX];                /* of each thread */
  translator_workspace *workspaces[TRAINER_SHARDS_MAX]; /* likewise */
  translator_room room;
  pairs_risk *risk; /* or NULL */
} pairs_task;

/* Everything given must outlive the task. `net` is built. RC_ERR_FORMAT if no pair is usable. The
 * caller ends it with pairs_task_free. */
rc_status pairs_task_make(pairs_task *task, const translator *net, codec source, codec target,
                          const pairs_task_options *options, const weighted_pairs *corpora,
                          int corpus_count, rc_error *error);
void pairs_task_free(pairs_task *task);

/* The same of a stream after its survey. options->length is that of its reader. */
rc_status pairs_task_make_stream(pairs_task *task, const translator *net, codec source,
                                 codec target, const pairs_task_options *options,
                                 pairs_stream *stream, rc_error *error);
train_task pairs_task_of(pairs_task *task);

/* The mean cross-entropy in nats a target token of pairs that are not learnt from, without dropout
 * and smoothing; NaN if all of them are too long. Only between two steps: it uses the first
 * thread's workspace. */
rc_status pairs_task_loss(const pairs_task *task, const real *values, const text_pair *items,
                          int count, double *loss, rc_error *error);

#endif
