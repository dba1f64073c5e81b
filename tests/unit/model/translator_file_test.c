#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "translator_file.h"
#include "translator_weights.h"

enum { TOKENS = BPE_FIRST + 6, LENGTH = 3 };

/* Specials, bytes, and a few characters with a join. */
static const char *const CHARACTERS[] = {"▁", "a", "b", "é", "ab", "▁ab"};

typedef struct fixture {
  translator net;
  real *values;
  char texts[TOKENS][8];
  utf8_text tokens[TOKENS];
  translator_vocabulary vocabulary;
  uint8_t *bytes;
  size_t size;
} fixture;

static const translator_config CONFIG = {.source_vocabulary = TOKENS,
                                         .target_vocabulary = TOKENS,
                                         .embedding = 32,
                                         .hidden = 64,
                                         .encoder_hidden = 32,
                                         .encoder_layers = 2,
                                         .encoder_directions = 2,
                                         .bridge = true,
                                         .attention = TRANSLATOR_ADDITIVE,
                                         .attentional = 32,
                                         .input_feeding = true,
                                         .tying = TRANSLATOR_TIED_ALL};

static const translator_config TUTORIAL = {.source_vocabulary = TOKENS,
                                           .target_vocabulary = TOKENS,
                                           .embedding = 32,
                                           .hidden = 64,
                                           .encoder_hidden = 64,
                                           .encoder_layers = 1,
                                           .encoder_directions = 1,
                                           .order = TRANSLATOR_ATTENTION_FIRST,
                                           .attention = TRANSLATOR_LOCATION,
                                           .positions = 10,
                                           .attentional = 96};

static void fill_vocabulary(fixture *f) {
  for (int i = 0; i < TOKENS; i++) {
    char *text = f->texts[i];
    if (i < BPE_BYTES) {
      snprintf(text, sizeof f->texts[i], "%s", i == BPE_BEGIN ? "<s>" : "</s>");
    } else if (i < BPE_FIRST) {
      snprintf(text, sizeof f->texts[i], "<0x%02X>", (unsigned)(i - BPE_BYTES) & 0xFFu);
    } else {
      snprintf(text, sizeof f->texts[i], "%s", CHARACTERS[i - BPE_FIRST]);
    }
    f->tokens[i] = (utf8_text){text, strlen(text)};
  }
  f->vocabulary = (translator_vocabulary){.tokens = f->tokens, .count = TOKENS};
}

static void fixture_write(fixture *f, gguf_tensor_type type, bool joint) {
  const record_entry record[] = {{.key = "general.license", .text = "MIT"},
                                 {.key = "dev_bleu", .number = 45}};
  const translator_vocabulary *source = joint ? NULL : &f->vocabulary;
  assert_int_equal(translator_model_write(&f->net, f->values, source, &f->vocabulary, type, record,
                                          2, NULL, 0, &f->size, NULL),
                   RC_OK);
  f->bytes = malloc(f->size);
  assert_non_null(f->bytes);
  size_t size = 0;
  assert_int_equal(translator_model_write(&f->net, f->values, source, &f->vocabulary, type, record,
                                          2, f->bytes, f->size, &size, NULL),
                   RC_OK);
  assert_int_equal(size, f->size);
}

/* A third of all but the largest weight of a row: then int8's scale follows from that alone, and
 * what was rounded once is rounded to the same again. */
static void set_rows_apart(fixture *f) {
  for (int i = 0; i < f->net.params.count; i++) {
    const param *p = &f->net.params.items[i];
    const size_t columns = p->count / (size_t)p->shape[0];
    real *w = f->values + p->offset;
    for (int row = 0; row < p->shape[0] && p->dims == 2; row++, w += columns) {
      size_t largest = 0;
      for (size_t k = 1; k < columns; k++) largest = fabs(w[k]) > fabs(w[largest]) ? k : largest;
      for (size_t k = 0; k < columns; k++) w[k] /= k == largest ? 1 : 3;
    }
  }
}

static void fixture_open(fixture *f, const translator_config *config, gguf_tensor_type type,
                         bool joint) {
  assert_int_equal(translator_build(&f->net, config, NULL), RC_OK);
  f->values = malloc(f->net.params.total * sizeof *f->values);
  assert_non_null(f->values);
  translator_init(&f->net, 1, f->values);
  set_rows_apart(f);
  fill_vocabulary(f);
  fixture_write(f, type, joint);
}

static void fixture_close(fixture *f) {
  free(f->values);
  free(f->bytes);
}

