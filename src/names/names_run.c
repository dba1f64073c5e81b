#include "names_run.h"

#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names_state.h"
#include "threads.h"

static const measure MEASURES[NAMES_MEASURES] = {
    [NAMES_EPOCH] = {.key = "epoch", .curve = "epoch"},
    [NAMES_LOSS] =
        {.key = "loss", .curve = "training", .shown = "loss", .decimals = 4, .importance = 8},
    [NAMES_TRAIN_TOP1] = {.key = "train_top1", .curve = "training"},
    [NAMES_DEV_LOSS] =
        {.key = "dev_loss", .curve = "dev", .shown = "dev", .decimals = 4, .importance = 5},
    [NAMES_DEV_TOP1] = {.key = "dev_top1",
                        .curve = "top-1",
                        .shown = "top-1",
                        .unit = " %",
                        .factor = 100,
                        .width = 4,
                        .decimals = 1,
                        .importance = 9,
                        .better = 1},
    [NAMES_DEV_TOP3] = {.key = "dev_top3",
                        .curve = "top-3",
                        .shown = "top-3",
                        .unit = " %",
                        .factor = 100,
                        .width = 4,
                        .decimals = 1,
                        .importance = 4},
};

const measures names_measures = {.own = MEASURES,
                                 .count = NAMES_MEASURES,
                                 .place = NAMES_EPOCH,
                                 .whole = true,
                                 .loss = NAMES_LOSS,
                                 .decides = NAMES_DEV_TOP1,
                                 .unit = "names"};

static rc_status no_memory(rc_error *error) {
  return rc_fail(error, RC_ERR_MEMORY, "out of memory for a training run");
}

/* What else decides the weights: the teachers' answers stand for their files. */
static void describe(const names_state *r, char *text, size_t size) {
  const names_corpus *corpus = r->corpus;
  const train_set *set = &r->targets.truth.set;
  int used =
      snprintf(text, size, "%skernels=%s\ndata=%s\ndev=%s\nteachers=%d\n", r->settings->run.text,
               kernels->name, corpus->data_sha256, corpus->dev_sha256, r->settings->teachers.count);
  if (set->soft == NULL) return;
  char sha256[65];
  SHA256Data((const uint8_t *)set->soft,
             (size_t)set->count * (size_t)corpus->label_count * sizeof(real), sha256);
  snprintf(text + used, size - (size_t)used, "targets=%s\n", sha256);
}

static rc_status open_memory(names_state *r, rc_error *error) {
  const names_settings *s = r->settings;
  size_t text = strlen(s->run.text) + 400;
  size_t dev = r->corpus->dev == NULL ? 0 : (size_t)r->corpus->dev->pairs->count;
  size_t logits = dev * (size_t)r->corpus->label_count;
  RC_TRY(arena_new(&r->memory, text + logits * sizeof(real) + (size_t)(3 * ARENA_MORE), error));
  r->text = ARENA_ARRAY(&r->memory, char, text);
  r->dev_logits = ARENA_ARRAY(&r->memory, real, logits);
  RC_TRY(arena_check(&r->memory, "a training run", error));
  describe(r, r->text, text);
  return RC_OK;
}

/* Splits the loss of the run into its parts. */
static void count_step(void *self, const trainer_result *step) {
  const names_state *r = self;
  loss_parts *parts = &r->result->loss;
  long part = (r->trainer.step - 1) * LOSS_PARTS / r->steps;
  parts->sum[part] += step->loss;
  parts->seen[part] += (double)step->seen;
}

static long epoch_size(const void *self) {
  const names_state *r = self;
  return train_set_epoch_count(r->task.data);
}

static rc_status evaluate(void *self, double *row, double *seen, rc_error *error) {
  names_state *r = self;
  const trainer *t = &r->trainer;
  *seen = (double)t->seen;
  row[NAMES_EPOCH] = t->epoch + 1;
  row[NAMES_LOSS] = t->loss_sum / (double)t->seen;
  row[NAMES_TRAIN_TOP1] = (double)t->correct / (double)t->seen;
  if (r->corpus->dev == NULL) return RC_OK;
  scores dev;
  RC_TRY(names_predict_dev(r, trainer_weights(t), error));
  RC_TRY(names_score(r, 1, NULL, &dev, error));
  row[NAMES_DEV_LOSS] = dev.nll;
  row[NAMES_DEV_TOP1] = dev.top1;
  row[NAMES_DEV_TOP3] = dev.top3;
  return RC_OK;
}

static rc_status keep(void *self, rc_error *error) {
  (void)error;
  names_state *r = self;
  const history *past = &r->result->run.history;
  if (history_best(past) < past->count - 1) return RC_OK;
  r->best_top1 = history_at(past, past->count - 1, NAMES_DEV_TOP1);
  if (r->best != NULL) {
    memcpy(r->best, trainer_weights(&r->trainer), r->trainer.total * sizeof(real));
  }
  return RC_OK;
}

static rc_status finish(void *self, rc_error *error) {
  return names_save(self, error);
}

static void announce(const void *self, text_buffer *words) {
  const names_state *r = self;
  const int names = r->corpus->known->count, labels = r->corpus->label_count;
  text_addf(words, "%d name%s", names, text_plural(names));
  if (r->targets.truth.set.drawn > 0)
    text_addf(words, " and %d pseudo-names", r->targets.truth.set.drawn);
  text_addf(words, ", %d label%s", labels, text_plural(labels));
}

