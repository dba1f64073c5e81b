#include "engine.h"

/* Beside classifiers.c, so that a module that only classifies does not have what learns. */

_Static_assert((int)RECUR_INSPECT_LETTERS_MAX == (int)INSPECT_LETTERS_MAX,
               "recur.h has the model's limit");

int32_t recur_inspect(recur_engine *engine, int32_t handle, size_t bytes, int32_t how,
                      int32_t label) {
  const int32_t letters = recur_classify(engine, handle, bytes, how);
  if (letters < 0) return letters;
  const loaded_classifier *item = &engine_find(engine, handle, &engine_classifier_kind)->classifier;
  const classification *read = &engine->classified;
  answer given;
  const rc_status status =
      classifier_inspect(&item->session, (const char *)engine->input.base + read->start,
                         (size_t)(read->end - read->start), label, &engine->inside, &given,
                         &engine->inside_memory, &engine->error);
  if (status == RC_OK) return engine->inside.letters;
  engine_forget(engine);
  return -(int32_t)status;
}

const char *recur_inspect_gate(const recur_engine *engine, int32_t gate) {
  const inspection *inside = &engine->inside;
  return gate >= 0 && gate < inside->gate_count ? inside->gates[gate].name : NULL;
}

const float *recur_inspect_values(const recur_engine *engine, int32_t tensor) {
  const inspection *inside = &engine->inside;
  const int gate = tensor - RECUR_INSIDE_GATES;
  if (tensor == RECUR_INSIDE_HIDDEN) return inside->h;
  if (tensor == RECUR_INSIDE_CELL) return inside->c;
  if (tensor == RECUR_INSIDE_GRADIENT) return inside->gradient;
  return gate >= 0 && gate < inside->gate_count ? inside->gates[gate].values : NULL;
}

double recur_inspect_loss(const recur_engine *engine) {
  return engine->inside.loss;
}
