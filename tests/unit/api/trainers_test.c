#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "recur.h"

static const char TRAIN[] =
    "Rossi\tItalian\nBianchi\tItalian\nRusso\tItalian\nNowak\tPolish\nKowalczyk\tPolish\n"
    "W\xC3\xB3jcik\tPolish\n";
static const char DEV[] = "Esposito\tItalian\nWalczak\tPolish\n";

static void give(recur_engine *engine, const char *text) {
  memcpy(recur_input(engine, strlen(text) + 1), text, strlen(text) + 1);
}

static int32_t make(recur_engine *engine) {
  assert_int_equal(recur_trainer_recipe(engine, RECUR_RECIPE_BEST, 2), 0);
  assert_int_equal(recur_trainer_option(engine, RECUR_LEARN_HIDDEN, 6), 0);
  assert_int_equal(recur_trainer_option(engine, RECUR_LEARN_RARE, 1), 0);
  char *input = recur_input(engine, sizeof TRAIN + sizeof DEV);
  memcpy(input, TRAIN, sizeof TRAIN - 1);
  memcpy(input + sizeof TRAIN - 1, DEV, sizeof DEV - 1);
  return recur_trainer_new(engine, sizeof TRAIN - 1, sizeof DEV - 1, 0);
}

static void a_trainer_is_a_classifier_that_learns(void **state) {
  (void)state;
  recur_engine *engine = recur_engine_new();
  const int32_t trainer = make(engine);
  assert_true(trainer > 0);
  assert_int_equal(recur_property(engine, trainer, RECUR_HIDDEN), 6);
  assert_int_equal(recur_property(engine, trainer, RECUR_METADATA), 0);
  assert_string_equal(recur_classifier_cell(engine, trainer), "gru");
  assert_string_equal(recur_classifier_label(engine, trainer, 1), "Polish");
  assert_true(recur_trainer_number(engine, trainer, RECUR_TRAINED_TRAIN) == 6);

  give(engine, "Rossi");
  assert_int_equal(recur_classify(engine, trainer, 5, RECUR_CLASSIFY_WHOLE), 5);
  const float before = recur_probabilities(engine)[0];
  for (int i = 0; i < 20; i++) assert_int_equal(recur_trainer_step(engine, trainer), 0);
  assert_true(recur_trainer_number(engine, trainer, RECUR_TRAINED_EXAMPLES) == 6);
  assert_true(recur_trainer_number(engine, trainer, RECUR_TRAINED_LOSS) > 0);
  assert_true(recur_trainer_number(engine, trainer, RECUR_TRAINED_STEPS) == 20);
  assert_null(recur_probabilities(engine));
  give(engine, "Rossi");
  assert_int_equal(recur_classify(engine, trainer, 5, RECUR_CLASSIFY_WHOLE), 5);
  assert_true(recur_probabilities(engine)[0] > before);
  give(engine, "Rossi");
  assert_int_equal(recur_inspect(engine, trainer, 5, RECUR_CLASSIFY_WHOLE, 0), 5);
  assert_true(recur_inspect_loss(engine) > 0);
  recur_engine_free(engine);
}

static void it_tells_of_dev_and_letters_and_saves(void **state) {
  (void)state;
  recur_engine *engine = recur_engine_new();
  const int32_t trainer = make(engine);
  assert_int_equal(recur_trainer_evaluate(engine, trainer), 2);
  const int32_t *confusion = recur_trainer_confusion(engine);
  const int32_t *predicted = recur_trainer_predicted(engine);
  assert_int_equal(confusion[predicted[0]] + confusion[2 + predicted[1]], 2);
  const double top1 = recur_trainer_number(engine, trainer, RECUR_TRAINED_TOP1);
  assert_true(top1 == ((predicted[0] == 0) + (predicted[1] == 1)) / 2.0);
  assert_true(recur_trainer_number(engine, trainer, RECUR_TRAINED_DEV_LOSS) > 0);
  assert_string_equal(recur_trainer_dev_text(engine, trainer, 1), "Walczak");
  assert_null(recur_trainer_confusion(engine));
  assert_int_equal(recur_trainer_dev_label(engine, trainer, 1), 1);
  assert_null(recur_trainer_dev_text(engine, trainer, 2));

  const int letters = (int)recur_trainer_number(engine, trainer, RECUR_TRAINED_LETTERS);
  const uint32_t *all = recur_trainer_letters(engine, trainer);
  assert_int_equal(all[0], 'a');
  assert_int_equal(all[letters - 1], 0xF3);

  const int32_t bytes = recur_trainer_save(engine, trainer);
  assert_true(bytes > 0);
  static uint8_t file[1 << 20];
  memcpy(file, recur_trainer_file(engine), (size_t)bytes);
  memcpy(recur_input(engine, (size_t)bytes), file, (size_t)bytes);
  const int32_t classifier = recur_classifier_load(engine, (size_t)bytes);
  assert_true(classifier > 0);
  assert_int_equal(recur_property(engine, classifier, RECUR_PARAMETERS),
                   recur_property(engine, trainer, RECUR_PARAMETERS));
  assert_int_equal(recur_trainer_step(engine, classifier), -RECUR_ERROR_ARGUMENT);
  recur_engine_free(engine);
}

static void wrong_calls_are_refused(void **state) {
  (void)state;
  recur_engine *engine = recur_engine_new();
  assert_int_equal(recur_trainer_recipe(engine, 2, 0), -RECUR_ERROR_ARGUMENT);
  assert_int_equal(recur_trainer_recipe(engine, 0, 3), -RECUR_ERROR_ARGUMENT);
  assert_int_equal(recur_trainer_option(engine, -1, 0), -RECUR_ERROR_ARGUMENT);
  assert_int_equal(recur_trainer_option(engine, RECUR_LEARN_SEED + 1, 0), -RECUR_ERROR_ARGUMENT);
  assert_int_equal(recur_trainer_option(engine, RECUR_LEARN_HIDDEN, 0), -RECUR_ERROR_RANGE);
  assert_string_equal(recur_error(engine), "0 is not from 1 to 4096");
  assert_int_equal(recur_trainer_option(engine, RECUR_LEARN_LAYERS, 1.5), -RECUR_ERROR_RANGE);
  assert_int_equal(recur_trainer_option(engine, RECUR_LEARN_RATE, NAN), -RECUR_ERROR_RANGE);
  const int32_t trainer = make(engine);
  assert_int_equal(recur_trainer_set(engine, trainer, RECUR_LEARN_BATCH, 0), -RECUR_ERROR_RANGE);
  assert_int_equal(recur_trainer_set(engine, trainer, RECUR_LEARN_HIDDEN, 8),
                   -RECUR_ERROR_ARGUMENT);
  assert_int_equal(recur_trainer_set(engine, trainer, RECUR_LEARN_BATCH, 2), 0);
  assert_int_equal(recur_trainer_step(engine, trainer), 0);
  assert_true(recur_trainer_number(engine, trainer, RECUR_TRAINED_EXAMPLES) == 2);
  assert_int_equal(recur_free(engine, trainer), 0);
  assert_int_equal(recur_trainer_step(engine, trainer), -RECUR_ERROR_ARGUMENT);
  assert_string_equal(recur_error(engine), "the trainer was freed");
  assert_int_equal(recur_trainer_new(engine, 1 << 20, 0, 0), -RECUR_ERROR_ARGUMENT);
  recur_engine_free(engine);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_trainer_is_a_classifier_that_learns),
      cmocka_unit_test(it_tells_of_dev_and_letters_and_saves),
      cmocka_unit_test(wrong_calls_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
