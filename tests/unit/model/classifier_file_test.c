#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "alphabet_learn.h"
#include "predict.h"

enum { LABELS = 3 };
static const char *const NAMES[LABELS] = {"Czech", "Français", "汉语"};

typedef struct fixture {
  classifier net;
  alphabet letters;
  real *prior; /* NULL: not told */
  real *values;
  uint8_t *bytes;
  size_t size;
} fixture;

static void fixture_write(fixture *f, gguf_tensor_type type) {
  const record_entry record[] = {{.key = "general.license", .text = "MIT"},
                                 {.key = "dev_top1", .number = 0.5}};
  const classifier_model model = {.net = f->net,
                                  .letters = f->letters,
                                  .values = f->values,
                                  .labels = NAMES,
                                  .temperature = 1.5F,
                                  .prior = f->prior,
                                  .usual = f->prior == NULL ? NULL : "balanced"};
  assert_int_equal(classifier_model_write(&model, type, record, 2, NULL, 0, &f->size, NULL), RC_OK);
  f->bytes = malloc(f->size);
  assert_non_null(f->bytes);
  size_t size = 0;
  assert_int_equal(classifier_model_write(&model, type, record, 2, f->bytes, f->size, &size, NULL),
                   RC_OK);
  assert_int_equal(size, f->size);
}

static void fixture_open_with(fixture *f, const alphabet *letters, real *prior,
                              gguf_tensor_type type) {
  const classifier_config config = {.cell = &lstm_cell,
                                    .layers = 1,
                                    .hidden = 32,
                                    .directions = 2,
                                    .embedding = 32,
                                    .pooling = POOLING_ALL,
                                    .letter_case = ALPHABET_CASE_TITLE,
                                    .letters = alphabet_size(letters),
                                    .labels = LABELS};
  f->letters = *letters;
  f->prior = prior;
  assert_int_equal(classifier_build(&f->net, &config, NULL), RC_OK);
  f->values = malloc(f->net.params.total * sizeof *f->values);
  assert_non_null(f->values);
  classifier_init(&f->net, 1, f->values);
  fixture_write(f, type);
}

static void fixture_open(fixture *f, gguf_tensor_type type) {
  fixture_open_with(f, &alphabet_tutorial, NULL, type);
}

static void fixture_close(fixture *f) {
  free(f->values);
  free(f->bytes);
}

static void check_round_trip(gguf_tensor_type type, double tolerance) {
  fixture f;
  fixture_open(&f, type);
  classifier_model model;
  rc_error error = {0};
  assert_int_equal(classifier_model_read(&model, f.bytes, f.size, &error), RC_OK);
  assert_ptr_equal(model.net.config.cell, &lstm_cell);
  assert_int_equal(model.net.config.hidden, 32);
  assert_int_equal(model.net.config.letter_case, ALPHABET_CASE_TITLE);
  assert_float_equal((double)model.temperature, 1.5, 1e-6);
  assert_null(model.prior);
  assert_int_equal(classifier_usual_prior(&model.usual, f.bytes, f.size, NULL), RC_OK);
  assert_null(model.usual);
  assert_ptr_equal(model.letters.characters, NULL);
  for (int i = 0; i < LABELS; i++) assert_string_equal(model.labels[i], NAMES[i]);
  for (size_t i = 0; i < f.net.params.total; i++) {
    assert_float_equal((double)model.values[i], (double)f.values[i], tolerance);
  }
  classifier_model_free(&model);
  fixture_close(&f);
}

static void f32_comes_back_exactly(void **state) {
  (void)state;
  check_round_trip(GGUF_TENSOR_F32, 0);
}

static void f16_comes_back_to_half_precision(void **state) {
  (void)state;
  check_round_trip(GGUF_TENSOR_F16, 4 * 0x1p-11);
}

static void q8_comes_back_to_a_127th(void **state) {
  (void)state;
  check_round_trip(GGUF_TENSOR_Q8_0, 4.5 / 127);
}

static void every_truncation_is_refused(void **state) {
  (void)state;
  fixture f;
  fixture_open(&f, GGUF_TENSOR_Q8_0);
  classifier_model model;
  for (size_t size = 0; size < f.size; size += size < 2048 ? 1 : 97) {
    uint8_t *part = malloc(size + 1);
    assert_non_null(part);
    memcpy(part, f.bytes, size);
    rc_error error = {0};
    assert_int_not_equal(classifier_model_read(&model, part, size, &error), RC_OK);
    assert_true(error.text[0] != '\0');
    free(part);
  }
  fixture_close(&f);
}

