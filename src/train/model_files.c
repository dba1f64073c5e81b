#include "model_files.h"

#include <stdlib.h>

#include "files.h"

rc_status model_files_classifier(classifier_model *model, const char *path, size_t *file_bytes,
                                 rc_error *error) {
  char *bytes;
  size_t size;
  RC_TRY(files_read_all(path, &bytes, &size, error));
  rc_error reason;
  rc_status status = classifier_model_read(model, (const uint8_t *)bytes, size, &reason);
  free(bytes);
  if (file_bytes != NULL) *file_bytes = size;
  if (status != RC_OK) *model = (classifier_model){0};
  return status == RC_OK ? RC_OK : rc_fail(error, status, "%.100s: %s", path, reason.text);
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
