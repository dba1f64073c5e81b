#include "prior_choice.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "tsv.h"

static int find_label(const classifier_model *model, utf8_text text) {
  for (int c = 0; c < model->net.config.labels; c++) {
    const char *label = model->labels[c];
    if (strlen(label) == text.bytes && memcmp(label, text.text, text.bytes) == 0) return c;
  }
  return -1;
}

static bool read_weight(utf8_text text, float *weight) {
  char number[64], *end;
  if (text.bytes >= sizeof number) return false;
  memcpy(number, text.text, text.bytes);
  number[text.bytes] = '\0';
  *weight = strtof(number, &end);
  return end != number && *end == '\0' && *weight >= 0 && *weight <= FLT_MAX;
}

/* weights: [C], -1 where no line was yet. */
static rc_status read_line(const tsv_lines *all, utf8_text line, const classifier_model *model,
                           float *weights, rc_error *error) {
  utf8_text fields[2];
  RC_TRY(tsv_split(all, line, "label", "weight", fields, error));
  const int label = find_label(model, fields[0]);
  if (label < 0) return tsv_refuse(all, "the model has no such label", error);
  if (weights[label] >= 0) return tsv_refuse(all, "the label comes a second time", error);
  if (!read_weight(fields[1], &weights[label])) {
    return tsv_refuse(all, "the weight is no number from 0 on", error);
  }
  return RC_OK;
}

static rc_status read_weights(const char *path, const char *bytes, size_t size,
                              const classifier_model *model, float *weights, rc_error *error) {
  const int labels = model->net.config.labels;
  tsv_lines all;
  utf8_text line;
  bool some = false;
  RC_TRY(tsv_begin(&all, path, bytes, size, error));
  for (int c = 0; c < labels; c++) weights[c] = -1;
  while (tsv_next(&all, &line)) RC_TRY(read_line(&all, line, model, weights, error));
  for (int c = 0; c < labels; c++) {
    if (weights[c] < 0) weights[c] = 0;
    some = some || weights[c] > 0;
  }
  return some ? RC_OK : rc_fail(error, RC_ERR_ARGUMENT, "%s: no label has a weight", path);
}

static rc_status read_file(prior_choice *out, const char *path, const classifier_model *model,
                           rc_error *error) {
  char *bytes;
  size_t size;
  RC_TRY(files_read_all(path, &bytes, &size, error));
  out->weights = malloc((size_t)model->net.config.labels * sizeof *out->weights);
  rc_status status = out->weights == NULL
                         ? rc_fail(error, RC_ERR_MEMORY, "out of memory for a prior")
                         : read_weights(path, bytes, size, model, out->weights, error);
  free(bytes);
  return status;
}

const char *prior_choice_usual(const classifier_model *model) {
  if (model->prior == NULL) return "data";
  return model->usual == NULL ? "equal" : model->usual;
}

rc_status prior_choice_make(prior_choice *out, const char *text, const classifier_model *model,
                            rc_error *error) {
  *out = (prior_choice){.kind = PRIOR_GIVEN};
  if (text == NULL) text = prior_choice_usual(model);
  if (strcmp(text, "data") == 0) {
    out->kind = PRIOR_DATA;
  } else if (strcmp(text, "equal") == 0) {
    out->kind = PRIOR_EQUAL;
  } else if (strcmp(text, "balanced") == 0) {
    out->kind = PRIOR_BALANCED;
  } else {
    const rc_status status = read_file(out, text, model, error);
    if (status != RC_OK) prior_choice_free(out);
    return status;
  }
  return RC_OK;
}

void prior_choice_free(prior_choice *choice) {
  free(choice->weights);
  *choice = (prior_choice){0};
}
