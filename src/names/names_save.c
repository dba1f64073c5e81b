#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "names_state.h"
#include "predict.h"
#include "ranks.h"
#include "weight_types.h"

static rc_status no_memory(rc_error *error) {
  return rc_fail(error, RC_ERR_MEMORY, "out of memory for a training run");
}

rc_status names_predict_dev(names_state *r, const real *values, rc_error *error) {
  const name_set *dev = r->corpus->dev->pairs;
  const size_t row = (size_t)r->corpus->label_count * sizeof(real);
  const int first = ranks_first_of(dev->count, ranks_rank());
  const int count = ranks_first_of(dev->count, ranks_rank() + 1) - first;
  real *mine = r->dev_logits + (size_t)first * (size_t)r->corpus->label_count;
  if (ranks_count() > 1) memset(r->dev_logits, 0, (size_t)dev->count * row);
  if (count > 0) {
    RC_TRY(classifier_predict_all(&r->task.net, values, count, dev->ids + first,
                                  dev->lengths + first, mine, error));
  }
  ranks_unite(r->dev_logits, (size_t)dev->count * row);
  return RC_OK;
}

rc_status names_score(const names_state *r, double temperature, int *confusion, scores *out,
                      rc_error *error) {
  const name_set *dev = r->corpus->dev->pairs;
  int classes = r->corpus->label_count;
  size_t total = (size_t)dev->count * (size_t)classes;
  real *probabilities = malloc((total + 1) * sizeof *probabilities);
  if (probabilities == NULL) return no_memory(error);
  classifier_probabilities(&r->task.net, (real)temperature, NULL, dev->count, r->dev_logits,
                           probabilities);
  scores_classification(dev->count, classes, probabilities, dev->labels, confusion, out);
  free(probabilities);
  return RC_OK;
}

/* The record that goes into the file: nothing that differs between two equal runs. */
enum { RECORD_MAX = 32 };

static int write_record(const names_state *r, const scores *final, record_entry *record) {
  const names_settings *s = r->settings;
  int n = run_settings_record(&s->run, "Name classifier", record);
  record[n++] = (record_entry){.key = "settings", .text = r->settings->run.text};
  record[n++] = (record_entry){.key = "kernels", .text = kernels->name};
  record[n++] = (record_entry){.key = "data_sha256", .text = r->corpus->data_sha256};
  record[n++] = (record_entry){.key = "names", .number = r->corpus->known->count};
  record[n++] = (record_entry){.key = "pseudo_names", .number = r->targets.pseudo.count};
  record[n++] = (record_entry){.key = "teachers", .number = s->teachers.count};
  record[n++] = (record_entry){.key = "epochs", .number = r->trainer.epoch};
  record[n++] = (record_entry){.key = "steps", .number = (double)r->trainer.step};
  if (final != NULL) {
    record[n++] = (record_entry){.key = "dev_sha256", .text = r->corpus->dev_sha256};
    record[n++] = (record_entry){.key = "dev_names", .number = final->count};
    const scores *names = &r->result->names.equal;
    record[n++] = (record_entry){.key = "dev_top1", .number = final->top1};
    record[n++] = (record_entry){.key = "dev_top3", .number = final->top3};
    record[n++] = (record_entry){.key = "dev_macro_f1", .number = final->macro_f1};
    record[n++] =
        (record_entry){.key = "dev_calibration_error", .number = final->calibration_error};
    record[n++] = (record_entry){.key = "dev_equal_names", .number = names->count};
    record[n++] = (record_entry){.key = "dev_equal_top1", .number = names->top1};
    record[n++] = (record_entry){.key = "dev_equal_top3", .number = names->top3};
    record[n++] = (record_entry){.key = "dev_equal_macro_recall", .number = names->macro_recall};
    record[n++] =
        (record_entry){.key = "dev_equal_calibration_error", .number = names->calibration_error};
  }
  return n;
}

