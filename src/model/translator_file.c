#include "translator_file.h"

#include <string.h>

#include "normalize.h"
#include "translator_weights.h"

static const char ARCHITECTURE[] = "recur-translator";
const char *const translator_attention_names[] = {"dot", "scaled-dot", "general", "additive",
                                                  "location"};
static const char *const ORDER_NAMES[] = {"state-first", "attention-first"};
static const char *const TYING_NAMES[] = {"none", "output", "all"};
static const char TARGET_TOKENS[] = "recur.target.tokens", SOURCE_TOKENS[] = "recur.source.tokens";
static const char *const TEXT_NAMES[] = {"subwords", "words"};
static const char TEXT[] = "recur.text", LAYER[] = "recur.text.layer";
static const char ORDER[] = "recur.order", POSITIONS[] = "recur.positions";

/* The list of strings under a key that is there. */
static rc_status find_tokens(const gguf_file *file, const char *key, const gguf_entry **entry,
                             rc_error *error) {
  *entry = gguf_find(file, key);
  if (*entry != NULL && (*entry)->type == GGUF_ARRAY && (*entry)->element == GGUF_STRING &&
      (*entry)->count >= 1 && (*entry)->count <= BPE_TOKENS_MAX) {
    return RC_OK;
  }
  return rc_fail(error, RC_ERR_FORMAT, "%s is not an array of 1 to %d tokens", key, BPE_TOKENS_MAX);
}

/* Both lists; source is target where the file has only one. */
static rc_status find_vocabularies(const gguf_file *file, const gguf_entry **source,
                                   const gguf_entry **target, rc_error *error) {
  RC_TRY(find_tokens(file, TARGET_TOKENS, target, error));
  *source = *target;
  if (gguf_find(file, SOURCE_TOKENS) == NULL) return RC_OK;
  return find_tokens(file, SOURCE_TOKENS, source, error);
}

static rc_status read_config(const gguf_file *file, translator_config *config, rc_error *error) {
  int attention, tying, order = TRANSLATOR_STATE_FIRST;
  const gguf_entry *source, *target;
  translator_config c = {0};
  RC_TRY(weight_file_check_architecture(file, ARCHITECTURE, "translator", error));
  RC_TRY(find_vocabularies(file, &source, &target, error));
  c.source_vocabulary = (int)source->count;
  c.target_vocabulary = (int)target->count;
  const struct {
    const char *key;
    int low, high, *value;
  } numbers[] = {
      {"recur.embedding", 1, TRANSLATOR_HIDDEN_MAX, &c.embedding},
      {"recur.hidden", 1, TRANSLATOR_HIDDEN_MAX, &c.hidden},
      {"recur.encoder_hidden", 1, TRANSLATOR_HIDDEN_MAX, &c.encoder_hidden},
      {"recur.encoder_layers", 1, RECURRENT_LAYERS_MAX, &c.encoder_layers},
      {"recur.encoder_directions", 1, 2, &c.encoder_directions},
      {"recur.attentional", 0, TRANSLATOR_HIDDEN_MAX, &c.attentional},
  };
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
    RC_TRY(weight_file_int(file, numbers[i].key, numbers[i].low, numbers[i].high, numbers[i].value,
                           error));
  }
  RC_TRY(gguf_get_bool(file, "recur.bridge", &c.bridge, error));
  RC_TRY(gguf_get_bool(file, "recur.input_feeding", &c.input_feeding, error));
  RC_TRY(weight_file_choice(file, "recur.attention", translator_attention_names, 5, &attention,
                            error));
  RC_TRY(weight_file_choice(file, "recur.tying", TYING_NAMES, 3, &tying, error));
  if (gguf_find(file, ORDER) != NULL) {
    RC_TRY(weight_file_choice(file, ORDER, ORDER_NAMES, 2, &order, error));
  }
  c.lexical = gguf_find_tensor(file, "lexical.weight") != NULL;
  if (attention == TRANSLATOR_LOCATION) {
    RC_TRY(weight_file_int(file, POSITIONS, 1, TRANSLATOR_LENGTH_MAX, &c.positions, error));
  }
  c.order = (translator_order)order;
  c.attention = (translator_attention)attention;
  c.tying = (translator_tying)tying;
  *config = c;
  return RC_OK;
}

/* The network, once the file has all its tensors. */
static rc_status read_net(const gguf_file *file, translator *net, rc_error *error) {
  translator_config config;
  RC_TRY(read_config(file, &config, error));
  RC_TRY(translator_build(net, &config, error));
  return weight_file_check_tensors(file, &net->params, error);
}

