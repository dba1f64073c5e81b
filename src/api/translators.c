#include "engine.h"
#include "normalize.h"

static rc_status load(loaded *item, const uint8_t *bytes, size_t size, rc_error *error) {
  loaded_translator *t = &item->translator;
  RC_TRY(translator_model_read(&t->model, bytes, size, error));
  t->job = translator_job_of(&t->model);
  return RC_OK;
}

static void unload(loaded *item) {
  translator_job_end(&item->translator.job);
  translator_model_free(&item->translator.model);
}

static int32_t find_property(const loaded *item, int32_t property) {
  const translator_model *model = &item->translator.model;
  switch (property) {
    case RECUR_PARAMETERS:
      return (int32_t)model->net.params.total;
    case RECUR_BYTES:
      return (int32_t)(translator_weights_bytes(model->weights) + model->memory.size);
    case RECUR_SENTENCE_TOKENS:
      return translator_longest_source(&model->net);
    case RECUR_TEXT_SENTENCES:
      return RECUR_SENTENCES_MAX;
    case RECUR_TEXT_BYTES:
      return PASSAGE_BYTES_MAX;
    default:
      return -1;
  }
}

const model_kind engine_translator_kind = {"translator", NULL, load, unload, find_property};

int32_t recur_translator_load(recur_engine *engine, size_t bytes) {
  return engine_load(engine, bytes, &engine_translator_kind);
}

static loaded_translator *find_translator(recur_engine *engine, int32_t handle) {
  loaded *item = engine_find(engine, handle, &engine_translator_kind);
  return item == NULL ? NULL : &item->translator;
}

static translator_job *find(recur_engine *engine, int32_t handle) {
  loaded_translator *t = find_translator(engine, handle);
  return t == NULL ? NULL : &t->job;
}

rc_status engine_begin_translation(recur_engine *engine, translator_job *job, size_t bytes,
                                   const translator_options *options) {
  rc_error *error = &engine->error;
  RC_TRY(engine_check_input(engine, bytes, error));
  utf8_text text = {(const char *)engine->input.base, bytes};
  RC_TRY(translator_job_begin(job, text, options, error));
  if (job->text.count <= RECUR_SENTENCES_MAX) return RC_OK;
  return rc_fail(error, RC_ERR_RANGE, "%d sentences, at most %d can be translated at once",
                 job->text.count, RECUR_SENTENCES_MAX);
}

int32_t recur_translate(recur_engine *engine, int32_t handle, size_t bytes, int32_t beam,
                        int32_t nbest, int32_t attention, int32_t numbers) {
  loaded_translator *t = find_translator(engine, handle);
  if (t == NULL) return -RC_ERR_ARGUMENT;
  translator_job *job = &t->job;
  t->french_numbers = numbers != 0;
  engine_forget(engine);
  translator_options options = translator_options_default();
  options.beam = beam;
  options.nbest = nbest;
  options.attention = attention != 0;
  rc_status status = engine_begin_translation(engine, job, bytes, &options);
  return status == RC_OK ? job->text.count : -(int32_t)status;
}

int32_t recur_translate_step(recur_engine *engine, int32_t handle) {
  translator_job *job = find(engine, handle);
  if (job == NULL) return -RC_ERR_ARGUMENT;
  engine_forget(engine);
  int found;
  rc_status status = translator_job_step(job, &found, &engine->error);
  return status == RC_OK ? found : -(int32_t)status;
}

/* ---- looking at a sentence ---- */

/* What is looked at: a sentence of a translator's job. */
typedef struct look {
  const loaded_translator *from;
  const translated_sentence *found;
  int texts;       /* of its translations */
  bool tokens;     /* the best comes with its tokens */
  bool unfinished; /* it is under way */
} look;

static const passage_sentence *read_sentence(const look *l) {
  return &l->from->job.text.sentences[l->found->sentence];
}

