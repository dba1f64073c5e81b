#include "shortlist_learn.h"

#include <stdlib.h>

#include "lexicon.h"
#include "normalize.h"
#include "pairs.h"
#include "pairs_mark.h"
#include "shortlist.h"

enum { ITERATIONS = 5, LONGEST = 256 /* tokens of a sentence; the rest is left out */ };

static rc_status add_file(lexicon_pairs *pairs, const translator_model *model, const char *path,
                          rc_error *error) {
  int source[LONGEST], target[LONGEST];
  text_pairs texts;
  const bool french = language_is_french(model->target_language);
  const layer_pairing how = {.french_source = model->layer.french_source, .french_target = french};
  rc_status status = pairs_read(&texts, path, french, error);
  if (status == RC_OK && model->layer.used) status = pairs_mark(&texts, &how, NULL, error);
  for (int i = 0; status == RC_OK && i < texts.count; i++) {
    const text_pair *pair = &texts.items[i];
    const int from =
        codec_encode_sentence(model->source, pair->source, source, NULL, LONGEST, NULL);
    const int to = codec_encode_sentence(model->target, pair->target, target, NULL, LONGEST, NULL);
    status = lexicon_pairs_add(pairs, source, from, target, to, error);
  }
  pairs_free(&texts);
  return status;
}

/* The targets of a source token e, after those of the tokens before it. With one vocabulary the
 * token itself is the first. */
static void add_targets(learnt_shortlist *out, size_t e, const uint16_t *best, bool joint) {
  uint16_t *first = out->targets + out->target_count, *to = first;
  if (joint) *to++ = (uint16_t)e;
  for (int i = 0; i < out->counts[e]; i++) {
    if (!joint || best[i] != e) *to++ = best[i];
  }
  out->counts[e] = (uint16_t)(to - first);
  out->target_count += out->counts[e];
}

static rc_status make_targets(learnt_shortlist *out, const lexicon *learnt, int sources, bool joint,
                              const shortlist_options *options, rc_error *error) {
  const size_t width = (size_t)options->width, most = (size_t)sources * (width + 1);
  uint16_t *best = malloc((size_t)sources * width * sizeof *best);
  out->source_count = (size_t)sources;
  out->counts = malloc((size_t)sources * sizeof *out->counts);
  out->targets = malloc(most * sizeof *out->targets);
  rc_status status = RC_OK;
  if (best == NULL || out->counts == NULL || out->targets == NULL) {
    status = rc_fail(error, RC_ERR_MEMORY, "out of memory");
  }
  if (status == RC_OK) {
    status =
        lexicon_best(learnt, sources, options->width, options->least, best, out->counts, error);
  }
  for (size_t e = 0; status == RC_OK && e < (size_t)sources; e++) {
    add_targets(out, e, best + e * width, joint);
  }
  free(best);
  return status;
}

typedef struct counted {
  long count;
  int id;
} counted;

static int compare(const void *a, const void *b) {
  const counted *x = a, *y = b;
  if (x->count != y->count) return x->count > y->count ? -1 : 1;
  return x->id < y->id ? -1 : 1;
}

/* The most frequent target tokens. */
static rc_status make_common(learnt_shortlist *out, const lexicon_pairs *pairs, int vocabulary,
                             int common, rc_error *error) {
  counted *tokens = malloc((size_t)vocabulary * sizeof *tokens);
  out->common = malloc((size_t)(common + 1) * sizeof *out->common);
  if (tokens == NULL || out->common == NULL) {
    free(tokens);
    return rc_fail(error, RC_ERR_MEMORY, "out of memory");
  }
  for (int id = 0; id < vocabulary; id++) tokens[id] = (counted){0, id};
  for (size_t p = 0; p < pairs->count; p++) {
    const size_t *start = pairs->starts + 2 * p;
    for (size_t i = start[1]; i < start[2]; i++) tokens[pairs->ids[i]].count++;
  }
  qsort(tokens, (size_t)vocabulary, sizeof *tokens, compare);
  for (int i = 0; i < common && i < vocabulary && tokens[i].count > 0; i++) {
    out->common[out->common_count++] = (uint16_t)tokens[i].id;
  }
  free(tokens);
  return RC_OK;
}

static rc_status learn(learnt_shortlist *out, const shortlist_options *options,
                       const translator_model *model, lexicon_pairs *pairs, rc_error *error) {
  const translator_config *c = &model->net.config;
  lexicon learnt;
  for (int i = 0; i < options->pairs.count; i++) {
    RC_TRY(add_file(pairs, model, options->pairs.items[i], error));
  }
  RC_TRY(make_common(out, pairs, c->target_vocabulary, options->common, error));
  rc_status status = lexicon_learn(&learnt, pairs, c->source_vocabulary, ITERATIONS, error);
  if (status == RC_OK) {
    const bool joint = model->source_tokens.tokens == model->target_tokens.tokens;
    status = make_targets(out, &learnt, c->source_vocabulary, joint, options, error);
  }
  lexicon_free(&learnt);
  return status;
}

rc_status shortlist_learn(learnt_shortlist *out, const shortlist_options *options,
                          const translator_model *model, rc_error *error) {
  *out = (learnt_shortlist){0};
  lexicon_pairs pairs = {0};
  const rc_status status = learn(out, options, model, &pairs, error);
  lexicon_pairs_free(&pairs);
  return status;
}

void learnt_shortlist_free(learnt_shortlist *list) {
  free(list->counts);
  free(list->targets);
  free(list->common);
  *list = (learnt_shortlist){0};
}

void shortlist_put(gguf_writer *writer, const learnt_shortlist *list) {
  gguf_put_numbers(writer, SHORTLIST_COUNTS, GGUF_U16, list->counts, list->source_count);
  gguf_put_numbers(writer, SHORTLIST_TARGETS, GGUF_U16, list->targets, list->target_count);
  gguf_put_numbers(writer, SHORTLIST_COMMON, GGUF_U16, list->common, list->common_count);
}

bool shortlist_is_entry(const gguf_entry *entry) {
  return weight_file_string_is(entry->key, SHORTLIST_COUNTS) ||
         weight_file_string_is(entry->key, SHORTLIST_TARGETS) ||
         weight_file_string_is(entry->key, SHORTLIST_COMMON);
}
