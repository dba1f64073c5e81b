#include "translating.h"

#include <stdlib.h>
#include <string.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "batches.h"

/* Everything a run holds while it lasts. */
typedef struct work {
  const translating *how;
  const layered_text *sources;
  translated *out;
  int *ids;     /* of all sources */
  int *starts;  /* [count + 1] */
  int *lengths; /* [count] */
  int *order, *batches;
  int batch_count;
  size_t longest; /* translating_longest */
} work;

typedef struct worker { /* one thread's */
  translator_session session;
  int *ids, *lengths; /* of a batch */
} worker;

int translating_longest(const translating *how) {
  int longest = TRANSLATOR_LENGTH_MAX;
  for (int i = 0; i < TRANSLATOR_ENSEMBLE_MAX && how->weights[i] != NULL; i++) {
    const int one = translator_longest_source(translator_weights_net(how->weights[i]));
    if (one < longest) longest = one;
  }
  return longest;
}

static size_t ids_bound(const work *w, utf8_text source) {
  size_t bound = source.bytes + 2; /* no token is made of nothing */
  return bound < w->longest ? bound : w->longest;
}

static rc_status open_work(work *w, int count, rc_arena *arena, rc_error *error) {
  size_t n = (size_t)count, tokens = 0;
  for (int i = 0; i < count; i++) tokens += ids_bound(w, w->sources[i].marked);
  RC_TRY(
      arena_new(arena, (tokens + 6 * n + 4) * sizeof(int) + (size_t)(6 * ARENA_ALIGNMENT), error));
  w->ids = ARENA_ARRAY(arena, int, tokens);
  w->starts = ARENA_ARRAY(arena, int, n + 1);
  w->lengths = ARENA_ARRAY(arena, int, n);
  w->order = ARENA_ARRAY(arena, int, n);
  w->batches = ARENA_ARRAY(arena, int, n + 1);
  int *scratch = ARENA_ARRAY(arena, int, 2 * n + 1);
  RC_TRY(arena_check(arena, "sentences", error));
  int used = 0;
  for (int i = 0; i < count; i++) {
    w->starts[i] = used;
    w->lengths[i] = codec_encode_sentence(w->how->source, w->sources[i].marked, w->ids + used, NULL,
                                          (int)ids_bound(w, w->sources[i].marked), NULL);
    used += w->lengths[i];
  }
  rc_rng rng = rng_make(0, 0, 0);
  w->batch_count =
      batches_by_length(count, w->lengths, w->how->batch, &rng, w->order, w->batches, scratch);
  return RC_OK;
}

static size_t attention_count(const translation *from, int source_length) {
  return from->attention == NULL ? 0
                                 : (size_t)(from->length + from->complete) * (size_t)source_length;
}

/* Copies one sentence's results out of the session; measuring first. */
static rc_status keep(const work *w, int index, const translation *from, translated *to,
                      rc_arena *arena, rc_error *error) {
  int nbest = w->how->options.nbest, length = w->lengths[index];
  const layered_text *read = &w->sources[index];
  hypothesis *best = ARENA_ARRAY(arena, hypothesis, (size_t)nbest);
  int *source = ARENA_ARRAY(arena, int, (size_t)length);
  if (source != NULL) memcpy(source, w->ids + w->starts[index], (size_t)length * sizeof *source);
  for (int k = 0; k < nbest; k++) {
    size_t cells = attention_count(&from[k], length);
    text_range *spans = ARENA_ARRAY(arena, text_range, (size_t)read->span_count);
    const text_places places = {.spans = spans};
    utf8_text text;
    RC_TRY(codec_write(w->how->target, w->how->setting, read, from[k].ids, from[k].length, arena,
                       &text, &places, error));
    int *ids = ARENA_ARRAY(arena, int, (size_t)from[k].length);
    float *attention = cells > 0 ? ARENA_ARRAY(arena, float, cells) : NULL;
    if (ids == NULL) continue;
    for (int t = 0; t < from[k].length; t++) ids[t] = from[k].ids[t];
    if (attention != NULL) memcpy(attention, from[k].attention, cells * sizeof *attention);
    best[k] = (hypothesis){.text = text,
                           .score = from[k].score,
                           .log_probability = from[k].log_probability,
                           .length = from[k].length,
                           .rows = from[k].length + from[k].complete,
                           .ids = ids,
                           .spans = spans,
                           .attention = attention};
  }
  *to = (translated){.source_length = length, .source_ids = source, .best = best};
  return arena_check(arena, "a translation", error);
}

