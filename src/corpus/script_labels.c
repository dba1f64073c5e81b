#include "script_labels.h"

#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "tsv.h"

static int find_label(const char *const *labels, int count, utf8_text text) {
  for (int c = 0; c < count; c++) {
    if (strlen(labels[c]) == text.bytes && memcmp(labels[c], text.text, text.bytes) == 0) return c;
  }
  return -1;
}

static rc_status read_lines(script_label *out, int *count, tsv_lines all, const char *const *labels,
                            int label_count, rc_error *error) {
  utf8_text line, fields[2];
  while (tsv_next(&all, &line)) {
    RC_TRY(tsv_split(&all, line, "script", "label", fields, error));
    const script_code script = script_parse(fields[0]);
    if (script == SCRIPT_NONE) {
      return tsv_refuse(&all, "a script is four letters of ISO 15924, such as Grek", error);
    }
    const int label = find_label(labels, label_count, fields[1]);
    if (label < 0) continue;
    if (*count == CLASSIFIER_SCRIPTS_MAX) return tsv_refuse(&all, "too many scripts", error);
    out[(*count)++] = (script_label){script, label};
  }
  return RC_OK;
}

rc_status script_labels_read(script_label **out, int *count, const char *path,
                             const char *const *labels, int label_count, rc_error *error) {
  char *bytes;
  size_t size;
  tsv_lines all;
  *out = NULL;
  *count = 0;
  RC_TRY(files_read_all(path, &bytes, &size, error));
  script_label *found = malloc(CLASSIFIER_SCRIPTS_MAX * sizeof *found);
  rc_status status = found == NULL ? rc_fail(error, RC_ERR_MEMORY, "out of memory for scripts")
                                   : tsv_begin(&all, path, bytes, size, error);
  if (status == RC_OK) status = read_lines(found, count, all, labels, label_count, error);
  free(bytes);
  if (status == RC_OK) {
    *out = found;
  } else {
    free(found);
  }
  return status;
}