/* The k-th text. */
static rc_status write_text(const look *l, int k, rc_arena *arena, hypothesis *out,
                            rc_error *error) {
  const translator_model *model = &l->from->model;
  const bool french = language_is_french(model->target_language);
  const text_setting setting = {.elided = french,
                                .french = french,
                                .layer = model->layer.used,
                                .french_numbers = french && l->from->french_numbers,
                                .unfinished = l->unfinished};
  const translation *results = l->found->results;
  return hypothesis_write(model->target, setting, &read_sentence(l)->text, l->found->length,
                          results == NULL ? NULL : &results[k], arena, out, error);
}

static void find_source_tokens(const look *l, sentence_result *r, rc_arena *arena) {
  const layered_text *read = &read_sentence(l)->text;
  const int length = l->found->length;
  int *ids = ARENA_ARRAY(arena, int, (size_t)length);
  if (ids == NULL || r->source_ranges == NULL) return;
  codec_encode_sentence(l->from->model.source, read->marked, ids, r->source_ranges, length, NULL);
  if (l->from->model.layer.used) text_layer_show_ranges(read, r->source_ranges, length);
}

static void find_unknown(const look *l, sentence_result *r, rc_arena *arena) {
  const codec *c = &l->from->model.source;
  if (c->kind->unknown == NULL) return;
  const utf8_text source = read_sentence(l)->text.shown;
  const size_t count = c->kind->unknown(c->vocabulary, source, NULL, 0);
  r->unknown = ARENA_ARRAY(arena, text_range, count);
  if (r->unknown != NULL) c->kind->unknown(c->vocabulary, source, r->unknown, count);
  r->unknown_words = (int)count;
}

/* Beside each other where each span was and is. */
static void pair_spans(const layered_text *read, const text_range *spans, text_range *out) {
  for (ptrdiff_t i = 0; i < read->span_count && out != NULL; i++) {
    out[2 * i] = (text_range){read->spans[i].start, read->spans[i].end};
    out[2 * i + 1] = spans[i];
  }
}

static rc_status lay_out(const look *l, rc_arena *arena, sentence_result *out, rc_error *error) {
  const passage_sentence *read = read_sentence(l);
  sentence_result r = {.start = (int32_t)read->start,
                       .end = (int32_t)read->end,
                       .source = read->text.shown.text,
                       .texts = l->texts,
                       .truncated = l->found->cut,
                       .copied = read->text.copied,
                       .spans = read->text.span_count};
  r.best = ARENA_ARRAY(arena, hypothesis, (size_t)l->texts);
  r.span_ranges = ARENA_ARRAY(arena, text_range, 2 * (size_t)r.spans);
  if (l->tokens && l->found->results != NULL) {
    r.source_tokens = l->found->length;
    r.target_tokens = l->found->results->length;
    r.source_ranges = ARENA_ARRAY(arena, text_range, (size_t)r.source_tokens);
    find_source_tokens(l, &r, arena);
  }
  find_unknown(l, &r, arena);
  for (int k = 0; k < l->texts; k++) {
    hypothesis h;
    RC_TRY(write_text(l, k, arena, &h, error));
    if (k == 0) {
      r.truncated = r.truncated || !h.complete;
      pair_spans(&read->text, h.spans, r.span_ranges);
    }
    if (r.best != NULL) r.best[k] = h;
  }
  *out = r;
  return arena_check(arena, "a translation", error);
}

/* Makes a sentence the one that recur_sentence and its like tell of, and on failure none; returns
 * its number. */
static int32_t look_at(recur_engine *engine, const look *l) {
  rc_error *error = &engine->error;
  rc_arena need = arena_measure();
  sentence_result *result = &engine->translated;
  rc_status status = lay_out(l, &need, result, error);
  if (status == RC_OK) status = engine_renew_output(engine, need.used);
  if (status == RC_OK) status = lay_out(l, &engine->output, result, error);
  if (status == RC_OK) return l->found->sentence;
  engine_forget(engine);
  return -(int32_t)status;
}

