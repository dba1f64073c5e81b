#include <stddef.h>
#include <string.h>

#include "engine.h"

/* A trainer is a classifier whose weights change: what looks at classifiers looks at it as well. */

static void unload(loaded *item) {
  classifier_session_end(&item->classifier.session);
  names_fit_free(item->classifier.fit);
}

static int32_t find_property(const loaded *item, int32_t property) {
  return engine_classifier_kind.property(item, property);
}

static const model_kind trainer_kind = {"trainer", &engine_classifier_kind, NULL, unload,
                                        find_property};

static names_fit *find(recur_engine *engine, int32_t handle) {
  loaded *item = engine_find(engine, handle, &trainer_kind);
  return item == NULL ? NULL : item->classifier.fit;
}

/* The weights have changed, and may lie elsewhere. */
static void renew_model(recur_engine *engine, int32_t handle) {
  loaded_classifier *c = &engine_find(engine, handle, &trainer_kind)->classifier;
  arena_free(&c->session.matrices);
  c->model = names_fit_model(c->fit);
}

/* ---- options ---- */

typedef struct learning_option {
  size_t at; /* in names_learning */
  bool whole;
  double low, high;
} learning_option;

#define WHOLE(field, low, high) \
  { offsetof(names_learning, field), true, low, high }
#define REAL(field, low, high) \
  { offsetof(names_learning, field), false, low, high }

/* As `train names` has them, in the order of recur_learning. */
static const learning_option OPTIONS[] = {
    WHOLE(duplicates, 0, 1),
    WHOLE(several, NAMES_EACH, NAMES_TOGETHER),
    REAL(unmarked, 0, 1),
    WHOLE(letters, 0, 1),
    WHOLE(rare, 1, 1e6),
    WHOLE(layers, 1, RECURRENT_LAYERS_MAX),
    WHOLE(hidden, 1, CLASSIFIER_HIDDEN_MAX),
    WHOLE(directions, 1, 2),
    WHOLE(embedding, 0, CLASSIFIER_HIDDEN_MAX),
    WHOLE(pooling, POOLING_LAST, POOLING_ALL),
    WHOLE(letter_case, ALPHABET_CASE_KEEP, ALPHABET_CASE_TITLE),
    REAL(dropout, 0, 0.95),
    REAL(dropout_embedding, 0, 0.95),
    WHOLE(optimizer, OPTIMIZER_SGD, OPTIMIZER_ADAMW),
    WHOLE(schedule, SCHEDULE_CONSTANT, SCHEDULE_INVERSE_SQRT),
    WHOLE(batch, 1, 4096),
    WHOLE(epochs, 1, 1e6),
    REAL(lr, 1e-9, 100),
    REAL(beta2, 0, 0.999999),
    REAL(momentum, 0, 0.9999),
    REAL(weight_decay, 0, 10),
    REAL(warmup, 0, 0.99),
    REAL(clip, 0, 1e9),
    REAL(smoothing, 0, 0.99),
    REAL(unknown, 0, 0.99),
    REAL(average, 0, 0.999999),
    WHOLE(seed, 0, 9007199254740991),
};

/* Writes the value to `how`, and where the whole number is wanted (a batch), returns it. */
static rc_status set_option(names_learning *how, int32_t option, double value, rc_error *error) {
  enum { COUNT = sizeof OPTIONS / sizeof *OPTIONS };
  if (option < 0 || option >= COUNT) {
    return rc_fail(error, RC_ERR_ARGUMENT, "there is no option %d", (int)option);
  }
  const learning_option *o = &OPTIONS[option];
  if (!(value >= o->low && value <= o->high)) {
    return rc_fail(error, RC_ERR_RANGE, "%g is not from %g to %g", value, o->low, o->high);
  }
  if (o->whole && value != (double)(int64_t)value) {
    return rc_fail(error, RC_ERR_RANGE, "%g is not a whole number", value);
  }
  void *field = (char *)how + o->at;
  if (option == RECUR_LEARN_SEED) {
    how->seed = (uint64_t)value;
  } else if (o->whole) {
    *(int *)field = (int)value;
  } else {
    *(double *)field = value;
  }
  return RC_OK;
}

