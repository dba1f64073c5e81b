#include "names_run.h"

#include <math.h>
#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clocks.h"
#include "files.h"
#include "names_targets.h"
#include "predict.h"
#include "signals.h"
#include "text_buffer.h"
#include "training.h"
#include "weight_types.h"

/* Everything a run holds while it lasts. */
typedef struct run {
  const names_settings *settings;
  const names_corpus *corpus;
  json_log *log;
  progress *bar;
  names_result *result;
  names_targets targets;
  names_task task;
  trainer trainer;
  training training;
  long steps; /* of the whole run */
  checkpoint_numbers numbers[5];
  checkpoint_block blocks[1];
  char epoch[EPOCH_TEXT]; /* of text_at */
  rc_arena memory;        /* of the next two */
  char *text;             /* settings and data, compared on --resume */
  real *dev_logits;       /* [dev, C] */
} run;

static rc_status no_memory(rc_error *error) {
  return rc_fail(error, RC_ERR_MEMORY, "out of memory for a training run");
}

/* What else decides the weights: the teachers' answers stand for their files. */
static void describe(const run *r, char *text, size_t size) {
  const names_corpus *corpus = r->corpus;
  const train_set *set = &r->targets.set;
  int used =
      snprintf(text, size, "%skernels=%s\ndata=%s\ndev=%s\nteachers=%d\n", r->settings->text,
               kernels->name, corpus->data_sha256, corpus->dev_sha256, r->settings->teachers.count);
  if (set->soft == NULL) return;
  char sha256[65];
  SHA256Data((const uint8_t *)set->soft,
             (size_t)set->count * (size_t)corpus->label_count * sizeof(real), sha256);
  snprintf(text + used, size - (size_t)used, "targets=%s\n", sha256);
}

static rc_status open_memory(run *r, rc_error *error) {
  const names_settings *s = r->settings;
  size_t text = strlen(s->text) + 400;
  size_t dev = r->corpus->dev == NULL ? 0 : (size_t)r->corpus->dev->pairs->count;
  size_t logits = dev * (size_t)r->corpus->label_count;
  RC_TRY(
      arena_new(&r->memory, text + logits * sizeof(real) + (size_t)(3 * ARENA_ALIGNMENT), error));
  r->text = ARENA_ARRAY(&r->memory, char, text);
  r->dev_logits = ARENA_ARRAY(&r->memory, real, logits);
  RC_TRY(arena_check(&r->memory, "a training run", error));
  describe(r, r->text, text);
  return RC_OK;
}

static const char *epoch_text(void *self, int index) {
  run *r = self;
  epoch_record_to_text(&r->result->history.epochs[index], r->epoch);
  return r->epoch;
}

static rc_status read_epoch(void *self, int index, const char *text, rc_error *error) {
  const run *r = self;
  train_history *history = &r->result->history;
  if (index >= r->trainer.epoch || !epoch_record_from_text(text, &history->epochs[index])) {
    return rc_fail(error, RC_ERR_FORMAT, "checkpoint.epochs has a line that is no epoch");
  }
  history->count = index + 1;
  return RC_OK;
}

/* Splits the loss of the run into its parts. */
static void count_step(void *self, const trainer_result *step) {
  const run *r = self;
  loss_parts *parts = &r->result->history.loss;
  long part = (r->trainer.step - 1) * LOSS_PARTS / r->steps;
  parts->sum[part] += step->loss;
  parts->seen[part] += (double)step->seen;
}