static const translation *translate(translator_session *session) {
  const translator_sources sources = {.count = 2,
                                      .ids = (const int[]){BPE_FIRST, 40, BPE_END, 7, BPE_END},
                                      .lengths = (const int[]){3, 2}};
  translator_options options = translator_options_default();
  options.nbest = 2;
  const translation *results;
  assert_int_equal(translator_translate(session, &sources, &options, &results, NULL), RC_OK);
  return results;
}

/* Two sets of weights translate to the same bits. */
static void assert_same(const translator_weights *a, const translator_weights *b) {
  translator_session first = translator_session_begin(a), second = translator_session_begin(b);
  const translation *x = translate(&first), *y = translate(&second);
  for (int i = 0; i < 4; i++) {
    assert_int_equal(x[i].length, y[i].length);
    assert_memory_equal(x[i].ids, y[i].ids, (size_t)x[i].length * sizeof *x[i].ids);
    assert_true(x[i].log_probability == y[i].log_probability);
  }
  translator_session_end(&first);
  translator_session_end(&second);
}

static size_t encode(codec c, const char *text, int ids[4]) {
  return c.kind->encode(c.vocabulary, (utf8_text){text, strlen(text)}, ids, NULL, 4);
}

static void check_round_trip(const translator_config *config, gguf_tensor_type type, bool joint) {
  fixture f;
  fixture_open(&f, config, type, joint);
  translator_model model;
  rc_error error = {0};
  assert_int_equal(translator_model_read(&model, f.bytes, f.size, &error), RC_OK);
  const translator_config *c = &model.net.config;
  assert_memory_equal(c, config, offsetof(translator_config, dropout_embedding));
  int ids[4];
  assert_int_equal(encode(model.source, "ab", ids), 1);
  assert_int_equal(ids[0], TOKENS - 1);
  assert_int_equal(encode(model.target, "b", ids), 2);
  /* What the file says as floats, in the precision that it asks for. */
  translator net;
  real *values;
  rc_arena memory;
  translator_weights *weights;
  bool int8 = type == GGUF_TENSOR_Q8_0;
  assert_int_equal(translator_values_read(f.bytes, f.size, &net, &values, &memory, NULL), RC_OK);
  assert_int_equal(
      translator_weights_new(&weights, &net, values, int8 ? TRANSLATOR_INT8 : TRANSLATOR_F32, NULL),
      RC_OK);
  free(f.bytes);
  f.bytes = NULL;
  assert_same(model.weights, weights);
  /* Fresh embeddings reach about 4.5; half a step of a row's scale, and the scale's own rounding.
   */
  const double tolerance = type == GGUF_TENSOR_F32   ? 0
                           : type == GGUF_TENSOR_F16 ? 4 * 0x1p-11
                                                     : 4.5 / 250;
  for (size_t i = 0; i < net.params.total; i++) {
    assert_true(fabs((double)(values[i] - f.values[i])) <= tolerance);
  }
  translator_weights_free(weights);
  arena_free(&memory);
  translator_model_free(&model);
  fixture_close(&f);
}

static void files_come_back(void **state) {
  (void)state;
  static const translator_config plain = {.source_vocabulary = TOKENS,
                                          .target_vocabulary = TOKENS,
                                          .embedding = 32,
                                          .hidden = 32,
                                          .encoder_hidden = 32,
                                          .encoder_layers = 1,
                                          .encoder_directions = 1};
  const gguf_tensor_type types[] = {GGUF_TENSOR_F32, GGUF_TENSOR_F16, GGUF_TENSOR_Q8_0};
  for (int i = 0; i < 3; i++) {
    check_round_trip(&CONFIG, types[i], true);
    check_round_trip(&plain, types[i], false);
    check_round_trip(&TUTORIAL, types[i], false);
  }
}

