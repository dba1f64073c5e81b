/* The exported C API of translators as a native library, where the sanitizers watch it; tests/wasm
 * has the rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recur.h"
#include "translator_file.h"

enum { TOKENS = BPE_FIRST + 3 };

typedef struct fixture {
  recur_engine *engine;
  uint8_t *file;
  size_t size;
  int32_t handle;
} fixture;

/* The bytes of a small translator of bytes and a letter: a random one in int8, or one whose weights
 * are so large that it says nothing. */
static void make_file(fixture *f, bool large) {
  const gguf_tensor_type type = large ? GGUF_TENSOR_F32 : GGUF_TENSOR_Q8_0;
  static char bytes[256][8];
  utf8_text tokens[TOKENS] = {{"<s>", 3}, {"</s>", 4}};
  for (int i = 0; i < 256; i++) {
    snprintf(bytes[i], sizeof bytes[i], "<0x%02X>", (unsigned)i);
    tokens[BPE_BYTES + i] = (utf8_text){bytes[i], 6};
  }
  tokens[BPE_FIRST] = (utf8_text){"\u2581", 3};
  tokens[BPE_FIRST + 1] = (utf8_text){"a", 1};
  tokens[BPE_FIRST + 2] = (utf8_text){"\u2581a", 4};
  const translator_vocabulary vocabulary = {.tokens = tokens, .count = TOKENS};
  const translator_config config = {.source_vocabulary = TOKENS,
                                    .target_vocabulary = TOKENS,
                                    .embedding = 32,
                                    .hidden = 32,
                                    .encoder_hidden = 32,
                                    .encoder_layers = 2,
                                    .encoder_directions = 2,
                                    .bridge = true,
                                    .attention = TRANSLATOR_GENERAL,
                                    .attentional = 32,
                                    .input_feeding = true,
                                    .tying = TRANSLATOR_TIED_ALL};
  const record_entry record[] = {{.key = "recur.target.language", .text = "fr"}};
  translator net;
  assert_int_equal(translator_build(&net, &config, NULL), RC_OK);
  real *values = malloc(net.params.total * sizeof *values);
  translator_init(&net, 3, values);
  for (size_t i = 0; large && i < net.params.total; i++) values[i] = i % 2 == 0 ? 3e38f : -3e38f;
  free(f->file);
  *f = (fixture){.engine = f->engine, .handle = f->handle};
  for (int pass = 0; pass < 2; pass++) {
    assert_int_equal(translator_model_write(&net, values, NULL, &vocabulary, type, record, 1,
                                            f->file, f->size, &f->size, NULL),
                     RC_OK);
    if (pass == 0) f->file = malloc(f->size);
  }
  free(values);
}

static int32_t load(const fixture *f, size_t size) {
  memcpy(recur_input(f->engine, size), f->file, size);
  return recur_translator_load(f->engine, size);
}

static int set_up(void **state) {
  fixture *f = calloc(1, sizeof *f);
  f->engine = recur_engine_new();
  make_file(f, false);
  f->handle = load(f, f->size);
  *state = f;
  return f->handle <= 0;
}

static int tear_down(void **state) {
  fixture *f = *state;
  recur_engine_free(f->engine);
  free(f->file);
  free(f);
  return 0;
}

static int32_t begin(const fixture *f, const char *text, int32_t beam, int32_t nbest,
                     int32_t attention) {
  memcpy(recur_input(f->engine, strlen(text)), text, strlen(text));
  return recur_translate(f->engine, f->handle, strlen(text), beam, nbest, attention, 1);
}

static int32_t step(const fixture *f) {
  int32_t found = 0;
  while ((found = recur_translate_step(f->engine, f->handle)) == 0) {
    int32_t open = recur_translate_open(f->engine, f->handle);
    assert_true(open > 0);
    for (int32_t i = 0; i < open; i++) {
      assert_true(recur_translate_peek(f->engine, f->handle, i) >= 0);
      assert_non_null(recur_sentence_text(f->engine, 0));
      assert_null(recur_sentence_text(f->engine, 1));
    }
    assert_true(recur_translate_peek(f->engine, f->handle, open) < 0);
    assert_true(recur_translate_found(f->engine, f->handle, 0) < 0);
  }
  return found;
}

static void check_attention(const recur_engine *engine) {
  const int sources = recur_sentence(engine, RECUR_SOURCE_TOKENS);
  const int targets = recur_sentence(engine, RECUR_TARGET_TOKENS);
  const int32_t *ranges = recur_source_ranges(engine);
  const int32_t bytes = (int32_t)strlen(recur_sentence_source(engine));
  for (int i = 0; i < sources; i++) {
    assert_true(ranges[2 * i] <= ranges[2 * i + 1] && ranges[2 * i + 1] <= bytes);
  }
  assert_int_equal(ranges[2 * sources - 2], bytes);
  for (int t = 0; t < targets; t++) {
    double sum = 0;
    for (int j = 0; j < sources; j++) sum += (double)recur_attention(engine)[t * sources + j];
    assert_true(fabs(sum - 1) < 1e-5);
  }
}

