#include "dev_set.h"

#include <stdlib.h>
#include <string.h>

static rc_status no_memory(rc_error *error) {
  return rc_fail(error, RC_ERR_MEMORY, "out of memory for scores");
}

/* A source and where it stands. */
typedef struct entry {
  utf8_text source;
  int index;
} entry;

static int compare_sources(const void *a, const void *b) {
  const entry *left = a, *right = b;
  size_t shorter =
      left->source.bytes < right->source.bytes ? left->source.bytes : right->source.bytes;
  int order = memcmp(left->source.text, right->source.text, shorter);
  if (order != 0) return order;
  if (left->source.bytes != right->source.bytes) {
    return left->source.bytes < right->source.bytes ? -1 : 1;
  }
  return (left->index > right->index) - (left->index < right->index);
}

static bool same_source(const entry *a, const entry *b) {
  return a->source.bytes == b->source.bytes &&
         memcmp(a->source.text, b->source.text, a->source.bytes) == 0;
}

/* Numbers the sources; entries sorted. first: [count] scratch. */
static void number_sources(dev_set *out, const entry *sorted, int *first) {
  size_t bytes = 0;
  int start = 0;
  for (int i = 0; i < out->count; i++) {
    if (i > 0 && !same_source(&sorted[i - 1], &sorted[i])) {
      start = i;
      bytes = 0;
    }
    first[sorted[i].index] = sorted[start].index;
    out->by_source[i] = sorted[i].index;
    bytes += out->items[sorted[i].index].reference.bytes;
    if (bytes > out->longest) out->longest = bytes;
  }
  for (int i = 0; i < out->count; i++) {
    if (first[i] == i) {
      out->source_of[i] = out->source_count;
      out->sources[out->source_count++] = out->items[i].written;
    } else {
      out->source_of[i] = out->source_of[first[i]];
    }
  }
}

rc_status dev_set_make(dev_set *out, const text_pair *items, int count, rc_error *error) {
  size_t n = (size_t)count + 1;
  *out = (dev_set){.items = items,
                   .count = count,
                   .source_of = malloc(n * sizeof *out->source_of),
                   .sources = malloc(n * sizeof *out->sources),
                   .by_source = malloc(n * sizeof *out->by_source)};
  entry *entries = malloc(n * sizeof *entries);
  int *first = malloc(n * sizeof *first);
  bool room = out->source_of != NULL && out->sources != NULL && out->by_source != NULL &&
              entries != NULL && first != NULL;
  if (room) {
    for (int i = 0; i < count; i++) entries[i] = (entry){.source = items[i].written, .index = i};
    qsort(entries, (size_t)count, sizeof *entries, compare_sources);
    number_sources(out, entries, first);
  }
  free(entries);
  free(first);
  return room ? RC_OK : no_memory(error);
}

void dev_set_free(dev_set *set) {
  free(set->source_of);
  free(set->sources);
  free(set->by_source);
  *set = (dev_set){0};
}

/* What is added up, and the space for one sentence. */
typedef struct scoring {
  bleu_counts bleu;
  chrf_counts chrf;
  rc_arena scratch;
  utf8_text *references; /* [the most of one] */
} scoring;

static rc_status add_sentence(scoring *s, utf8_text translated_text, int references,
                              dev_scores *out, rc_error *error) {
  size_t count = (size_t)references;
  RC_TRY(bleu_add(&s->bleu, translated_text, s->references, count, &s->scratch, error));
  RC_TRY(chrf_add(&s->chrf, translated_text, s->references, count, &s->scratch, error));
  if (out->sentences == 0) out->references = references;
  if (out->references != references) out->references = 0;
  out->sentences++;
  return RC_OK;
}

static rc_status add_all(scoring *s, const dev_set *set, const utf8_text *hypotheses, bool multi,
                         dev_scores *out, rc_error *error) {
  for (int i = 0; i < set->count;) {
    int source = set->source_of[set->by_source[i]], references = 0;
    do {
      s->references[references++] = set->items[set->by_source[i++]].reference;
    } while (multi && i < set->count && set->source_of[set->by_source[i]] == source);
    RC_TRY(add_sentence(s, hypotheses[source], references, out, error));
  }
  return RC_OK;
}

rc_status dev_set_score(const dev_set *set, const utf8_text *hypotheses, bool multi,
                        dev_scores *out, rc_error *error) {
  size_t longest = 0;
  for (int i = 0; i < set->source_count; i++) {
    if (hypotheses[i].bytes > longest) longest = hypotheses[i].bytes;
  }
  size_t references = (size_t)set->count;
  size_t bleu = bleu_add_bytes(longest + set->longest, references);
  size_t chrf = chrf_add_bytes(longest + set->longest, references);
  scoring s = {.references = malloc(references * sizeof *s.references)};
  *out = (dev_scores){0};
  rc_status status = s.references == NULL ? no_memory(error) : RC_OK;
  if (status == RC_OK) status = arena_new(&s.scratch, bleu > chrf ? bleu : chrf, error);
  if (status == RC_OK) status = add_all(&s, set, hypotheses, multi, out, error);
  if (status == RC_OK) {
    bool effective_order = false; /* a corpus */
    out->bleu = bleu_from(&s.bleu, effective_order);
    out->chrf = chrf_from(&s.chrf);
  }
  free(s.references);
  arena_free(&s.scratch);
  return status;
}

rc_status dev_set_score_best(const dev_set *set, const translated *translations, bool multi,
                             dev_scores *scores, rc_error *error) {
  utf8_text *texts = calloc((size_t)set->source_count, sizeof *texts);
  if (texts == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory for scores");
  for (int i = 0; i < set->source_count; i++) texts[i] = translations[i].best[0].text;
  rc_status status = dev_set_score(set, texts, multi, scores, error);
  free(texts);
  return status;
}
