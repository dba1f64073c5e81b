#include "model_files.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"

rc_status model_files_classifier(classifier_model *model, const char *path, size_t *file_bytes,
                                 rc_error *error) {
  char *bytes;
  size_t size;
  RC_TRY(files_read_all(path, &bytes, &size, error));
  rc_error reason;
  rc_status status = classifier_model_read(model, (const uint8_t *)bytes, size, &reason);
  if (status == RC_OK) {
    status = classifier_usual_prior(&model->usual, (const uint8_t *)bytes, size, &reason);
    if (status != RC_OK) classifier_model_free(model);
  }
  free(bytes);
  if (file_bytes != NULL) *file_bytes = size;
  if (status != RC_OK) *model = (classifier_model){0};
  return files_explain(status, path, &reason, error);
}

rc_status model_files_translator(translator_model *model, const char *path, size_t *file_bytes,
                                 rc_error *error) {
  char *bytes;
  size_t size;
  RC_TRY(files_read_all(path, &bytes, &size, error));
  rc_error reason;
  rc_status status = translator_model_read(model, (const uint8_t *)bytes, size, &reason);
  free(bytes);
  if (file_bytes != NULL) *file_bytes = size;
  return files_explain(status, path, &reason, error);
}

rc_status model_files_ensemble(translator_ensemble *ensemble, const char *const *paths, int count,
                               rc_error *error) {
  translator_ensemble *e = ensemble;
  *e = (translator_ensemble){.count = 0};
  if (count > TRANSLATOR_ENSEMBLE_MAX) {
    return rc_fail(error, RC_ERR_ARGUMENT, "%d networks; at most %d can translate together", count,
                   TRANSLATOR_ENSEMBLE_MAX);
  }
  for (int i = 0; i < count; i++) {
    translator_model *model = &e->models[i], *first = &e->models[0];
    size_t bytes;
    RC_TRY(model_files_translator(model, paths[i], &bytes, error));
    e->weights[e->count++] = model->weights;
    e->file_bytes += bytes;
    if (translator_vocabulary_equal(&model->source_tokens, &first->source_tokens) &&
        translator_vocabulary_equal(&model->target_tokens, &first->target_tokens)) {
      continue;
    }
    return rc_fail(error, RC_ERR_ARGUMENT,
                   "%.80s and %.80s have different vocabularies and cannot translate together: "
                   "train with --vocabularies-of to share them",
                   paths[0], paths[i]);
  }
  return RC_OK;
}

void model_files_ensemble_free(translator_ensemble *ensemble) {
  for (int i = 0; i < ensemble->count; i++) translator_model_free(&ensemble->models[i]);
  *ensemble = (translator_ensemble){.count = 0};
}

void model_files_best(const float *probabilities, int classes, int count, int *best) {
  int found = 0;
  for (int c = 0; c < classes; c++) {
    int at = found;
    while (at > 0 && probabilities[best[at - 1]] < probabilities[c]) at--;
    if (at == count) continue;
    if (found < count) found++;
    for (int i = found - 1; i > at; i--) best[i] = best[i - 1];
    best[at] = c;
  }
}
