#ifndef RECUR_TRANSLATOR_BEAM_H
#define RECUR_TRANSLATOR_BEAM_H

#include "placeholders.h"
#include "translator_infer.h"

/* The hypotheses of a search: a tree of tokens for each sentence, whose open leaves are the rows
 * that the decoder works on. */

/* A row that goes on. */
typedef struct beam_rows {
  int *sentences, *ids;    /* [R] its sentence, its last token */
  int *nodes;              /* [R] that token's place in the tree; -1: nothing yet */
  int *from;               /* [R] the row it continues, of the step before; at first, its own */
  double *log_probability; /* [R] */
  uint32_t *placed;        /* [R] the placeholders that it has, each a bit */
} beam_rows;

/* A token of a hypothesis. */
typedef struct beam_node {
  int parent; /* -1: the first */
  int id;
} beam_node;

typedef struct beam_end {
  int node, length; /* the last token, and how many there are, the end counted */
  bool complete;
  double log_probability, score;
} beam_end;

typedef struct beam_candidate {
  double log_probability;
  int row, id;
} beam_candidate;

typedef struct beam_sentence {
  int source_length, limit; /* tokens */
  uint32_t placeholders;    /* that it has to place, each a bit */
  int ends;                 /* hypotheses that are over */
  int nodes, node_start;    /* made so far, and where they begin */
  size_t attention_start;   /* floats before its nodes' rows [source_length] */
} beam_sentence;

typedef struct beam_search {
  translator_options options;
  placeholders marks;
  int count;
  beam_sentence *sentences; /* [count] */
  beam_end *ends;           /* [count, beam] */
  beam_node *nodes;
  float *attention;           /* a row for each node, or NULL if nobody asks */
  beam_candidate *candidates; /* [beam] */
  beam_rows rows, next;
  int row_count, steps; /* rows now, tokens that each has */
  float *coverage;      /* [longest source] scratch */
} beam_search;

/* What the next tokens of all rows may be, and where each row looked. */
typedef struct beam_outlook {
  int vocabulary, longest;      /* V; of the sources */
  const float *log_probability; /* [R, V] */
  const float *attention;       /* [R, longest] */
  const translator_choice
      *choices; /* by sentence: what the columns stand for; NULL: token by token */
} beam_outlook;

/* The most tokens that a translation of a source, ids [length], may have, the end counted. */
int beam_limit(const translator_options *options, const placeholders *marks, const int *ids,
               int length);

/* Room for these sources. */
void beam_layout(beam_search *search, const translator_sources *sources,
                 const translator_options *options, const placeholders *marks, rc_arena *arena);

/* One row for each sentence, about to say its first token. */
void beam_begin(beam_search *search);

/* From the decoder's step over search->rows to the rows of the next, whose state it is for the
 * caller to take along from the rows that they continue. */
void beam_step(beam_search *search, const beam_outlook *outlook);

/* Ends every row as it stands. */
void beam_stop(beam_search *search);

/* What a sentence would end with if its rows ended as they stand. */
beam_end beam_best(const beam_search *search, int sentence);

/* The row of attention that said a node's token: [source length]. */
float *beam_attention(const beam_search *search, int sentence, int node);

/* Puts the ends of a sentence in order, best first. */
void beam_rank(beam_search *search, int sentence);

#endif