int32_t recur_trainer_recipe(recur_engine *engine, int32_t recipe, int32_t cell) {
  if (cell < 0 || cell >= NAMES_CELLS || recipe < RECUR_RECIPE_BEST ||
      recipe > RECUR_RECIPE_TUTORIAL) {
    return -(int32_t)rc_fail(&engine->error, RC_ERR_ARGUMENT, "no such recipe or cell");
  }
  engine->learning = recipe == RECUR_RECIPE_BEST ? names_learning_best((names_cell)cell)
                                                 : names_learning_tutorial((names_cell)cell);
  return RC_OK;
}

int32_t recur_trainer_option(recur_engine *engine, int32_t option, double value) {
  return -(int32_t)set_option(&engine->learning, option, value, &engine->error);
}

int32_t recur_trainer_set(recur_engine *engine, int32_t handle, int32_t option, double value) {
  names_fit *fit = find(engine, handle);
  names_learning how;
  if (fit == NULL) return -RC_ERR_ARGUMENT;
  rc_status status = set_option(&how, option, value, &engine->error);
  if (status != RC_OK) return -(int32_t)status;
  if (option == RECUR_LEARN_BATCH) {
    status = names_fit_set_batch(fit, how.batch, &engine->error);
    renew_model(engine, handle);
  } else if (option == RECUR_LEARN_RATE) {
    names_fit_set_rate(fit, how.lr);
  } else {
    status = rc_fail(&engine->error, RC_ERR_ARGUMENT, "there is no option %d", (int)option);
  }
  return -(int32_t)status;
}

/* ---- training ---- */

int32_t recur_trainer_new(recur_engine *engine, size_t train_bytes, size_t dev_bytes,
                          int32_t split) {
  rc_error *error = &engine->error;
  if (engine->learning.batch == 0) recur_trainer_recipe(engine, RECUR_RECIPE_BEST, NAMES_GRU);
  rc_status status = engine_check_input(engine, train_bytes + dev_bytes, error);
  if (status != RC_OK) return -(int32_t)status;
  rc_arena memory;
  status = arena_new(&memory, sizeof(loaded) + sizeof(names_fit) + 2 * ARENA_MORE, error);
  if (status != RC_OK) return -(int32_t)status;
  loaded *item = ARENA_ARRAY(&memory, loaded, 1);
  names_fit *fit = ARENA_ARRAY(&memory, names_fit, 1);
  const char *text = (const char *)engine->input.base;
  const names_fit_data data = {
      .train = {text, train_bytes}, .dev = {text + train_bytes, dev_bytes}, .split = split != 0};
  *item = (loaded){.memory = memory};
  status = names_fit_new(fit, &engine->learning, &data, error);
  engine->learning = (names_learning){0};
  arena_free(&engine->input);
  if (status != RC_OK) {
    arena_free(&memory);
    return -(int32_t)status;
  }
  loaded_classifier *c = &item->classifier;
  c->fit = fit;
  c->model = names_fit_model(fit);
  c->session = classifier_session_begin(&c->model);
  return engine_keep(engine, item, &trainer_kind);
}

int32_t recur_trainer_step(recur_engine *engine, int32_t handle) {
  names_fit *fit = find(engine, handle);
  if (fit == NULL) return -RC_ERR_ARGUMENT;
  engine_forget(engine);
  const rc_status status = names_fit_step(fit, &engine->trained.step, &engine->error);
  renew_model(engine, handle);
  return -(int32_t)status;
}

/* ---- what it tells ---- */

double recur_trainer_number(recur_engine *engine, int32_t handle, int32_t number) {
  const names_fit *fit = find(engine, handle);
  if (fit == NULL) return 0;
  const training_result *r = &engine->trained;
  switch (number) {
    case RECUR_TRAINED_LOSS:
      return r->step.loss;
    case RECUR_TRAINED_EXAMPLES:
      return (double)r->step.seen;
    case RECUR_TRAINED_EPOCH:
      return names_fit_epoch(fit);
    case RECUR_TRAINED_STEPS:
      return (double)fit->trainer.step;
    case RECUR_TRAINED_RATE:
      return trainer_rate(&fit->trainer);
    case RECUR_TRAINED_TRAIN:
      return fit->known.count;
    case RECUR_TRAINED_DEV:
      return fit->kept.count;
    case RECUR_TRAINED_LETTERS:
      return fit->letters.letters;
    case RECUR_TRAINED_DEV_LOSS:
      return r->dev.nll;
    case RECUR_TRAINED_TOP1:
      return r->dev.top1;
    case RECUR_TRAINED_TOP3:
      return r->dev.top3;
    case RECUR_TRAINED_RECALL:
      return r->dev.macro_recall;
    default:
      return 0;
  }
}