static void sentences_are_found(void **state) {
  const fixture *f = *state;
  assert_int_equal(begin(f, "a a\n\n  a\u00E9? \naaa", 3, 2, 1), 3);
  int seen = 0;
  for (int left = 3, found; left > 0; left -= found) {
    found = step(f);
    for (int32_t i = 0; i < found; i++) {
      int32_t sentence = recur_translate_found(f->engine, f->handle, i);
      seen |= 1 << sentence;
      const int32_t starts[] = {0, 7, 13}, ends[] = {3, 11, 16};
      assert_int_equal(recur_sentence(f->engine, RECUR_START), starts[sentence]);
      assert_int_equal(recur_sentence(f->engine, RECUR_END), ends[sentence]);
      assert_true(recur_sentence_score(f->engine, 0) >= recur_sentence_score(f->engine, 1));
      assert_non_null(recur_sentence_text(f->engine, 1));
      assert_null(recur_sentence_text(f->engine, 2));
      check_attention(f->engine);
    }
    assert_true(recur_translate_found(f->engine, f->handle, found) < 0);
  }
  assert_int_equal(seen, 7);
  assert_int_equal(recur_translate_step(f->engine, f->handle), 0);
  assert_int_equal(recur_translate_open(f->engine, f->handle), 0);
}

/* More sentences than are sorted by length at once, some of them without a token. */
static void many_sentences_are_found(void **state) {
  const fixture *f = *state;
  enum { LINES = 300 };
  char text[8 * LINES] = "";
  for (int i = 0; i < LINES; i++) strcat(text, (const char *[]){"a\n", "a a\n", "aa aa\n"}[i % 3]);
  assert_int_equal(begin(f, text, 1, 1, 0), LINES);
  bool seen[LINES] = {false};
  for (int left = LINES, found; left > 0; left -= found) {
    found = step(f);
    for (int32_t i = 0; i < found; i++) {
      int32_t sentence = recur_translate_found(f->engine, f->handle, i);
      assert_false(seen[sentence]);
      seen[sentence] = true;
    }
  }
}

static void texts_can_be_given_up(void **state) {
  const fixture *f = *state;
  for (int steps = 0; steps < 12; steps++) {
    assert_int_equal(begin(f, "aaa aaa\naa", 4, 1, 1), 2);
    for (int i = 0; i < steps; i++) {
      if (recur_translate_step(f->engine, f->handle) > 0) break;
    }
  }
  assert_int_equal(begin(f, "", 4, 1, 1), 0);
  assert_int_equal(begin(f, "aa", 4, 1, 1), 1);
  recur_translate_step(f->engine, f->handle);
  assert_int_equal(recur_free(f->engine, f->handle), RC_OK);
  assert_int_equal(recur_translate_step(f->engine, f->handle), -RC_ERR_ARGUMENT);
  assert_string_equal(recur_error(f->engine), "the translator was freed");
}

static void senseless_requests_are_refused(void **state) {
  const fixture *f = *state;
  assert_int_equal(begin(f, "a", 0, 1, 0), 1);
  assert_int_equal(recur_translate_step(f->engine, f->handle), -RC_ERR_ARGUMENT);
  assert_int_equal(begin(f, "a", 2, 3, 0), 1);
  assert_int_equal(recur_translate_step(f->engine, f->handle), -RC_ERR_ARGUMENT);
  assert_int_equal(recur_translate(f->engine, f->handle, 1 << 20, 1, 1, 0, 0), -RC_ERR_ARGUMENT);
  assert_int_equal(recur_classify(f->engine, f->handle, 0, 0), -RC_ERR_ARGUMENT);
  assert_true(recur_property(f->engine, f->handle, RECUR_BYTES) > 0);
  assert_true(recur_property(f->engine, f->handle, RECUR_LABELS) < 0);
  assert_true(recur_sentence(f->engine, 99) < 0);
}

static void damaged_files_are_refused(void **state) {
  const fixture *f = *state;
  for (size_t size = 0; size < f->size; size += 1 + size / 7) assert_true(load(f, size) < 0);
}

/* The bundled classifier, in the same engine. */
static int32_t load_classifier(const fixture *f) {
  FILE *file = fopen("../../../data/weights/names-rnn.gguf", "rb");
  assert_non_null(file);
  assert_int_equal(fseek(file, 0, SEEK_END), 0);
  const size_t size = (size_t)ftell(file);
  rewind(file);
  assert_int_equal(fread(recur_input(f->engine, size), 1, size, file), size);
  fclose(file);
  const int32_t handle = recur_classifier_load(f->engine, size);
  assert_true(handle > 0);
  return handle;
}

