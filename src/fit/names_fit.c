#include "names_fit.h"

#include <stdlib.h>
#include <string.h>

#include "predict.h"

/* FNV-1a, then the finalizer of MurmurHash3. */
static uint32_t hash(const example *e) {
  uint32_t h = 2166136261U;
  for (size_t i = 0; i < e->bytes; i++) h = (h ^ (unsigned char)e->text[i]) * 16777619U;
  h = (h ^ (h >> 16)) * 0x85EBCA6BU;
  h = (h ^ (h >> 13)) * 0xC2B2AE35U;
  return h ^ (h >> 16);
}

/* Moves one name in ten from data to dev. */
static rc_status split(names_fit *fit, rc_error *error) {
  enum { ONE_IN = 10 };
  examples *data = &fit->data, *dev = &fit->dev;
  const size_t room = (size_t)data->count + 1;
  dev->items = malloc(room * sizeof *dev->items);
  if (dev->items == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory: %zu examples", room);
  int stay = 0;
  for (int i = 0; i < data->count; i++) stay += hash(&data->items[i]) % ONE_IN != 0;
  const int count = stay > 0 ? data->count : 0; /* of so few names all are learnt */
  for (int i = stay = 0; i < count; i++) {
    if (hash(&data->items[i]) % ONE_IN != 0) {
      data->items[stay++] = data->items[i];
    } else {
      dev->items[dev->count++] = data->items[i];
    }
  }
  data->count -= dev->count;
  return RC_OK;
}

static rc_status read_data(names_fit *fit, const names_fit_data *from, rc_error *error) {
  examples *data = &fit->data, *dev = &fit->dev;
  const size_t train_bytes = from->train.bytes, dev_bytes = from->dev.bytes;
  RC_TRY(arena_new(&fit->texts, train_bytes + dev_bytes, error));
  char *text = ARENA_ARRAY(&fit->texts, char, train_bytes + dev_bytes);
  if (train_bytes > 0) memcpy(text, from->train.text, train_bytes);
  if (dev_bytes > 0) memcpy(text + train_bytes, from->dev.text, dev_bytes);
  RC_TRY(examples_read(data, "train", text, train_bytes, NULL, 0, error));
  if (fit->how.duplicates == 1) RC_TRY(examples_drop_repeated(data, error));
  if (from->split) {
    RC_TRY(split(fit, error));
  } else if (dev_bytes > 0) {
    RC_TRY(examples_read(dev, "dev", text + train_bytes, dev_bytes, data->labels, data->label_count,
                         error));
  }
  return examples_drop_repeated(dev, error);
}

static rc_status encode(names_fit *fit, rc_error *error) {
  const names_learning *how = &fit->how;
  const alphabet_case letter_case = (alphabet_case)how->letter_case;
  fit->letters = alphabet_tutorial;
  if (how->letters == 1) {
    RC_TRY(names_data_letters(&fit->letters, &fit->data, how->rare, &fit->letters_memory, error));
  }
  RC_TRY(name_set_encode(&fit->known, &fit->data, "train", &fit->letters, letter_case, error));
  return name_set_encode(&fit->kept, &fit->dev, "dev", &fit->letters, letter_case, error);
}

/* A trainer of fresh weights. */
static rc_status open_trainer(names_fit *fit, rc_error *error) {
  const names_learning *how = &fit->how;
  const classifier_config config =
      names_learning_network(how, alphabet_size(&fit->letters), fit->data.label_count);
  const names_task_options learning = names_learning_task(how);
  RC_TRY(names_task_make(&fit->task, &config, &learning, &fit->truth.set, error));
  const trainer_options options =
      names_learning_training(how, (long)how->epochs * names_task_epoch_steps(&fit->task), 1);
  const train_task task = names_task_of(&fit->task);
  return trainer_new(&fit->trainer, &task, &options, error);
}

static rc_status make(names_fit *fit, const names_fit_data *data, rc_error *error) {
  RC_TRY(read_data(fit, data, error));
  RC_TRY(encode(fit, error));
  RC_TRY(names_truth_make(&fit->truth, &fit->how, &fit->known, NULL, &fit->letters,
                          fit->data.label_count, false, error));
  RC_TRY(open_trainer(fit, error));
  trainer_begin_epoch(&fit->trainer);
  return RC_OK;
}

rc_status names_fit_new(names_fit *fit, const names_learning *how, const names_fit_data *data,
                        rc_error *error) {
  *fit = (names_fit){.how = *how};
  const rc_status status = make(fit, data, error);
  if (status != RC_OK) names_fit_free(fit);
  return status;
}

void names_fit_free(names_fit *fit) {
  trainer_free(&fit->trainer);
  names_truth_free(&fit->truth);
  name_set_free(&fit->known);
  name_set_free(&fit->kept);
  arena_free(&fit->letters_memory);
  examples_free(&fit->data);
  examples_free(&fit->dev);
  arena_free(&fit->texts);
}

rc_status names_fit_step(names_fit *fit, trainer_result *step, rc_error *error) {
  trainer *t = &fit->trainer;
  if (t->batch == t->batches) {
    trainer_end_epoch(t);
    trainer_begin_epoch(t);
  }
  const trainer_result before = {.loss = t->loss_sum, .correct = t->correct, .seen = t->seen};
  RC_TRY(trainer_step(t, error));
  *step = (trainer_result){.loss = t->loss_sum - before.loss,
                           .correct = t->correct - before.correct,
                           .seen = t->seen - before.seen};
  return RC_OK;
}

double names_fit_epoch(const names_fit *fit) {
  return fit->trainer.epoch + (double)fit->trainer.batch / fit->trainer.batches;
}

void names_fit_set_rate(names_fit *fit, double rate) {
  fit->trainer.options.schedule = (schedule){.kind = SCHEDULE_CONSTANT, .peak = (real)rate};
}

/* What another trainer has learnt, and where it stands but for the running epoch. */
static void go_on(names_fit *fit, const trainer *from) {
  trainer *t = &fit->trainer;
  const size_t bytes = t->total * sizeof(real);
  memcpy(t->values, from->values, bytes);
  if (t->average != NULL) memcpy(t->average, from->average, bytes);
  memcpy(t->optimizer.first, from->optimizer.first, bytes);
  if (t->optimizer.second != NULL) memcpy(t->optimizer.second, from->optimizer.second, bytes);
  t->optimizer.step = from->optimizer.step;
  t->step = from->step;
  t->epoch = from->epoch;
  const int left = fit->how.epochs > t->epoch ? fit->how.epochs - t->epoch : 0;
  t->options.schedule = from->options.schedule;
  t->options.schedule.total = t->step + (long)left * names_task_epoch_steps(&fit->task);
}

rc_status names_fit_set_batch(names_fit *fit, int batch, rc_error *error) {
  const names_learning how = fit->how;
  const names_task task = fit->task;
  trainer before = fit->trainer;
  fit->how.batch = batch;
  const rc_status status = open_trainer(fit, error);
  if (status != RC_OK) {
    fit->how = how;
    fit->task = task;
    fit->trainer = before;
    return status;
  }
  go_on(fit, &before);
  trainer_free(&before);
  trainer_begin_epoch(&fit->trainer);
  return RC_OK;
}

/* Of dev: logits [dev, C], in an arena that the caller ends. */
static rc_status predict(const names_fit *fit, rc_arena *memory, real **logits, rc_error *error) {
  const name_set *kept = &fit->kept;
  const size_t total = (size_t)kept->count * (size_t)fit->data.label_count;
  RC_TRY(arena_new(memory, total * sizeof(real), error));
  *logits = ARENA_ARRAY(memory, real, total);
  const rc_status status =
      classifier_predict_all(&fit->task.net, trainer_weights(&fit->trainer), kept->count, kept->ids,
                             kept->lengths, *logits, error);
  if (status != RC_OK) arena_free(memory);
  return status;
}

rc_status names_fit_evaluate(const names_fit *fit, int *confusion, int *predicted, scores *out,
                             rc_error *error) {
  const name_set *kept = &fit->kept;
  const int classes = fit->data.label_count;
  rc_arena memory;
  real *rows;
  RC_TRY(predict(fit, &memory, &rows, error));
  classifier_probabilities(&fit->task.net, 1, NULL, kept->count, rows, rows);
  scores_classification(kept->count, classes, rows, kept->labels, confusion, out);
  for (int i = 0; i < kept->count; i++) {
    const real *row = rows + (size_t)i * (size_t)classes;
    predicted[i] = 0;
    for (int c = 1; c < classes; c++) predicted[i] = row[c] > row[predicted[i]] ? c : predicted[i];
  }
  arena_free(&memory);
  return RC_OK;
}

classifier_model names_fit_model(const names_fit *fit) {
  bool all = true;
  for (int c = 0; c < fit->data.label_count; c++) all = all && fit->truth.prior[c] > 0;
  return (classifier_model){.net = fit->task.net,
                            .letters = fit->letters,
                            .values = (real *)trainer_weights(&fit->trainer),
                            .labels = fit->data.labels,
                            .temperature = 1,
                            .prior = all ? fit->truth.prior : NULL};
}

rc_status names_fit_calibrate(const names_fit *fit, double *temperature, rc_error *error) {
  const name_set *kept = &fit->kept;
  rc_arena memory;
  real *logits;
  RC_TRY(predict(fit, &memory, &logits, error));
  *temperature = scores_fit_temperature(kept->count, fit->data.label_count, logits, kept->labels);
  arena_free(&memory);
  return RC_OK;
}

rc_status names_fit_write(const names_fit *fit, double temperature, uint8_t *buffer,
                          size_t capacity, size_t *size, rc_error *error) {
  classifier_model model = names_fit_model(fit);
  model.temperature = (real)temperature;
  const record_entry record[] = {
      {.key = "general.name", .text = "Name classifier"},
      {.key = "kernels", .text = kernels->name},
      {.key = "names", .number = fit->known.count},
      {.key = "dev_names", .number = fit->kept.count},
      {.key = "epochs", .number = fit->trainer.epoch},
      {.key = "steps", .number = (double)fit->trainer.step},
  };
  return classifier_model_write(&model, GGUF_TENSOR_F32, record, sizeof record / sizeof *record,
                                buffer, capacity, size, error);
}