/* What a checkpoint holds beside the trainer. */
static void open_training(run *r, const char *checkpoint) {
  train_history *history = &r->result->history;
  r->numbers[0] = (checkpoint_numbers){"checkpoint.seconds", &history->seconds, 1};
  r->numbers[1] = (checkpoint_numbers){"checkpoint.epoch_seconds", &r->training.epoch_seconds, 1};
  r->numbers[2] = (checkpoint_numbers){"checkpoint.best_top1", &history->best_top1, 1};
  r->numbers[3] = (checkpoint_numbers){"checkpoint.loss_parts", history->loss.sum, LOSS_PARTS};
  r->numbers[4] =
      (checkpoint_numbers){"checkpoint.loss_parts_seen", history->loss.seen, LOSS_PARTS};
  r->blocks[0] = (checkpoint_block){"best", history->best};
  r->training = (training){
      .trainer = &r->trainer,
      .bar = r->bar,
      .epochs = r->settings->epochs,
      .checkpoint = checkpoint,
      .checkpoint_every = r->settings->checkpoint_every,
      .extras = {.settings = r->text,
                 .numbers = r->numbers,
                 .number_count = 5,
                 .blocks = r->blocks,
                 .block_count = 1,
                 .text_max = history->capacity,
                 .text_at = epoch_text,
                 .read_text = read_epoch,
                 .self = r},
      .stepped = count_step,
      .self = r,
      .accuracy = true,
  };
}

static rc_status open_run(run *r, const char *checkpoint, rc_error *error) {
  const names_settings *s = r->settings;
  train_history *history = &r->result->history;
  int classes = r->corpus->label_count;
  const names_subject subject = {r->corpus->known, r->corpus->letters, r->corpus->labels, classes};
  classifier_config config = names_settings_network(s, alphabet_size(r->corpus->letters), classes);
  names_task_options task = names_settings_task(s);
  if (s->teachers.count > 0 || s->ngrams > 0) {
    progress_message(r->bar, "%s: asking the teachers", names_cell_names[s->cell]);
  }
  RC_TRY(names_targets_make(&r->targets, s, &subject, error));
  RC_TRY(names_task_make(&r->task, &config, &task, &r->targets.set, error));
  r->steps = (long)s->epochs * names_task_epoch_steps(&r->task);
  trainer_options options = names_settings_training(s, r->steps);
  train_task learning = names_task_of(&r->task);
  RC_TRY(trainer_new(&r->trainer, &learning, &options, error));
  RC_TRY(open_memory(r, error));
  size_t total = r->trainer.total;
  r->result->parameters = (long)total;
  history->capacity = s->epochs;
  history->epochs = calloc((size_t)s->epochs + 1, sizeof *history->epochs);
  history->best = s->keep == 1 ? calloc(total, sizeof(real)) : NULL;
  history->best_top1 = -1;
  open_training(r, checkpoint);
  bool complete = history->epochs != NULL && (s->keep == 0 || history->best != NULL);
  return complete ? RC_OK : no_memory(error);
}

static void close_run(run *r) {
  trainer_free(&r->trainer);
  names_targets_free(&r->targets);
  arena_free(&r->memory);
}

void names_result_free(names_result *result) {
  free(result->history.epochs);
  free(result->history.best);
  free(result->confusion);
  *result = (names_result){0};
}

