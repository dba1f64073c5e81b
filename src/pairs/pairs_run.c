#include "pairs_run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pairs_state.h"
#include "ranks.h"
#include "threads.h"

typedef pairs_state state;

static const measure MEASURES[PAIRS_MEASURES] = {
    [PAIRS_STEP] = {.key = "step", .curve = "step", .shown = "step", .importance = 6},
    [PAIRS_EPOCHS] = {.key = "epochs", .curve = "epoch"},
    [PAIRS_LOSS] =
        {.key = "loss", .curve = "training", .shown = "loss", .decimals = 4, .importance = 8},
    [PAIRS_DEV_LOSS] = {.key = "dev_loss",
                        .curve = "dev",
                        .shown = "dev",
                        .decimals = 4,
                        .importance = 5,
                        .better = -1},
    [PAIRS_BLEU] = {.key = "dev_bleu",
                    .curve = "BLEU",
                    .shown = "BLEU",
                    .width = 5,
                    .decimals = 2,
                    .importance = 9,
                    .better = 1},
    [PAIRS_CHRF] = {.key = "dev_chrf",
                    .curve = "chrF2",
                    .shown = "chrF2",
                    .width = 5,
                    .decimals = 2,
                    .importance = 4},
};

static rc_status no_memory(rc_error *error) {
  return rc_fail(error, RC_ERR_MEMORY, "out of memory for a training run");
}

/* What else decides the weights. */
static rc_status describe(state *r, rc_error *error) {
  const pairs_corpus *corpus = r->corpus;
  const pairs_settings *s = r->settings;
  text_buffer text = {0};
  text_addf(&text, "%skernels=%s\nlanguages=%s\n", s->run.text, kernels->name, s->languages);
  for (int i = 0; i < s->data.count; i++) {
    text_addf(&text, "data=%s:%.17g\n", corpus->sha256[i], s->weights[i]);
  }
  if (corpus->streamed) text_addf(&text, "memory=%.9g\n", s->memory);
  text_addf(&text, "dev=%s\n", corpus->dev_pairs.sha256);
  if (pairs_settings_base(s) != NULL) {
    text_addf(&text, "%s=%s\n", s->init != NULL ? "init" : "vocabularies", corpus->base_sha256);
  }
  if (s->schedule == SCHEDULE_COSINE) text_addf(&text, "epochs=%d\n", s->epochs);
  r->text = text.text;
  return text.failed ? no_memory(error) : RC_OK;
}

static void count_step(void *self, const trainer_result *step) {
  state *r = self;
  r->loss_sum += step->loss;
  r->tokens += (double)step->seen;
}

/* What a checkpoint holds beside the trainer. */
static void list_extras(state *r) {
  const pairs_settings *s = r->settings;
  history *past = &r->result->run.history;
  int n = 0;
  r->numbers[n++] = (checkpoint_numbers){"checkpoint.rate", &r->trainer.rate, 1};
  r->numbers[n++] = (checkpoint_numbers){"checkpoint.seconds", &past->seconds, 1};
  r->numbers[n++] = (checkpoint_numbers){"checkpoint.epoch_seconds", &r->training.epoch_seconds, 1};
  r->numbers[n++] = (checkpoint_numbers){"checkpoint.recent_loss", &r->loss_sum, 1};
  r->numbers[n++] = (checkpoint_numbers){"checkpoint.recent_tokens", &r->tokens, 1};
  r->numbers[n++] =
      (checkpoint_numbers){"checkpoint.snapshot_steps", r->snapshot_steps, s->snapshots};
  r->numbers[n++] =
      (checkpoint_numbers){"checkpoint.snapshot_bleu", r->snapshot_bleu, s->snapshots};
  for (int i = 0; i < s->snapshots; i++) {
    snprintf(r->snapshot_names[i], sizeof r->snapshot_names[i], "snapshot_%d", i);
    r->blocks[i] = (checkpoint_block){r->snapshot_names[i], r->snapshots[i]};
  }
  r->training.extras = (checkpoint_extras){.settings = r->text,
                                           .numbers = r->numbers,
                                           .number_count = n,
                                           .blocks = r->blocks,
                                           .block_count = s->snapshots,
                                           .past = past};
}

/* Sample sentences from all over the dev data, or without any from the pairs to train on that are
 * short enough. */
static void choose_samples(state *r) {
  pairs_result *result = r->result;
  const pairs_corpus *corpus = r->corpus;
  const bool dev = corpus->dev.count > 0;
  const int all = dev ? corpus->dev.count : corpus->held;
  const int most = all < PAIRS_SAMPLES ? all : PAIRS_SAMPLES;
  const pairs_reader reader = {r->task.source, r->task.target, r->task.options.length};
  int passed = 0, count = 0, wordless = 0;
  for (int f = 0; f < (dev ? 1 : corpus->data_count); f++) {
    const text_pair *items = dev ? corpus->dev.items : corpus->data[f].items;
    const int here = dev ? all : corpus->data[f].count;
    for (int i = 0; i < here && count < most; i++, passed++) {
      const bool shown = passed >= (2L * count + 1) * all / (2L * most);
      if (shown && (dev || pairs_is_usable(&reader, &items[i], r->task.scratch, &wordless))) {
        result->samples[count++] = &items[i];
      }
    }
  }
  result->sample_count = count;
}