/* One tensor at a time, as floats; those in int8 need no room for them. */
typedef struct tensor_reader {
  const gguf_file *file;
  const param_list *params;
  rc_arena memory; /* grows to the largest tensor so far */
} tensor_reader;

static const param *find_param(const tensor_reader *reader, size_t offset) {
  const param *p = reader->params->items;
  while (p->offset != offset) p++;
  return p;
}

static rc_status read_tensor(void *context, size_t offset, const float **values, rc_error *error) {
  tensor_reader *reader = context;
  const param *p = find_param(reader, offset);
  const size_t bytes = p->count * sizeof(float) + ARENA_MORE;
  if (bytes > reader->memory.size) {
    arena_free(&reader->memory);
    RC_TRY(arena_new(&reader->memory, bytes, error));
  }
  arena_reset(&reader->memory);
  float *room = ARENA_ARRAY(&reader->memory, float, p->count);
  RC_TRY(gguf_decode(gguf_find_tensor(reader->file, p->name), room, p->count, error));
  *values = room;
  return RC_OK;
}

static bool read_int8(void *context, size_t offset, int8_t *q, float *scales) {
  const tensor_reader *reader = context;
  const param *p = find_param(reader, offset);
  return gguf_decode_int8(gguf_find_tensor(reader->file, p->name), q, scales);
}

static rc_status read_weights(translator_model *model, const gguf_file *file, rc_error *error) {
  const param_list *params = &model->net.params;
  translator_precision precision = TRANSLATOR_F32;
  for (int i = 0; i < file->tensor_count; i++) {
    if (gguf_block_bytes(file->tensors[i].type) > 0) precision = TRANSLATOR_INT8;
  }
  tensor_reader reader = {.file = file, .params = params};
  const translator_tensors tensors = {read_tensor, read_int8, &reader};
  rc_status status =
      translator_weights_read(&model->weights, &model->net, &tensors, precision, error);
  arena_free(&reader.memory);
  return status;
}

static size_t vocabulary_bytes(translator_text text, const gguf_entry *entry) {
  return (size_t)entry->count * sizeof(utf8_text) + entry->bytes + (size_t)(2 * ARENA_MORE) +
         translator_vocabulary_bytes(text, (size_t)entry->count);
}

/* Copies the tokens, so that the file's bytes may go. */
static rc_status read_vocabulary(const gguf_entry *entry, translator_text kind, rc_arena *arena,
                                 translator_vocabulary *out, codec *opened, rc_error *error) {
  utf8_text *tokens = ARENA_ARRAY(arena, utf8_text, (size_t)entry->count);
  char *text = ARENA_ARRAY(arena, char, entry->bytes);
  RC_TRY(arena_check(arena, "the vocabulary", error));
  for (gguf_value v = {0}; gguf_next(entry, &v);) {
    memcpy(text, v.string.text, v.string.bytes);
    tokens[v.number - 1] = (utf8_text){text, v.string.bytes};
    text += v.string.bytes;
  }
  *out = (translator_vocabulary){.tokens = tokens, .count = (size_t)entry->count, .text = kind};
  return translator_vocabulary_open(out, arena, opened, error);
}

/* The words that were learnt, or NULL. */
static const gguf_entry *find_known(const gguf_file *file) {
  const gguf_entry *entry = gguf_find(file, TRANSLATOR_KNOWN_WORDS);
  const bool bytes = entry != NULL && entry->type == GGUF_ARRAY && entry->element == GGUF_U8;
  return bytes ? entry : NULL;
}

static size_t layer_bytes(const gguf_file *file, size_t tokens) {
  const gguf_entry *known = find_known(file);
  return tokens + (known == NULL ? 0 : known->bytes) + (size_t)(3 * ARENA_MORE);
}

static rc_status read_known(const gguf_file *file, rc_arena *arena, known_words *out,
                            rc_error *error) {
  const gguf_entry *entry = find_known(file);
  if (entry == NULL) return RC_OK;
  uint8_t *bits = ARENA_ARRAY(arena, uint8_t, (size_t)entry->count);
  RC_TRY(arena_check(arena, "the known words", error));
  for (gguf_value v = {0}; gguf_next(entry, &v);) bits[v.number - 1] = (uint8_t)v.whole;
  *out = (known_words){bits, (size_t)entry->count};
  return RC_OK;
}

