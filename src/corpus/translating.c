#include "translating.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#ifdef _OPENMP
#include <omp.h>
#endif

/* Everything a run holds while it lasts. */
typedef struct work {
  const translating *how;
  const passage_sentence *sources;
  translator_sentences read;
  int batch_count;
  translated *out;
} work;

int translating_longest(const translating *how) {
  int longest = TRANSLATOR_LENGTH_MAX;
  for (int i = 0; i < TRANSLATOR_ENSEMBLE_MAX && how->weights[i] != NULL; i++) {
    const int one = translator_longest_source(translator_weights_net(how->weights[i]));
    if (one < longest) longest = one;
  }
  return longest;
}

/* Copies the results of the at-th sentence out of the session; measuring first. from: [nbest], or
 * NULL where there was nothing to translate. */
static rc_status write(const work *w, int at, const translation *from, translated *to,
                       rc_arena *arena, rc_error *error) {
  const translating *how = w->how;
  const int length = w->read.lengths[at];
  hypothesis *best = ARENA_ARRAY(arena, hypothesis, (size_t)how->options.nbest);
  int *source = ARENA_ARRAY(arena, int, (size_t)length);
  if (source != NULL) {
    memcpy(source, w->read.ids + w->read.starts[at], (size_t)length * sizeof *source);
  }
  for (int k = 0; k < how->options.nbest; k++) {
    hypothesis h;
    RC_TRY(hypothesis_write(how->target, how->setting, &w->sources[w->read.order[at]].text, length,
                            from == NULL ? NULL : &from[k], arena, &h, error));
    if (best != NULL) best[k] = h;
  }
  *to = (translated){
      .source_length = length, .source_ids = source, .cut = w->read.cut[at], .best = best};
  return arena_check(arena, "a translation", error);
}

static rc_status keep(const work *w, int at, const translation *from, rc_error *error) {
  rc_arena need = arena_measure(), arena;
  translated kept;
  RC_TRY(write(w, at, from, &kept, &need, error));
  RC_TRY(arena_new(&arena, need.used, error));
  rc_status status = write(w, at, from, &kept, &arena, error);
  kept.memory = arena;
  w->out[w->read.order[at]] = kept;
  return status;
}

static rc_status run_batch(const work *w, translator_session *session, const sentence_batch *batch,
                           rc_error *error) {
  const translator_sources sources = translator_sentences_sources(&w->read, batch);
  const translation *results = NULL;
  if (sources.count > 0) {
    RC_TRY(translator_translate(session, &sources, &w->how->options, &results, error));
  }
  for (int i = 0; i < batch->count; i++) {
    const ptrdiff_t found = i - batch->empty;
    const translation *from = found < 0 ? NULL : results + found * w->how->options.nbest;
    RC_TRY(keep(w, batch->first + i, from, error));
  }
  return RC_OK;
}

static rc_status open_session(const translating *how, translator_session *session,
                              rc_error *error) {
  *session = translator_session_begin(how->weights[0]);
  for (int i = 1; i < TRANSLATOR_ENSEMBLE_MAX && how->weights[i] != NULL; i++) {
    RC_TRY(translator_session_join(session, how->weights[i], error));
  }
  return RC_OK;
}

static sentence_batch batch_from(const work *w, int first) {
  return translator_sentences_batch(&w->read, first, w->how->batch, INT_MAX);
}

/* Every threads-th batch. */
static rc_status run_worker(const work *w, int mine, int threads, rc_error *error) {
  translator_session session = {.networks = 0};
  rc_status status = open_session(w->how, &session, error);
  sentence_batch batch = batch_from(w, 0);
  for (int i = 0; batch.count > 0 && status == RC_OK; i++) {
    if (i % threads == mine) status = run_batch(w, &session, &batch, error);
    batch = batch_from(w, batch.first + batch.count);
  }
  translator_session_end(&session);
  return status;
}

static rc_status run_workers(const work *w, rc_error *error) {
  int threads = w->how->threads < w->batch_count ? w->how->threads : w->batch_count;
  rc_status status = RC_OK;
#ifdef _OPENMP
#pragma omp parallel for schedule(static, 1) num_threads(threads)
#endif
  for (int i = 0; i < threads; i++) {
    rc_error reason = {0};
    rc_status mine = run_worker(w, i, threads, &reason);
    if (mine == RC_OK) continue;
#ifdef _OPENMP
#pragma omp critical(translating)
#endif
    {
      status = mine;
      if (error != NULL) *error = reason;
    }
  }
  return status;
}

rc_status translating_run(const translating *how, const passage_sentence *sources, int count,
                          translated *out, rc_error *error) {
  memset(out, 0, (size_t)count * sizeof *out);
  if (count == 0) return RC_OK;
  work w = {.how = how, .sources = sources, .out = out};
  rc_status status = translator_sentences_read(&w.read, how->source, translating_longest(how),
                                               sources, count, error);
  w.batch_count = (count + how->batch - 1) / how->batch;
  if (status == RC_OK) status = run_workers(&w, error);
  translator_sentences_free(&w.read);
  return status;
}

/* Into an arena that measures or keeps. */
static rc_status read_texts(const translating *how, const utf8_text *sources, int count,
                            rc_arena *scratch, passage_sentence *read, rc_arena *arena,
                            rc_error *error) {
  for (int i = 0; i < count; i++) {
    arena_reset(scratch);
    layered_text text;
    RC_TRY(text_layer_read(&how->layer, sources[i], NULL, scratch, &text, error));
    read[i] = (passage_sentence){.end = sources[i].bytes};
    RC_TRY(text_layer_keep(&text, arena, &read[i].text, error));
  }
  return RC_OK;
}

static rc_status run_texts(const translating *how, const utf8_text *sources, int count,
                           passage_sentence *read, rc_arena *scratch, translated *out,
                           rc_error *error) {
  rc_arena need = arena_measure(), kept;
  RC_TRY(read_texts(how, sources, count, scratch, read, &need, error));
  RC_TRY(arena_new(&kept, need.used, error));
  rc_status status = read_texts(how, sources, count, scratch, read, &kept, error);
  if (status == RC_OK) status = translating_run(how, read, count, out, error);
  arena_free(&kept);
  return status;
}

rc_status translating_texts(const translating *how, const utf8_text *sources, int count,
                            translated *out, rc_error *error) {
  size_t longest = 0;
  memset(out, 0, (size_t)count * sizeof *out);
  for (int i = 0; i < count; i++) longest = arena_larger(longest, sources[i].bytes);
  passage_sentence *read = malloc(((size_t)count + 1) * sizeof *read);
  rc_arena scratch = {0};
  rc_status status = read == NULL ? rc_fail(error, RC_ERR_MEMORY, "out of memory for sentences")
                                  : arena_new(&scratch, text_layer_bytes(longest), error);
  if (status == RC_OK) status = run_texts(how, sources, count, read, &scratch, out, error);
  arena_free(&scratch);
  free(read);
  return status;
}

void translated_free(translated *results, int count) {
  for (int i = 0; i < count; i++) {
    rc_arena memory = results[i].memory;
    arena_free(&memory);
    results[i] = (translated){0};
  }
}
