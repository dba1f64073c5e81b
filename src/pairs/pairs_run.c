#include "pairs_run.h"

#include <limits.h>
#include <math.h>
#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clocks.h"
#include "pairs_state.h"
#include "signals.h"
#include "text_buffer.h"

typedef pairs_state state;

static rc_status no_memory(rc_error *error) {
  return rc_fail(error, RC_ERR_MEMORY, "out of memory for a training run");
}

/* What else decides the weights. */
static rc_status describe(state *r, rc_error *error) {
  const pairs_corpus *corpus = r->corpus;
  const pairs_settings *s = r->settings;
  text_buffer text = {0};
  text_addf(&text, "%skernels=%s\nlanguages=%s\n", s->text, kernels->name, s->languages);
  for (int i = 0; i < corpus->data_count; i++) {
    text_addf(&text, "data=%s:%.17g\n", corpus->data[i].sha256, s->weights[i]);
  }
  text_addf(&text, "dev=%s\n", corpus->dev_pairs.sha256);
  if (pairs_settings_base(s) != NULL) {
    text_addf(&text, "%s=%s\n", s->init != NULL ? "init" : "vocabularies", corpus->base_sha256);
  }
  if (s->schedule == PAIRS_COSINE) text_addf(&text, "epochs=%d\n", s->epochs);
  r->text = text.text;
  return text.failed ? no_memory(error) : RC_OK;
}

/* The checkpoint's lines: each record, then its samples. */
enum { RECORD_LINES = 1 + PAIRS_SAMPLES, LINES_MAX = 1000000 };

static const char *line_at(void *self, int index) {
  state *r = self;
  const pairs_history *history = &r->result->history;
  int line = index % RECORD_LINES;
  if (line == 0) {
    pairs_record_to_text(&history->records[index / RECORD_LINES], r->record);
    return r->record;
  }
  const char *sample = history->samples[index / RECORD_LINES][line - 1];
  return sample == NULL ? "" : sample;
}

static rc_status read_line(void *self, int index, const char *text, rc_error *error) {
  const state *r = self;
  pairs_history *history = &r->result->history;
  int line = index % RECORD_LINES;
  if (line == 0) {
    pairs_record record;
    if (!pairs_record_from_text(text, &record)) {
      return rc_fail(error, RC_ERR_FORMAT, "checkpoint.epochs has a line that is no evaluation");
    }
    return pairs_history_add(history, &record, error);
  }
  char *sample = strdup(text);
  history->samples[history->count - 1][line - 1] = sample;
  return sample == NULL ? no_memory(error) : RC_OK;
}

static void count_step(void *self, const trainer_result *step) {
  state *r = self;
  r->loss_sum += step->loss;
  r->tokens += (double)step->seen;
}

static rc_status save_checkpoint(state *r, rc_error *error) {
  r->training.extras.text_count = RECORD_LINES * r->result->history.count;
  return training_save(&r->training, error);
}

/* What a checkpoint holds beside the trainer. */
static void open_training(state *r, const char *checkpoint) {
  const pairs_settings *s = r->settings;
  int n = 0;
  r->numbers[n++] = (checkpoint_numbers){"checkpoint.rate", &r->trainer.rate, 1};
  r->numbers[n++] = (checkpoint_numbers){"checkpoint.seconds", &r->result->history.seconds, 1};
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
  r->training = (training){
      .trainer = &r->trainer,
      .bar = r->bar,
      .epochs = s->epochs,
      .checkpoint = checkpoint,
      .checkpoint_every = s->checkpoint_every,
      .extras = {.settings = r->text,
                 .numbers = r->numbers,
                 .number_count = n,
                 .blocks = r->blocks,
                 .block_count = s->snapshots,
                 .text_max = LINES_MAX,
                 .text_at = line_at,
                 .read_text = read_line,
                 .self = r},
      .stepped = count_step,
      .self = r,
  };
}

/* Sample sentences from all over the dev data, or without any from the pairs to train on that are
 * short enough. */
static void choose_samples(state *r) {
  pairs_result *result = r->result;
  const pairs_corpus *corpus = r->corpus;
  const bool dev = corpus->dev.count > 0;
  const int all = dev ? corpus->dev.count : corpus->pairs;
  const int most = all < PAIRS_SAMPLES ? all : PAIRS_SAMPLES;
  const int *usable = r->task.usable;
  int passed = 0, count = 0;
  for (int f = 0; f < (dev ? 1 : corpus->data_count); f++) {
    const text_pair *items = dev ? corpus->dev.items : corpus->data[f].items;
    const int here = dev ? all : corpus->data[f].count;
    for (int i = 0; i < here && count < most; i++, passed++) {
      const bool shown = passed >= (2L * count + 1) * all / (2L * most);
      if (shown && (dev || usable[passed] > 0)) result->samples[count++] = &items[i];
    }
  }
  result->sample_count = count;
}

