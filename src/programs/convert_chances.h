#ifndef RECUR_CONVERT_CHANCES_H
#define RECUR_CONVERT_CHANCES_H

#include "classifier_file.h"

/* What a trained classifier can still be told: the shares of its labels, and which of them are at
 * home with a script, and which prior its reports take unless told. */

typedef struct chances_options {
  const char *shares;  /* labelled names, text<TAB>label a line, or NULL */
  const char *scripts; /* script<TAB>label a line, or NULL */
  const char *usual;   /* of classifier_priors, or NULL */
} chances_options;

typedef struct learnt_chances {
  classifier_model model;  /* that they are for */
  classifier_model learnt; /* its labels with the new prior and scripts, nothing else */
  real *prior;             /* [C], or NULL */
  script_label *scripts;   /* or NULL */
} learnt_chances;

bool chances_wanted(const chances_options *options);

/* For the classifier in a file's bytes. The shares are those among distinct examples, as training
 * counts them. RC_ERR_FORMAT with "FILE:LINE: reason" for a file that is malformed or has another
 * label, and where a label of the model has no example; RC_ERR_IO; RC_ERR_MEMORY. Freed with
 * learnt_chances_free, on failure too.
 */
rc_status chances_learn(learnt_chances *out, const chances_options *options, const char *path,
                        const uint8_t *bytes, size_t size, rc_error *error);
void learnt_chances_free(learnt_chances *chances);

/* Whether a new entry takes the place of this one. */
bool chances_replace(const learnt_chances *chances, const gguf_entry *entry);

#endif
