#ifndef RECUR_TRANSLATOR_INSPECT_H
#define RECUR_TRANSLATOR_INSPECT_H

#include "codec.h"
#include "translator_search.h"

/* A look inside a translator while it reads one sentence and writes its translation. */

enum { TRANSLATOR_GATES = 3 };
/* "reset", "update", "candidate", the order of the gates below. */
extern const char *const translator_gate_names[TRANSLATOR_GATES];

/* What a GRU did at each step; the equations are kernels.h's. */
typedef struct translator_steps {
  const float *gates[TRANSLATOR_GATES];
  const float *h; /* the state after the step */
} translator_steps;

typedef struct translator_inspection {
  int sources, targets;                   /* S, T tokens, the ends counted */
  int layers, directions, encoder_hidden; /* L, D, He */
  int hidden;                             /* H */
  /* [L, D, S, He] each, forward first. Tokens are in the order of the sentence; the reverse
   * direction reads the last first. */
  translator_steps encoder;
  translator_steps decoder; /* [T, H] each, of the steps that write the tokens */
  const float *initial;     /* [H] the decoder's state before the first */
  const float *attention;   /* [T, S] as of a translation (translator_search.h) */
  /* By word, of which the end is one: Ws of the source, Wt of the target. */
  int source_word_count, target_word_count;
  const int *source_words, *target_words; /* [S], [T] the word that a token is in */
  /* [Wt, Ws] A word looks where its tokens look on average, and is looked at by the sum over its
   * tokens; so rows sum to what those of the tokens do. */
  const float *word_attention;
} translator_inspection;

/* One language of what is looked at. */
typedef struct inspected_text {
  utf8_text text;
  int length;               /* tokens, the end not counted */
  bool ended;               /* the end stands behind them */
  const int *ids;           /* [length + ended]; of the target the last may be missing */
  const text_range *ranges; /* [length] of the text */
} inspected_text;

/* The source, whose end is there, as the network read it, and its translation. All memory is
 * `memory`'s, which is made here and which the caller ends with arena_free; none on failure.
 * RC_ERR_ARGUMENT for ids out of range or too many; RC_ERR_MEMORY. */
rc_status translator_inspect(const translator_weights *weights, const inspected_text *source,
                             const inspected_text *target, translator_inspection *out,
                             rc_arena *memory, rc_error *error);

#endif
