#include "convert_chances.h"

#include <stdlib.h>
#include <string.h>

#include "examples.h"
#include "files.h"
#include "script_labels.h"

bool chances_wanted(const chances_options *options) {
  return options->shares != NULL || options->scripts != NULL || options->usual != NULL;
}

/* prior[c] = the label's examples / all of them */
static rc_status count_shares(learnt_chances *out, const examples *data, const char *path,
                              rc_error *error) {
  const int labels = out->model.net.config.labels;
  int *counts = calloc((size_t)labels, sizeof *counts);
  out->prior = malloc((size_t)labels * sizeof *out->prior);
  rc_status status = counts == NULL || out->prior == NULL
                         ? rc_fail(error, RC_ERR_MEMORY, "out of memory for the shares")
                         : RC_OK;
  for (int i = 0; status == RC_OK && i < data->count; i++) counts[data->items[i].label]++;
  for (int c = 0; status == RC_OK && c < labels; c++) {
    out->prior[c] = (real)counts[c] / (real)data->count;
    if (counts[c] == 0) {
      status = rc_fail(error, RC_ERR_FORMAT, "%.100s: no example of '%.80s'", path,
                       out->model.labels[c]);
    }
  }
  free(counts);
  return status;
}

static rc_status learn_shares(learnt_chances *out, const char *path, rc_error *error) {
  char *bytes;
  size_t size;
  examples data = {0};
  RC_TRY(files_read_all(path, &bytes, &size, error));
  rc_status status = examples_read(&data, path, bytes, size, out->model.labels,
                                   out->model.net.config.labels, error);
  if (status == RC_OK) status = examples_drop_repeated(&data, error);
  if (status == RC_OK) status = count_shares(out, &data, path, error);
  examples_free(&data);
  free(bytes);
  return status;
}

rc_status chances_learn(learnt_chances *out, const chances_options *options, const char *path,
                        const uint8_t *bytes, size_t size, rc_error *error) {
  rc_error reason;
  const rc_status status = classifier_model_read(&out->model, bytes, size, &reason);
  RC_TRY(files_explain(status, path, &reason, error));
  out->learnt.net.config.labels = out->model.net.config.labels;
  out->learnt.labels = out->model.labels;
  if (options->shares != NULL) RC_TRY(learn_shares(out, options->shares, error));
  if (options->scripts != NULL) {
    RC_TRY(script_labels_read(&out->scripts, &out->learnt.script_count, options->scripts,
                              out->model.labels, out->model.net.config.labels, error));
  }
  if (options->usual != NULL && out->prior == NULL && out->model.prior == NULL) {
    return rc_fail(error, RC_ERR_ARGUMENT,
                   "%.100s: does not tell the shares of its labels, which --prior needs: --shares",
                   path);
  }
  out->learnt.usual = options->usual;
  out->learnt.prior = out->prior;
  out->learnt.scripts = out->scripts;
  return RC_OK;
}

void learnt_chances_free(learnt_chances *chances) {
  classifier_model_free(&chances->model);
  free(chances->prior);
  free(chances->scripts);
  *chances = (learnt_chances){0};
}

bool chances_replace(const learnt_chances *chances, const gguf_entry *entry) {
  return (chances->prior != NULL && classifier_chances_is_prior(entry)) ||
         (chances->learnt.usual != NULL && classifier_chances_is_usual(entry)) ||
         (chances->scripts != NULL && classifier_chances_is_scripts(entry));
}
