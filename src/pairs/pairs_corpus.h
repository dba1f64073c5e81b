#ifndef RECUR_PAIRS_CORPUS_H
#define RECUR_PAIRS_CORPUS_H

#include "bpe_learn.h"
#include "dev_set.h"
#include "pairs_settings.h"
#include "pairs_stream.h"
#include "translator_file.h"
#include "word_census.h"

/* What `train translate` learns from: pairs, vocabularies and, with --init, weights. */

typedef struct pairs_corpus {
  text_pairs
      *data; /* [data_count] the files, or where they are streamed a sample of their pieces */
  int data_count, held;                      /* pairs of data */
  weighted_pairs weighted[OPTION_TEXTS_MAX]; /* the files, unless they are */
  char sha256[OPTION_TEXTS_MAX][65];         /* of the files */
  bool streamed;
  pairs_stream *stream; /* where they are */
  int pairs;            /* of all files, */
  int filtered;         /* without those that --ratio and --unique left out */
  int longest;          /* tokens of a side that is learnt from */
  text_pairs dev_pairs; /* no items without --dev */
  dev_set dev;
  bpe_vocabulary learnt[2];             /* of the source unless joint, of the target */
  translator_vocabulary source, target; /* the same texts where joint */
  bool joint;
  codec source_codec, target_codec;
  text_layer layer;   /* how texts are read */
  placeholders marks; /* with a layer, of the vocabularies */
  word_census census; /* with a layer, while pairs are read */
  uint8_t *known;     /* with a layer, the words that were learnt, unless the base tells */
  rc_arena memory, marks_memory; /* of the codecs, of the marks */
  translator_model base;         /* --init, --vocabularies-of: the vocabularies' owner */
  translator net;
  real *values; /* [net.params.total] of --init, or NULL */
  rc_arena values_memory;
  char base_sha256[65]; /* of that file */
} pairs_corpus;

/* Freed with pairs_corpus_close, on failure too. */
rc_status pairs_corpus_open(pairs_corpus *out, const pairs_settings *settings, progress *bar,
                            rc_error *error);
void pairs_corpus_close(pairs_corpus *corpus);

#endif