int32_t recur_trainer_evaluate(recur_engine *engine, int32_t handle) {
  const names_fit *fit = find(engine, handle);
  if (fit == NULL) return -RC_ERR_ARGUMENT;
  const size_t labels = (size_t)fit->data.label_count, count = (size_t)fit->kept.count;
  training_result *r = &engine->trained;
  rc_status status = engine_renew_output(
      engine, (labels * labels + count) * sizeof(int) + (size_t)(2 * ARENA_MORE));
  if (status == RC_OK) {
    r->confusion = ARENA_ARRAY(&engine->output, int, labels *labels);
    r->predicted = ARENA_ARRAY(&engine->output, int, count);
    memset(r->confusion, 0, labels * labels * sizeof *r->confusion);
    status = names_fit_evaluate(fit, r->confusion, r->predicted, &r->dev, &engine->error);
  }
  return status == RC_OK ? (int32_t)count : -(int32_t)status;
}

const int32_t *recur_trainer_confusion(const recur_engine *engine) {
  return engine->trained.confusion;
}

const int32_t *recur_trainer_predicted(const recur_engine *engine) {
  return engine->trained.predicted;
}

static const example *find_dev(recur_engine *engine, int32_t handle, int32_t index) {
  const names_fit *fit = find(engine, handle);
  const example *found = NULL;
  if (fit == NULL || engine_check_index("name", index, fit->kept.count, &engine->error) != RC_OK) {
    return NULL;
  }
  found = &fit->dev.items[index];
  return found;
}

int32_t recur_trainer_dev_label(recur_engine *engine, int32_t handle, int32_t index) {
  const example *found = find_dev(engine, handle, index);
  return found == NULL ? -RC_ERR_ARGUMENT : found->label;
}

const char *recur_trainer_dev_text(recur_engine *engine, int32_t handle, int32_t index) {
  const example *found = find_dev(engine, handle, index);
  if (found == NULL || engine_renew_output(engine, found->bytes + 1) != RC_OK) return NULL;
  char *text = ARENA_ARRAY(&engine->output, char, found->bytes + 1);
  memcpy(text, found->text, found->bytes);
  text[found->bytes] = '\0';
  return engine->trained.text = text;
}

const uint32_t *recur_trainer_letters(recur_engine *engine, int32_t handle) {
  const names_fit *fit = find(engine, handle);
  if (fit == NULL) return NULL;
  const size_t count = (size_t)fit->letters.letters;
  if (engine_renew_output(engine, count * sizeof(uint32_t)) != RC_OK) return NULL;
  uint32_t *letters = ARENA_ARRAY(&engine->output, uint32_t, count);
  for (size_t i = 0; i < count; i++) letters[i] = alphabet_character(&fit->letters, (int)i);
  return engine->trained.letters = letters;
}

int32_t recur_trainer_save(recur_engine *engine, int32_t handle) {
  const names_fit *fit = find(engine, handle);
  rc_error *error = &engine->error;
  size_t size = 0;
  double temperature = 1;
  if (fit == NULL) return -RC_ERR_ARGUMENT;
  rc_status status = names_fit_calibrate(fit, &temperature, error);
  if (status == RC_OK) status = names_fit_write(fit, temperature, NULL, 0, &size, error);
  if (status == RC_OK) status = engine_renew_output(engine, size);
  if (status == RC_OK) {
    engine->trained.file = ARENA_ARRAY(&engine->output, uint8_t, size);
    status = names_fit_write(fit, temperature, engine->trained.file, size, &size, error);
  }
  return status == RC_OK ? (int32_t)size : -(int32_t)status;
}

const uint8_t *recur_trainer_file(const recur_engine *engine) {
  return engine->trained.file;
}
