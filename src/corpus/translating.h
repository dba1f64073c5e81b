#ifndef RECUR_TRANSLATING_H
#define RECUR_TRANSLATING_H

#include "text_layer.h"
#include "translator_search.h"

/* Translating many sentences: cut into tokens, sorted by length, worked on in batches by several
 * threads, and put back in order. */

typedef struct translating {
  const translator_weights *weights[TRANSLATOR_ENSEMBLE_MAX]; /* NULL after the last */
  codec source, target;
  text_layer layer;     /* how texts are read */
  text_setting setting; /* of the translations */
  translator_options options;
  int batch; /* sentences at once */
  int threads;
} translating;

typedef struct hypothesis {
  utf8_text text; /* terminated */
  double score, log_probability;
  int length, rows;        /* tokens; rows of the attention, with that of the end */
  const int *ids;          /* [length] */
  const text_range *spans; /* [the source's spans] where they are in the text */
  const float *attention;  /* [rows, source_length] or NULL */
} hypothesis;

typedef struct translated {
  int source_length;      /* tokens, the end counted */
  const int *source_ids;  /* [source_length] */
  const hypothesis *best; /* [options.nbest], best first */
  rc_arena memory;        /* holds them */
} translated;

/* out: [count], in the order of `sources`; freed with translated_free, on failure too. An empty
 * source gives an empty text. Sources of more tokens than translating_longest are cut there. The
 * results do not depend on batch and threads. */
rc_status translating_run(const translating *how, const layered_text *sources, int count,
                          translated *out, rc_error *error);
/* The same of texts as they stand, each a sentence. */
rc_status translating_texts(const translating *how, const utf8_text *sources, int count,
                            translated *out, rc_error *error);
/* The most tokens of a source that all of the networks can read, the end counted. */
int translating_longest(const translating *how);

void translated_free(translated *results, int count);

#endif
