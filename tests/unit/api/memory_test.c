/* Every call of recur.h when memory runs out: allocation number n fails, for every n where
 * RECUR_SOAK is set, and otherwise for the first and some of the later ones. Each time it fails
 * with a reason or gives what it gives otherwise, loses nothing, and can be repeated. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recur.h"

/* ---- memory that runs out: linked in the place of the C library's by -Wl,--wrap ---- */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

static long failing; /* the allocation to fail, counted down; 0: none */
static bool failed;

static bool is_refused(void) {
  if (failing == 0 || --failing > 0) return false;
  return failed = true;
}

void *__wrap_malloc(size_t size) {
  return is_refused() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
  return is_refused() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size) {
  return is_refused() ? NULL : __real_realloc(block, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size) {
  return is_refused() ? NULL : __real_aligned_alloc(alignment, size);
}

/* ---- calls, each with all that it gives ---- */

typedef struct bytes {
  uint8_t *at;
  size_t count;
} bytes;

static bytes classifier_file, translator_file;

typedef struct world {
  recur_engine *engine;
  int32_t classifier, translator;
  uint64_t digest; /* FNV-1a of what a call gave */
} world;

static void note(world *w, const void *data, size_t count) {
  const uint8_t *at = data;
  for (size_t i = 0; i < count; i++) w->digest = (w->digest ^ at[i]) * 0x100000001B3u;
}

static void note_text(world *w, const char *text) {
  assert_non_null(text);
  note(w, text, strlen(text));
}

static bool give(const world *w, const void *data, size_t count) {
  void *room = recur_input(w->engine, count);
  if (room != NULL) memcpy(room, data, count);
  return room != NULL;
}

static int32_t load_classifier(world *w) {
  if (!give(w, classifier_file.at, classifier_file.count)) return -RECUR_ERROR_MEMORY;
  const int32_t handle = recur_classifier_load(w->engine, classifier_file.count);
  if (handle <= 0) return handle;
  note_text(w, recur_classifier_label(w->engine, handle, 3));
  return recur_free(w->engine, handle);
}

static int32_t load_translator(world *w) {
  if (!give(w, translator_file.at, translator_file.count)) return -RECUR_ERROR_MEMORY;
  const int32_t handle = recur_translator_load(w->engine, translator_file.count);
  if (handle <= 0) return handle;
  const int32_t parameters = recur_property(w->engine, handle, RECUR_PARAMETERS);
  note(w, &parameters, sizeof parameters);
  return recur_free(w->engine, handle);
}

static void note_answer(world *w, int32_t letters) {
  const size_t labels = (size_t)recur_property(w->engine, w->classifier, RECUR_LABELS);
  note(w, &letters, sizeof letters);
  note(w, recur_probabilities(w->engine), labels * sizeof(float));
  const size_t steps = (size_t)recur_step_count(w->engine);
  if (steps > 0) {
    note(w, recur_step_probabilities(w->engine), steps * labels * sizeof(float));
    note(w, recur_step_sources(w->engine), steps * sizeof(int32_t));
  }
  note_text(w, recur_script(w->engine));
}

static int32_t classify_many(world *w) {
  static const char names[] = "Kowalczyk\0Ren\xC3\xA9 van den Br\xC3\xBCggen\0\0Li";
  enum { COUNT = 4 };
  if (!give(w, names, sizeof names)) return -RECUR_ERROR_MEMORY;
  const int32_t count = recur_classify_many(w->engine, w->classifier, sizeof names, 0);
  if (count < 0) return count;
  const size_t labels = (size_t)recur_property(w->engine, w->classifier, RECUR_LABELS);
  note(w, recur_probabilities(w->engine), COUNT * labels * sizeof(float));
  note(w, recur_bases(w->engine), COUNT);
  return 0;
}

static int32_t classify(world *w) {
  static const char *const names[] = {"Kowalczyk", "Ren\xC3\xA9 van den Br\xC3\xBCggen"};
  for (int i = 0; i < 2; i++) {
    const size_t count = strlen(names[i]);
    if (!give(w, names[i], count)) return -RECUR_ERROR_MEMORY;
    const int32_t letters =
        recur_classify(w->engine, w->classifier, count, i == 0 ? RECUR_CLASSIFY_STEPS : 0);
    if (letters < 0) return letters;
    note_answer(w, letters);
  }
  return 0;
}

static int32_t set_prior(world *w) {
  float weights[1000];
  const size_t labels = (size_t)recur_property(w->engine, w->classifier, RECUR_LABELS);
  for (size_t i = 0; i < labels; i++) weights[i] = (float)(i + 1);
  if (!give(w, weights, labels * sizeof *weights)) return -RECUR_ERROR_MEMORY;
  const int32_t status = recur_classifier_prior(w->engine, w->classifier, RECUR_PRIOR_GIVEN);
  return status < 0 ? status : classify(w);
}

static int32_t inspect(world *w) {
  if (!give(w, "Nowak", 5)) return -RECUR_ERROR_MEMORY;
  const int32_t letters = recur_inspect(w->engine, w->classifier, 5, 0, 1);
  if (letters < 0) return letters;
  const size_t hidden = (size_t)recur_property(w->engine, w->classifier, RECUR_HIDDEN);
  note(w, recur_inspect_values(w->engine, RECUR_INSIDE_HIDDEN), hidden * sizeof(float));
  note(w, recur_inspect_values(w->engine, RECUR_INSIDE_GRADIENT), sizeof(float));
  return 0;
}

static int32_t note_sentence(world *w) {
  note_text(w, recur_sentence_source(w->engine));
  for (int32_t rank = 0; rank < 2; rank++) {
    const char *text = recur_sentence_text(w->engine, rank);
    if (text == NULL) return -RECUR_ERROR_MEMORY;
    note_text(w, text);
  }
  const int sources = recur_sentence(w->engine, RECUR_SOURCE_TOKENS);
  const int targets = recur_sentence(w->engine, RECUR_TARGET_TOKENS);
  if (sources * targets == 0) return 0;
  const size_t cells = (size_t)(sources * targets);
  note(w, recur_attention(w->engine), cells * sizeof(float));
  return 0;
}

static int32_t translate(world *w) {
  static const char text[] = "aa a\na https://example.org/a 12\n\n\"A\" aaaa.";
  if (!give(w, text, strlen(text))) return -RECUR_ERROR_MEMORY;
  int32_t left = recur_translate(w->engine, w->translator, strlen(text), 3, 2, 1, 1);
  while (left > 0) {
    const int32_t found = recur_translate_step(w->engine, w->translator);
    if (found < 0) return found;
    for (int32_t i = 0; i < found; i++) {
      const int32_t number = recur_translate_found(w->engine, w->translator, i);
      if (number < 0) return number;
      const int32_t status = note_sentence(w);
      if (status < 0) return status;
    }
    left -= found;
    if (left > 0 && found == 0) {
      const int32_t number = recur_translate_peek(w->engine, w->translator, 0);
      if (number < 0) return number;
    }
  }
  return left;
}

static int32_t inspect_translation(world *w) {
  static const char text[] = "a https://example.org/a 12 aa";
  if (!give(w, text, strlen(text))) return -RECUR_ERROR_MEMORY;
  const int32_t targets = recur_inspect_translation(w->engine, w->translator, strlen(text), 2);
  if (targets < 0) return targets;
  assert_true(targets > 0);
  const size_t sources = (size_t)recur_inspect_size(w->engine, RECUR_SOURCE_COUNT);
  note(w, recur_inspect_translation_values(w->engine, RECUR_TOKEN_ATTENTION),
       (size_t)targets * sources * sizeof(float));
  note(w, recur_source_words(w->engine), sources * sizeof(int32_t));
  return 0;
}

static int32_t train(world *w) {
  static const char data[] = "Ada\tx\nBob\ty\nEve\tx\nMax\ty\nZo\xC3\xAB\tx\nAda\ty\n",
                    dev[] = "Al\tx\n";
  char both[sizeof data + sizeof dev];
  const size_t count = sizeof data - 1, dev_count = sizeof dev - 1;
  memcpy(both, data, count);
  memcpy(both + count, dev, dev_count);
  int32_t status = recur_trainer_recipe(w->engine, RECUR_RECIPE_BEST, 2);
  if (status >= 0) status = recur_trainer_option(w->engine, RECUR_LEARN_HIDDEN, 4);
  if (status >= 0) status = recur_trainer_option(w->engine, RECUR_LEARN_EMBEDDING, 4);
  if (status < 0) return status;
  if (!give(w, both, count + dev_count)) return -RECUR_ERROR_MEMORY;
  const int32_t handle = recur_trainer_new(w->engine, count, dev_count, 0);
  if (handle <= 0) return handle;
  for (int i = 0; i < 2 && status >= 0; i++) status = recur_trainer_step(w->engine, handle);
  if (status >= 0) status = recur_trainer_evaluate(w->engine, handle);
  if (status >= 0) status = recur_trainer_save(w->engine, handle);
  if (status >= 0) note(w, recur_trainer_file(w->engine), (size_t)status);
  char reason[400];
  snprintf(reason, sizeof reason, "%s", recur_error(w->engine));
  assert_int_equal(recur_free(w->engine, handle), 0);
  assert_string_equal(recur_error(w->engine), reason);
  return status;
}

/* ---- all of them, with allocation after allocation failing ---- */

static world world_new(bool models) {
  world w = {.engine = recur_engine_new()};
  assert_non_null(w.engine);
  if (!models) return w;
  assert_true(give(&w, classifier_file.at, classifier_file.count));
  w.classifier = recur_classifier_load(w.engine, classifier_file.count);
  assert_true(give(&w, translator_file.at, translator_file.count));
  w.translator = recur_translator_load(w.engine, translator_file.count);
  assert_true(w.classifier > 0 && w.translator > 0);
  return w;
}

static int32_t attempt(world *w, int32_t (*call)(world *)) {
  w->digest = 0xCBF29CE484222325u;
  return call(w);
}

static void starve(bool models, int32_t (*call)(world *)) {
  world plain = world_new(models);
  const int32_t status = attempt(&plain, call);
  if (status < 0) fail_msg("%s", recur_error(plain.engine));
  const uint64_t expected = plain.digest;
  recur_engine_free(plain.engine);
  int refusals = 0;
  const long stride = getenv("RECUR_SOAK") == NULL ? 31 : 1;
  for (long n = 1;; n += n < 24 ? 1 : stride) {
    world w = world_new(models);
    failed = false;
    failing = n;
    const int32_t starved = attempt(&w, call);
    failing = 0;
    if (starved >= 0) {
      assert_int_equal(w.digest, expected);
    } else {
      if (starved != -RECUR_ERROR_MEMORY) {
        fail_msg("allocation %ld: %d, %s", n, (int)starved, recur_error(w.engine));
      }
      assert_string_not_equal(recur_error(w.engine), "");
      refusals++;
    }
    const int32_t again = attempt(&w, call);
    if (again < 0) fail_msg("allocation %ld: afterwards: %s", n, recur_error(w.engine));
    assert_int_equal(w.digest, expected);
    recur_engine_free(w.engine);
    if (!failed) break;
  }
  assert_true(refusals > 0);
}

static void loading_a_classifier(void **state) {
  (void)state;
  starve(false, load_classifier);
}

static void loading_a_translator(void **state) {
  (void)state;
  starve(false, load_translator);
}

static void classifying(void **state) {
  (void)state;
  starve(true, classify);
}

static void classifying_many(void **state) {
  (void)state;
  starve(true, classify_many);
}

static void setting_a_prior(void **state) {
  (void)state;
  starve(true, set_prior);
}

static void inspecting(void **state) {
  (void)state;
  starve(true, inspect);
}

static void translating(void **state) {
  (void)state;
  starve(true, translate);
}

static void inspecting_a_translation(void **state) {
  (void)state;
  starve(true, inspect_translation);
}

static void training(void **state) {
  (void)state;
  starve(false, train);
}

static void making_an_engine(void **state) {
  (void)state;
  for (long n = 1;; n++) {
    failed = false;
    failing = n;
    recur_engine *engine = recur_engine_new();
    failing = 0;
    assert_true(failed == (engine == NULL));
    recur_engine_free(engine);
    if (!failed) return;
  }
}

static bytes read_file(const char *path) {
  bytes file = {0};
  FILE *stream = fopen(path, "rb");
  if (stream == NULL) fail_msg("%s is missing", path);
  const size_t room = 1 << 20;
  file.at = malloc(room);
  assert_non_null(file.at);
  file.count = fread(file.at, 1, room, stream);
  assert_true(file.count < room);
  fclose(stream);
  return file;
}

static int open_files(void **state) {
  (void)state;
  classifier_file = read_file("../../../data/weights/names-rnn.gguf");
  translator_file = read_file("../../fuzz/corpus/translator/full");
  return 0;
}

static int close_files(void **state) {
  (void)state;
  free(classifier_file.at);
  free(translator_file.at);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(making_an_engine),
      cmocka_unit_test(loading_a_classifier),
      cmocka_unit_test(loading_a_translator),
      cmocka_unit_test(classifying),
      cmocka_unit_test(classifying_many),
      cmocka_unit_test(setting_a_prior),
      cmocka_unit_test(inspecting),
      cmocka_unit_test(translating),
      cmocka_unit_test(inspecting_a_translation),
      cmocka_unit_test(training),
  };
  return cmocka_run_group_tests(tests, open_files, close_files);
}