static long parts_of(const state *r) {
  return r->trainer.task.parts > 1 ? r->trainer.task.parts : 1;
}

static rc_status open_run(state *r, rc_error *error) {
  const pairs_settings *s = r->settings;
  const pairs_corpus *corpus = r->corpus;
  pairs_task_options options = pairs_settings_task(s);
  options.length = corpus->longest;
  RC_TRY(corpus->streamed
             ? pairs_task_make_stream(&r->task, &corpus->net, corpus->source_codec,
                                      corpus->target_codec, &options, corpus->stream, error)
             : pairs_task_make(&r->task, &corpus->net, corpus->source_codec, corpus->target_codec,
                               &options, corpus->weighted, corpus->data_count, error));
  r->task.marks = corpus->marks;
  train_task learning = pairs_task_of(&r->task);
  trainer_options of_trainer = pairs_settings_training(s);
  of_trainer.ranks = training_ranks();
  of_trainer.each = threads_each;
  RC_TRY(trainer_new(&r->trainer, &learning, &of_trainer, error));
  size_t total = r->trainer.total;
  r->result->run.parameters = (long)total;
  if (corpus->values != NULL) {
    memcpy(r->trainer.values, corpus->values, total * sizeof(real));
    if (r->trainer.average != NULL) {
      memcpy(r->trainer.average, corpus->values, total * sizeof(real));
    }
  }
  for (int i = 0; i < s->snapshots; i++) {
    r->snapshots[i] = calloc(total, sizeof(real));
    if (r->snapshots[i] == NULL) return no_memory(error);
  }
  choose_samples(r);
  RC_TRY(describe(r, error));
  list_extras(r);
  RC_TRY(trainer_begin_part(&r->trainer, error));
  r->trainer.options.schedule.total = (long)s->epochs * parts_of(r) * r->trainer.batches;
  r->training.least = 1; /* of at least one pair each */
  r->training.most = s->iterations > 0 ? s->iterations : r->task.epoch_members;
  return RC_OK;
}

static void close_run(state *r) {
  trainer_free(&r->trainer);
  pairs_task_free(&r->task);
  translator_weights_free(r->weights);
  for (int i = 0; i < PAIRS_SNAPSHOTS_MAX; i++) free(r->snapshots[i]);
  free(r->text);
}

void pairs_result_free(pairs_result *result) {
  translated_free(result->attended, result->sample_count);
  history_free(&result->run.history);
}

static long epoch_size(const void *self) {
  const state *r = self;
  return parts_of(r) * r->task.epoch_size;
}

static rc_status keep_samples(state *r, rc_error *error) {
  const history *past = &r->result->run.history;
  translated samples[PAIRS_SAMPLES] = {0};
  if (ranks_rank() > 0) return RC_OK;
  rc_status status = pairs_samples(r, r->weights, false, samples, error);
  for (int k = 0; k < r->result->sample_count && status == RC_OK; k++) {
    char *sample = strdup(samples[k].best[0].text.text);
    past->texts[past->count - 1][k] = sample;
    if (sample == NULL) status = no_memory(error);
  }
  translated_free(samples, r->result->sample_count);
  return status;
}

/* Translates dev with the weights as they are. */
static rc_status score_dev(state *r, double *row, rc_error *error) {
  const dev_set *dev = &r->corpus->dev;
  dev_scores scores;
  if (ranks_rank() == 0) {
    RC_TRY(pairs_task_loss(&r->task, trainer_weights(&r->trainer), dev->items, dev->count,
                           &row[PAIRS_DEV_LOSS], error));
  }
  ranks_broadcast(&row[PAIRS_DEV_LOSS], sizeof *row);
  RC_TRY(pairs_score_dev(r, r->weights, &scores, error));
  row[PAIRS_BLEU] = scores.bleu.score;
  row[PAIRS_CHRF] = scores.chrf;
  return RC_OK;
}

/* After a score that is no better than the best, now and then a lower rate. */
static void lower_rate(state *r) {
  const pairs_settings *s = r->settings;
  int stalled = history_stalled(&r->result->run.history);
  if (s->schedule == RUN_PLATEAU && stalled > 0 && stalled % s->decay_after == 0) {
    r->trainer.rate *= s->decay;
  }
}

static rc_status evaluate(void *self, double *row, double *seen, rc_error *error) {
  state *r = self;
  const trainer *t = &r->trainer;
  *seen = r->tokens;
  row[PAIRS_STEP] = (double)t->step;
  row[PAIRS_EPOCHS] = t->epoch + trainer_progress(t);
  row[PAIRS_LOSS] = r->tokens > 0 ? r->loss_sum / r->tokens : NAN;
  RC_TRY(
      translator_weights_new(&r->weights, &r->task.net, trainer_weights(t), TRANSLATOR_F32, error));
  translator_weights_mark(r->weights, &r->corpus->marks);
  return r->corpus->dev.count > 0 ? score_dev(r, row, error) : RC_OK;
}

