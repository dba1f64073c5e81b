#ifndef RECUR_INSPECT_H
#define RECUR_INSPECT_H

#include "predict.h"

/* A look inside a classifier's cells while it reads one text.
 *
 * Every array of an inspection has the shape [L, D, T, H] of layers, directions (forward first),
 * letters in the order of the text, and units, unless another is told. The reverse direction reads
 * the last letter first, so that what it was in before letter t is what it is in after t + 1. */

enum { INSPECT_LETTERS_MAX = 1000 };

typedef struct inspection_gate {
  const char *name; /* "forget" */
  const real *values;
} inspection_gate;

typedef struct inspection {
  int layers, directions, letters, hidden; /* L, D, T, H */
  const int *ids;                          /* [T] */
  /* The equations are kernels.h's, in whose order the gates are: of the LSTM input, forget,
   * candidate and output, of the GRU reset, update and candidate; the RNN has none. */
  int gate_count;
  inspection_gate gates[CLASSIFIER_GATES_MAX];
  const real *h, *c;  /* after the letter; c NULL but for the LSTM */
  const real *logits; /* [C] what the network says of the text; NULL for no letters */
  /* What reaches each letter: the norm of the gradient of the loss with respect to h. The loss is
   * that of training, -log softmax(logits)[label], nats. */
  const real *gradient; /* [L, D, T], or NULL without a label */
  double loss;
} inspection;

/* label: an index, or -1 for none. T is 0, and no array is there, for a text that is not answered
 * from its letters (predict.h). All memory is `memory`'s, which is made here and which the caller
 * ends with arena_free; none on failure. RC_ERR_ARGUMENT for a label that is none;
 * RC_ERR_RANGE above INSPECT_LETTERS_MAX and where the weights give no numbers; RC_ERR_MEMORY. */
rc_status classifier_inspect(const classifier_session *session, const char *text, size_t bytes,
                             int label, inspection *out, answer *given, rc_arena *memory,
                             rc_error *error);

#endif
