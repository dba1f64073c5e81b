#ifndef RECUR_MODEL_FILES_H
#define RECUR_MODEL_FILES_H

#include "classifier_file.h"
#include "translator_file.h"

/* Reads a classifier from a file; messages begin with the path. The caller frees the model,
 * which is zero after a failure. */
rc_status model_files_classifier(classifier_model *model, const char *path, size_t *file_bytes,
                                 rc_error *error);

/* What a translator's file tells beside the model; empty where it does not say. */
typedef struct translator_facts {
  char source_language[16], target_language[16];
  size_t bytes; /* of the file */
} translator_facts;

/* The same for a translator. */
rc_status model_files_translator(translator_model *model, const char *path, translator_facts *facts,
                                 rc_error *error);

/* The `count` best of probabilities [classes], best first, ties to the lower class: best [count],
 * count <= classes. */
void model_files_best(const float *probabilities, int classes, int count, int *best);

#endif