int32_t engine_look(recur_engine *engine, const loaded_translator *from, int32_t index) {
  const translator_job *job = &from->job;
  rc_status status = engine_check_index("translated sentence", index, job->found, &engine->error);
  if (status != RC_OK) return -(int32_t)status;
  translated_sentence found = translator_job_found(job, index);
  const look l = {
      .from = from, .found = &found, .texts = job->options.nbest, .tokens = job->options.attention};
  return look_at(engine, &l);
}

int32_t recur_translate_found(recur_engine *engine, int32_t handle, int32_t index) {
  const loaded_translator *t = find_translator(engine, handle);
  return t == NULL ? -RC_ERR_ARGUMENT : engine_look(engine, t, index);
}

int32_t recur_translate_open(recur_engine *engine, int32_t handle) {
  translator_job *job = find(engine, handle);
  return job == NULL ? -RC_ERR_ARGUMENT : translator_job_open(job);
}

int32_t recur_translate_peek(recur_engine *engine, int32_t handle, int32_t index) {
  loaded_translator *t = find_translator(engine, handle);
  if (t == NULL) return -RC_ERR_ARGUMENT;
  translator_job *job = &t->job;
  rc_status status =
      engine_check_index("open sentence", index, translator_job_open(job), &engine->error);
  if (status != RC_OK) return -(int32_t)status;
  translation best;
  translated_sentence open = translator_job_peek(job, index, &best);
  const look l = {.from = t, .found = &open, .texts = 1, .unfinished = true};
  return look_at(engine, &l);
}

int32_t recur_sentence(const recur_engine *engine, int32_t property) {
  const sentence_result *r = &engine->translated;
  if (r->texts == 0) return -RC_ERR_ARGUMENT;
  switch (property) {
    case RECUR_START:
      return r->start;
    case RECUR_END:
      return r->end;
    case RECUR_TRUNCATED:
      return r->truncated ? 1 : 0;
    case RECUR_SOURCE_TOKENS:
      return r->source_tokens;
    case RECUR_TARGET_TOKENS:
      return r->target_tokens;
    case RECUR_UNKNOWN_WORDS:
      return r->unknown_words;
    case RECUR_SPANS:
      return r->spans;
    case RECUR_COPIED:
      return r->copied ? 1 : 0;
    default:
      return -RC_ERR_ARGUMENT;
  }
}

const char *recur_sentence_source(const recur_engine *engine) {
  return engine->translated.source;
}

const char *recur_sentence_text(recur_engine *engine, int32_t rank) {
  const sentence_result *r = &engine->translated;
  rc_status status = engine_check_index("translation", rank, r->texts, &engine->error);
  return status == RC_OK ? r->best[rank].text.text : NULL;
}

double recur_sentence_score(const recur_engine *engine, int32_t rank) {
  const sentence_result *r = &engine->translated;
  return rank >= 0 && rank < r->texts ? r->best[rank].score : 0;
}

static const int32_t *first_of(const text_range *ranges) {
  return ranges == NULL ? NULL : &ranges->start;
}

const int32_t *recur_source_ranges(const recur_engine *engine) {
  return first_of(engine->translated.source_ranges);
}

const int32_t *recur_target_ranges(const recur_engine *engine) {
  const sentence_result *r = &engine->translated;
  return r->target_tokens == 0 ? NULL : first_of(r->best->tokens);
}

const int32_t *recur_unknown_ranges(const recur_engine *engine) {
  return first_of(engine->translated.unknown);
}

const int32_t *recur_span_ranges(const recur_engine *engine) {
  return first_of(engine->translated.span_ranges);
}

const float *recur_attention(const recur_engine *engine) {
  const sentence_result *r = &engine->translated;
  return r->target_tokens == 0 ? NULL : r->best->attention;
}
