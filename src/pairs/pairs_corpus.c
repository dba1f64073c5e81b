#include "pairs_corpus.h"

#include <sha2.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "normalize.h"
#include "pair_filter.h"
#include "pairs_mark.h"
#include "ranks.h"
#include "threads.h"
#include "translator_grow.h"

static rc_status no_memory(rc_error *error) {
  return rc_fail(error, RC_ERR_MEMORY, "out of memory for sentences");
}

static rc_status read_whole(pairs_corpus *out, const pairs_settings *s, rc_error *error) {
  bool french = pairs_settings_french(s);
  out->data = calloc((size_t)s->data.count, sizeof *out->data);
  if (out->data == NULL) return no_memory(error);
  for (int i = 0; i < s->data.count; i++) {
    text_pairs *pairs = &out->data[out->data_count++];
    RC_TRY(pairs_read(pairs, s->paths[i], french, error));
    memcpy(out->sha256[i], pairs->sha256, sizeof out->sha256[i]);
    if (s->ratio > 0) out->filtered += pair_filter_faults(pairs, s->ratio);
  }
  if (s->unique == 1) {
    int repeated;
    RC_TRY(pair_filter_repeated(out->data, out->data_count, &repeated, error));
    out->filtered += repeated;
  }
  return RC_OK;
}

/* What vocabularies are learnt from, of what is too large to be held. */
static rc_status read_sample(pairs_corpus *out, const pairs_settings *s, progress *bar,
                             rc_error *error) {
  const pairs_stream_options options = {.paths = (const char *const *)s->paths,
                                        .weights = s->weights,
                                        .count = s->data.count,
                                        .memory = (size_t)(s->memory * 1024 * 1024),
                                        .french = pairs_settings_french(s),
                                        .ratio = s->ratio,
                                        .unique = s->unique == 1,
                                        .out = s->run.out,
                                        .seed = s->seed,
                                        .threads = threads_wanted(s->run.threads)};
  out->stream = calloc(1, sizeof *out->stream);
  if (out->stream == NULL) return no_memory(error);
  RC_TRY(pairs_stream_open(out->stream, &options, bar, error));
  for (int i = 0; i < s->data.count; i++) {
    memcpy(out->sha256[i], out->stream->pieces.sha256[i], sizeof out->sha256[i]);
  }
  return pairs_stream_sample(out->stream, &out->data, &out->data_count, error);
}

static rc_status read_pairs(pairs_corpus *out, const pairs_settings *s, progress *bar,
                            rc_error *error) {
  RC_TRY(ranks_agree(RC_OK, error)); /* one may have failed already */
  out->streamed = pairs_settings_streams(s);
  ranks_broadcast(&out->streamed, sizeof out->streamed);
  RC_TRY(out->streamed ? read_sample(out, s, bar, error) : read_whole(out, s, error));
  const bool french = pairs_settings_french(s);
  return s->run.dev == NULL ? RC_OK : pairs_read(&out->dev_pairs, s->run.dev, french, error);
}

static rc_status weigh_pairs(pairs_corpus *out, const pairs_settings *s, rc_error *error) {
  for (int i = 0; i < out->data_count; i++) {
    const text_pairs *pairs = &out->data[i];
    if (!out->streamed) {
      out->weighted[i] = (weighted_pairs){pairs->items, pairs->count, s->weights[i]};
    }
    out->held += pairs->count;
  }
  out->pairs = out->held;
  if (out->held == 0) {
    return rc_fail(error, RC_ERR_FORMAT, "--ratio leaves no pair to train on");
  }
  if (s->run.dev == NULL) return RC_OK;
  return dev_set_make(&out->dev, out->dev_pairs.items, out->dev_pairs.count, error);
}

static layer_pairing marking(const pairs_corpus *corpus, const pairs_settings *s) {
  return (layer_pairing){.french_source = corpus->layer.french_source,
                         .french_target = pairs_settings_french(s),
                         .is_name = word_census_is_rare_name,
                         .context = &corpus->census};
}

/* The marked texts of all pairs, and what their words say. */
static rc_status mark_pairs(pairs_corpus *out, const pairs_settings *s, rc_error *error) {
  const word_census *census = &out->census;
  layer_pairing how = marking(out, s);
  how.is_name = NULL;
  if (s->run.dev != NULL) RC_TRY(pairs_mark(&out->dev_pairs, &how, NULL, error));
  how = marking(out, s);
  for (int i = 0; i < out->data_count; i++) {
    const int count = out->data[i].count;
    RC_TRY(pairs_mark(&out->data[i], &how, &s->seed, error));
    out->filtered += count - out->data[i].count;
  }
  if (out->layer.known.bytes > 0) return RC_OK;
  return word_census_known(census, &out->layer.known, &out->known, error);
}

/* With a layer. out->base: of the file whose vocabularies are taken, if there is one. */
static rc_status apply_layer(pairs_corpus *out, const pairs_settings *s, rc_error *error) {
  const bool inherits = s->text_layer == PAIRS_LAYER_INHERIT && pairs_settings_base(s) != NULL;
  out->layer = out->base.layer;
  out->layer.used = inherits ? out->base.layer.used : s->text_layer != PAIRS_LAYER_NO;
  out->layer.french_source = language_is_french(s->source_language);
  if (!out->layer.used) return RC_OK;
  RC_TRY(word_census_take(&out->census, out->data, out->data_count, error));
  out->census.sampled = out->streamed;
  return mark_pairs(out, s, error);
}