/* Of words, with others on each side. */
static void words_come_back(void **state) {
  (void)state;
  const utf8_text source_tokens[] = {{"<s>", 3}, {"</s>", 4}, {"he", 2}, {"is", 2}};
  const utf8_text target_tokens[] = {{"<s>", 3}, {"</s>", 4}, {".", 1}, {"il", 2}, {"est", 3}};
  const translator_vocabulary source = {
      .tokens = source_tokens, .count = 4, .text = TRANSLATOR_WORDS};
  const translator_vocabulary target = {
      .tokens = target_tokens, .count = 5, .text = TRANSLATOR_WORDS};
  translator_config config = TUTORIAL;
  config.source_vocabulary = 4;
  config.target_vocabulary = 5;
  translator net;
  size_t size;
  assert_int_equal(translator_build(&net, &config, NULL), RC_OK);
  real *values = calloc(net.params.total, sizeof *values);
  uint8_t *bytes = malloc(1 << 20);
  assert_true(values != NULL && bytes != NULL);
  assert_int_equal(translator_model_write(&net, values, &source, &target, GGUF_TENSOR_F16, NULL, 0,
                                          bytes, 1 << 20, &size, NULL),
                   RC_OK);
  translator_model model;
  assert_int_equal(translator_model_read_text(&model, bytes, size, NULL), RC_OK);
  assert_null(model.weights);
  assert_true(translator_vocabulary_equal(&model.source_tokens, &source));
  assert_true(translator_vocabulary_equal(&model.target_tokens, &target));
  assert_int_equal(model.net.params.total, net.params.total);
  translator_model_free(&model);
  assert_int_equal(translator_model_read(&model, bytes, size, NULL), RC_OK);
  assert_true(translator_vocabulary_equal(&model.source_tokens, &source));
  assert_true(translator_vocabulary_equal(&model.target_tokens, &target));
  assert_false(translator_vocabulary_equal(&model.source_tokens, &target));
  int ids[4];
  assert_int_equal(encode(model.source, "Is he tall?", ids), 2);
  assert_int_equal(ids[0], 3);
  assert_int_equal(encode(model.target, "Est.", ids), 2);
  assert_int_equal(ids[1], 2);
  translator_model_free(&model);
  free(values);
  free(bytes);
}

static void assert_refused(fixture *f, const char *reason) {
  translator_model model;
  rc_error error = {0};
  assert_int_not_equal(translator_model_read(&model, f->bytes, f->size, &error), RC_OK);
  if (strstr(error.text, reason) == NULL) fail_msg("%s, not %s", error.text, reason);
  fixture_close(f);
}

/* The file once more, every part of it as it is, with one array of U16 behind its keys. */
static void add_numbers(fixture *f, const char *key, const uint16_t *values, size_t count) {
  rc_arena tables;
  gguf_file file;
  assert_int_equal(arena_new(&tables, gguf_open_bytes(f->bytes, f->size), NULL), RC_OK);
  assert_int_equal(gguf_open(&file, f->bytes, f->size, &tables, NULL), RC_OK);
  const size_t room = f->size + 1024 + count * sizeof *values;
  uint8_t *bytes = malloc(room);
  assert_non_null(bytes);
  gguf_writer w =
      gguf_writer_begin(bytes, room, (uint64_t)file.entry_count + 1, (uint64_t)file.tensor_count);
  for (int i = 0; i < file.entry_count; i++) gguf_put_entry(&w, &file.entries[i]);
  gguf_put_numbers(&w, key, GGUF_U16, values, count);
  for (int i = 0; i < file.tensor_count; i++) {
    const gguf_tensor *t = &file.tensors[i];
    char name[GGUF_NAME_MAX + 1] = {0};
    memcpy(name, t->name.text, t->name.bytes);
    gguf_put_tensor(&w, name, t->type, t->dims, t->shape);
  }
  for (int i = 0; i < file.tensor_count; i++) gguf_put_data_of(&w, &file.tensors[i]);
  assert_int_equal(gguf_writer_end(&w, &f->size, NULL), RC_OK);
  arena_free(&tables);
  free(f->bytes);
  f->bytes = bytes;
}

/* Every source token has one target, the token after it, but the first has two. */
static void fixture_open_listed(fixture *f, int targets, uint16_t last) {
  uint16_t counts[TOKENS], list[TOKENS + 1], common[] = {BPE_FIRST, last};
  fixture_open(f, &CONFIG, GGUF_TENSOR_Q8_0, true);
  for (int i = 0; i < TOKENS; i++) counts[i] = i == 0 ? 2 : 1;
  for (int i = 0; i <= TOKENS; i++) list[i] = (uint16_t)(i % TOKENS);
  add_numbers(f, SHORTLIST_COUNTS, counts, TOKENS);
  add_numbers(f, SHORTLIST_TARGETS, list, (size_t)targets);
  add_numbers(f, SHORTLIST_COMMON, common, 2);
}

