#include <string.h>

#include "engine.h"

/* Beside translators.c, so that a module that only translates does not have it. */

/* Until the one sentence is found. */
static rc_status translate(recur_engine *engine, translator_job *job, size_t bytes, int32_t beam) {
  translator_options options = translator_options_default();
  options.beam = beam;
  options.attention = true;
  RC_TRY(engine_begin_translation(engine, job, bytes, &options));
  if (job->text.count != 1) {
    return rc_fail(&engine->error, RC_ERR_RANGE, "%d sentences, into one at a time one can look",
                   job->text.count);
  }
  for (int found = 0; found == 0;) RC_TRY(translator_job_step(job, &found, &engine->error));
  return RC_OK;
}

/* Into the sentence that the engine tells of. */
static rc_status inspect(recur_engine *engine, const loaded_translator *from,
                         const translated_sentence *found) {
  const sentence_result *told = &engine->translated;
  const utf8_text read = {told->source, strlen(told->source)};
  const inspected_text source = {.text = read,
                                 .length = found->length - 1,
                                 .ended = true,
                                 .ids = found->ids,
                                 .ranges = told->source_ranges};
  const inspected_text target = {.text = told->best->text,
                                 .length = told->best->length,
                                 .ended = told->best->complete,
                                 .ids = found->results->ids,
                                 .ranges = told->best->tokens};
  return translator_inspect(from->model.weights, &source, &target, &engine->inside_sentence,
                            &engine->inside_memory, &engine->error);
}

static int32_t look(recur_engine *engine, loaded_translator *alone, size_t bytes, int32_t beam) {
  rc_status status = translate(engine, &alone->job, bytes, beam);
  if (status != RC_OK) return -(int32_t)status;
  const int32_t number = engine_look(engine, alone, 0);
  const translated_sentence found = translator_job_found(&alone->job, 0);
  if (number < 0 || engine->translated.source_tokens == 0) return number;
  status = inspect(engine, alone, &found);
  if (status == RC_OK) return engine->inside_sentence.targets;
  engine_forget(engine);
  return -(int32_t)status;
}

int32_t recur_inspect_translation(recur_engine *engine, int32_t handle, size_t bytes,
                                  int32_t beam) {
  const loaded *item = engine_find(engine, handle, &engine_translator_kind);
  if (item == NULL) return -RC_ERR_ARGUMENT;
  engine_forget(engine);
  /* With a job of its own, so that the one under way goes on. */
  loaded_translator alone = item->translator;
  alone.job = translator_job_of(&item->translator.model);
  alone.french_numbers = true;
  const int32_t result = look(engine, &alone, bytes, beam);
  translator_job_end(&alone.job);
  return result;
}

int32_t recur_inspect_size(const recur_engine *engine, int32_t size) {
  const translator_inspection *inside = &engine->inside_sentence;
  switch (size) {
    case RECUR_SOURCE_COUNT:
      return inside->sources;
    case RECUR_TARGET_COUNT:
      return inside->targets;
    case RECUR_SOURCE_WORDS:
      return inside->source_word_count;
    case RECUR_TARGET_WORDS:
      return inside->target_word_count;
    case RECUR_ENCODER_LAYERS:
      return inside->layers;
    case RECUR_ENCODER_DIRECTIONS:
      return inside->directions;
    case RECUR_ENCODER_HIDDEN:
      return inside->encoder_hidden;
    case RECUR_DECODER_HIDDEN:
      return inside->hidden;
    default:
      return 0;
  }
}

const float *recur_inspect_translation_values(const recur_engine *engine, int32_t tensor) {
  const translator_inspection *inside = &engine->inside_sentence;
  switch (tensor) {
    case RECUR_ENCODER_RESET:
    case RECUR_ENCODER_UPDATE:
    case RECUR_ENCODER_CANDIDATE:
      return inside->encoder.gates[tensor - RECUR_ENCODER_RESET];
    case RECUR_ENCODER_STATES:
      return inside->encoder.h;
    case RECUR_DECODER_RESET:
    case RECUR_DECODER_UPDATE:
    case RECUR_DECODER_CANDIDATE:
      return inside->decoder.gates[tensor - RECUR_DECODER_RESET];
    case RECUR_DECODER_STATES:
      return inside->decoder.h;
    case RECUR_DECODER_INITIAL:
      return inside->initial;
    case RECUR_TOKEN_ATTENTION:
      return inside->attention;
    case RECUR_WORD_ATTENTION:
      return inside->word_attention;
    default:
      return NULL;
  }
}

const int32_t *recur_source_words(const recur_engine *engine) {
  return engine->inside_sentence.source_words;
}

const int32_t *recur_target_words(const recur_engine *engine) {
  return engine->inside_sentence.target_words;
}
