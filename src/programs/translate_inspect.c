#include "translate_inspect.h"

/* [rows, columns] as arrays in an array. */
static void fill_rows(json *list, const float *values, int rows, int columns) {
  for (int i = 0; i < rows; i++, values += columns) {
    json_item_floats(list, values, (size_t)columns);
  }
}

static void add_rows(json *object, const char *key, const float *values, int rows, int columns) {
  fill_rows(json_member_array(object, key), values, rows, columns);
}

/* [L, D, S, He] */
static void add_layers(json *object, const char *key, const translator_inspection *inside,
                       const float *values) {
  const ptrdiff_t size = (ptrdiff_t)inside->sources * inside->encoder_hidden;
  json *layers = json_member_array(object, key);
  for (int layer = 0; layer < inside->layers; layer++) {
    json *directions = json_item_array(layers);
    for (int direction = 0; direction < inside->directions; direction++, values += size) {
      fill_rows(json_item_array(directions), values, inside->sources, inside->encoder_hidden);
    }
  }
}

/* What each word is, from its first token to its last; the end is empty. */
static void add_words(json *item, const char *key, const inspected_text *side, const int *words,
                      int count) {
  json *list = json_member_array(item, key);
  for (int word = 0, t = 0; word < count; word++) {
    const char *start = side->text.text;
    size_t bytes = 0;
    for (; t < side->length && words[t] == word; t++) {
      const text_range *range = &side->ranges[t];
      if (bytes == 0) start = side->text.text + range->start;
      bytes = (size_t)(side->text.text + range->end - start);
    }
    json_text_bytes(list, NULL, start, bytes);
  }
}

static void add_steps(json *item, const translator_inspection *inside) {
  json *encoder = json_member_object(item, "encoder");
  json *decoder = json_member_object(item, "decoder");
  for (int i = 0; i < TRANSLATOR_GATES; i++) {
    add_layers(encoder, translator_gate_names[i], inside, inside->encoder.gates[i]);
    add_rows(decoder, translator_gate_names[i], inside->decoder.gates[i], inside->targets,
             inside->hidden);
  }
  add_layers(encoder, "hidden", inside, inside->encoder.h);
  add_rows(decoder, "hidden", inside->decoder.h, inside->targets, inside->hidden);
  json_floats(decoder, "initial", inside->initial, (size_t)inside->hidden);
}

rc_status translate_inspect_add(json *row, const translator_model *model, const translated *result,
                                const layered_text *read, rc_error *error) {
  const hypothesis *best = &result->best[0];
  translator_inspection inside;
  rc_arena memory;
  text_range ranges[TRANSLATOR_LENGTH_MAX];
  int ids[TRANSLATOR_LENGTH_MAX];
  const int length =
      codec_encode_sentence(model->source, read->marked, ids, ranges, result->source_length, NULL);
  if (model->layer.used) text_layer_show_ranges(read, ranges, length);
  const inspected_text source = {
      .text = read->shown, .length = length - 1, .ended = true, .ids = ids, .ranges = ranges};
  const inspected_text target = {.text = best->text,
                                 .length = best->length,
                                 .ended = best->complete,
                                 .ids = best->ids,
                                 .ranges = best->tokens};
  RC_TRY(translator_inspect(model->weights, &source, &target, &inside, &memory, error));
  json *item = json_member_object(row, "inside");
  json_text(item, "score", translator_attention_names[model->net.config.attention]);
  add_words(item, "source_words", &source, inside.source_words, inside.source_word_count);
  add_words(item, "target_words", &target, inside.target_words, inside.target_word_count);
  add_rows(item, "word_attention", inside.word_attention, inside.target_word_count,
           inside.source_word_count);
  add_rows(item, "attention", inside.attention, inside.targets, inside.sources);
  add_steps(item, &inside);
  arena_free(&memory);
  return RC_OK;
}
