#ifndef RECUR_MODEL_FILES_H
#define RECUR_MODEL_FILES_H

#include "classifier_file.h"
#include "translator_file.h"

/* Reads a classifier from a file; messages begin with the path. The caller frees the model,
 * which is zero after a failure. */
rc_status model_files_classifier(classifier_model *model, const char *path, size_t *file_bytes,
                                 rc_error *error);

/* The same for a translator. */
rc_status model_files_translator(translator_model *model, const char *path, size_t *file_bytes,
                                 rc_error *error);

/* Translators that share their vocabularies, to translate together. */
typedef struct translator_ensemble {
  translator_model models[TRANSLATOR_ENSEMBLE_MAX];
  const translator_weights *weights[TRANSLATOR_ENSEMBLE_MAX]; /* NULL after the last */
  int count;
  size_t file_bytes; /* of all files */
} translator_ensemble;

/* count: at least one. RC_ERR_ARGUMENT, naming the files, if there are too many or their
 * vocabularies differ. Freed with model_files_ensemble_free, on failure too. */
rc_status model_files_ensemble(translator_ensemble *ensemble, const char *const *paths, int count,
                               rc_error *error);
void model_files_ensemble_free(translator_ensemble *ensemble);

/* The `count` best of probabilities [classes], best first, ties to the lower class: best [count],
 * count <= classes. */
void model_files_best(const float *probabilities, int classes, int count, int *best);

#endif