static rc_status open_run(state *r, const char *checkpoint, rc_error *error) {
  const pairs_settings *s = r->settings;
  const pairs_corpus *corpus = r->corpus;
  pairs_task_options options = pairs_settings_task(s);
  int longest = translator_longest_source(&corpus->net);
  if (longest < options.length) options.length = longest;
  RC_TRY(pairs_task_make(&r->task, &corpus->net, corpus->source_codec, corpus->target_codec,
                         &options, corpus->weighted, corpus->data_count, error));
  r->task.marks = corpus->marks;
  train_task learning = pairs_task_of(&r->task);
  trainer_options of_trainer = pairs_settings_training(s);
  RC_TRY(trainer_new(&r->trainer, &learning, &of_trainer, error));
  size_t total = r->trainer.total;
  r->result->parameters = (long)total;
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
  open_training(r, checkpoint);
  trainer_begin_epoch(&r->trainer);
  r->trainer.options.schedule.total = (long)s->epochs * r->trainer.batches;
  return RC_OK;
}

static void close_run(state *r) {
  trainer_free(&r->trainer);
  pairs_task_free(&r->task);
  for (int i = 0; i < PAIRS_SNAPSHOTS_MAX; i++) free(r->snapshots[i]);
  free(r->text);
}

void pairs_result_free(pairs_result *result) {
  translated_free(result->attended, result->sample_count);
  pairs_history_free(&result->history);
}

static rc_status log_start(state *r, bool resumed, rc_error *error) {
  const pairs_settings *s = r->settings;
  json *record = json_object();
  json_text(record, "event", resumed ? "resume" : "start");
  json *data = json_member_array(record, "data");
  for (int i = 0; i < s->data.count; i++) json_item_text(data, s->data.items[i]);
  json_text(record, "out", s->out);
  json_text(record, "kernels", kernels->name);
  json_integer(record, "parameters", r->result->parameters);
  json_integer(record, "pairs", r->corpus->pairs);
  json_integer(record, "filtered", r->corpus->filtered);
  json_integer(record, "left_out", r->task.left_out);
  json_integer(record, "source_vocabulary", (int64_t)r->corpus->source.count);
  json_integer(record, "target_vocabulary", (int64_t)r->corpus->target.count);
  json_integer(record, "epochs", s->epochs);
  json_integer(record, "epoch", r->trainer.epoch);
  json_integer(record, "step", r->trainer.step);
  json_integer(record, "threads", r->trainer.options.threads);
  json_text(record, "settings", s->text);
  return json_log_write(r->log, record, error);
}

static rc_status log_evaluation(state *r, int index, rc_error *error) {
  const pairs_record *e = &r->result->history.records[index];
  json *record = json_object();
  json_text(record, "event", "evaluation");
  json_integer(record, "step", e->step);
  json_number(record, "epochs", e->epochs);
  json_number(record, "loss", e->loss);
  json_number(record, "dev_loss", e->dev_loss);
  json_number(record, "dev_bleu", e->bleu);
  json_number(record, "dev_chrf", e->chrf);
  json_number(record, r->settings->iterations > 0 ? "pairs_per_s" : "tokens_per_s",
              e->tokens_per_s);
  json_number(record, "lr", e->lr);
  json_number(record, "seconds", e->seconds);
  json *samples = json_member_array(record, "samples");
  for (int k = 0; k < r->result->sample_count; k++) {
    json_item_text(samples, r->result->history.samples[index][k]);
  }
  return json_log_write(r->log, record, error);
}

static rc_status log_end(state *r, const char *event, rc_error *error) {
  const pairs_result *result = r->result;
  json *record = json_object();
  json_text(record, "event", event);
  json_text(record, "out", r->settings->out);
  json_integer(record, "epoch", r->trainer.epoch);
  json_integer(record, "step", r->trainer.step);
  json_number(record, "seconds", result->history.seconds);
  if (!result->stopped) {
    json_integer(record, "bytes", (int64_t)result->file_bytes);
    json_integer(record, "averaged", result->averaged);
    if (result->final.sentences > 0) {
      json_number(record, "dev_bleu", result->final.bleu.score);
      json_number(record, "dev_chrf", result->final.chrf);
    }
  }
  return json_log_write(r->log, record, error);
}

