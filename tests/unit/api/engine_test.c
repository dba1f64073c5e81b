/* The exported C API as a native library, where the sanitizers watch it; tests/wasm has the rest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "classifier_file.h"
#include "recur.h"

static const char *const labels[] = {"one", "zwei", "trois"};
static const record_entry record[] = {{.key = "general.license", .text = "MIT"},
                                      {.key = "epochs", .number = 2}};

typedef struct fixture {
  recur_engine *engine;
  uint8_t *file;
  size_t size;
} fixture;

/* The bytes of a small random GRU in two directions. */
static void make_file(fixture *f) {
  classifier_config config = {.cell = recurrent_cell_find("gru"),
                              .layers = 1,
                              .hidden = 5,
                              .directions = 2,
                              .embedding = 3,
                              .pooling = POOLING_ALL,
                              .letter_case = ALPHABET_CASE_TITLE,
                              .labels = 3};
  classifier net;
  assert_int_equal(classifier_build(&net, &config, NULL), RC_OK);
  real *values = malloc(net.params.total * sizeof *values);
  classifier_init(&net, 1, values);
  for (int pass = 0; pass < 2; pass++) {
    const classifier_model model = {.net = net,
                                    .letters = alphabet_tutorial,
                                    .values = values,
                                    .labels = labels,
                                    .temperature = 1};
    assert_int_equal(classifier_model_write(&model, GGUF_TENSOR_F16, record, 2, f->file, f->size,
                                            &f->size, NULL),
                     RC_OK);
    if (pass == 0) f->file = malloc(f->size);
  }
  free(values);
}

static int set_up(void **state) {
  fixture *f = calloc(1, sizeof *f);
  f->engine = recur_engine_new();
  make_file(f);
  *state = f;
  return f->engine == NULL;
}

static int tear_down(void **state) {
  fixture *f = *state;
  recur_engine_free(f->engine);
  free(f->file);
  free(f);
  return 0;
}

static int32_t load(const fixture *f, const uint8_t *bytes, size_t size) {
  memcpy(recur_input(f->engine, size), bytes, size);
  return recur_classifier_load(f->engine, size);
}

static int32_t classify(const fixture *f, int32_t handle, const char *text, int32_t steps) {
  memcpy(recur_input(f->engine, strlen(text)), text, strlen(text));
  return recur_classify(f->engine, handle, strlen(text), steps);
}

static void test_properties(void **state) {
  const fixture *f = *state;
  int32_t handle = load(f, f->file, f->size);
  assert_true(handle > 0);
  assert_string_equal(recur_classifier_cell(f->engine, handle), "gru");
  assert_int_equal(recur_property(f->engine, handle, RECUR_HIDDEN), 5);
  assert_int_equal(recur_property(f->engine, handle, RECUR_LABELS), 3);
  assert_string_equal(recur_classifier_label(f->engine, handle, 2), "trois");
  int found = 0, count = recur_property(f->engine, handle, RECUR_METADATA);
  for (int i = 0; i < count; i++) {
    const char *key = recur_metadata_key(f->engine, handle, i);
    if (strcmp(key, "general.license") == 0) {
      found++;
      assert_int_equal(recur_metadata_kind_of(f->engine, handle, i), RECUR_METADATA_STRING);
      assert_string_equal(recur_metadata_text(f->engine, handle, i), "MIT");
    } else if (strcmp(key, "recur.training.epochs") == 0) {
      found++;
      assert_int_equal(recur_metadata_kind_of(f->engine, handle, i), RECUR_METADATA_NUMBER);
      assert_true(recur_metadata_number(f->engine, handle, i) == 2);
    }
  }
  assert_int_equal(found, 2);
}

static void test_classify(void **state) {
  const fixture *f = *state;
  int32_t handle = load(f, f->file, f->size);
  assert_int_equal(classify(f, handle, "gro\xC3\x9F", 1), 5);
  const uint16_t expected[] = {'G', 'r', 'o', 's', 's'};
  assert_memory_equal(recur_letters(f->engine), expected, sizeof expected);
  assert_int_equal(recur_step_count(f->engine), 5);
  const int32_t sources[] = {0, 1, 2, 3, 3};
  assert_memory_equal(recur_step_sources(f->engine), sources, sizeof sources);
  for (int i = 0; i < 3; i++) {
    float whole = recur_probabilities(f->engine)[i];
    float last = recur_step_probabilities(f->engine)[4 * 3 + i];
    assert_true(whole - last < 1e-6f && last - whole < 1e-6f);
  }
  assert_int_equal(classify(f, handle, "", 1), 0);
  assert_int_equal(recur_step_count(f->engine), 0);
}