/* The file's bytes, or with bytes NULL only how many. */
static rc_status write_file(const names_state *r, const real *values, double temperature,
                            const scores *final, uint8_t *bytes, size_t *size, rc_error *error) {
  record_entry record[RECORD_MAX];
  int count = write_record(r, final, record);
  const classifier_model model = {.net = r->task.net,
                                  .letters = *r->corpus->letters,
                                  .values = (real *)values,
                                  .labels = r->corpus->labels,
                                  .temperature = (real)temperature,
                                  .prior = r->targets.truth.prior,
                                  .usual = r->settings->prior == NAMES_PRIOR_EQUAL
                                               ? NULL
                                               : classifier_priors[r->settings->prior],
                                  .scripts = (script_label *)r->corpus->scripts,
                                  .script_count = r->corpus->script_count};
  rc_status status = classifier_model_write(&model, weight_type(r->settings->run.type), record,
                                            count, bytes, bytes == NULL ? 0 : *size, size, error);
  return weight_type_explain(status, r->settings->run.out, r->settings->run.type, error);
}

/* *bytes is malloc'd. */
static rc_status make_file(const names_state *r, const real *values, double temperature,
                           const scores *final, uint8_t **bytes, size_t *size, rc_error *error) {
  RC_TRY(write_file(r, values, temperature, final, NULL, size, error));
  *bytes = malloc(*size);
  if (*bytes == NULL) return no_memory(error);
  return write_file(r, values, temperature, final, *bytes, size, error);
}

static const real *kept_weights(const names_state *r) {
  return r->best != NULL && r->best_top1 >= 0 ? r->best : trainer_weights(&r->trainer);
}

/* The loss of the epoch that they are of. */
static double kept_loss(const names_state *r) {
  const history *past = &r->result->run.history;
  const int best = history_best(past);
  const int kept = r->best != NULL && best >= 0 ? best : past->count - 1;
  return kept >= 0 ? history_at(past, kept, NAMES_LOSS) : NAN;
}

/* To r->dev_logits: by labels where each line was learnt by itself, by names where they were learnt
 * with all of their labels. */
static rc_status fit_temperature(names_state *r, rc_error *error) {
  const names_dev *dev = r->corpus->dev;
  const int classes = r->corpus->label_count;
  if (r->settings->how.several != NAMES_EACH) {
    return names_dev_fit(dev, classes, r->dev_logits, r->targets.truth.prior,
                         &r->result->temperature, error);
  }
  r->result->temperature =
      scores_fit_temperature(dev->pairs->count, classes, r->dev_logits, dev->pairs->labels);
  return RC_OK;
}

/* Fits the temperature and scores the weights as stored, rounded to the file's type. */
static rc_status calibrate(names_state *r, const uint8_t *bytes, size_t size, rc_error *error) {
  names_result *result = r->result;
  int classes = r->corpus->label_count;
  classifier_model stored;
  RC_TRY(classifier_model_read(&stored, bytes, size, error));
  result->confusion = calloc((size_t)classes * (size_t)classes, sizeof *result->confusion);
  rc_status status = result->confusion == NULL ? no_memory(error) : RC_OK;
  if (status == RC_OK) status = names_predict_dev(r, stored.values, error);
  if (status == RC_OK) {
    status = fit_temperature(r, error);
  }
  if (status == RC_OK) {
    status = names_score(r, result->temperature, result->confusion, &result->final, error);
  }
  if (status == RC_OK) {
    status = names_dev_score(r->corpus->dev, classes, r->dev_logits, result->temperature,
                             r->targets.truth.prior, &result->names, error);
  }
  result->has_ngrams = r->targets.ngrams.features > 0;
  if (status == RC_OK && result->has_ngrams) {
    status = names_dev_score_ngrams(r->corpus->dev, &r->targets.ngrams, r->targets.truth.prior,
                                    &result->ngrams, error);
  }
  classifier_model_free(&stored);
  return status;
}

rc_status names_save(names_state *r, rc_error *error) {
  uint8_t *bytes = NULL;
  size_t size = 0;
  names_result *result = r->result;
  result->temperature = 1;
  RC_TRY(training_may_replace(r->settings->run.out, kept_loss(r), r->corpus->label_count, error));
  rc_status status = make_file(r, kept_weights(r), 1, NULL, &bytes, &size, error);
  if (status == RC_OK && r->corpus->dev != NULL) {
    free(result->confusion);
    status = calibrate(r, bytes, size, error);
    free(bytes);
    bytes = NULL;
    if (status == RC_OK) {
      status =
          make_file(r, kept_weights(r), result->temperature, &result->final, &bytes, &size, error);
    }
  }
  if (status == RC_OK && ranks_rank() == 0) {
    status = files_write_atomically(r->settings->run.out, bytes, size, error);
  }
  result->run.file_bytes = size;
  free(bytes);
  return status;
}