/* The layer and its tables; *marks: for the weights. */
static rc_status read_layer(translator_model *model, const gguf_file *file, placeholders *marks,
                            rc_error *error) {
  int version = 0;
  if (gguf_find(file, LAYER) != NULL) {
    RC_TRY(weight_file_int(file, LAYER, 0, 1, &version, error));
  }
  if (version == 0) return RC_OK;
  if (model->target_tokens.text != TRANSLATOR_SUBWORDS) {
    return rc_fail(error, RC_ERR_FORMAT, "%s is of subwords", LAYER);
  }
  RC_TRY(placeholders_find(marks, &model->source_tokens, &model->target_tokens, &model->memory,
                           error));
  model->layer =
      (text_layer){.used = true, .french_source = language_is_french(model->source_language)};
  if (model->source_tokens.count >= LAYER_CUTTING) model->layer.source = model->source;
  RC_TRY(read_known(file, &model->memory, &model->layer.known, error));
  model->target_tokens.layer = model->source_tokens.layer = true;
  model->target_tokens.known = model->source_tokens.known = model->layer.known;
  return RC_OK;
}

static rc_status read_vocabularies(translator_model *model, const gguf_file *file,
                                   rc_error *error) {
  const gguf_entry *source, *target;
  int choice = TRANSLATOR_SUBWORDS;
  if (gguf_find(file, TEXT) != NULL) {
    RC_TRY(weight_file_choice(file, TEXT, TEXT_NAMES, 2, &choice, error));
  }
  const translator_text kind = (translator_text)choice;
  RC_TRY(find_vocabularies(file, &source, &target, error));
  bool joint = source == target;
  size_t bytes =
      vocabulary_bytes(kind, target) + (joint ? 0 : vocabulary_bytes(kind, source)) +
      shortlist_bytes(file) +
      layer_bytes(file, ((size_t)target->count + (size_t)source->count) * sizeof(int16_t));
  rc_arena *memory = &model->memory;
  RC_TRY(arena_new(memory, bytes, error));
  RC_TRY(read_vocabulary(target, kind, memory, &model->target_tokens, &model->target, error));
  if (!joint) {
    return read_vocabulary(source, kind, memory, &model->source_tokens, &model->source, error);
  }
  model->source_tokens = model->target_tokens;
  model->source = model->target;
  return RC_OK;
}

static void read_language(const gguf_file *file, const char *key,
                          char language[TRANSLATOR_LANGUAGE_MAX]) {
  const gguf_entry *entry = gguf_find(file, key);
  if (entry == NULL) return;
  gguf_string text = gguf_entry_string(entry);
  if (text.bytes < TRANSLATOR_LANGUAGE_MAX) memcpy(language, text.text, text.bytes);
}

static rc_status read_network(translator_model *model, const gguf_file *file,
                              const placeholders *marks, rc_error *error) {
  const translator_config *c = &model->net.config;
  RC_TRY(read_weights(model, file, error));
  translator_weights_mark(model->weights, marks);
  return shortlist_read(&model->weights->choices, file, c->source_vocabulary, c->target_vocabulary,
                        &model->memory, error);
}

/* network: with its weights and what belongs to them. */
static rc_status read_model(translator_model *model, const gguf_file *file, bool network,
                            rc_error *error) {
  RC_TRY(read_net(file, &model->net, error));
  RC_TRY(read_vocabularies(model, file, error));
  read_language(file, "recur.source.language", model->source_language);
  read_language(file, "recur.target.language", model->target_language);
  placeholders marks = {.source = NULL};
  RC_TRY(read_layer(model, file, &marks, error));
  return network ? read_network(model, file, &marks, error) : RC_OK;
}

static rc_status read_bytes(translator_model *model, const uint8_t *bytes, size_t size,
                            bool network, rc_error *error) {
  *model = (translator_model){0};
  rc_arena tables;
  RC_TRY(arena_new(&tables, gguf_open_bytes(bytes, size), error));
  gguf_file file;
  rc_status status = gguf_open(&file, bytes, size, &tables, error);
  if (status == RC_OK) status = read_model(model, &file, network, error);
  if (status != RC_OK) translator_model_free(model);
  arena_free(&tables);
  return status;
}

rc_status translator_model_read(translator_model *model, const uint8_t *bytes, size_t size,
                                rc_error *error) {
  return read_bytes(model, bytes, size, true, error);
}

rc_status translator_model_read_text(translator_model *model, const uint8_t *bytes, size_t size,
                                     rc_error *error) {
  return read_bytes(model, bytes, size, false, error);
}

void translator_model_free(translator_model *model) {
  translator_weights_free(model->weights);
  arena_free(&model->memory);
  *model = (translator_model){0};
}