/* Overwrites the first occurrence of `old` with text of the same length. */
static void patch_bytes(fixture *f, const char *old, const char *new, size_t length) {
  for (size_t i = 0; i + length <= f->size; i++) {
    if (memcmp(f->bytes + i, old, length) == 0) {
      memcpy(f->bytes + i, new, length);
      return;
    }
  }
  fail_msg("%s is not in the file", old);
}

static void patch(fixture *f, const char *old, const char *new) {
  assert_int_equal(strlen(old), strlen(new));
  patch_bytes(f, old, new, strlen(old));
}

static void what_does_not_fit_is_refused_with_its_reason(void **state) {
  (void)state;
  const struct {
    const char *old, *new, *reason;
  } cases[] = {
      {"recur-classifier", "recur-translator", "not a name classifier"},
      {"abcdefg", "gfedcba", "another alphabet"},
      {"recur.hidden", "recur.hiddex", "recur.hidden"},
      {"output.weight", "output.weighs", "output.weight"},
      {"lstm", "lstn", "recur.cell"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    fixture f;
    fixture_open(&f, GGUF_TENSOR_F32);
    patch(&f, cases[i].old, cases[i].new);
    classifier_model model;
    rc_error error = {0};
    assert_int_equal(classifier_model_read(&model, f.bytes, f.size, &error), RC_ERR_FORMAT);
    if (strstr(error.text, cases[i].reason) == NULL) fail_msg("%s", error.text);
    fixture_close(&f);
  }
}

static alphabet learn_letters(rc_arena *memory) {
  static const char *const names[] = {"Müller", "Şahin", "王"};
  utf8_text texts[3];
  alphabet letters;
  for (int i = 0; i < 3; i++) texts[i] = (utf8_text){names[i], strlen(names[i])};
  assert_int_equal(alphabet_learn(&letters, texts, 3, 1, memory, NULL), RC_OK);
  return letters;
}

static void learnt_letters_and_the_prior_come_back(void **state) {
  (void)state;
  rc_arena memory;
  const alphabet letters = learn_letters(&memory);
  real prior[LABELS] = {0.5F, 0.375F, 0.125F};
  fixture f;
  fixture_open_with(&f, &letters, prior, GGUF_TENSOR_Q8_0);
  classifier_model model;
  rc_error error = {0};
  assert_int_equal(classifier_model_read(&model, f.bytes, f.size, &error), RC_OK);
  assert_int_equal(model.net.config.letters, alphabet_size(&letters));
  assert_memory_equal(model.prior, prior, sizeof prior);
  assert_int_equal(classifier_usual_prior(&model.usual, f.bytes, f.size, &error), RC_OK);
  assert_string_equal(model.usual, "balanced");
  int ids[2][16];
  const char *text = "MU\u0308LLER 王";
  const size_t count = alphabet_encode(&letters, text, strlen(text), 0, ids[0], NULL, 16);
  assert_int_equal(alphabet_encode(&model.letters, text, strlen(text), 0, ids[1], NULL, 16), count);
  assert_memory_equal(ids[0], ids[1], count * sizeof(int));
  classifier_model_free(&model);
  fixture_close(&f);
  arena_free(&memory);
}

static void damaged_letters_and_priors_are_refused(void **state) {
  (void)state;
  const struct {
    const char *old, *new, *reason;
  } cases[] = {
      {"üÜ", "ünn", "letter"},
      {"u\u0308", "x\u0308", "letter"},
      {"recur.letters.spellings", "recur.letters.spellingz", "recur.letters.spellings"},
      {"recur.letters", "recur.lettarz", "recur.alphabet"},
      {"\0\0\0\x3F\0\0\xC0\x3E", "\0\0\0\x3F\0\0\xC0\xBE", "recur.prior"}, /* below 0 */
      {"\0\0\0\x3F\0\0\xC0\x3E", "\0\0\0\x3F\0\0\xC0\x3F", "recur.prior"}, /* sum 2.1 */
      {"\0\0\0\x3F\0\0\xC0\x3E", "\0\0\0\x3F\0\0\xC0\x7F", "recur.prior"}, /* NaN */
  };
  static const size_t lengths[] = {4, 3, 23, 13, 8, 8, 8};
  rc_arena memory;
  const alphabet letters = learn_letters(&memory);
  real prior[LABELS] = {0.5F, 0.375F, 0.125F};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    fixture f;
    fixture_open_with(&f, &letters, prior, GGUF_TENSOR_F32);
    patch_bytes(&f, cases[i].old, cases[i].new, lengths[i]);
    classifier_model model;
    rc_error error = {0};
    assert_int_equal(classifier_model_read(&model, f.bytes, f.size, &error), RC_ERR_FORMAT);
    if (strstr(error.text, cases[i].reason) == NULL) fail_msg("%zu: %s", i, error.text);
    fixture_close(&f);
  }
  arena_free(&memory);
}