/* The tables of a layer, once there are vocabularies. */
static rc_status open_layer(pairs_corpus *out, rc_error *error) {
  if (!out->layer.used) return RC_OK;
  const size_t bytes = (out->source.count + out->target.count) * sizeof *out->marks.target +
                       (size_t)(2 * ARENA_MORE);
  RC_TRY(arena_new(&out->marks_memory, bytes, error));
  RC_TRY(placeholders_find(&out->marks, &out->source, &out->target, &out->marks_memory, error));
  if (out->source.count >= LAYER_CUTTING) out->layer.source = out->source_codec;
  out->source.layer = out->target.layer = true;
  out->source.known = out->target.known = out->layer.known;
  return RC_OK;
}

/* The texts of all pairs: sources, targets or both. */
static int gather_texts(const pairs_corpus *corpus, bool sources, bool targets, utf8_text *texts) {
  int count = 0;
  for (int f = 0; f < corpus->data_count; f++) {
    const text_pairs *pairs = &corpus->data[f];
    for (int i = 0; i < pairs->count; i++) {
      if (sources) texts[count++] = pairs->items[i].source;
      if (targets) texts[count++] = pairs->items[i].target;
    }
  }
  return count;
}

static translator_vocabulary list_of(const bpe_vocabulary *learnt, translator_text text) {
  return (translator_vocabulary){
      .tokens = learnt->tokens, .count = (size_t)learnt->count, .text = text};
}

static rc_status learn_subwords(pairs_corpus *out, const pairs_settings *s, utf8_text *texts,
                                rc_error *error) {
  bpe_learning options = {.tokens = s->vocabulary,
                          .character_min = s->character_min,
                          .pair_min = 2,
                          .marks = out->layer.used};
  out->joint = s->vocabularies == 0;
  bpe_vocabulary *source = &out->learnt[0], *target = &out->learnt[1];
  int count = gather_texts(out, out->joint, true, texts);
  RC_TRY(bpe_learn(target, texts, (size_t)count, &options, error));
  out->target = list_of(target, TRANSLATOR_SUBWORDS);
  out->source = out->target;
  if (out->joint) return RC_OK;
  count = gather_texts(out, true, false, texts);
  RC_TRY(bpe_learn(source, texts, (size_t)count, &options, error));
  out->source = list_of(source, TRANSLATOR_SUBWORDS);
  return RC_OK;
}

/* Whether text has room, in words, for the end. */
static bool is_short(utf8_text text, int longest) {
  int count = 0;
  words_reader reader = {.text = text.text, .bytes = text.bytes};
  for (words_word word; count < longest && words_next(&reader, &word);) count++;
  return count < longest;
}

/* Of the pairs that are learnt from: what only longer ones have stays unknown. */
static rc_status learn_words(pairs_corpus *out, const pairs_settings *s, utf8_text *texts,
                             rc_error *error) {
  utf8_text *targets = texts + out->held;
  size_t count = 0;
  for (int f = 0; f < out->data_count; f++) {
    for (int i = 0; i < out->data[f].count; i++) {
      const text_pair *pair = &out->data[f].items[i];
      if (!is_short(pair->source, s->longest) || !is_short(pair->target, s->longest)) continue;
      texts[count] = pair->source;
      targets[count++] = pair->target;
    }
  }
  RC_TRY(words_learn(&out->learnt[0], texts, count, error));
  RC_TRY(words_learn(&out->learnt[1], targets, count, error));
  out->source = list_of(&out->learnt[0], TRANSLATOR_WORDS);
  out->target = list_of(&out->learnt[1], TRANSLATOR_WORDS);
  return RC_OK;
}

static rc_status build(pairs_corpus *out, const pairs_settings *s, rc_error *error) {
  translator_config config =
      pairs_settings_network(s, (int)out->source.count, (int)out->target.count);
  if (config.tying == TRANSLATOR_TIED_ALL && !out->joint) {
    return rc_fail(error, RC_ERR_ARGUMENT,
                   "has a vocabulary for each language, so give --tying output or none");
  }
  return translator_build(&out->net, &config, error);
}

static rc_status learn_vocabularies(pairs_corpus *out, const pairs_settings *s, rc_error *error) {
  utf8_text *texts = malloc(2 * (size_t)out->held * sizeof *texts);
  rc_status status = texts == NULL                      ? no_memory(error)
                     : s->text_kind == TRANSLATOR_WORDS ? learn_words(out, s, texts, error)
                                                        : learn_subwords(out, s, texts, error);
  free(texts);
  RC_TRY(status);
  rc_arena *memory = &out->memory;
  RC_TRY(arena_new(memory,
                   translator_vocabulary_bytes(out->source.text, out->source.count) +
                       translator_vocabulary_bytes(out->target.text, out->target.count),
                   error));
  RC_TRY(translator_vocabulary_open(&out->target, memory, &out->target_codec, error));
  out->source_codec = out->target_codec;
  if (!out->joint) {
    RC_TRY(translator_vocabulary_open(&out->source, memory, &out->source_codec, error));
  }
  return build(out, s, error);
}