/* One line for the evaluation, and the sample translations. */
static void show_evaluation(state *r, int index) {
  const pairs_record *e = &r->result->history.records[index];
  char grouped[TEXT_GROUPED_BYTES], span[CLOCKS_SPAN_BYTES], dev_loss[32] = "", dev[96] = "";
  if (!isnan(e->dev_loss)) snprintf(dev_loss, sizeof dev_loss, "  dev %.4f", e->dev_loss);
  if (!isnan(e->bleu)) {
    snprintf(dev, sizeof dev, "%s  BLEU %5.2f  chrF2 %5.2f", dev_loss, e->bleu, e->chrf);
  }
  progress_message(r->bar, "epoch %.2f  step %ld  loss %.4f%s  lr %.2g  %s %s/s  %s%s", e->epochs,
                   e->step, e->loss, dev, e->lr,
                   text_grouped((long)(e->tokens_per_s + 0.5), grouped), r->bar->unit,
                   clocks_span(e->seconds, span), e->best ? "  best" : "");
  training_warn(r->bar, index > 0 ? e[-1].loss : NAN, e->loss, (int)r->corpus->target.count);
  for (int k = 0; k < r->result->sample_count; k++) {
    const text_pair *pair = r->result->samples[k];
    progress_message(r->bar, "  %.*s -> %s", (int)pair->written.bytes, pair->written.text,
                     r->result->history.samples[index][k]);
  }
}

static rc_status keep_samples(state *r, const translator_weights *weights, int index,
                              rc_error *error) {
  translated samples[PAIRS_SAMPLES] = {0};
  rc_status status = pairs_samples(r, weights, false, samples, error);
  for (int k = 0; k < r->result->sample_count && status == RC_OK; k++) {
    char *sample = strdup(samples[k].best[0].text.text);
    r->result->history.samples[index][k] = sample;
    if (sample == NULL) status = no_memory(error);
  }
  translated_free(samples, r->result->sample_count);
  return status;
}

/* Translates dev with the weights as they are. */
static rc_status score_dev(state *r, const translator_weights *weights, pairs_record *record,
                           rc_error *error) {
  const dev_set *dev = &r->corpus->dev;
  translated *translations = NULL;
  dev_scores scores;
  RC_TRY(pairs_task_loss(&r->task, trainer_weights(&r->trainer), dev->items, dev->count,
                         &record->dev_loss, error));
  rc_status status = pairs_dev(r, weights, &translations, error);
  if (status == RC_OK)
    status = dev_set_score_best(&r->corpus->dev, translations, false, &scores, error);
  if (translations != NULL) translated_free(translations, dev->source_count);
  free(translations);
  RC_TRY(status);
  record->bleu = scores.bleu.score;
  record->chrf = scores.chrf;
  return RC_OK;
}

/* After a score that is no better than the best, now and then a lower rate. */
static void lower_rate(state *r) {
  const pairs_settings *s = r->settings;
  int stalled = pairs_history_stalled(&r->result->history);
  if (s->schedule == PAIRS_PLATEAU && stalled > 0 && stalled % s->decay_after == 0) {
    r->trainer.rate *= s->decay;
  }
}

static rc_status record_evaluation(state *r, const translator_weights *weights, rc_error *error) {
  trainer *t = &r->trainer;
  pairs_history *history = &r->result->history;
  int best = pairs_history_best(history);
  double seconds = r->training.epoch_seconds;
  pairs_record record = {
      .step = t->step,
      .epochs = t->epoch + (double)t->batch / t->batches,
      .loss = r->tokens > 0 ? r->loss_sum / r->tokens : NAN,
      .dev_loss = NAN,
      .bleu = NAN,
      .chrf = NAN,
      .lr = trainer_rate(t),
      .seconds = seconds,
      .tokens_per_s = seconds > 0 ? r->tokens / seconds : 0,
  };
  if (r->corpus->dev.count > 0) {
    RC_TRY(score_dev(r, weights, &record, error));
    record.best = best < 0 || record.bleu > history->records[best].bleu;
  }
  RC_TRY(pairs_history_add(history, &record, error));
  RC_TRY(keep_samples(r, weights, history->count - 1, error));
  pairs_snapshot(r, t->step, record.bleu);
  if (r->corpus->dev.count > 0) lower_rate(r);
  history->seconds += seconds;
  r->training.epoch_seconds = r->loss_sum = r->tokens = 0;
  return RC_OK;
}

static rc_status evaluate(state *r, rc_error *error) {
  translator_weights *weights;
  RC_TRY(translator_weights_new(&weights, &r->task.net, trainer_weights(&r->trainer),
                                TRANSLATOR_F32, error));
  translator_weights_mark(weights, &r->corpus->marks);
  rc_status status = record_evaluation(r, weights, error);
  translator_weights_free(weights);
  RC_TRY(status);
  RC_TRY(save_checkpoint(r, error));
  show_evaluation(r, r->result->history.count - 1);
  return log_evaluation(r, r->result->history.count - 1, error);
}

/* Whether the weights as they are have still to be evaluated: also after a checkpoint that was
 * written just before. */