static int32_t classify_many(const fixture *f, int32_t handle, const char *texts, size_t bytes,
                             int32_t how) {
  memcpy(recur_input(f->engine, bytes), texts, bytes);
  return recur_classify_many(f->engine, handle, bytes, how);
}

static void test_many(void **state) {
  static const char texts[] = "Kowalczyk\0\0Anna Lee\0\xe6\x9d\x8e\0gro\xC3\x9F"; /* five */
  enum { N = 5 };
  const fixture *f = *state;
  int32_t handle = load(f, f->file, f->size);
  for (int32_t how = 0; how <= RECUR_CLASSIFY_WHOLE; how += RECUR_CLASSIFY_WHOLE) {
    float many[N][3];
    uint8_t bases[N];
    assert_int_equal(classify_many(f, handle, texts, sizeof texts, how), N);
    memcpy(many, recur_probabilities(f->engine), sizeof many);
    memcpy(bases, recur_bases(f->engine), sizeof bases);
    assert_int_equal(recur_step_count(f->engine), 0);
    const char *text = texts;
    for (int i = 0; i < N; i++, text += strlen(text) + 1) {
      assert_true(classify(f, handle, text, how) >= 0);
      assert_int_equal(recur_basis(f->engine), bases[i]);
      assert_null(recur_bases(f->engine));
      for (int c = 0; c < 3; c++) {
        const float *alone = recur_probabilities(f->engine);
        const float expected = alone == NULL ? 0 : alone[c];
        assert_float_equal(many[i][c], expected, 1e-6);
      }
    }
  }
  assert_int_equal(classify_many(f, handle, "", 0, 0), 0);
  assert_null(recur_bases(f->engine));
  assert_int_equal(classify_many(f, handle, "Lee", 3, 0), 0); /* it has no end */
  assert_int_equal(classify_many(f, handle, "\0Lee", 4, 0), 1);
  assert_int_equal(classify_many(f, handle + 1, "", 1, 0), -RECUR_ERROR_ARGUMENT);
  assert_int_equal(recur_classify_many(f->engine, handle, 900, 0), -RECUR_ERROR_ARGUMENT);
  const size_t most = (size_t)RECUR_MANY_MAX + 1;
  memset(recur_input(f->engine, most), 0, most);
  assert_int_equal(recur_classify_many(f->engine, handle, most, 0), -RECUR_ERROR_RANGE);
  assert_int_equal(recur_classify_many(f->engine, handle, most - 1, 0), RECUR_MANY_MAX);
}

static void test_limits(void **state) {
  const fixture *f = *state;
  int32_t handle = load(f, f->file, f->size);
  enum { LENGTH = CLASSIFIER_LETTERS_MAX + 1 };
  memset(recur_input(f->engine, LENGTH), 'x', LENGTH);
  assert_int_equal(recur_classify(f->engine, handle, LENGTH, 1), -RC_ERR_RANGE);
  assert_int_equal(recur_classify(f->engine, handle, LENGTH - 1, 1), LENGTH - 1);
  assert_int_equal(recur_step_count(f->engine), RECUR_STEPS_MAX);
  assert_int_equal(recur_classify(f->engine, handle, 2 * LENGTH, 1), -RC_ERR_ARGUMENT);
}

static void test_stale_handles(void **state) {
  const fixture *f = *state;
  int32_t stale = load(f, f->file, f->size);
  assert_int_equal(recur_free(f->engine, stale), RC_OK);
  int32_t alive = load(f, f->file, f->size);
  assert_int_not_equal(stale, alive);
  assert_int_equal(classify(f, stale, "a", 0), -RC_ERR_ARGUMENT);
  assert_string_equal(recur_error(f->engine), "the classifier was freed");
  assert_int_equal(recur_free(f->engine, stale), -RC_ERR_ARGUMENT);
  const int32_t forged[] = {INT32_MIN, -1, 0, 1, 63, 64, INT32_MAX};
  for (size_t i = 0; i < sizeof forged / sizeof *forged; i++) {
    if (forged[i] == alive) continue;
    assert_int_equal(recur_property(f->engine, forged[i], 0), -RC_ERR_ARGUMENT);
  }
  assert_int_equal(classify(f, alive, "a", 0), 1);
}