/* The network of --init, with this run's dropout, as wide as the options ask. */
static translator_config continued(const translator_config *file, const pairs_settings *s) {
  translator_config config = *file;
  config.dropout_embedding = (real)s->dropout_embedding;
  config.dropout_layers = config.dropout_attentional = (real)s->dropout;
  config.lexical |= s->lexical == 1;
  const struct {
    int wanted, *size;
  } sizes[] = {{s->embedding, &config.embedding},
               {s->hidden, &config.hidden},
               {s->encoder_hidden, &config.encoder_hidden},
               {s->attentional, &config.attentional}};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    if (sizes[i].wanted > 0) *sizes[i].size = sizes[i].wanted;
  }
  return config;
}

/* The values of the file's network become those of the larger one. */
static rc_status grow(pairs_corpus *out, const translator *file, uint64_t seed, rc_error *error) {
  rc_arena memory;
  const size_t total = out->net.params.total;
  RC_TRY(arena_new(&memory, total * sizeof(real), error));
  real *values = ARENA_ARRAY(&memory, real, total);
  rc_status status = translator_grow(file, out->values, &out->net, seed, values, error);
  if (status != RC_OK) {
    arena_free(&memory);
    return status;
  }
  arena_free(&out->values_memory);
  out->values_memory = memory;
  out->values = values;
  return RC_OK;
}

/* The file's vocabularies and, with --init, its weights. */
static rc_status read_bytes(pairs_corpus *out, const pairs_settings *s, const char *bytes,
                            size_t size, rc_error *error) {
  const uint8_t *file = (const uint8_t *)bytes;
  translator net;
  RC_TRY(translator_model_read_text(&out->base, file, size, error));
  if (s->init != NULL) {
    RC_TRY(translator_values_read(file, size, &net, &out->values, &out->values_memory, error));
  }
  SHA256Data(file, size, out->base_sha256);
  out->source_codec = out->base.source;
  out->target_codec = out->base.target;
  out->source = out->base.source_tokens;
  out->target = out->base.target_tokens;
  out->joint = out->source.tokens == out->target.tokens;
  if (s->init == NULL) return build(out, s, error);
  const translator_config config = continued(&net.config, s);
  RC_TRY(translator_build(&out->net, &config, error));
  return out->net.params.total == net.params.total ? RC_OK : grow(out, &net, s->seed, error);
}

static rc_status read_file(pairs_corpus *out, const pairs_settings *s, const char *path,
                           rc_error *error) {
  char *bytes;
  size_t size;
  rc_error reason;
  RC_TRY(files_read_all(path, &bytes, &size, error));
  rc_status status = read_bytes(out, s, bytes, size, &reason);
  free(bytes);
  return files_explain(status, path, &reason, error);
}

/* Counts all that is streamed. */
static rc_status survey(pairs_corpus *out, const pairs_settings *s, progress *bar,
                        rc_error *error) {
  const pairs_stream_text text = {.reader = {out->source_codec, out->target_codec, out->longest},
                                  .layered = out->layer.used,
                                  .how = marking(out, s)};
  RC_TRY(pairs_stream_survey(out->stream, &text, bar, error));
  out->pairs = (int)out->stream->pairs;
  out->filtered = (int)out->stream->filtered;
  return RC_OK;
}

rc_status pairs_corpus_open(pairs_corpus *out, const pairs_settings *s, progress *bar,
                            rc_error *error) {
  *out = (pairs_corpus){0};
  const char *file = pairs_settings_base(s);
  RC_TRY(read_pairs(out, s, bar, error));
  if (file != NULL) RC_TRY(read_file(out, s, file, error));
  RC_TRY(apply_layer(out, s, error));
  RC_TRY(weigh_pairs(out, s, error));
  if (file == NULL) RC_TRY(learn_vocabularies(out, s, error));
  RC_TRY(open_layer(out, error));
  const int longest = translator_longest_source(&out->net);
  out->longest = longest < s->longest ? longest : s->longest;
  if (out->streamed) return survey(out, s, bar, error);
  word_census_free(&out->census);
  return RC_OK;
}

void pairs_corpus_close(pairs_corpus *corpus) {
  for (int i = 0; i < corpus->data_count; i++) pairs_free(&corpus->data[i]);
  free(corpus->data);
  if (corpus->stream != NULL) pairs_stream_close(corpus->stream);
  free(corpus->stream);
  word_census_free(&corpus->census);
  dev_set_free(&corpus->dev);
  pairs_free(&corpus->dev_pairs);
  bpe_vocabulary_free(&corpus->learnt[0]);
  bpe_vocabulary_free(&corpus->learnt[1]);
  arena_free(&corpus->memory);
  arena_free(&corpus->marks_memory);
  free(corpus->known);
  arena_free(&corpus->values_memory);
  translator_model_free(&corpus->base);
  *corpus = (pairs_corpus){0};
}