static void shortlists_come_with_the_weights(void **state) {
  (void)state;
  fixture f;
  translator_model model;
  fixture_open_listed(&f, TOKENS + 1, 40);
  assert_int_equal(translator_model_read(&model, f.bytes, f.size, NULL), RC_OK);
  const shortlist *list = &model.weights->choices;
  const int ids[] = {0, BPE_FIRST, 7};
  const placeholders none = {.source = NULL};
  unsigned char chosen[TOKENS];
  int targets[TOKENS];
  assert_int_equal(shortlist_room(list, &none, TOKENS, ids, 3), 4);
  assert_int_equal(shortlist_room(list, &none, 3, ids, 3), 3);
  const int want[] = {BPE_END, 40, BPE_FIRST, 8, BPE_FIRST + 1};
  assert_int_equal(shortlist_shared(list, TOKENS, chosen, targets), 3);
  assert_memory_equal(targets, want, 3 * sizeof *want);
  assert_int_equal(shortlist_choose(list, &none, TOKENS, ids, 3, chosen, targets), 5);
  assert_memory_equal(targets, want, sizeof want);
  translator_model_free(&model);
  fixture_close(&f);
  fixture_open_listed(&f, TOKENS, 40);
  assert_refused(&f, "the shortlist is not of");
  fixture_open_listed(&f, TOKENS + 1, TOKENS);
  assert_refused(&f, "the shortlist has a token");
}

/* Of the weights p, p + 1, p + 4 and p + 5 that int8 products add in 16 bits, those of one sign. */
static int larger_side(const int *q) {
  int above = 0, below = 0;
  const int at[] = {0, 1, 4, 5};
  for (int i = 0; i < 4; i++) *(q[at[i]] > 0 ? &above : &below) += q[at[i]];
  return above > -below ? above : -below;
}

/* Every row's blocks share one scale, the least that the products allow: its largest value is 127
 * of it, or what they add as much as they may. */
static void q8_rows_have_one_scale(void **state) {
  (void)state;
  fixture f;
  fixture_open(&f, &CONFIG, GGUF_TENSOR_Q8_0, true);
  for (size_t i = 0; i < f.net.params.total / 2; i++) f.values[i] = i % 2 == 0 ? 1 : 0.5f;
  free(f.bytes);
  fixture_write(&f, GGUF_TENSOR_Q8_0, true);
  rc_arena tables;
  gguf_file file;
  assert_int_equal(arena_new(&tables, gguf_open_bytes(f.bytes, f.size), NULL), RC_OK);
  assert_int_equal(gguf_open(&file, f.bytes, f.size, &tables, NULL), RC_OK);
  int quantized = 0, full = 0, crowded = 0;
  for (int t = 0; t < file.tensor_count; t++) {
    const gguf_tensor *tensor = &file.tensors[t];
    if (tensor->type != GGUF_TENSOR_Q8_0) continue;
    quantized++;
    const size_t blocks = (size_t)tensor->shape[0] / GGUF_BLOCK, row = blocks * 34;
    for (size_t at = 0; at < tensor->bytes; at += row) {
      int largest = 0, side = 0;
      for (size_t b = 0; b < blocks; b++) {
        const uint8_t *block = tensor->data + at + b * 34;
        assert_memory_equal(block, tensor->data + at, 2);
        int q[GGUF_BLOCK];
        for (int k = 0; k < GGUF_BLOCK; k++) {
          q[k] = block[2 + k] < 128 ? block[2 + k] : block[2 + k] - 256;
          if (abs(q[k]) > largest) largest = abs(q[k]);
        }
        for (int k = 0; k < GGUF_BLOCK; k += k % 8 == 0 ? 2 : 6) {
          const int here = larger_side(q + k);
          if (here > side) side = here;
        }
      }
      assert_true(side <= INT8_SUM_MAX && (largest == 127 || side >= INT8_SUM_MAX - 4));
      full += largest == 127;
      crowded += largest < 127;
    }
  }
  assert_true(quantized > 10 && full > 0 && crowded > 0);
  arena_free(&tables);
  fixture_close(&f);
}

static void every_truncation_is_refused(void **state) {
  (void)state;
  fixture f;
  fixture_open(&f, &CONFIG, GGUF_TENSOR_Q8_0, true);
  translator_model model;
  for (size_t size = 0; size < f.size; size += size < 8192 ? 7 : 997) {
    uint8_t *part = malloc(size + 1);
    assert_non_null(part);
    memcpy(part, f.bytes, size);
    rc_error error = {0};
    assert_int_not_equal(translator_model_read(&model, part, size, &error), RC_OK);
    assert_true(error.text[0] != '\0');
    assert_null(model.weights);
    free(part);
  }
  fixture_close(&f);
}

/* Overwrites the first occurrence of `old` with text of the same length. */
static void patch(fixture *f, const char *old, const char *new) {
  size_t length = strlen(old);
  assert_int_equal(length, strlen(new));
  for (size_t i = 0; i + length <= f->size; i++) {
    if (memcmp(f->bytes + i, old, length) == 0) {
      memcpy(f->bytes + i, new, length);
      return;
    }
  }
  fail_msg("%s is not in the file", old);
}