static bool is_due(const state *r) {
  const trainer *t = &r->trainer;
  const pairs_history *history = &r->result->history;
  int every = r->settings->evaluate_every;
  if (t->step == 0) return false;
  if (history->count > 0 && history->records[history->count - 1].step == t->step) return false;
  bool last = t->batch == t->batches && t->epoch + 1 == r->settings->epochs;
  return last || (every > 0 ? t->step % every == 0 : t->batch == t->batches);
}

static bool is_done(const state *r) {
  const pairs_settings *s = r->settings;
  bool patient = s->patience == 0 || r->corpus->dev.count == 0 ||
                 pairs_history_stalled(&r->result->history) < s->patience;
  return r->trainer.epoch >= s->epochs || !patient;
}

/* The batches of the running epoch that are left, with the evaluations that fall due. */
static rc_status train_epoch(state *r, rc_error *error) {
  trainer *t = &r->trainer;
  int every = r->settings->evaluate_every;
  trainer_begin_epoch(t);
  while (!is_done(r)) {
    if (is_due(r)) {
      RC_TRY(evaluate(r, error));
    } else if (t->batch == t->batches) {
      trainer_end_epoch(t);
      return RC_OK;
    } else if (signals_stop_requested()) {
      return RC_OK;
    } else {
      long until = every > 0 ? t->step - t->step % every + every : LONG_MAX;
      RC_TRY(training_steps(&r->training, until, r->task.epoch_size, error));
    }
  }
  return RC_OK;
}

static void announce(const state *r) {
  const pairs_settings *s = r->settings;
  const trainer *t = &r->trainer;
  char left_out[96] = "", wordless[48] = "", filtered[64] = "", grouped[TEXT_GROUPED_BYTES];
  int threads = t->options.threads;
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
  progress_message(
      r->bar,
      "%s parameters, %d pair%s%s%s, %zu and %zu tokens%s, at most %d epoch%s of about %d step%s, "
      "%s kernels%s, %d shard%s, %d thread%s",
      text_grouped(r->result->parameters, grouped), r->corpus->pairs, text_plural(r->corpus->pairs),
      filtered, left_out, r->corpus->source.count, r->corpus->target.count,
      r->corpus->joint ? " (joint)" : "", s->epochs, text_plural(s->epochs), t->batches,
      text_plural(t->batches), kernels->name, s->precision == PRECISION_BF16 ? " in bf16" : "",
      r->task.shards, text_plural(r->task.shards), threads, text_plural(threads));
}

/* A step has at least one pair. */
static rc_status check_resumed(const state *r, rc_error *error) {
  const trainer *t = &r->trainer;
  const int iterations = r->task.options.iterations;
  const long epoch = iterations > 0 ? iterations : r->task.members;
  if (t->step <= ((long)t->epoch + 1) * epoch) return RC_OK;
  return rc_fail(error, RC_ERR_FORMAT,
                 "%s: the checkpoint cannot be used: it stands at step %ld in epoch %d",
                 r->training.checkpoint, t->step, t->epoch + 1);
}

static rc_status begin(state *r, rc_error *error) {
  const trainer *t = &r->trainer;
  char span[CLOCKS_SPAN_BYTES];
  bool resumed;
  RC_TRY(training_begin(&r->training, r->settings->resume, LONG_MAX / 4, &resumed, error));
  if (resumed) {
    r->training.extras.text_count =
        RECORD_LINES * r->result->history.count; /* for checkpoints before the next */
    RC_TRY(check_resumed(r, error));
    progress_message(r->bar, "resuming after step %ld of epoch %d, %s of training", t->step,
                     t->epoch + 1,
                     clocks_span(r->result->history.seconds + r->training.epoch_seconds, span));
  }
  announce(r);
  return log_start(r, resumed, error);
}

static rc_status train(state *r, rc_error *error) {
  RC_TRY(begin(r, error));
  while (!is_done(r) && !signals_stop_requested()) RC_TRY(train_epoch(r, error));
  r->result->stopped = !is_done(r);
  if (r->result->stopped) {
    RC_TRY(save_checkpoint(r, error));
    return log_end(r, "stop", error);
  }
  RC_TRY(pairs_save(r, error));
  return log_end(r, "end", error);
}

rc_status pairs_run(const pairs_settings *settings, const char *checkpoint,
                    const pairs_corpus *corpus, json_log *log, progress *bar, pairs_result *result,
                    rc_error *error) {
  *result = (pairs_result){0};
  state r = {.settings = settings, .corpus = corpus, .log = log, .bar = bar, .result = result};
  rc_status status = open_run(&r, checkpoint, error);
  if (status == RC_OK) status = train(&r, error);
  close_run(&r);
  progress_end(bar);
  return status;
}
