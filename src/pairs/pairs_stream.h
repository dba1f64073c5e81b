#ifndef RECUR_PAIRS_STREAM_H
#define RECUR_PAIRS_STREAM_H

#include "layer_pair.h"
#include "pair_pieces.h"
#include "pairs_measure.h"

/* Pairs to train on that do not fit into memory: they stay in their files.
 *
 * The files are cut into pieces of whole lines. An epoch takes the pieces in an order that is
 * shuffled by seed and epoch, as many together as fit, which are a part of the epoch: they are
 * read, and what they hold is learnt as if it were all there is. What is left out is found once,
 * before: a bit for each line. So a part depends on the files, the options, the epoch and its
 * number alone.
 */

/* Pairs and how often each is seen in an epoch: so many times as `weight` has wholes, and a share
 * of them, drawn anew for each epoch, once more. */
typedef struct weighted_pairs {
  const text_pair *items; /* [count] */
  int count;
  double weight;
} weighted_pairs;

typedef struct pairs_stream_options {
  const char *const *paths; /* [count] */
  const double *weights;    /* [count] */
  int count;
  size_t memory;   /* bytes of a part, with the tokens and the order that are made of it */
  bool french;     /* the target is */
  double ratio;    /* pair_filter_faults; 0: none */
  bool unique;     /* pairs that came before are left out: by their hashes, in a file beside */
  const char *out; /* this one, meanwhile */
  uint64_t seed;   /* of marks */
  int threads;
} pairs_stream_options;

/* How pairs become what is learnt. */
typedef struct pairs_stream_text {
  pairs_reader reader;
  bool layered;      /* marked by `how`: */
  layer_pairing how; /* whose context outlives the stream */
} pairs_stream_text;

typedef struct pairs_stream {
  pairs_stream_options options;
  pairs_stream_text text;
  pair_pieces pieces;
  struct piece_sum *sums; /* [pieces.count] */
  uint8_t *left_out;      /* bits of lines */
  size_t left_out_bytes;
  int *order; /* [pieces.count] those that have something to learn from, [used] of them */
  int used, at_once, parts;
  /* Of all: pairs, those that --ratio, --unique and marking left out, of the others those that are
   * no use, of these the ones without a known word; members of an epoch. */
  long pairs, filtered, useless, wordless, members;
  /* Of a part at most: members, pairs of a piece, tokens, bytes of a text. */
  int members_most, largest;
  size_t tokens_most, longest;
  /* The part that was loaded. */
  text_pairs *loaded;      /* [at_once] */
  weighted_pairs *corpora; /* [corpus_count] */
  int corpus_count, epoch, part;
  uint64_t seed;
} pairs_stream;

/* Finds the pieces, and pairs that came before. RC_ERR_IO, RC_ERR_FORMAT as pairs_read;
 * RC_ERR_MEMORY. paths, weights and out outlive the stream. Freed with pairs_stream_close, on
 * failure too. All ranks (ranks.h) call this and the survey. */
rc_status pairs_stream_open(pairs_stream *out, const pairs_stream_options *options, progress *bar,
                            rc_error *error);
void pairs_stream_close(pairs_stream *stream);

/* Pieces drawn by the seed from each of the files, a 64th of the memory or more: what vocabularies
 * are learnt from. *files: [*count], to be freed with pairs_free each and free, on failure too. */
rc_status pairs_stream_sample(const pairs_stream *stream, text_pairs **files, int *count,
                              rc_error *error);

/* Reads all pairs, counts them, finds those that are no use and lays out the parts. RC_ERR_FORMAT
 * where no pair is left. */
rc_status pairs_stream_survey(pairs_stream *stream, const pairs_stream_text *text, progress *bar,
                              rc_error *error);

/* Makes the pairs of a part those of `corpora`, all of which are usable. */
rc_status pairs_stream_load(pairs_stream *stream, uint64_t seed, int epoch, int part,
                            rc_error *error);

#endif