static void assert_no_sentence(const fixture *f) {
  for (int32_t property = RECUR_START; property <= RECUR_UNKNOWN_WORDS; property++) {
    assert_int_equal(recur_sentence(f->engine, property), -RC_ERR_ARGUMENT);
  }
  assert_null(recur_sentence_source(f->engine));
  assert_null(recur_sentence_text(f->engine, 0));
  assert_true(recur_sentence_score(f->engine, 0) == 0);
  assert_null(recur_source_ranges(f->engine));
  assert_null(recur_target_ranges(f->engine));
  assert_null(recur_unknown_ranges(f->engine));
  assert_null(recur_attention(f->engine));
}

static void look(const fixture *f) {
  assert_true(recur_translate_found(f->engine, f->handle, 0) >= 0);
  assert_non_null(recur_sentence_text(f->engine, 0));
}

/* Results lie where the next ones come to lie, and in what belongs to a model: then they are none
 * any more. */
static void results_are_forgotten_with_their_memory(void **state) {
  const fixture *f = *state;
  const int32_t classifier = load_classifier(f);
  assert_no_sentence(f);
  assert_null(recur_probabilities(f->engine));
  assert_int_equal(begin(f, "a aa", 2, 2, 1), 1);
  assert_int_equal(step(f), 1);
  look(f);
  memcpy(recur_input(f->engine, 3), "Ada", 3);
  assert_int_equal(recur_classify(f->engine, classifier, 3, 1), 3);
  assert_no_sentence(f);
  assert_non_null(recur_probabilities(f->engine));
  look(f);
  assert_null(recur_probabilities(f->engine));
  assert_null(recur_letters(f->engine));
  assert_null(recur_step_probabilities(f->engine));
  assert_int_equal(recur_step_count(f->engine), 0);
  assert_true(recur_translate_found(f->engine, f->handle, 1) < 0);
  assert_int_equal(begin(f, "a", 2, 2, 1), 1);
  assert_no_sentence(f);
  assert_int_equal(step(f), 1);
  look(f);
  assert_int_equal(recur_translate_step(f->engine, f->handle), 0);
  assert_no_sentence(f);
  assert_int_equal(begin(f, "a", 2, 2, 1), 1);
  assert_int_equal(step(f), 1);
  look(f);
  assert_int_equal(recur_free(f->engine, f->handle), RC_OK);
  assert_no_sentence(f);
}

static void a_failed_step_finds_nothing(void **state) {
  const fixture *f = *state;
  assert_int_equal(begin(f, "a a", 2, 1, 0), 1);
  assert_int_equal(step(f), 1);
  assert_int_equal(begin(f, "aa", 2, 3, 0), 1);
  assert_int_equal(recur_translate_step(f->engine, f->handle), -RC_ERR_ARGUMENT);
  assert_int_equal(recur_translate_open(f->engine, f->handle), 0);
  assert_int_equal(recur_translate_found(f->engine, f->handle, 0), -RC_ERR_RANGE);
  assert_no_sentence(f);
}

static void what_are_no_numbers_is_an_error(void **state) {
  fixture *f = *state;
  make_file(f, true);
  f->handle = load(f, f->size);
  assert_true(f->handle > 0);
  for (int32_t beam = 1; beam <= 4; beam++) {
    int32_t found = 0;
    assert_int_equal(begin(f, "a\naa\n", beam, beam, 1), 2);
    while ((found = recur_translate_step(f->engine, f->handle)) == 0) {
      for (int32_t i = 0; i < recur_translate_open(f->engine, f->handle); i++) {
        assert_true(recur_translate_peek(f->engine, f->handle, i) >= 0);
        assert_string_equal(recur_sentence_text(f->engine, 0), "");
      }
    }
    assert_int_equal(found, -RC_ERR_RANGE);
    assert_non_null(strstr(recur_error(f->engine), "no numbers"));
    assert_true(recur_translate_found(f->engine, f->handle, 0) < 0);
  }
}

static int32_t look_inside(const fixture *f, const char *text, int32_t beam) {
  memcpy(recur_input(f->engine, strlen(text)), text, strlen(text));
  return recur_inspect_translation(f->engine, f->handle, strlen(text), beam);
}

static void assert_nothing_inside(const recur_engine *engine) {
  assert_int_equal(recur_inspect_size(engine, RECUR_SOURCE_COUNT), 0);
  assert_null(recur_inspect_translation_values(engine, RECUR_ENCODER_STATES));
  assert_null(recur_source_words(engine));
}

