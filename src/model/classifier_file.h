#ifndef RECUR_CLASSIFIER_FILE_H
#define RECUR_CLASSIFIER_FILE_H

#include "classifier.h"
#include "script.h"
#include "weight_file.h"

/* A classifier with its weights, labels and record, from and to the bytes of a GGUF file.
 *
 * Keys: general.architecture "recur-classifier", general.name, general.license,
 * general.attribution..., recur.cell, recur.layers, recur.hidden, recur.directions,
 * recur.embedding, recur.pooling, recur.letter_case, recur.labels, recur.temperature,
 * recur.prior, recur.prior.default, the alphabet, and the training record as recur.training.*. The
 * tutorial's alphabet is recur.alphabet, its letters in order; a learnt one is the arrays
 * recur.letters and recur.letters.spellings (alphabet_build.h). recur.scripts is an array of "Grek
 * Greece", a script (script.h) and a label whose names are written in it. Tensors carry PyTorch's
 * state_dict names.
 */

/* Where a script that the letters do not have is at home. */
typedef struct script_label {
  script_code script;
  int label;
} script_label;

enum { CLASSIFIER_SCRIPTS_MAX = 1024 };

/* The priors that have names: the data's, an equal one, and between them the square roots of the
 * data's shares; then NULL. */
extern const char *const classifier_priors[];

typedef struct classifier_model {
  classifier net;
  alphabet letters;
  real *values;              /* [params.total] */
  const char *const *labels; /* [C] terminated UTF-8 */
  real temperature;      /* probabilities = softmax(logits / temperature), under the data's prior */
  real *prior;           /* [C] each above 0, sum 1: what that is; NULL: the file does not tell */
  const char *usual;     /* of classifier_priors, what reports take unless told; NULL: not told */
  script_label *scripts; /* [script_count] */
  int script_count;
  rc_arena memory; /* owns all of the above */
} classifier_model;

/* Reads and checks everything. On success the model owns its memory (classifier_model_free) and
 * `bytes` may go. On failure nothing is left to free. */
rc_status classifier_model_read(classifier_model *model, const uint8_t *bytes, size_t size,
                                rc_error *error);
void classifier_model_free(classifier_model *model);

/* Which of classifier_priors the file says that reports take unless told, or NULL: for the model's
 * `usual`, which classifier_model_read leaves NULL. RC_ERR_FORMAT for another. */
rc_status classifier_usual_prior(const char **usual, const uint8_t *bytes, size_t size,
                                 rc_error *error);

/* Writes matrices as `type` (F32, F16 or Q8_0; F16 where a row is no whole blocks),
 * vectors as F32, with the record. buffer NULL: only the size. Of the model, `memory` is not read.
 */
rc_status classifier_model_write(const classifier_model *model, gguf_tensor_type type,
                                 const record_entry *record, int record_count, uint8_t *buffer,
                                 size_t capacity, size_t *size, rc_error *error);

/* What the file tells of labels beside the network, which can be learnt of one that is trained:
 * recur.prior, recur.prior.default and recur.scripts, each where the model has it. How many entries
 * that is, writing them, and whether an entry is one of them. */
int classifier_chances_count(const classifier_model *model);
void classifier_chances_put(gguf_writer *w, const classifier_model *model);
bool classifier_chances_is_prior(const gguf_entry *entry);
bool classifier_chances_is_usual(const gguf_entry *entry);
bool classifier_chances_is_scripts(const gguf_entry *entry);

#endif