static rc_status keep(void *self, rc_error *error) {
  state *r = self;
  const history *past = &r->result->run.history;
  RC_TRY(keep_samples(r, error));
  translator_weights_free(r->weights);
  r->weights = NULL;
  pairs_snapshot(r, r->trainer.step, history_at(past, past->count - 1, PAIRS_BLEU));
  if (r->corpus->dev.count > 0) lower_rate(r);
  r->loss_sum = r->tokens = 0;
  return RC_OK;
}

static void show(const void *self) {
  const state *r = self;
  const history *past = &r->result->run.history;
  for (int k = 0; k < r->result->sample_count; k++) {
    const text_pair *pair = r->result->samples[k];
    progress_message(r->training.bar, "  %.*s -> %s", (int)pair->written.bytes, pair->written.text,
                     past->texts[past->count - 1][k]);
  }
}

static rc_status finish(void *self, rc_error *error) {
  return pairs_save(self, error);
}

static void announce(const void *self, text_buffer *words) {
  const state *r = self;
  char left_out[96] = "", wordless[48] = "", filtered[64] = "";
  const int unknown = r->task.wordless, too_long = r->task.left_out - unknown;
  if (unknown > 0) {
    snprintf(wordless, sizeof wordless, "%s%d without a known word", too_long > 0 ? ", " : "",
             unknown);
  }
  if (too_long > 0) {
    snprintf(left_out, sizeof left_out, " (%d too long%s left out)", too_long, wordless);
  } else if (unknown > 0) {
    snprintf(left_out, sizeof left_out, " (%s left out)", wordless);
  }
  if (r->corpus->filtered > 0) {
    snprintf(filtered, sizeof filtered, " (%d filtered out)", r->corpus->filtered);
  }
  text_addf(words, "%d pair%s%s%s, %zu and %zu tokens%s", r->corpus->pairs,
            text_plural(r->corpus->pairs), filtered, left_out, r->corpus->source.count,
            r->corpus->target.count, r->corpus->joint ? " (joint)" : "");
}

static void log_data(const void *self, json *record) {
  const pairs_settings *s = ((const state *)self)->settings;
  json *data = json_member_array(record, "data");
  for (int i = 0; i < s->data.count; i++) json_item_text(data, s->data.items[i]);
}

static void log_counts(const void *self, json *record) {
  const state *r = self;
  json_integer(record, "pairs", r->corpus->pairs);
  json_integer(record, "filtered", r->corpus->filtered);
  json_integer(record, "left_out", r->task.left_out);
  json_integer(record, "source_vocabulary", (int64_t)r->corpus->source.count);
  json_integer(record, "target_vocabulary", (int64_t)r->corpus->target.count);
}

static void log_row(const void *self, json *record) {
  const pairs_result *result = ((const state *)self)->result;
  const history *past = &result->run.history;
  json *samples = json_member_array(record, "samples");
  for (int k = 0; k < result->sample_count; k++) {
    json_item_text(samples, past->texts[past->count - 1][k]);
  }
}

static void log_result(const void *self, json *record) {
  const pairs_result *result = ((const state *)self)->result;
  json_integer(record, "averaged", result->averaged);
  if (result->final.sentences == 0) return;
  json_number(record, "dev_bleu", result->final.bleu.score);
  json_number(record, "dev_chrf", result->final.chrf);
}

static const training_task TASK = {.event = "evaluation",
                                   .stepped = count_step,
                                   .epoch_size = epoch_size,
                                   .evaluate = evaluate,
                                   .keep = keep,
                                   .show = show,
                                   .finish = finish,
                                   .announce = announce,
                                   .log_data = log_data,
                                   .log_counts = log_counts,
                                   .log_row = log_row,
                                   .log_result = log_result};

rc_status pairs_run(const pairs_settings *s, const char *checkpoint, const pairs_corpus *corpus,
                    json_log *log, progress *bar, pairs_result *result, rc_error *error) {
  *result = (pairs_result){.measured = {.own = MEASURES,
                                        .count = PAIRS_MEASURES,
                                        .place = PAIRS_EPOCHS,
                                        .step = PAIRS_STEP,
                                        .loss = PAIRS_LOSS,
                                        .decides = PAIRS_BLEU,
                                        .lr_shown = true,
                                        .unit = s->iterations > 0 ? "pairs" : "tokens"}};
  result->run.history.of = &result->measured;
  result->run.history.texts_each = PAIRS_SAMPLES;
  bar->unit = result->measured.unit;
  state r = {.settings = s, .corpus = corpus, .result = result};
  r.training = (training){.task = &TASK,
                          .self = &r,
                          .trainer = &r.trainer,
                          .result = &result->run,
                          .log = log,
                          .bar = bar,
                          .checkpoint = checkpoint,
                          .settings = &s->run,
                          .epochs = s->epochs,
                          .classes = (int)corpus->target.count};
  rc_status status = open_run(&r, error);
  if (status == RC_OK) status = training_run(&r.training, error);
  close_run(&r);
  progress_end(bar);
  return status;
}