static void the_last_prefix_is_the_whole_name(void **state) {
  (void)state;
  fixture f;
  fixture_open(&f, GGUF_TENSOR_F32);
  classifier_model model;
  assert_int_equal(classifier_model_read(&model, f.bytes, f.size, NULL), RC_OK);
  classifier_session session = classifier_session_begin(&model);
  const char *text = "o'Żak 7";
  float whole[LABELS], steps[8 * LABELS];
  answer given;
  int ids[8], sources[8], count = 0;
  assert_int_equal(classifier_predict(&session, text, strlen(text), whole, &given, NULL), RC_OK);
  assert_int_equal(given.letters, 7);
  assert_int_equal(classifier_predict_prefixes(&session, text, strlen(text), 8, steps, ids, sources,
                                               &count, NULL),
                   RC_OK);
  assert_int_equal(count, 7);
  const int where[] = {0, 1, 2, 4, 5, 6, 7};
  assert_memory_equal(sources, where, sizeof where);
  assert_int_equal(ids[6], ALPHABET_UNKNOWN);
  float sum = 0;
  for (int c = 0; c < LABELS; c++) {
    assert_float_equal((double)steps[6 * LABELS + c], (double)whole[c], 1e-6);
    sum += whole[c];
  }
  assert_float_equal((double)sum, 1, 1e-5);
  for (int n = 1; n < 7; n++) { /* every step is what its prefix gives alone */
    static const size_t bytes[] = {0, 1, 2, 4, 5, 6, 6};
    float alone[LABELS];
    if (n == 6) continue; /* ends in a space, which a text by itself does not keep */
    assert_int_equal(classifier_predict(&session, text, bytes[n], alone, &given, NULL), RC_OK);
    for (int c = 0; c < LABELS; c++) {
      assert_float_equal((double)steps[(n - 1) * LABELS + c], (double)alone[c], 1e-6);
    }
  }
  classifier_session_end(&session);
  classifier_model_free(&model);
  fixture_close(&f);
}

static void long_and_empty_texts(void **state) {
  (void)state;
  fixture f;
  fixture_open(&f, GGUF_TENSOR_F32);
  classifier_model model;
  assert_int_equal(classifier_model_read(&model, f.bytes, f.size, NULL), RC_OK);
  classifier_session session = classifier_session_begin(&model);
  char *text = malloc(CLASSIFIER_LETTERS_MAX + 1);
  assert_non_null(text);
  memset(text, 'a', CLASSIFIER_LETTERS_MAX + 1);
  float p[LABELS];
  answer given;
  rc_error error = {0};
  assert_int_equal(classifier_predict(&session, text, CLASSIFIER_LETTERS_MAX, p, &given, NULL),
                   RC_OK);
  assert_int_equal(given.letters, CLASSIFIER_LETTERS_MAX);
  assert_int_equal(
      classifier_predict(&session, text, CLASSIFIER_LETTERS_MAX + 1, p, &given, &error),
      RC_ERR_RANGE);
  assert_non_null(strstr(error.text, "10001"));
  assert_int_equal(classifier_predict(&session, " \t", 2, p, &given, NULL), RC_OK);
  assert_int_equal(given.letters, 0);
  free(text);
  classifier_session_end(&session);
  classifier_model_free(&model);
  fixture_close(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(f32_comes_back_exactly),
      cmocka_unit_test(f16_comes_back_to_half_precision),
      cmocka_unit_test(q8_comes_back_to_a_127th),
      cmocka_unit_test(every_truncation_is_refused),
      cmocka_unit_test(what_does_not_fit_is_refused_with_its_reason),
      cmocka_unit_test(learnt_letters_and_the_prior_come_back),
      cmocka_unit_test(damaged_letters_and_priors_are_refused),
      cmocka_unit_test(the_last_prefix_is_the_whole_name),
      cmocka_unit_test(long_and_empty_texts),
  };
  return cmocka_run_group_tests_name("classifier file", tests, NULL, NULL);
}
