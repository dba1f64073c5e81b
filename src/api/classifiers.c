#include <string.h>

#include "engine.h"
#include "surname.h"

/* A classifier's workspace after a text of more letters is given back. */
enum { KEPT_LETTERS = 256 };

static rc_status load(loaded *item, const uint8_t *bytes, size_t size, rc_error *error) {
  loaded_classifier *c = &item->classifier;
  RC_TRY(classifier_model_read(&c->model, bytes, size, error));
  c->session = classifier_session_begin(&c->model);
  return RC_OK;
}

static void unload(loaded *item) {
  classifier_session_end(&item->classifier.session);
  classifier_model_free(&item->classifier.model);
}

static int32_t find_property(const loaded *item, int32_t property) {
  const classifier *net = &item->classifier.model.net;
  switch (property) {
    case RECUR_LAYERS:
      return net->config.layers;
    case RECUR_HIDDEN:
      return net->config.hidden;
    case RECUR_DIRECTIONS:
      return net->config.directions;
    case RECUR_PARAMETERS:
      return (int32_t)net->params.total;
    case RECUR_LABELS:
      return net->config.labels;
    default:
      return -1;
  }
}

const model_kind engine_classifier_kind = {"classifier", NULL, load, unload, find_property};

int32_t recur_classifier_load(recur_engine *engine, size_t bytes) {
  return engine_load(engine, bytes, &engine_classifier_kind);
}

static loaded_classifier *find(recur_engine *engine, int32_t handle) {
  loaded *item = engine_find(engine, handle, &engine_classifier_kind);
  return item == NULL ? NULL : &item->classifier;
}

const char *recur_classifier_cell(recur_engine *engine, int32_t handle) {
  const loaded_classifier *item = find(engine, handle);
  return item == NULL ? NULL : recurrent_cell_name(item->model.net.config.cell);
}

const char *recur_classifier_label(recur_engine *engine, int32_t handle, int32_t index) {
  const loaded_classifier *item = find(engine, handle);
  if (item == NULL) return NULL;
  int count = item->model.net.config.labels;
  if (engine_check_index("label", index, count, &engine->error) != RC_OK) return NULL;
  return item->model.labels[index];
}

static classification lay_out_results(size_t labels, size_t letters, size_t steps,
                                      rc_arena *arena) {
  classification r = {0};
  r.probabilities = ARENA_ARRAY(arena, float, labels);
  r.letters = ARENA_ARRAY(arena, uint16_t, letters);
  r.ids = ARENA_ARRAY(arena, int, letters);
  r.sources = ARENA_ARRAY(arena, int32_t, steps);
  r.steps = ARENA_ARRAY(arena, float, steps *labels);
  return r;
}

static rc_status prepare_results(recur_engine *engine, size_t labels, size_t letters,
                                 size_t steps) {
  rc_arena need = arena_measure();
  (void)lay_out_results(labels, letters, steps, &need);
  RC_TRY(arena_check(&need, "the result", &engine->error));
  RC_TRY(engine_renew_output(engine, need.used));
  engine->classified = lay_out_results(labels, letters, steps, &engine->output);
  return arena_check(&engine->output, "the result", &engine->error);
}

const float *recur_classifier_shares(recur_engine *engine, int32_t handle) {
  const loaded_classifier *item = find(engine, handle);
  if (item == NULL) return NULL;
  if (item->model.prior == NULL) {
    rc_fail(&engine->error, RC_ERR_ARGUMENT, "the weights do not tell the shares of their labels");
  }
  return item->model.prior;
}

int32_t recur_classifier_prior(recur_engine *engine, int32_t handle, int32_t prior) {
  loaded_classifier *item = find(engine, handle);
  if (item == NULL) return -RC_ERR_ARGUMENT;
  const size_t bytes = (size_t)item->model.net.config.labels * sizeof(real);
  rc_status status = RC_OK;
  if (prior < RECUR_PRIOR_DATA || prior > RECUR_PRIOR_GIVEN) {
    status = rc_fail(&engine->error, RC_ERR_ARGUMENT, "prior %d is none", (int)prior);
  } else if (prior == RECUR_PRIOR_GIVEN) {
    status = engine_check_input(engine, bytes, &engine->error);
  }
  if (status == RC_OK) {
    status =
        classifier_session_prior(&item->session, (prior_kind)prior,
                                 (const real *)(const void *)engine->input.base, &engine->error);
  }
  return -(int32_t)status;
}