static rc_status read_values(const gguf_file *file, translator *net, real **values,
                             rc_arena *memory, rc_error *error) {
  RC_TRY(read_net(file, net, error));
  RC_TRY(arena_new(memory, net->params.total * sizeof(real), error));
  *values = ARENA_ARRAY(memory, real, net->params.total);
  for (int i = 0; i < net->params.count; i++) {
    const param *p = &net->params.items[i];
    RC_TRY(gguf_decode(gguf_find_tensor(file, p->name), *values + p->offset, p->count, error));
  }
  return RC_OK;
}

rc_status translator_values_read(const uint8_t *bytes, size_t size, translator *net, real **values,
                                 rc_arena *memory, rc_error *error) {
  *memory = (rc_arena){0};
  *values = NULL;
  rc_arena tables;
  RC_TRY(arena_new(&tables, gguf_open_bytes(bytes, size), error));
  gguf_file file;
  rc_status status = gguf_open(&file, bytes, size, &tables, error);
  if (status == RC_OK) status = read_values(&file, net, values, memory, error);
  if (status != RC_OK) {
    arena_free(memory);
    *values = NULL;
  }
  arena_free(&tables);
  return status;
}

static rc_status check_vocabularies(const translator_config *c, const translator_vocabulary *source,
                                    const translator_vocabulary *target, rc_error *error) {
  const size_t sources = source == NULL ? target->count : source->count;
  if (target->count == (size_t)c->target_vocabulary && sources == (size_t)c->source_vocabulary) {
    return RC_OK;
  }
  return rc_fail(error, RC_ERR_ARGUMENT,
                 "vocabularies of %zu and %zu tokens for a network of %d and %d", sources,
                 target->count, c->source_vocabulary, c->target_vocabulary);
}

rc_status translator_model_write(const translator *net, const real *values,
                                 const translator_vocabulary *source,
                                 const translator_vocabulary *target, gguf_tensor_type type,
                                 const record_entry *record, int record_count, uint8_t *buffer,
                                 size_t capacity, size_t *size, rc_error *error) {
  const translator_config *c = &net->config;
  enum { FIXED_KEYS = 12 };
  RC_TRY(check_vocabularies(c, source, target, error));
  const bool asks_first = translator_asks_first(net), positions = c->positions > 0;
  const bool tells_text = target->text != TRANSLATOR_SUBWORDS;
  const bool layer = target->layer, known = layer && target->known.bytes > 0;
  const int keys = FIXED_KEYS + asks_first + positions + tells_text + layer + known +
                   (source != NULL) + record_count;
  gguf_writer w = gguf_writer_begin(buffer, capacity, (uint64_t)keys, (uint64_t)net->params.count);
  gguf_put_string(&w, "general.architecture", ARCHITECTURE);
  gguf_put_u32(&w, "recur.embedding", (uint32_t)c->embedding);
  gguf_put_u32(&w, "recur.hidden", (uint32_t)c->hidden);
  gguf_put_u32(&w, "recur.encoder_hidden", (uint32_t)c->encoder_hidden);
  gguf_put_u32(&w, "recur.encoder_layers", (uint32_t)c->encoder_layers);
  gguf_put_u32(&w, "recur.encoder_directions", (uint32_t)c->encoder_directions);
  gguf_put_bool(&w, "recur.bridge", c->bridge);
  if (asks_first) gguf_put_string(&w, ORDER, ORDER_NAMES[c->order]);
  gguf_put_string(&w, "recur.attention", translator_attention_names[c->attention]);
  if (positions) gguf_put_u32(&w, POSITIONS, (uint32_t)c->positions);
  gguf_put_u32(&w, "recur.attentional", (uint32_t)c->attentional);
  gguf_put_bool(&w, "recur.input_feeding", c->input_feeding);
  gguf_put_string(&w, "recur.tying", TYING_NAMES[c->tying]);
  if (tells_text) gguf_put_string(&w, TEXT, TEXT_NAMES[target->text]);
  if (layer) gguf_put_u32(&w, LAYER, 1);
  if (known) {
    gguf_put_numbers(&w, TRANSLATOR_KNOWN_WORDS, GGUF_U8, target->known.bits, target->known.bytes);
  }
  gguf_put_texts(&w, TARGET_TOKENS, target->tokens, target->count);
  if (source != NULL) gguf_put_texts(&w, SOURCE_TOKENS, source->tokens, source->count);
  weight_file_put_record(&w, record, record_count);
  weight_file_put_params(&w, &net->params, values, type, true);
  return gguf_writer_end(&w, size, error);
}