static void log_data(const void *self, json *record) {
  const names_state *r = self;
  json_text(record, "data", r->settings->data);
}

static void log_counts(const void *self, json *record) {
  const names_state *r = self;
  json_integer(record, "names", r->corpus->known->count);
  json_integer(record, "labels", r->corpus->label_count);
}

static void json_scored(json *record, const char *key, const names_scored *of) {
  json *object = json_member_object(record, key);
  for (int equal = 0; equal < 2; equal++) {
    const scores *s = equal ? &of->equal : &of->data;
    json *prior = json_member_object(object, equal ? "equal" : "data");
    json_number(prior, "top1", s->top1);
    json_number(prior, "top3", s->top3);
    json_number(prior, "macro_recall", s->macro_recall);
    json_number(prior, "calibration_error", s->calibration_error);
  }
}

static void log_result(const void *self, json *record) {
  const names_state *r = self;
  const names_result *result = r->result;
  json_number(record, "temperature", result->temperature);
  if (r->corpus->dev == NULL) return;
  json_scored(record, "names", &result->names);
  if (result->has_ngrams) json_scored(record, "ngrams", &result->ngrams);
  json_number(record, "dev_top1", result->final.top1);
  json_number(record, "dev_top3", result->final.top3);
  json_number(record, "dev_calibration_error", result->final.calibration_error);
}

static const training_task TASK = {.event = "epoch",
                                   .stepped = count_step,
                                   .epoch_size = epoch_size,
                                   .evaluate = evaluate,
                                   .keep = keep,
                                   .finish = finish,
                                   .announce = announce,
                                   .log_data = log_data,
                                   .log_counts = log_counts,
                                   .log_result = log_result};

/* What a checkpoint holds beside the trainer. */
static void list_extras(names_state *r) {
  names_result *result = r->result;
  r->numbers[0] = (checkpoint_numbers){"checkpoint.seconds", &result->run.history.seconds, 1};
  r->numbers[1] = (checkpoint_numbers){"checkpoint.epoch_seconds", &r->training.epoch_seconds, 1};
  r->numbers[2] = (checkpoint_numbers){"checkpoint.best_top1", &r->best_top1, 1};
  r->numbers[3] = (checkpoint_numbers){"checkpoint.loss_parts", result->loss.sum, LOSS_PARTS};
  r->numbers[4] = (checkpoint_numbers){"checkpoint.loss_parts_seen", result->loss.seen, LOSS_PARTS};
  r->blocks[0] = (checkpoint_block){"best", r->best};
  r->training.extras = (checkpoint_extras){.settings = r->text,
                                           .numbers = r->numbers,
                                           .number_count = 5,
                                           .blocks = r->blocks,
                                           .block_count = 1,
                                           .past = &result->run.history};
}

static rc_status open_run(names_state *r, rc_error *error) {
  const names_settings *s = r->settings;
  int classes = r->corpus->label_count;
  const names_subject subject = {r->corpus->known, r->corpus->letters, r->corpus->labels, classes};
  classifier_config config =
      names_learning_network(&s->how, alphabet_size(r->corpus->letters), classes);
  names_task_options task = names_learning_task(&s->how);
  if (s->teachers.count > 0 || s->ngrams > 0) {
    progress_message(r->training.bar, "%s: asking the teachers", names_cell_names[s->how.cell]);
  }
  RC_TRY(names_targets_make(&r->targets, s, &subject, error));
  RC_TRY(names_task_make(&r->task, &config, &task, &r->targets.truth.set, error));
  r->steps = (long)s->how.epochs * names_task_epoch_steps(&r->task);
  trainer_options options = names_settings_training(s, r->steps);
  options.ranks = training_ranks();
  options.each = threads_each;
  train_task learning = names_task_of(&r->task);
  RC_TRY(trainer_new(&r->trainer, &learning, &options, error));
  RC_TRY(open_memory(r, error));
  r->result->run.parameters = (long)r->trainer.total;
  r->best_top1 = -1;
  if (s->run.keep == 1 && (r->best = calloc(r->trainer.total, sizeof(real))) == NULL) {
    return no_memory(error);
  }
  list_extras(r);
  r->training.least = r->training.most = names_task_epoch_steps(&r->task);
  if (classes == 1) {
    progress_message(r->training.bar,
                     "warning: all names have the one label %s: there is nothing to tell apart",
                     r->corpus->labels[0]);
  }
  return RC_OK;
}

static void close_run(names_state *r) {
  trainer_free(&r->trainer);
  names_targets_free(&r->targets);
  arena_free(&r->memory);
  free(r->best);
}

void names_result_free(names_result *result) {
  history_free(&result->run.history);
  free(result->confusion);
  *result = (names_result){0};
}

rc_status names_run(const names_settings *s, const char *checkpoint, const names_corpus *corpus,
                    json_log *log, progress *bar, names_result *result, rc_error *error) {
  *result = (names_result){.run.history.of = &names_measures};
  names_state r = {.settings = s, .corpus = corpus, .result = result};
  r.training = (training){.task = &TASK,
                          .self = &r,
                          .trainer = &r.trainer,
                          .result = &result->run,
                          .log = log,
                          .bar = bar,
                          .checkpoint = checkpoint,
                          .settings = &s->run,
                          .epochs = s->how.epochs,
                          .classes = corpus->label_count,
                          .accuracy = true};
  rc_status status = open_run(&r, error);
  if (status == RC_OK) status = training_run(&r.training, error);
  close_run(&r);
  progress_end(bar);
  return status;
}