/* Spoils r->ids. */
static rc_status answer_steps(recur_engine *engine, loaded_classifier *item, utf8_text text,
                              size_t count) {
  classification *r = &engine->classified;
  return classifier_predict_prefixes(&item->session, text.text, text.bytes, (int)count, r->steps,
                                     r->ids, r->sources, &r->step_count, &engine->error);
}

static void show_letters(const loaded_classifier *item, utf8_text text, size_t count,
                         classification *r) {
  const alphabet *letters = &item->model.letters;
  alphabet_encode(letters, text.text, text.bytes, item->model.net.config.letter_case, r->ids, NULL,
                  count);
  for (size_t i = 0; i < count; i++) {
    const uint32_t letter = alphabet_character(letters, r->ids[i]);
    r->letters[i] = letter <= 0xFFFF ? (uint16_t)letter : 0xFFFD;
  }
}

/* Everything at rest in engine.input and engine.output. */
static rc_status classify(recur_engine *engine, loaded_classifier *item, utf8_text text, bool steps,
                          answer *given) {
  const classifier_config *config = &item->model.net.config;
  size_t count = alphabet_encode(&item->model.letters, text.text, text.bytes, config->letter_case,
                                 NULL, NULL, 0);
  if (count > CLASSIFIER_LETTERS_MAX) count = 0; /* refused below */
  size_t step_count = !steps ? 0 : count < RECUR_STEPS_MAX ? count : RECUR_STEPS_MAX;
  RC_TRY(prepare_results(engine, (size_t)config->labels, count, step_count));
  classification *r = &engine->classified;
  r->start = (int32_t)(text.text - (const char *)engine->input.base);
  r->end = r->start + (int32_t)text.bytes;
  show_letters(item, text, count, r);
  RC_TRY(classifier_predict(&item->session, text.text, text.bytes, r->probabilities, given,
                            &engine->error));
  if (given->basis == ANSWER_LETTERS && step_count > 0) {
    RC_TRY(answer_steps(engine, item, text, step_count));
  }
  if (given->basis == ANSWER_NONE) r->probabilities = NULL;
  for (int i = 0; i < r->step_count; i++) r->sources[i] += r->start;
  r->basis = given->basis;
  if (given->script != SCRIPT_NONE) script_write(given->script, r->script);
  return RC_OK;
}

int32_t recur_classify(recur_engine *engine, int32_t handle, size_t bytes, int32_t how) {
  loaded_classifier *item = find(engine, handle);
  if (item == NULL) return -RC_ERR_ARGUMENT;
  answer given = {0};
  rc_status status = engine_check_input(engine, bytes, &engine->error);
  if (status == RC_OK) {
    utf8_text text = {(const char *)engine->input.base, bytes};
    if ((how & RECUR_CLASSIFY_WHOLE) == 0) text = surname_of(text.text, bytes);
    status = classify(engine, item, text, (how & RECUR_CLASSIFY_STEPS) != 0, &given);
  }
  if (given.letters > KEPT_LETTERS) classifier_session_shrink(&item->session);
  if (status == RC_OK) return given.letters;
  engine_forget(engine);
  return -(int32_t)status;
}

int32_t recur_basis(const recur_engine *engine) {
  return (int32_t)engine->classified.basis;
}

const char *recur_script(const recur_engine *engine) {
  return engine->classified.script;
}

int32_t recur_read_start(const recur_engine *engine) {
  return engine->classified.start;
}

int32_t recur_read_end(const recur_engine *engine) {
  return engine->classified.end;
}

const float *recur_probabilities(const recur_engine *engine) {
  return engine->classified.probabilities;
}

const uint16_t *recur_letters(const recur_engine *engine) {
  return engine->classified.letters;
}

int32_t recur_step_count(const recur_engine *engine) {
  return engine->classified.step_count;
}

const int32_t *recur_step_sources(const recur_engine *engine) {
  return engine->classified.sources;
}

const float *recur_step_probabilities(const recur_engine *engine) {
  return engine->classified.steps;
}
