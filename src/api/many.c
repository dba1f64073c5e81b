#include <string.h>

#include "engine.h"
#include "surname.h"

/* Beside classifiers.c, so that a module that answers while someone types does not have it. */

typedef struct many_texts {
  utf8_text *texts; /* [n] */
  answer *answers;  /* [n] */
} many_texts;

static size_t count_texts(const uint8_t *input, size_t bytes) {
  size_t count = 0;
  for (size_t i = 0; i < bytes; i++) count += input[i] == '\0';
  return count;
}

static many_texts lay_out(classification *r, size_t count, size_t labels, rc_arena *arena) {
  many_texts many = {.texts = ARENA_ARRAY(arena, utf8_text, count),
                     .answers = ARENA_ARRAY(arena, answer, count)};
  r->probabilities = ARENA_ARRAY(arena, float, count *labels);
  r->bases = ARENA_ARRAY(arena, uint8_t, count);
  return many;
}

static void cut(const char *input, size_t count, bool whole, utf8_text *texts) {
  for (size_t i = 0; i < count; i++) {
    const size_t bytes = strlen(input);
    texts[i] = whole ? (utf8_text){input, bytes} : surname_of(input, bytes);
    input += bytes + 1;
  }
}

static rc_status classify_many(recur_engine *engine, loaded_classifier *item, size_t count,
                               bool whole) {
  const size_t labels = (size_t)item->model.net.config.labels;
  classification *r = &engine->classified;
  rc_arena need = arena_measure();
  (void)lay_out(r, count, labels, &need);
  RC_TRY(arena_check(&need, "the results", &engine->error));
  RC_TRY(engine_renew_output(engine, need.used));
  const many_texts many = lay_out(r, count, labels, &engine->output);
  RC_TRY(arena_check(&engine->output, "the results", &engine->error));
  memset(r->probabilities, 0, count * labels * sizeof *r->probabilities);
  cut((const char *)engine->input.base, count, whole, many.texts);
  RC_TRY(classifier_predict_texts(&item->session, (int)count, many.texts, r->probabilities,
                                  many.answers, &engine->error));
  for (size_t i = 0; i < count; i++) r->bases[i] = (uint8_t)many.answers[i].basis;
  return RC_OK;
}

int32_t recur_classify_many(recur_engine *engine, int32_t handle, size_t bytes, int32_t how) {
  loaded *item = engine_find(engine, handle, &engine_classifier_kind);
  if (item == NULL) return -RC_ERR_ARGUMENT;
  rc_status status = engine_check_input(engine, bytes, &engine->error);
  const size_t count = status == RC_OK ? count_texts(engine->input.base, bytes) : 0;
  if (count > RECUR_MANY_MAX) {
    status = rc_fail(&engine->error, RC_ERR_RANGE, "%zu texts are too many", count);
  }
  if (status == RC_OK && count > 0) {
    status = classify_many(engine, &item->classifier, count, (how & RECUR_CLASSIFY_WHOLE) != 0);
  }
  if (status == RC_OK && count > 0) return (int32_t)count;
  engine_forget(engine);
  return -(int32_t)status;
}

const uint8_t *recur_bases(const recur_engine *engine) {
  return engine->classified.bases;
}
