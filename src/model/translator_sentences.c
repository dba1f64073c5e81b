#include "translator_sentences.h"

#include <string.h>

/* ---- reading ---- */

static int ids_bound(utf8_text text, int longest) { /* no token is made of nothing */
  return text.bytes + 2 < (size_t)longest ? (int)text.bytes + 2 : longest;
}

typedef struct unsorted {
  int *ids, *starts, *lengths;
  bool *cut;
} unsorted;

static unsorted lay_out(translator_sentences *s, size_t tokens, rc_arena *arena) {
  const size_t count = (size_t)s->count;
  s->order = ARENA_ARRAY(arena, int, count);
  s->lengths = ARENA_ARRAY(arena, int, count);
  s->starts = ARENA_ARRAY(arena, int, count);
  s->ids = ARENA_ARRAY(arena, int, tokens);
  s->cut = ARENA_ARRAY(arena, bool, count);
  unsorted u;
  u.ids = ARENA_ARRAY(arena, int, tokens);
  u.starts = ARENA_ARRAY(arena, int, count);
  u.lengths = ARENA_ARRAY(arena, int, count);
  u.cut = ARENA_ARRAY(arena, bool, count);
  return u;
}

static void sort_by_length(translator_sentences *s, const unsorted *u) {
  int places[TRANSLATOR_LENGTH_MAX + 2] = {0}; /* sentences that are shorter */
  for (int i = 0; i < s->count; i++) places[u->lengths[i] + 1]++;
  for (int n = 1; n <= TRANSLATOR_LENGTH_MAX; n++) places[n + 1] += places[n];
  for (int i = 0; i < s->count; i++) s->order[places[u->lengths[i]]++] = i;
  for (int place = 0, start = 0; place < s->count; place++) {
    const int i = s->order[place];
    s->lengths[place] = u->lengths[i];
    s->starts[place] = start;
    s->cut[place] = u->cut[i];
    memcpy(s->ids + start, u->ids + u->starts[i], (size_t)u->lengths[i] * sizeof *u->ids);
    start += u->lengths[i];
  }
}

rc_status translator_sentences_read(translator_sentences *out, codec source, int longest,
                                    const passage_sentence *sentences, int count, rc_error *error) {
  translator_sentences s = {.count = count, .memory = out->memory};
  size_t tokens = 0;
  int used = 0;
  for (int i = 0; i < count; i++) tokens += (size_t)ids_bound(sentences[i].text.marked, longest);
  out->count = 0; /* on failure there is none */
  rc_arena need = arena_measure();
  (void)lay_out(&s, tokens, &need);
  if (need.used > s.memory.size) {
    arena_free(&out->memory);
    RC_TRY(arena_new(&out->memory, need.used, error));
    s.memory = out->memory;
  }
  arena_reset(&s.memory);
  unsorted u = lay_out(&s, tokens, &s.memory);
  RC_TRY(arena_check(&s.memory, "sentences", error));
  for (int i = 0; i < count; i++) {
    const utf8_text text = sentences[i].text.marked;
    u.starts[i] = used;
    u.lengths[i] = codec_encode_sentence(source, text, u.ids + used, NULL, ids_bound(text, longest),
                                         &u.cut[i]);
    used += u.lengths[i];
  }
  sort_by_length(&s, &u);
  *out = s;
  return RC_OK;
}

void translator_sentences_free(translator_sentences *sentences) {
  arena_free(&sentences->memory);
  *sentences = (translator_sentences){0};
}

/* ---- batches ---- */

sentence_batch translator_sentences_batch(const translator_sentences *s, int first, int sentences,
                                          int tokens) {
  sentence_batch batch = {.first = first};
  for (int i = first; i < s->count && batch.count < sentences; i++, batch.count++) {
    if (batch.count > 0 && s->lengths[i] > tokens) break;
    tokens -= s->lengths[i];
    if (s->lengths[i] == 1) batch.empty++;
  }
  return batch;
}

translator_sources translator_sentences_sources(const translator_sentences *s,
                                                const sentence_batch *batch) {
  return (translator_sources){.count = batch->count - batch->empty,
                              .ids = s->ids + s->starts[batch->first] + batch->empty,
                              .lengths = s->lengths + batch->first + batch->empty};
}

/* ---- writing ---- */

static const void *copy(const void *from, size_t count, size_t size, rc_arena *arena) {
  void *to = arena_alloc(arena, count, size);
  if (to != NULL && from != NULL) memcpy(to, from, count * size);
  return to;
}

rc_status hypothesis_write(codec target, text_setting setting, const layered_text *source,
                           int source_length, const translation *from, rc_arena *arena,
                           hypothesis *out, rc_error *error) {
  const translation nothing = {.complete = true};
  const translation *t = from == NULL ? &nothing : from;
  const size_t length = (size_t)t->length;
  const text_places places = {.tokens = ARENA_ARRAY(arena, text_range, length),
                              .spans = ARENA_ARRAY(arena, text_range, (size_t)source->span_count)};
  hypothesis h = {.score = t->score,
                  .log_probability = t->log_probability,
                  .length = t->length,
                  .rows = t->length + (from != NULL && t->complete),
                  .complete = t->complete,
                  .tokens = places.tokens,
                  .spans = places.spans};
  RC_TRY(codec_write(target, setting, source, t->ids, t->length, arena, &h.text, &places, error));
  h.ids = copy(t->ids, length, sizeof *t->ids, arena);
  if (t->attention != NULL) {
    h.attention =
        copy(t->attention, (size_t)h.rows * (size_t)source_length, sizeof *t->attention, arena);
  }
  *out = h;
  return arena_check(arena, "a translation", error);
}