/* Overwrites the number behind a key, which is a u32. */
static void patch_number(fixture *f, const char *key, uint32_t value) {
  size_t length = strlen(key);
  for (size_t i = 0; i + length + 8 <= f->size; i++) {
    if (memcmp(f->bytes + i, key, length) != 0) continue;
    for (int k = 0; k < 4; k++) f->bytes[i + length + 4 + (size_t)k] = (uint8_t)(value >> (8 * k));
    return;
  }
  fail_msg("%s is not in the file", key);
}

static void what_does_not_fit_is_refused_with_its_reason(void **state) {
  (void)state;
  const struct {
    const char *old, *new, *reason;
  } texts[] = {
      {"recur-translator", "recur-classifier", "not a translator"},
      {"recur.hidden", "recur.hiddex", "recur.hidden"},
      {"recur.target.tokens", "recur.target.tokenz", "recur.target.tokens"},
      {"feed.weight", "feed.weighs", "feed.weight"},
      {"additive", "addition", "recur.attention"},
      {"<0x41>", "<0x42>", "token"},
  };
  const struct {
    const char *key;
    uint32_t value;
    const char *reason;
  } numbers[] = {
      {"recur.embedding", 64, "as wide as the embedding"},
      {"recur.hidden", 0, "recur.hidden"},
      {"recur.hidden", 4096, "another shape"},
      {"recur.encoder_layers", 0xFFFFFFFF, "recur.encoder_layers"},
      {"recur.encoder_layers", 1, "tensors"},
      {"recur.encoder_directions", 1, "shape"},
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    fixture f;
    fixture_open(&f, &CONFIG, GGUF_TENSOR_F32, true);
    patch(&f, texts[i].old, texts[i].new);
    assert_refused(&f, texts[i].reason);
  }
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    fixture f;
    fixture_open(&f, &CONFIG, GGUF_TENSOR_F32, true);
    patch_number(&f, numbers[i].key, numbers[i].value);
    assert_refused(&f, numbers[i].reason);
  }
}

static void what_does_not_fit_the_tutorial_is_refused(void **state) {
  (void)state;
  fixture f;
  fixture_open(&f, &TUTORIAL, GGUF_TENSOR_F32, true);
  patch(&f, "attention-first", "attention-worst");
  assert_refused(&f, "recur.order");
  fixture_open(&f, &TUTORIAL, GGUF_TENSOR_F32, true);
  patch_number(&f, "recur.positions", TRANSLATOR_LENGTH_MAX + 1);
  assert_refused(&f, "recur.positions");
  fixture_open(&f, &TUTORIAL, GGUF_TENSOR_F32, true);
  patch_number(&f, "recur.positions", 11);
  assert_refused(&f, "location.weight");
}

/* No single changed byte crashes the loader; sanitizers watch. */
static void any_byte_may_be_wrong(void **state) {
  (void)state;
  fixture f;
  fixture_open(&f, &CONFIG, GGUF_TENSOR_Q8_0, true);
  for (size_t i = 0; i < f.size; i += i < 9000 ? 13 : 4999) {
    const uint8_t kept = f.bytes[i];
    f.bytes[i] = (uint8_t)(kept ^ (1u << i % 8));
    translator_model model;
    if (translator_model_read(&model, f.bytes, f.size, NULL) == RC_OK) {
      translator_model_free(&model);
    }
    f.bytes[i] = kept;
  }
  fixture_close(&f);
}

static void vocabularies_have_the_networks_size(void **state) {
  (void)state;
  fixture f;
  fixture_open(&f, &CONFIG, GGUF_TENSOR_F32, true);
  size_t size;
  f.vocabulary.count--;
  assert_int_equal(translator_model_write(&f.net, f.values, NULL, &f.vocabulary, GGUF_TENSOR_F32,
                                          NULL, 0, NULL, 0, &size, NULL),
                   RC_ERR_ARGUMENT);
  fixture_close(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(files_come_back),
      cmocka_unit_test(words_come_back),
      cmocka_unit_test(shortlists_come_with_the_weights),
      cmocka_unit_test(q8_rows_have_one_scale),
      cmocka_unit_test(every_truncation_is_refused),
      cmocka_unit_test(what_does_not_fit_is_refused_with_its_reason),
      cmocka_unit_test(what_does_not_fit_the_tutorial_is_refused),
      cmocka_unit_test(any_byte_may_be_wrong),
      cmocka_unit_test(vocabularies_have_the_networks_size),
  };
  if (kernels_select(NULL, NULL) != RC_OK) return 1;
  return cmocka_run_group_tests_name("translator file", tests, NULL, NULL);
}
