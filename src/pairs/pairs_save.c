#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "pairs_state.h"
#include "ranks.h"
#include "weight_types.h"

static rc_status no_memory(rc_error *error) {
  return rc_fail(error, RC_ERR_MEMORY, "out of memory for a training run");
}

static translating greedy(const pairs_state *r, const translator_weights *weights) {
  translating how = {.weights = {weights},
                     .source = r->corpus->source_codec,
                     .target = r->corpus->target_codec,
                     .layer = r->corpus->layer,
                     .setting = {.layer = r->corpus->layer.used,
                                 .french_numbers = pairs_settings_french(r->settings)},
                     .options = translator_options_default(),
                     .batch = PAIRS_DEV_BATCH,
                     .threads = r->trainer.options.threads};
  how.options.beam = 1;
  return how;
}

/* Every rank's texts, [source_count] in *bytes: malloc'd. own: those from `first`, [count]. */
static rc_status unite_texts(const translated *own, int first, int count, utf8_text *texts, int all,
                             char **bytes, rc_error *error) {
  size_t *ends = calloc((size_t)all + 1, sizeof *ends), at = 0;
  if (ends == NULL) return no_memory(error);
  for (int i = 0; i < count; i++) ends[first + i] = own[i].best[0].text.bytes;
  ranks_unite(ends, (size_t)all * sizeof *ends);
  for (int i = 0; i < all; i++) ends[i] = at += ends[i];
  *bytes = calloc(at + 1, 1);
  for (int i = 0; i < all && *bytes != NULL; i++) {
    const size_t begin = i > 0 ? ends[i - 1] : 0;
    texts[i] = (utf8_text){*bytes + begin, ends[i] - begin};
    if (i < first || i >= first + count) continue;
    memcpy(*bytes + begin, own[i - first].best[0].text.text, texts[i].bytes);
  }
  free(ends);
  if (*bytes == NULL) return no_memory(error);
  ranks_unite(*bytes, at);
  return RC_OK;
}

rc_status pairs_score_dev(const pairs_state *r, const translator_weights *weights,
                          dev_scores *scores, rc_error *error) {
  const dev_set *dev = &r->corpus->dev;
  const translating how = greedy(r, weights);
  const int all = dev->source_count, first = ranks_first_of(all, ranks_rank());
  const int count = ranks_first_of(all, ranks_rank() + 1) - first;
  translated *own = calloc((size_t)count + 1, sizeof *own);
  utf8_text *texts = calloc((size_t)all + 1, sizeof *texts);
  char *bytes = NULL;
  rc_status status = own == NULL || texts == NULL ? no_memory(error) : RC_OK;
  if (status == RC_OK) status = translating_texts(&how, dev->sources + first, count, own, error);
  if (status == RC_OK) status = unite_texts(own, first, count, texts, all, &bytes, error);
  if (status == RC_OK) status = dev_set_score(dev, texts, false, scores, error);
  if (own != NULL) translated_free(own, count);
  free(own);
  free(texts);
  free(bytes);
  return status;
}

rc_status pairs_samples(const pairs_state *r, const translator_weights *weights, bool attention,
                        translated *out, rc_error *error) {
  utf8_text sources[PAIRS_SAMPLES];
  const int count = r->result->sample_count;
  translating how = greedy(r, weights);
  how.options.attention = attention;
  for (int i = 0; i < count; i++) sources[i] = r->result->samples[i]->written;
  return translating_texts(&how, sources, count, out, error);
}

void pairs_snapshot(pairs_state *r, long step, double bleu) {
  const pairs_settings *s = r->settings;
  int place = 0;
  for (int i = 1; i < s->snapshots; i++) {
    bool better = r->snapshot_steps[i] < r->snapshot_steps[place];
    if (s->run.keep == 1 && r->snapshot_steps[place] > 0 && r->snapshot_steps[i] > 0) {
      better = r->snapshot_bleu[i] < r->snapshot_bleu[place];
    }
    if (better) place = i;
  }
  bool taken = r->snapshot_steps[place] > 0;
  if (s->run.keep == 1 && taken && !(bleu > r->snapshot_bleu[place])) return;
  memcpy(r->snapshots[place], trainer_weights(&r->trainer), r->trainer.total * sizeof(real));
  r->snapshot_steps[place] = (double)step;
  r->snapshot_bleu[place] = isnan(bleu) ? 0 : bleu;
}

