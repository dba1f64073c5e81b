#ifndef RECUR_TRANSLATOR_WEIGHTS_H
#define RECUR_TRANSLATOR_WEIGHTS_H

#include "dense.h"
#include "placeholders.h"
#include "shortlist.h"
#include "translator_search.h"

/* Weights laid out for inference: every matrix packed once for the kernels now selected, in f32 or
 * in int8. */

struct translator_weights {
  translator net;
  translator_precision precision;
  dense_table source, target;
  dense_gru encoder[RECURRENT_LAYERS_MAX][2], decoder;
  dense bridge, keys, query, feed, attentional, lexical, output; /* as far as the net has them */
  const float *score;                                            /* additive: [H] */
  shortlist choices;                                             /* its arrays are the model's, */
  placeholders marks;                                            /* and so are these */
  rc_arena memory;
};

/* Gives the tensor that begins at an offset of net.params as floats, which stay until the next
 * call. */
typedef struct translator_tensors {
  rc_status (*read)(void *context, size_t offset, const float **values, rc_error *error);
  /* The same of a matrix that is in int8 already, with a scale for each row: q as large as it,
   * scales [rows], none is -128. False where it is not; NULL where none is. */
  bool (*read_int8)(void *context, size_t offset, int8_t *q, float *scales);
  void *context;
} translator_tensors;

/* As translator_weights_new, from anywhere. */
rc_status translator_weights_read(translator_weights **out, const translator *net,
                                  const translator_tensors *tensors, translator_precision precision,
                                  rc_error *error);

#endif