static rc_status keep_all(const work *w, const int *members, int count, const translation *results,
                          rc_error *error) {
  int nbest = w->how->options.nbest;
  for (int i = 0; i < count; i++) {
    const translation *from = results + (ptrdiff_t)i * nbest;
    rc_arena need = arena_measure(), arena;
    translated kept;
    RC_TRY(keep(w, members[i], from, &kept, &need, error));
    RC_TRY(arena_new(&arena, need.used, error));
    rc_status status = keep(w, members[i], from, &kept, &arena, error);
    kept.memory = arena;
    w->out[members[i]] = kept;
    RC_TRY(status);
  }
  return RC_OK;
}

/* A source without a token but the end has nothing to translate. */
static const translation *nothing(const translating *how, translation *empty) {
  for (int k = 0; k < how->options.nbest; k++) empty[k] = (translation){.ids = NULL};
  return empty;
}

static rc_status run_batch(const work *w, worker *me, int batch, rc_error *error) {
  const int *members = w->order + w->batches[batch];
  int count = w->batches[batch + 1] - w->batches[batch], filled = 0, empty = 0;
  /* Sorted by length: the empty ones come first. */
  translation none[TRANSLATOR_BEAM_MAX];
  for (; empty < count && w->lengths[members[empty]] == 1; empty++) {
    RC_TRY(keep_all(w, &members[empty], 1, nothing(w->how, none), error));
  }
  members += empty;
  count -= empty;
  if (count == 0) return RC_OK;
  for (int i = 0; i < count; i++) {
    int length = w->lengths[members[i]];
    me->lengths[i] = length;
    memcpy(me->ids + filled, w->ids + w->starts[members[i]], (size_t)length * sizeof *me->ids);
    filled += length;
  }
  translator_sources sources = {.count = count, .ids = me->ids, .lengths = me->lengths};
  const translation *results;
  RC_TRY(translator_translate(&me->session, &sources, &w->how->options, &results, error));
  return keep_all(w, members, count, results, error);
}

static rc_status open_session(const translating *how, translator_session *session,
                              rc_error *error) {
  *session = translator_session_begin(how->weights[0]);
  for (int i = 1; i < TRANSLATOR_ENSEMBLE_MAX && how->weights[i] != NULL; i++) {
    RC_TRY(translator_session_join(session, how->weights[i], error));
  }
  return RC_OK;
}

/* Every threads-th batch. */
static rc_status run_worker(const work *w, int first, int threads, rc_error *error) {
  size_t batch = (size_t)w->how->batch;
  worker me = {.session = {.networks = 0},
               .ids = malloc(batch * TRANSLATOR_LENGTH_MAX * sizeof(int)),
               .lengths = malloc(batch * sizeof(int))};
  rc_status status = me.ids == NULL || me.lengths == NULL
                         ? rc_fail(error, RC_ERR_MEMORY, "out of memory for sentences")
                         : open_session(w->how, &me.session, error);
  for (int i = first; i < w->batch_count && status == RC_OK; i += threads) {
    status = run_batch(w, &me, i, error);
  }
  free(me.ids);
  free(me.lengths);
  translator_session_end(&me.session);
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

rc_status translating_run(const translating *how, const layered_text *sources, int count,
                          translated *out, rc_error *error) {
  memset(out, 0, (size_t)count * sizeof *out);
  if (count == 0) return RC_OK;
  work w = {
      .how = how, .sources = sources, .out = out, .longest = (size_t)translating_longest(how)};
  rc_arena arena = {0};
  rc_status status = open_work(&w, count, &arena, error);
  if (status == RC_OK) status = run_workers(&w, error);
  arena_free(&arena);
  return status;
}

/* Into an arena that measures or keeps. */
static rc_status read_texts(const translating *how, const utf8_text *sources, int count,
                            rc_arena *scratch, layered_text *read, rc_arena *arena,
                            rc_error *error) {
  for (int i = 0; i < count; i++) {
    arena_reset(scratch);
    RC_TRY(text_layer_read(&how->layer, sources[i], NULL, scratch, &read[i], error));
    RC_TRY(text_layer_keep(&read[i], arena, &read[i], error));
  }
  return RC_OK;
}

static rc_status run_texts(const translating *how, const utf8_text *sources, int count,
                           layered_text *read, rc_arena *scratch, translated *out,
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
  layered_text *read = malloc(((size_t)count + 1) * sizeof *read);
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