/* The snapshots that were taken: how many, and the best of them (the last without dev data). */
static int list_snapshots(const pairs_state *r, int *best) {
  int count = 0;
  *best = 0;
  for (int i = 0; i < r->settings->snapshots; i++) {
    if (!(r->snapshot_steps[i] > 0)) continue;
    count++;
    bool equal = !(r->snapshot_bleu[i] > r->snapshot_bleu[*best]) &&
                 !(r->snapshot_bleu[i] < r->snapshot_bleu[*best]);
    bool better = equal ? r->snapshot_steps[i] > r->snapshot_steps[*best]
                        : r->snapshot_bleu[i] > r->snapshot_bleu[*best];
    if (better) *best = i;
  }
  return count;
}

/* mean = the sum of the snapshots / count */
static void average_snapshots(const pairs_state *r, int count, real *mean) {
  size_t total = r->trainer.total;
  memset(mean, 0, total * sizeof *mean);
  for (int i = 0; i < r->settings->snapshots; i++) {
    if (r->snapshot_steps[i] > 0) kernels->axpy(total, 1 / (real)count, r->snapshots[i], mean);
  }
}

/* The record that goes into the file: nothing that differs between two equal runs. */
enum { RECORD_MAX = 32 };

/* Of every --data file its hash and, where it is not 1, its weight: "HASH HASH:0.5". */
static void list_data(const pairs_state *r, text_buffer *out) {
  for (int i = 0; i < r->settings->data.count; i++) {
    double weight = r->settings->weights[i];
    text_addf(out, "%s%s", i > 0 ? " " : "", r->corpus->sha256[i]);
    if (weight < 1 || weight > 1) text_addf(out, ":%g", weight);
  }
}

static int write_record(const pairs_state *r, const char *data, record_entry *record) {
  const pairs_settings *s = r->settings;
  const pairs_result *result = r->result;
  int n = run_settings_record(&s->run, "Translator", record);
  record[n++] = (record_entry){.key = "recur.source.language", .text = s->source_language};
  record[n++] = (record_entry){.key = "recur.target.language", .text = s->target_language};
  record[n++] = (record_entry){.key = "settings", .text = s->run.text};
  record[n++] = (record_entry){.key = "kernels", .text = kernels->name};
  record[n++] = (record_entry){.key = "data_sha256", .text = data};
  record[n++] = (record_entry){.key = "data_files", .number = r->settings->data.count};
  record[n++] = (record_entry){.key = "pairs", .number = r->corpus->pairs};
  record[n++] = (record_entry){.key = "steps", .number = (double)r->trainer.step};
  record[n++] = (record_entry){.key = "averaged", .number = result->averaged};
  if (s->init != NULL) {
    record[n++] = (record_entry){.key = "init_sha256", .text = r->corpus->base_sha256};
  }
  if (result->final.sentences > 0) {
    record[n++] = (record_entry){.key = "dev_sha256", .text = r->corpus->dev_pairs.sha256};
    record[n++] = (record_entry){.key = "dev_pairs", .number = result->final.sentences};
    record[n++] = (record_entry){.key = "dev_bleu", .number = result->final.bleu.score};
    record[n++] = (record_entry){.key = "dev_chrf", .number = result->final.chrf};
  }
  return n;
}

/* The file's bytes; *bytes is malloc'd. data: list_data's. */
static rc_status make_file_of(const pairs_state *r, const char *data, const real *values,
                              uint8_t **bytes, size_t *size, rc_error *error) {
  record_entry record[RECORD_MAX];
  int count = write_record(r, data, record);
  const pairs_corpus *corpus = r->corpus;
  const translator_vocabulary *source = corpus->joint ? NULL : &corpus->source;
  gguf_tensor_type type = weight_type(r->settings->run.type);
  RC_TRY(translator_model_write(&r->task.net, values, source, &corpus->target, type, record, count,
                                NULL, 0, size, error));
  *bytes = malloc(*size);
  if (*bytes == NULL) return no_memory(error);
  return translator_model_write(&r->task.net, values, source, &corpus->target, type, record, count,
                                *bytes, *size, size, error);
}

