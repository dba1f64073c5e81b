#ifndef RECUR_TRANSLATING_H
#define RECUR_TRANSLATING_H

#include "translator_sentences.h"

/* Translating many sentences: the batches of translator_sentences.h, worked on by several threads,
 * and put back in order. */

typedef struct translating {
  const translator_weights *weights[TRANSLATOR_ENSEMBLE_MAX]; /* NULL after the last */
  codec source, target;
  text_layer layer;     /* how texts are read */
  text_setting setting; /* of the translations */
  translator_options options;
  int batch; /* sentences at once */
  int threads;
} translating;

typedef struct translated {
  int source_length;      /* tokens, the end counted */
  const int *source_ids;  /* [source_length] */
  bool cut;               /* the source has more tokens */
  const hypothesis *best; /* [options.nbest], best first */
  rc_arena memory;        /* holds them */
} translated;

/* out: [count], in the order of `sources`; freed with translated_free, on failure too. An empty
 * source gives an empty text. Sources of more tokens than translating_longest are cut there. The
 * results do not depend on batch and threads. */
rc_status translating_run(const translating *how, const passage_sentence *sources, int count,
                          translated *out, rc_error *error);
/* The same of texts as they stand, each a sentence. */
rc_status translating_texts(const translating *how, const utf8_text *sources, int count,
                            translated *out, rc_error *error);
/* The most tokens of a source that all of the networks can read, the end counted. */
int translating_longest(const translating *how);

void translated_free(translated *results, int count);

#endif
