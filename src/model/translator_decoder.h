#ifndef RECUR_TRANSLATOR_DECODER_H
#define RECUR_TRANSLATOR_DECODER_H

#include "translator.h"
#include "translator_side.h"

/* The decoder of translator.h under teacher forcing, from the embedded target tokens to what the
 * output layer reads. Rows are those of the packed target, those of the source lie in the caller's
 * order, so that a sentence's keys are together.
 *
 * Everything that depends on no step before is computed for all rows at once: what the embedded
 * tokens add to the gates, all gradients of weights, and without input feeding the attention, too.
 */

typedef struct translator_decoder {
  int count, source_length;    /* room */
  real *gates, *recurrent;     /* [N, 3 H] see cell_step */
  real *h_previous;            /* [N + B, H] state before each step; the rows after a step's own are
                                  overwritten by the next, the last B are nobody's */
  real *features, *d_features; /* [N, H + C] state and context */
  real *weights;               /* [N, longest source] of the attention */
  real *queries, *d_queries;   /* [N, H] additive: W_q h; in backward queries holds h */
  real *attentional, *d_attentional; /* [N, A] after dropout */
  real *mask;                        /* [N, A] of the dropout, or NULL */
  real *fed;                         /* [N, A] attentional of the step before, 0 at first */
  real *dh;                          /* [B, H] */
  real *packed[4];                   /* weights: of the state, fed, attentional, query */
  real *scratch;
} translator_decoder;

/* For up to so many sentences, target tokens, and source tokens of one sentence. */
translator_decoder translator_decoder_layout(const translator *net, int count, int tokens,
                                             int source_length, rc_arena *arena);

/* What the decoder reads of the source; gradients are added in backward. */
typedef struct translator_memory {
  const int *starts;         /* [B + 1] */
  const real *keys, *states; /* [Ns, H], [Ns, C]; the same where they are not projected */
  real *d_keys, *d_states;
} translator_memory;

/* initial: [B, H]. Writes features and, if there is such a layer, attentional. rng NULL: no
 * dropout. */
void translator_decoder_forward(const translator *net, const real *values,
                                const translator_side *target, const translator_memory *memory,
                                const real *initial, rc_rng *rng, translator_decoder *d);

/* From d_attentional or, without such a layer, d_features: the gradients of the embedded tokens, of
 * the memory, and of `initial` in dh. */
void translator_decoder_backward(const translator *net, const real *values, translator_side *target,
                                 const translator_memory *memory, bool dropped, real *gradients,
                                 translator_decoder *d);

#endif
