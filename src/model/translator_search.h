#ifndef RECUR_TRANSLATOR_SEARCH_H
#define RECUR_TRANSLATOR_SEARCH_H

#include "translator.h"

/* Translating with trained weights: greedy and beam search over any number of sentences at once.
 * Target sentences start with BPE_BEGIN and end with BPE_END; sources are what the network was
 * trained on, so by the convention of the programs a sentence and BPE_END. */

enum { TRANSLATOR_BEAM_MAX = 64 };

/* Weights laid out for inference: f32, or matrices in int8 with a scale for each row, embeddings
 * included. Read only once made, and may be shared by threads. */
typedef struct translator_weights translator_weights;

/* The most tokens of a source that the network can read. */
int translator_longest_source(const translator *net);

typedef enum translator_precision { TRANSLATOR_F32, TRANSLATOR_INT8 } translator_precision;

/* Lays out weights from values [params.total], which may go afterwards, for the kernels now
 * selected. */
rc_status translator_weights_new(translator_weights **out, const translator *net,
                                 const real *values, translator_precision precision,
                                 rc_error *error);
void translator_weights_free(translator_weights *weights);
size_t translator_weights_bytes(const translator_weights *weights);
const translator *translator_weights_net(const translator_weights *weights);

/* Has searches write every placeholder of a source exactly once and no other; the tables, which are
 * the caller's, must outlive the weights. */
struct placeholders; /* placeholders.h */
void translator_weights_mark(translator_weights *weights, const struct placeholders *marks);

/* How to weigh hypotheses of different lengths; n tokens, the end counted. */
typedef enum translator_length_norm {
  TRANSLATOR_NORM_GNMT,    /* log p / ((5 + n) / 6)^alpha (Wu et al. 2016) */
  TRANSLATOR_NORM_AVERAGE, /* log p / n^alpha */
} translator_length_norm;

/* score = log p / norm(n) + coverage * sum_j log(min(sum_t weights[t, j], 1)), the latter over the
 * source (Wu et al. 2016, equation 14). Hypotheses are ranked by score, those of the same score by
 * the order in which the search found them, which is the same every time.
 *
 * A beam is pruned by log p alone, as all its hypotheses are equally long and, but for the
 * coverage, which enters when a hypothesis is complete, ranked the same by both. A hypothesis that
 * ends leaves the beam, which narrows by it; the search for a sentence ends when the beam is empty
 * or the length reached, where what is left counts as complete without an end.
 *
 * With a text layer (translator_weights_mark) no hypothesis ends before it has every placeholder of
 * its source, nor has one twice or another; where the length allows nothing else, what is missing
 * is written. The first network's tables count. */
typedef struct translator_options {
  int beam;  /* 1 (greedy) to TRANSLATOR_BEAM_MAX */
  int nbest; /* 1 to beam: results for each sentence */
  translator_length_norm norm;
  float alpha;        /* >= 0; 0: none */
  float coverage;     /* >= 0; 0: none */
  int no_repeat;      /* so many tokens in a row never come twice; 0: they may */
  bool shortlist;     /* keep to the shortlist (shortlist.h) of weights in int8 that have one */
  float length_ratio; /* at most length_ratio * source tokens + length_extra tokens, the end */
  int length_extra;   /* counted; at least 1, and one for each placeholder, and never more than
                       * TRANSLATOR_LENGTH_MAX */
  bool attention;     /* whether results have their matrix */
} translator_options;

/* Beam 4, nbest 1, GNMT with alpha 1, no coverage, no 5 tokens twice, by shortlist, at most 1.5 n
 * + 8 tokens. */
translator_options translator_options_default(void);

/* Sentences as token ids, one after another. */
typedef struct translator_sources {
  int count;
  const int *ids;     /* [sum of lengths] in [0, Vs) */
  const int *lengths; /* [count] each in [1, TRANSLATOR_LENGTH_MAX], or up to the net's positions */
} translator_sources;

typedef struct translation {
  int length;             /* tokens, the end left out */
  bool complete;          /* the end was found, so attention and log_probability count it */
  const int *ids;         /* [length] */
  double log_probability; /* of all tokens and the end, nats */
  double score;           /* what it was ranked by */
  /* [length + complete, source length] or NULL. Each row sums to 1, or where the network attends by
   * location to at most 1: the rest went behind the source. */
  const float *attention;
} translation;

/* Networks, and memory for translating, which grows to the largest request so far. One thread at a
 * time. */
enum { TRANSLATOR_ENSEMBLE_MAX = 8 };
typedef struct translator_session {
  const translator_weights *weights[TRANSLATOR_ENSEMBLE_MAX]; /* [networks] */
  int networks;
  rc_arena memory;
  struct translator_request *request; /* what is under way, in the memory */
} translator_session;

translator_session translator_session_begin(const translator_weights *weights);
void translator_session_end(translator_session *session);

/* Has one more network translate along, of any shape but with the same vocabularies, for which the
 * caller vouches. A token's log-probability is then the mean over the networks, as is the
 * attention: the geometric mean of probabilities, not normalised, as in Marian and Nematus.
 * RC_ERR_ARGUMENT if the sizes of the vocabularies differ, or for too many. */
rc_status translator_session_join(translator_session *session, const translator_weights *weights,
                                  rc_error *error);

/* *results: [count * nbest], sentence after sentence, best first; they belong to the session and
 * live until its next call. Where fewer than nbest hypotheses were found (short limits), the rest
 * repeat the last. A result does not depend on the sentences beside it. RC_ERR_ARGUMENT for options
 * or ids out of range; RC_ERR_RANGE where the weights, finite as they are, give a sentence no
 * numbers. All sentences are worked on at once: memory grows with
 * count * beam * longest. */
rc_status translator_translate(translator_session *session, const translator_sources *sources,
                               const translator_options *options, const translation **results,
                               rc_error *error);

/* The same in steps, for a host with other things to do between them:
 *
 *   RC_TRY(translator_begin(&session, &sources, &options, &error));
 *   while (translator_step(&session)) ...;
 *   RC_TRY(translator_finish(&session, &results, &error));
 *
 * A step is one layer of the encoder in one direction, or one token of every hypothesis; false
 * after the last. To finish before ends every hypothesis where it stands, in results that are not
 * complete; to begin anew, or to end the session, drops it. *results is NULL where nothing was
 * under way, and on failure. */
rc_status translator_begin(translator_session *session, const translator_sources *sources,
                           const translator_options *options, rc_error *error);
bool translator_step(translator_session *session);
rc_status translator_finish(translator_session *session, const translation **results,
                            rc_error *error);

/* Between begin and finish, the best for a sentence so far, without attention; its ids live until
 * the session's next call. */
translation translator_peek(translator_session *session, int sentence);

#endif