/* The attention of the look is that of the translation, to the bit. */
static void a_look_inside_is_of_the_translation(void **state) {
  const fixture *f = *state;
  enum { CELLS_MAX = 4096 };
  float attention[CELLS_MAX];
  for (int32_t beam = 1; beam <= 4; beam += 3) {
    assert_int_equal(begin(f, "aa a, a12", beam, 1, 1), 1);
    assert_int_equal(step(f), 1);
    assert_int_equal(recur_translate_found(f->engine, f->handle, 0), 0);
    const int sources = recur_sentence(f->engine, RECUR_SOURCE_TOKENS);
    const int targets = recur_sentence(f->engine, RECUR_TARGET_TOKENS);
    assert_in_range(sources * targets, 1, CELLS_MAX);
    const size_t cells = (size_t)(sources * targets);
    memcpy(attention, recur_attention(f->engine), cells * sizeof *attention);
    const int32_t rows = look_inside(f, "aa a, a12", beam);
    assert_in_range(rows, targets, targets + 1);
    assert_int_equal(recur_inspect_size(f->engine, RECUR_SOURCE_COUNT), sources);
    assert_int_equal(recur_inspect_size(f->engine, RECUR_TARGET_COUNT), rows);
    assert_memory_equal(recur_inspect_translation_values(f->engine, RECUR_TOKEN_ATTENTION),
                        attention, cells * sizeof *attention);
    assert_int_equal(recur_inspect_size(f->engine, RECUR_ENCODER_LAYERS), 2);
    assert_int_equal(recur_inspect_size(f->engine, RECUR_ENCODER_DIRECTIONS), 2);
    assert_int_equal(recur_inspect_size(f->engine, RECUR_ENCODER_HIDDEN), 32);
    assert_int_equal(recur_inspect_size(f->engine, RECUR_DECODER_HIDDEN), 32);
    /* "aa", "a", ",", "a", "12" and the end: figures part from letters */
    const int words = recur_inspect_size(f->engine, RECUR_SOURCE_WORDS);
    assert_int_equal(words, 6);
    assert_int_equal(recur_source_words(f->engine)[sources - 1], words - 1);
    const float *by_word = recur_inspect_translation_values(f->engine, RECUR_WORD_ATTENTION);
    for (int t = 0; t < recur_inspect_size(f->engine, RECUR_TARGET_WORDS); t++) {
      double sum = 0;
      for (int j = 0; j < words; j++) sum += (double)by_word[t * words + j];
      assert_true(fabs(sum - 1) < 1e-5);
    }
    for (int32_t tensor = RECUR_ENCODER_RESET; tensor <= RECUR_WORD_ATTENTION; tensor++) {
      assert_non_null(recur_inspect_translation_values(f->engine, tensor));
    }
    assert_null(recur_inspect_translation_values(f->engine, RECUR_WORD_ATTENTION + 1));
  }
  assert_int_equal(begin(f, "a", 1, 1, 0), 1);
  assert_nothing_inside(f->engine);
}

static void a_look_inside_leaves_a_translation_under_way(void **state) {
  const fixture *f = *state;
  assert_int_equal(begin(f, "a a", 2, 1, 0), 1);
  assert_int_equal(recur_translate_step(f->engine, f->handle), 0);
  assert_true(look_inside(f, "aa", 2) > 0);
  assert_int_equal(step(f), 1);
  assert_int_equal(recur_translate_found(f->engine, f->handle, 0), 0);
  assert_string_equal(recur_sentence_source(f->engine), "a a");
  assert_nothing_inside(f->engine);
}

static void looks_that_make_no_sense_are_refused(void **state) {
  const fixture *f = *state;
  assert_int_equal(look_inside(f, "a\na", 1), -RC_ERR_RANGE);
  assert_non_null(strstr(recur_error(f->engine), "2 sentences"));
  assert_nothing_inside(f->engine);
  assert_int_equal(look_inside(f, "", 1), -RC_ERR_RANGE);
  assert_int_equal(look_inside(f, "a", 0), -RC_ERR_ARGUMENT);
  assert_int_equal(recur_inspect_translation(f->engine, f->handle + 1, 0, 1), -RC_ERR_ARGUMENT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(sentences_are_found, set_up, tear_down),
      cmocka_unit_test_setup_teardown(many_sentences_are_found, set_up, tear_down),
      cmocka_unit_test_setup_teardown(texts_can_be_given_up, set_up, tear_down),
      cmocka_unit_test_setup_teardown(senseless_requests_are_refused, set_up, tear_down),
      cmocka_unit_test_setup_teardown(damaged_files_are_refused, set_up, tear_down),
      cmocka_unit_test_setup_teardown(results_are_forgotten_with_their_memory, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_failed_step_finds_nothing, set_up, tear_down),
      cmocka_unit_test_setup_teardown(what_are_no_numbers_is_an_error, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_look_inside_is_of_the_translation, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_look_inside_leaves_a_translation_under_way, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(looks_that_make_no_sense_are_refused, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
