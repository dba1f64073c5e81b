#ifndef RECUR_CLASSIFIER_FILE_H
#define RECUR_CLASSIFIER_FILE_H

#include "classifier.h"
#include "weight_file.h"

/* A classifier with its weights, labels and record, from and to the bytes of a GGUF file.
 *
 * Keys: general.architecture "recur-classifier", general.name, general.license,
 * general.attribution..., recur.cell, recur.layers, recur.hidden, recur.directions,
 * recur.embedding, recur.pooling, recur.letter_case, recur.labels, recur.temperature,
 * recur.prior, the alphabet, and the training record as recur.training.*. The tutorial's alphabet
 * is recur.alphabet, its letters in order; a learnt one is the arrays recur.letters and
 * recur.letters.spellings (alphabet_build.h). Tensors carry PyTorch's state_dict names. */

typedef struct classifier_model {
  classifier net;
  alphabet letters;
  real *values;              /* [params.total] */
  const char *const *labels; /* [C] terminated UTF-8 */
  real temperature; /* probabilities = softmax(logits / temperature), under the data's prior */
  real *prior;      /* [C] each above 0, sum 1: what that is; NULL: the file does not tell */
  rc_arena memory;  /* owns all of the above */
} classifier_model;

/* Reads and checks everything. On success the model owns its memory (classifier_model_free) and
 * `bytes` may go. On failure nothing is left to free. */
rc_status classifier_model_read(classifier_model *model, const uint8_t *bytes, size_t size,
                                rc_error *error);
void classifier_model_free(classifier_model *model);

/* Writes matrices as `type` (F32, F16 or Q8_0; F16 where a row is no multiple of Q8_0's block),
 * vectors as F32, with the record. buffer NULL: only the size. Of the model, `memory` is not read.
 */
rc_status classifier_model_write(const classifier_model *model, gguf_tensor_type type,
                                 const record_entry *record, int record_count, uint8_t *buffer,
                                 size_t capacity, size_t *size, rc_error *error);

/* Calibrated probabilities of one text: [C]. *letters receives the number of letters read; with 0
 * letters the probabilities are not written. RC_ERR_RANGE above CLASSIFIER_LETTERS_MAX, and where
 * the weights, finite as they are, give no numbers, here and in what follows. Memory
 * comes from a block that grows with the longest text seen. The first prediction packs the
 * network's matrices for the kernels selected by then. */
typedef struct classifier_session {
  const classifier_model *model;
  real *bias;        /* [C] of the prior, or NULL for the data's */
  rc_arena prior;    /* owns it */
  rc_arena matrices; /* see recurrent_pack */
  rc_arena memory;
} classifier_session;

classifier_session classifier_session_begin(const classifier_model *model);
void classifier_session_end(classifier_session *session);

/* The prior under which predictions are made from now on. */
typedef enum prior_kind {
  PRIOR_DATA,  /* that of the data, as a session begins */
  PRIOR_EQUAL, /* the same for each label */
  PRIOR_GIVEN, /* the caller's */
} prior_kind;

/* weights: [C] of PRIOR_GIVEN, none below 0, some above, of any sum. RC_ERR_ARGUMENT for weights
 * that are none, and where the file does not tell the data's prior unless that is asked for;
 * RC_ERR_MEMORY. The prior before holds then. */
rc_status classifier_session_prior(classifier_session *session, prior_kind kind,
                                   const real *weights, rc_error *error);
rc_status classifier_predict(classifier_session *session, const char *text, size_t bytes,
                             float *probabilities, int *letters, rc_error *error);

/* The same for every prefix of the first `max_steps` letters: steps [max_steps, C], the letters'
 * ids and the byte offsets that they came from, [max_steps] each. *count: prefixes written. */
rc_status classifier_predict_prefixes(classifier_session *session, const char *text, size_t bytes,
                                      int max_steps, float *steps, int *ids, int *sources,
                                      int *count, rc_error *error);

/* Logits (not scaled) of many texts: [examples, C], in batches of like length. For evaluation. */
rc_status classifier_predict_all(const classifier *net, const real *values, int count,
                                 const int *const *ids, const int *lengths, real *logits,
                                 rc_error *error);

#endif
