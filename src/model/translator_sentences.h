#ifndef RECUR_TRANSLATOR_SENTENCES_H
#define RECUR_TRANSLATOR_SENTENCES_H

#include "passage.h"
#include "translator_search.h"

/* What every translation of a text is made of, in a page and natively: its sentences, each encoded
 * once, in batches of like length, and what the search found for them as text. */

/* By length, the shortest first; those of one length stay in order. */
typedef struct translator_sentences {
  int count;
  int *order;   /* [count] the sentence */
  int *lengths; /* [count] tokens, the end counted */
  int *starts;  /* [count] of its ids */
  int *ids;
  bool *cut;       /* [count] whether tokens were left out, as there are too many */
  rc_arena memory; /* grows to the most */
} translator_sentences;

/* Into `out`, which is empty or in use before. longest: the most tokens that are kept of a
 * sentence, the end counted. RC_ERR_MEMORY. */
rc_status translator_sentences_read(translator_sentences *out, codec source, int longest,
                                    const passage_sentence *sentences, int count, rc_error *error);
void translator_sentences_free(translator_sentences *sentences);

/* Sentences that are translated together: from `first` on in the order, of which `empty` have no
 * token but the end, so that there is nothing to translate. */
typedef struct sentence_batch {
  int first, count, empty;
} sentence_batch;

/* The batch from `first` on, of at most so many sentences, and of at most so many tokens unless it
 * is one sentence. */
sentence_batch translator_sentences_batch(const translator_sentences *s, int first, int sentences,
                                          int tokens);
/* What of it is to be translated. */
translator_sources translator_sentences_sources(const translator_sentences *s,
                                                const sentence_batch *batch);

/* A translation as text. */
typedef struct hypothesis {
  utf8_text text; /* terminated */
  double score, log_probability;
  int length, rows;         /* tokens; rows of the attention, with that of the end */
  bool complete;            /* it was not cut off */
  const int *ids;           /* [length] */
  const text_range *tokens; /* [length] where they are in the text */
  const text_range *spans;  /* [the source's spans] where they are in the text */
  const float *attention;   /* [rows, source_length] or NULL */
} hypothesis;

/* Writes it to an arena, over which a measuring one only counts. from: NULL where there was nothing
 * to translate. source_length: tokens, the end counted. */
rc_status hypothesis_write(codec target, text_setting setting, const layered_text *source,
                           int source_length, const translation *from, rc_arena *arena,
                           hypothesis *out, rc_error *error);

#endif
