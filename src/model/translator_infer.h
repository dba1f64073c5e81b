#ifndef RECUR_TRANSLATOR_INFER_H
#define RECUR_TRANSLATOR_INFER_H

#include "translator_side.h"
#include "translator_weights.h"

/* The network of translator.h without training: the encoder over whole sentences, and the decoder
 * one step at a time over rows, each of which belongs to some sentence. A row's result depends on
 * no other. */

typedef struct translator_encoded {
  translator_side source;
  float *states[2];      /* [Ns, C] packed; two layers take turns */
  dense_memo inputs;     /* what the first layer makes of the tokens */
  float *gates, *parts;  /* [B, 3 He] */
  float *h;              /* [B, He] running */
  float *last, *initial; /* [B, C], [B, H] packed */
  float *values, *keys;  /* [Ns, C], [Ns, H] in the caller's order; the same without projection */
  float *lexical;        /* [Ns, A] what the tokens become, in the caller's order */
  float *scratch;
  int runs; /* layers so far, each direction by itself */
} translator_encoded;

/* For up to so many sentences, tokens, and tokens of one sentence. */
translator_encoded translator_encoded_layout(const translator_weights *w, int count, int tokens,
                                             int length, rc_arena *arena);

/* Begins to make values, keys, and the decoder's initial states, packed, of a batch in the caller's
 * order. */
rc_status translator_encode_begin(const translator_weights *w, int count, const int *lengths,
                                  const int *ids, translator_encoded *e, rc_error *error);
/* One layer in one direction; false once everything is made. */
bool translator_encode_step(const translator_weights *w, translator_encoded *e);

/* A shortlist (shortlist.h): what any sentence may become, or what a sentence may. */
typedef struct translator_choice {
  int count;
  int *ids;                /* [count] target tokens, as shortlist_choose gives them */
  quantized_linear output; /* the output layer for those that are not of any sentence */
  float *bias;
} translator_choice;

/* Room for so many tokens of any sentence, and others. For weights in int8. */
translator_choice translator_choice_layout(const translator_weights *w, int shared, int own,
                                           rc_arena *arena);
/* From count and ids to the output layer, but for the first `shared` tokens. */
void translator_choice_set(const translator_weights *w, int shared, translator_choice *choice);

/* The decoder's state of `rows` rows before a step, and what the step makes of it. The first five
 * arrays are the caller's. */
typedef struct translator_rows {
  int rows;
  const int *sentences; /* [R] in the caller's order */
  const int *ids;       /* [R] the tokens before */
  float *h, *fed;       /* [R, H], [R, A] state, and attentional vector of the step before */
  const translator_choice *choices; /* [1 + B] of any sentence, and those by sentence; or NULL: each
                                     * row may say anything */
  float *features;                  /* [R, H + C], or [R, E + C] */
  float *states;                    /* [R, H] attention first: h once more, for the output */
  float *said;                      /* [R, A] attentional and lexical together */
  float *weights;                   /* [R, longest] of the attention */
  float *log_probability;           /* [R, V] of the next tokens, or of those in the row's choice */
  float *embedded, *gates, *parts, *asked, *query, *scratch;
  dense_memo inputs; /* state first: what the decoder makes of the tokens */
  int longest;       /* weights of a row */
  int vocabulary;    /* V: Vt, or the largest choice */
} translator_rows;

/* longest: as many as the longest source has tokens, and no fewer than the network has
 * positions. */
translator_rows translator_rows_layout(const translator_weights *w, int rows, int longest,
                                       int vocabulary, rc_arena *arena);

/* Before the first step. */
void translator_rows_begin(const translator_weights *w, translator_rows *r);

/* One step of all rows: from sentences, ids, h and fed to h, fed, weights and log_probability. */
void translator_decode(const translator_weights *w, const translator_encoded *e,
                       translator_rows *r);

#endif