static void test_damaged_files(void **state) {
  const fixture *f = *state;
  for (size_t size = 0; size < f->size; size++) assert_true(load(f, f->file, size) < 0);
  for (size_t at = 0; at < f->size; at++) {
    f->file[at] ^= 0x81;
    int32_t handle = load(f, f->file, f->size);
    if (handle > 0) {
      (void)classify(f, handle, "Anna", 1);
      assert_int_equal(recur_free(f->engine, handle), RC_OK);
    }
    f->file[at] ^= 0x81;
  }
}

static void test_full_table(void **state) {
  const fixture *f = *state;
  for (int i = 0; i < RECUR_MODELS_MAX; i++) assert_true(load(f, f->file, f->size) > 0);
  assert_int_equal(load(f, f->file, f->size), -RC_ERR_RANGE);
}

static int32_t inspect(const fixture *f, int32_t handle, const char *text, int32_t label) {
  memcpy(recur_input(f->engine, strlen(text)), text, strlen(text));
  return recur_inspect(f->engine, handle, strlen(text), 0, label);
}

/* Units of both directions have sigmoids for gates and are mixed of what was and what is new. */
static void test_inside(void **state) {
  const fixture *f = *state;
  enum { T = 3, H = 5 };
  int32_t handle = load(f, f->file, f->size);
  assert_null(recur_inspect_values(f->engine, RECUR_INSIDE_HIDDEN));
  assert_int_equal(inspect(f, handle, "Anna Lee", 1), T); /* the surname */
  assert_int_equal(recur_letters(f->engine)[0], 'L');
  assert_string_equal(recur_inspect_gate(f->engine, 0), "reset");
  assert_string_equal(recur_inspect_gate(f->engine, 1), "update");
  assert_string_equal(recur_inspect_gate(f->engine, 2), "candidate");
  assert_null(recur_inspect_gate(f->engine, 3));
  assert_null(recur_inspect_gate(f->engine, -1));
  assert_null(recur_inspect_values(f->engine, RECUR_INSIDE_GATES + 3));
  assert_null(recur_inspect_values(f->engine, RECUR_INSIDE_CELL));
  assert_null(recur_inspect_values(f->engine, -1));
  const float *h = recur_inspect_values(f->engine, RECUR_INSIDE_HIDDEN);
  const float *z = recur_inspect_values(f->engine, RECUR_INSIDE_GATES + 1);
  const float *n = recur_inspect_values(f->engine, RECUR_INSIDE_GATES + 2);
  for (int direction = 0; direction < 2; direction++) {
    for (int t = 0; t < T; t++) {
      for (int k = 0; k < H; k++) {
        const int at = (direction * T + t) * H + k, before = direction == 0 ? at - H : at + H;
        const float old = t == (direction == 0 ? 0 : T - 1) ? 0 : h[before];
        assert_float_equal((double)h[at], (double)((1 - z[at]) * n[at] + z[at] * old), 1e-6);
      }
    }
  }
  assert_float_equal(recur_inspect_loss(f->engine), -log((double)recur_probabilities(f->engine)[1]),
                     1e-5);
  for (int i = 0; i < 2 * T; i++) {
    assert_true(recur_inspect_values(f->engine, RECUR_INSIDE_GRADIENT)[i] > 0);
  }
  assert_int_equal(inspect(f, handle, "Lee", -1), T);
  assert_null(recur_inspect_values(f->engine, RECUR_INSIDE_GRADIENT));
  assert_int_equal(inspect(f, handle, "\xe6\x9d\x8e", 0), 0);
  assert_null(recur_inspect_values(f->engine, RECUR_INSIDE_HIDDEN));
  assert_int_equal(inspect(f, handle, "Lee", 3), -RECUR_ERROR_ARGUMENT);
  assert_null(recur_letters(f->engine));
  assert_int_equal(inspect(f, handle + 1, "Lee", 0), -RECUR_ERROR_ARGUMENT);
  assert_int_equal(inspect(f, handle, "Lee", 0), T);
  assert_int_equal(classify(f, handle, "Lee", 0), T);
  assert_null(recur_inspect_values(f->engine, RECUR_INSIDE_HIDDEN));
  assert_int_equal(inspect(f, handle, "Lee", 0), T);
  assert_int_equal(recur_free(f->engine, handle), 0);
  assert_null(recur_inspect_values(f->engine, RECUR_INSIDE_HIDDEN));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_properties, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_classify, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_many, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_inside, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_limits, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_stale_handles, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_damaged_files, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_full_table, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