static rc_status make_file(const pairs_state *r, const real *values, uint8_t **bytes, size_t *size,
                           rc_error *error) {
  text_buffer data = {0};
  list_data(r, &data);
  rc_status status =
      data.failed ? no_memory(error) : make_file_of(r, data.text, values, bytes, size, error);
  text_free(&data);
  return weight_type_explain(status, r->settings->run.out, r->settings->run.type, error);
}

/* Scores the weights as stored, rounded to the file's type. */
static rc_status score_file(const pairs_state *r, const real *values, dev_scores *scores,
                            rc_error *error) {
  uint8_t *bytes = NULL;
  size_t size = 0;
  translator_model model = {0};
  rc_status status = make_file(r, values, &bytes, &size, error);
  if (status == RC_OK) status = translator_model_read(&model, bytes, size, error);
  free(bytes);
  if (status == RC_OK) {
    status = pairs_score_dev(r, model.weights, scores, error);
    translator_model_free(&model);
  }
  return status;
}

/* The loss when a snapshot was taken; NaN if it was not evaluated. */
static double loss_at(const pairs_state *r, int snapshot) {
  const history *past = &r->result->run.history;
  const long step = lround(r->snapshot_steps[snapshot]);
  int i = past->count - 1;
  while (i >= 0 && lround(history_at(past, i, PAIRS_STEP)) != step) i--;
  return i < 0 ? NAN : history_at(past, i, PAIRS_LOSS);
}

/* That of the weights that were chosen; of a mean the highest. */
static double chosen_loss(const pairs_state *r) {
  int best, count = list_snapshots(r, &best);
  double loss = loss_at(r, best);
  for (int i = 0; r->result->averaged > 1 && i < r->settings->snapshots && count > 0; i++) {
    if (r->snapshot_steps[i] > 0) loss = fmax(loss, loss_at(r, i));
  }
  return loss;
}

/* The mean of the snapshots or the best of them, whichever translates dev better. */
static rc_status choose_weights(pairs_state *r, real *mean, const real **chosen, rc_error *error) {
  pairs_result *result = r->result;
  int best, count = list_snapshots(r, &best);
  bool scored = r->corpus->dev.count > 0;
  dev_scores of_mean = {0};
  *chosen = r->snapshots[best];
  result->averaged = 1;
  if (scored) RC_TRY(score_file(r, *chosen, &result->final, error));
  if (count < 2) return RC_OK;
  average_snapshots(r, count, mean);
  if (scored) RC_TRY(score_file(r, mean, &of_mean, error));
  if (scored && of_mean.bleu.score < result->final.bleu.score) return RC_OK;
  *chosen = mean;
  result->averaged = count;
  result->final = of_mean;
  return RC_OK;
}

/* The sample sentences as the file translates them. */
static rc_status attend_samples(pairs_state *r, const uint8_t *bytes, size_t size,
                                rc_error *error) {
  translator_model model;
  RC_TRY(translator_model_read(&model, bytes, size, error));
  rc_status status = pairs_samples(r, model.weights, true, r->result->attended, error);
  translator_model_free(&model);
  return status;
}

rc_status pairs_save(pairs_state *r, rc_error *error) {
  real *mean = malloc(r->trainer.total * sizeof *mean);
  if (mean == NULL) return no_memory(error);
  uint8_t *bytes = NULL;
  size_t size = 0;
  const real *chosen;
  /* As the file will be used. */
  rc_status status = kernels_set_precision(PRECISION_F32, error);
  if (status == RC_OK) status = choose_weights(r, mean, &chosen, error);
  if (status == RC_OK) {
    status = training_may_replace(r->settings->run.out, chosen_loss(r),
                                  (int)r->corpus->target.count, error);
  }
  if (status == RC_OK) status = make_file(r, chosen, &bytes, &size, error);
  if (status == RC_OK && ranks_rank() == 0) {
    status = files_write_atomically(r->settings->run.out, bytes, size, error);
    if (status == RC_OK) status = attend_samples(r, bytes, size, error);
  }
  r->result->run.file_bytes = size;
  free(bytes);
  free(mean);
  return status;
}
