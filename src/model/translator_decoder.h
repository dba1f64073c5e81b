#ifndef RECUR_TRANSLATOR_DECODER_H
#define RECUR_TRANSLATOR_DECODER_H

#include "translator.h"
#include "translator_side.h"

/* The decoder of translator.h in training, from the embedded target tokens to what the output layer
 * reads. Rows are those of the packed target, those of the source lie in the caller's order, so
 * that a sentence's keys are together.
 *
 * Everything that depends on no step before is computed for all rows at once: all gradients of
 * weights and, with the state first, what the embedded tokens add to the gates, and without input
 * feeding the attention, too. Where tokens depend on the step before nothing else can. */

typedef struct translator_decoder {
  int count, longest;      /* room: sentences; weights of a row */
  real *gates, *recurrent; /* [N, 3 H] see cell_step */
  real *h_previous;        /* [N + B, H] state before each step; the rows after a step's own are
                              overwritten by the next, the last B are nobody's */
  real *features,
      *d_features;           /* [N, H + C] state and context; or [N, E + C] embedded and context */
  real *states, *d_states;   /* [N, H] attention first: the state after each step */
  real *weights;             /* [N, longest source or P] of the attention */
  real *asked, *d_asked;     /* [N, H or E + H] what W_q reads */
  real *queries, *d_queries; /* [N, H or P] additive, location: W_q of it */
  real *attentional, *d_attentional; /* [N, A] after dropout */
  real *mask;                        /* [N, A] of the dropout, or NULL */
  real *said;                        /* [N, A] attentional and lexical together, or attentional */
  real *d_weights;                   /* [N, longest source or P] of the lexical part, or NULL */
  real *fed;                         /* [N, A] attentional of the step before, 0 at first */
  real *dh;                          /* [B, H] */
  bool alone;                        /* the batch is one sentence: its matrices are not packed */
  real *packed[5];                   /* weights: of the input, state, fed, attentional, query */
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
  const real *lexical; /* [Ns, A] what the embedded tokens become, or NULL */
  real *d_lexical;
} translator_memory;

/* Called before the step that begins with row `first`, not the first step, whose embedded tokens it
 * may change: what the output layer reads of the step before, from row `before`, is there. */
typedef struct translator_feedback {
  void (*choose)(void *self, int first, int rows, int before);
  void *self;
} translator_feedback;

/* initial: [B, H]. rng NULL: no dropout; feedback NULL: the tokens stay as they are. */
void translator_decoder_forward(const translator *net, const real *values,
                                const translator_side *target, const translator_memory *memory,
                                const real *initial, rc_rng *rng,
                                const translator_feedback *feedback, translator_decoder *d);

/* What the output layer reads, [N, its inputs], and the gradient of that, to be overwritten before
 * backward. */
real *translator_decoder_output(const translator *net, const translator_decoder *d);
real *translator_decoder_d_output(const translator *net, const translator_decoder *d);

/* The gradients of the embedded tokens, of the memory, and of `initial` in dh. */
void translator_decoder_backward(const translator *net, const real *values, translator_side *target,
                                 const translator_memory *memory, bool dropped, real *gradients,
                                 translator_decoder *d);

#endif