/* Scores of these weights on dev, at this temperature. */
static rc_status score_dev(run *r, const real *values, double temperature, int *confusion,
                           scores *out, rc_error *error) {
  const name_set *dev = r->corpus->dev->pairs;
  int classes = r->corpus->label_count;
  size_t total = (size_t)dev->count * (size_t)classes;
  RC_TRY(classifier_predict_all(&r->task.net, values, dev->count, dev->ids, dev->lengths,
                                r->dev_logits, error));
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

static int write_record(const run *r, const scores *final, record_entry *record) {
  const names_settings *s = r->settings;
  int n = 0;
  const char *title = s->name != NULL ? s->name : "Name classifier";
  record[n++] = (record_entry){.key = "general.name", .text = title};
  if (s->license != NULL) {
    record[n++] = (record_entry){.key = "general.license", .text = s->license};
  }
  if (s->attribution != NULL) {
    record[n++] = (record_entry){.key = "general.attribution", .text = s->attribution};
  }
  record[n++] = (record_entry){.key = "settings", .text = r->settings->text};
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
static rc_status write_file(const run *r, const real *values, double temperature,
                            const scores *final, uint8_t *bytes, size_t *size, rc_error *error) {
  record_entry record[RECORD_MAX];
  int count = write_record(r, final, record);
  const classifier_model model = {.net = r->task.net,
                                  .letters = *r->corpus->letters,
                                  .values = (real *)values,
                                  .labels = r->corpus->labels,
                                  .temperature = (real)temperature,
                                  .prior = r->targets.prior,
                                  .scripts = (script_label *)r->corpus->scripts,
                                  .script_count = r->corpus->script_count};
  rc_status status = classifier_model_write(&model, weight_type(r->settings->type), record, count,
                                            bytes, bytes == NULL ? 0 : *size, size, error);
  return weight_type_explain(status, r->settings->out, r->settings->type, error);
}

/* *bytes is malloc'd. */
static rc_status make_file(const run *r, const real *values, double temperature,
                           const scores *final, uint8_t **bytes, size_t *size, rc_error *error) {
  RC_TRY(write_file(r, values, temperature, final, NULL, size, error));
  *bytes = malloc(*size);
  if (*bytes == NULL) return no_memory(error);
  return write_file(r, values, temperature, final, *bytes, size, error);
}

static const real *kept_weights(const run *r) {
  const train_history *history = &r->result->history;
  bool best = history->best != NULL && history->best_top1 >= 0;
  return best ? history->best : trainer_weights(&r->trainer);
}

/* The loss of the epoch that they are of. */
static double kept_loss(const run *r) {
  const train_history *history = &r->result->history;
  int kept = history->count - 1;
  if (kept_weights(r) == history->best) {
    while (kept > 0 && !history->epochs[kept].best) kept--;
  }
  return kept >= 0 ? history->epochs[kept].loss : NAN;
}

/* To r->dev_logits: by labels where each line was learnt by itself, by names where they were learnt
 * with all of their labels. */
static rc_status fit_temperature(run *r, rc_error *error) {
  const names_dev *dev = r->corpus->dev;
  const int classes = r->corpus->label_count;
  if (r->settings->several == NAMES_TOGETHER) {
    return names_dev_fit(dev, classes, r->dev_logits, r->targets.prior, &r->result->temperature,
                         error);
  }
  r->result->temperature =
      scores_fit_temperature(dev->pairs->count, classes, r->dev_logits, dev->pairs->labels);
  return RC_OK;
}

/* Fits the temperature and scores the weights as stored, rounded to the file's type. */
static rc_status calibrate(run *r, const uint8_t *bytes, size_t size, rc_error *error) {
  names_result *result = r->result;
  int classes = r->corpus->label_count;
  classifier_model stored;
  RC_TRY(classifier_model_read(&stored, bytes, size, error));
  result->confusion = calloc((size_t)classes * (size_t)classes, sizeof *result->confusion);
  rc_status status = result->confusion == NULL ? no_memory(error) : RC_OK;
  if (status == RC_OK) status = score_dev(r, stored.values, 1, NULL, &result->final, error);
  if (status == RC_OK) {
    status = fit_temperature(r, error);
  }
  if (status == RC_OK) {
    status =
        score_dev(r, stored.values, result->temperature, result->confusion, &result->final, error);
  }
  if (status == RC_OK) {
    status = names_dev_score(r->corpus->dev, classes, r->dev_logits, result->temperature,
                             r->targets.prior, &result->names, error);
  }
  result->has_ngrams = r->targets.ngrams.features > 0;
  if (status == RC_OK && result->has_ngrams) {
    status = names_dev_score_ngrams(r->corpus->dev, &r->targets.ngrams, r->targets.prior,
                                    &result->ngrams, error);
  }
  classifier_model_free(&stored);
  return status;
}

static rc_status save_weights(run *r, rc_error *error) {
  uint8_t *bytes = NULL;
  size_t size = 0;
  names_result *result = r->result;
  result->temperature = 1;
  RC_TRY(training_may_replace(r->settings->out, kept_loss(r), r->corpus->label_count, error));
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
  if (status == RC_OK) status = files_write_atomically(r->settings->out, bytes, size, error);
  result->file_bytes = size;
  free(bytes);
  return status;
}

static rc_status save_checkpoint(run *r, rc_error *error) {
  r->training.extras.text_count = r->result->history.count;
  return training_save(&r->training, error);
}

static rc_status log_start(run *r, bool resumed, rc_error *error) {
  const names_settings *s = r->settings;
  json *record = json_object();
  json_text(record, "event", resumed ? "resume" : "start");
  json_text(record, "cell", names_cell_names[s->cell]);
  json_text(record, "data", s->data);
  json_text(record, "out", s->out);
  json_text(record, "kernels", kernels->name);
  json_integer(record, "parameters", r->result->parameters);
  json_integer(record, "names", r->corpus->known->count);
  json_integer(record, "labels", r->corpus->label_count);
  json_integer(record, "epochs", s->epochs);
  json_integer(record, "epoch", r->trainer.epoch);
  json_integer(record, "threads", r->trainer.options.threads);
  json_text(record, "settings", s->text);
  return json_log_write(r->log, record, error);
}

static rc_status log_epoch(run *r, const epoch_record *e, rc_error *error) {
  json *record = json_object();
  json_text(record, "event", "epoch");
  json_text(record, "cell", names_cell_names[r->settings->cell]);
  json_integer(record, "epoch", e->epoch);
  json_number(record, "loss", e->loss);
  json_number(record, "train_top1", e->train_top1);
  json_number(record, "dev_loss", e->dev_loss);
  json_number(record, "dev_top1", e->dev_top1);
  json_number(record, "dev_top3", e->dev_top3);
  json_number(record, "names_per_s", e->names_per_s);
  json_number(record, "lr", e->lr);
  json_number(record, "seconds", e->seconds);
  return json_log_write(r->log, record, error);
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

static rc_status log_end(run *r, const char *event, rc_error *error) {
  const names_result *result = r->result;
  json *record = json_object();
  json_text(record, "event", event);
  json_text(record, "cell", names_cell_names[r->settings->cell]);
  json_text(record, "out", r->settings->out);
  json_integer(record, "epoch", r->trainer.epoch);
  json_integer(record, "step", r->trainer.step);
  json_number(record, "seconds", result->history.seconds);
  if (!result->stopped) {
    json_integer(record, "bytes", (int64_t)result->file_bytes);
    json_number(record, "temperature", result->temperature);
    if (r->corpus->dev != NULL) {
      json_scored(record, "names", &result->names);
      if (result->has_ngrams) json_scored(record, "ngrams", &result->ngrams);
      json_number(record, "dev_top1", result->final.top1);
      json_number(record, "dev_top3", result->final.top3);
      json_number(record, "dev_calibration_error", result->final.calibration_error);
    }
  }
  return json_log_write(r->log, record, error);
}

static rc_status finish_epoch(run *r, rc_error *error) {
  trainer *t = &r->trainer;
  train_history *history = &r->result->history;
  double seconds = r->training.epoch_seconds;
  epoch_record e = {
      .epoch = t->epoch + 1,
      .loss = t->loss_sum / (double)t->seen,
      .train_top1 = (double)t->correct / (double)t->seen,
      .dev_loss = NAN,
      .dev_top1 = NAN,
      .dev_top3 = NAN,
      .lr = trainer_rate(t),
      .seconds = seconds,
      .names_per_s = seconds > 0 ? (double)t->seen / seconds : 0,
  };
  if (r->corpus->dev != NULL) {
    scores dev;
    RC_TRY(score_dev(r, trainer_weights(t), 1, NULL, &dev, error));
    e.dev_loss = dev.nll;
    e.dev_top1 = dev.top1;
    e.dev_top3 = dev.top3;
    e.best = dev.top1 > history->best_top1;
    if (e.best) {
      history->best_top1 = dev.top1;
      if (history->best != NULL) {
        memcpy(history->best, trainer_weights(t), t->total * sizeof(real));
      }
    }
  }
  history->epochs[history->count++] = e;
  history->seconds += seconds;
  r->training.epoch_seconds = 0;
  trainer_end_epoch(t);
  RC_TRY(save_checkpoint(r, error));
  epoch_record_show(&e, r->settings->epochs, r->bar);
  training_warn(r->bar, history->count > 1 ? history->epochs[history->count - 2].loss : NAN, e.loss,
                r->corpus->label_count);
  return log_epoch(r, &e, error);
}

static void announce(const run *r) {
  const names_settings *s = r->settings;
  const trainer *t = &r->trainer;
  char pseudo[64] = "";
  int steps = names_task_epoch_steps(&r->task);
  int drawn = r->targets.set.drawn, threads = t->options.threads;
  if (r->corpus->label_count == 1) {
    progress_message(r->bar,
                     "warning: all names have the one label %s: there is nothing to tell apart",
                     r->corpus->labels[0]);
  }
  if (drawn > 0) snprintf(pseudo, sizeof pseudo, " and %d pseudo-names", drawn);
  progress_message(
      r->bar,
      "%s: %ld parameters, %d name%s%s, %d label%s, %d epoch%s of %d step%s, %s kernels%s, "
      "%d thread%s",
      names_cell_names[s->cell], r->result->parameters, r->corpus->known->count,
      text_plural(r->corpus->known->count), pseudo, r->corpus->label_count,
      text_plural(r->corpus->label_count), s->epochs, text_plural(s->epochs), steps,
      text_plural(steps), kernels->name, s->precision == PRECISION_BF16 ? " in bf16" : "", threads,
      text_plural(threads));
}

/* All epochs are alike here, and each has its record. */
static rc_status check_resumed(const run *r, rc_error *error) {
  const trainer *t = &r->trainer;
  const long before = (long)t->epoch * names_task_epoch_steps(&r->task);
  if (t->step == before + t->batch && r->result->history.count == t->epoch) return RC_OK;
  return rc_fail(error, RC_ERR_FORMAT,
                 "%s: the checkpoint cannot be used: it stands at step %ld and has %d epochs",
                 r->training.checkpoint, t->step, r->result->history.count);
}

static rc_status begin(run *r, rc_error *error) {
  const names_settings *s = r->settings;
  const trainer *t = &r->trainer;
  char span[CLOCKS_SPAN_BYTES];
  bool resumed;
  RC_TRY(training_begin(&r->training, s->resume, r->steps, &resumed, error));
  if (resumed) {
    r->training.extras.text_count = r->result->history.count; /* for checkpoints before the next */
    RC_TRY(check_resumed(r, error));
    progress_message(r->bar, "resuming after epoch %d, step %ld, %s of training", t->epoch, t->step,
                     clocks_span(r->result->history.seconds, span));
  }
  announce(r);
  return log_start(r, resumed, error);
}

static rc_status train(run *r, rc_error *error) {
  trainer *t = &r->trainer;
  int epochs = r->settings->epochs;
  RC_TRY(begin(r, error));
  while (t->epoch < epochs && !signals_stop_requested()) {
    trainer_begin_epoch(t);
    RC_TRY(training_steps(&r->training, r->steps, train_set_epoch_count(r->task.data), error));
    if (t->batch == t->batches) RC_TRY(finish_epoch(r, error));
  }
  r->result->stopped = t->epoch < epochs;
  if (r->result->stopped) {
    RC_TRY(save_checkpoint(r, error));
    return log_end(r, "stop", error);
  }
  RC_TRY(save_weights(r, error));
  return log_end(r, "end", error);
}

rc_status names_run(const names_settings *settings, const char *checkpoint,
                    const names_corpus *corpus, json_log *log, progress *bar, names_result *result,
                    rc_error *error) {
  *result = (names_result){0};
  run r = {.settings = settings, .corpus = corpus, .log = log, .bar = bar, .result = result};
  rc_status status = open_run(&r, checkpoint, error);
  if (status == RC_OK) status = train(&r, error);
  close_run(&r);
  progress_end(bar);
  return status;
}
