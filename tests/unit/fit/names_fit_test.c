#include "names_fit.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Names of vowels and consonants, the label of which is how they end. */
enum { NAMES = 200, LINE = 24 };

static char lines[NAMES * LINE];

static int make_lines(void **state) {
  (void)state;
  rc_rng rng = rng_make(1, 0, 0);
  char *at = lines;
  for (int i = 0; i < NAMES; i++) {
    for (int syllables = 1 + (int)rng_below(&rng, 3); syllables > 0; syllables--) {
      *at++ = "kmnprst"[rng_below(&rng, 7)];
      *at++ = "aeiou"[rng_below(&rng, 5)];
    }
    const bool open = rng_below(&rng, 2) == 0;
    at += sprintf(at, "%s\t%s\n", open ? "" : "s", open ? "open" : "closed");
  }
  return 0;
}

static names_learning small(void) {
  names_learning how = names_learning_best(NAMES_GRU);
  how.hidden = 8;
  how.embedding = 6;
  how.batch = 20;
  how.epochs = 6;
  how.lr = 0.02;
  return how;
}

static names_fit_data split_lines(void) {
  return (names_fit_data){.train = {lines, strlen(lines)}, .split = true};
}

static double train(names_fit *fit, long steps) {
  double loss = 0, seen = 0;
  for (long i = 0; i < steps; i++) {
    trainer_result step;
    assert_int_equal(names_fit_step(fit, &step, NULL), RC_OK);
    loss += step.loss;
    seen += (double)step.seen;
  }
  return loss / seen;
}

static void it_learns(void **state) {
  (void)state;
  const names_learning how = small();
  const names_fit_data data = split_lines();
  names_fit fit;
  assert_int_equal(names_fit_new(&fit, &how, &data, NULL), RC_OK);
  const long epoch = names_task_epoch_steps(&fit.task);
  const double first = train(&fit, epoch), last = train(&fit, 5 * epoch);
  assert_true(first > 0.3 && last < first);
  assert_true(names_fit_epoch(&fit) == 6);
  int confusion[4] = {0}, predicted[NAMES];
  scores found;
  assert_int_equal(names_fit_evaluate(&fit, confusion, predicted, &found, NULL), RC_OK);
  assert_true(found.count == fit.kept.count && found.top1 > 0.9);
  assert_int_equal(confusion[0] + confusion[3], (int)lround(found.top1 * found.count));
  int right = 0;
  for (int i = 0; i < found.count; i++) right += predicted[i] == fit.kept.labels[i];
  assert_int_equal(right, confusion[0] + confusion[3]);
  names_fit_free(&fit);
}

static bool has_name(const examples *set, const example *wanted) {
  for (int i = 0; i < set->count; i++) {
    const example *e = &set->items[i];
    if (e->bytes == wanted->bytes && memcmp(e->text, wanted->text, e->bytes) == 0) return true;
  }
  return false;
}

static void no_name_is_on_both_sides(void **state) {
  (void)state;
  names_learning how = small();
  how.duplicates = 0;
  const names_fit_data data = split_lines();
  names_fit fit;
  assert_int_equal(names_fit_new(&fit, &how, &data, NULL), RC_OK);
  assert_true(fit.dev.count > 3 && fit.data.count > NAMES / 2);
  for (int i = 0; i < fit.dev.count; i++) assert_false(has_name(&fit.data, &fit.dev.items[i]));
  names_fit_free(&fit);

  const names_fit_data one = {.train = {"Rossi\tItalian", 13}, .split = true};
  assert_int_equal(names_fit_new(&fit, &how, &one, NULL), RC_OK);
  assert_int_equal(fit.data.count, 1);
  names_fit_free(&fit);
}

/* With another batch it goes on from the weights, the moments and the average that it has: a change
 * there and back changes nothing but the names of the next step. */
static void another_batch_keeps_what_is_learnt(void **state) {
  (void)state;
  names_learning how = small();
  how.average = 0.9;
  const names_fit_data data = split_lines();
  names_fit fit;
  assert_int_equal(names_fit_new(&fit, &how, &data, NULL), RC_OK);
  train(&fit, 3);
  const trainer before = fit.trainer;
  const size_t bytes = before.total * sizeof(real);
  real *kept = test_malloc(4 * bytes);
  const real *blocks[] = {before.values, before.average, before.optimizer.first,
                          before.optimizer.second};
  for (int i = 0; i < 4; i++) memcpy(kept + (size_t)i * before.total, blocks[i], bytes);

  assert_int_equal(names_fit_set_batch(&fit, 5000, NULL), RC_OK);
  assert_int_equal(fit.trainer.batches, 1);
  assert_int_equal(names_fit_set_batch(&fit, 20, NULL), RC_OK);
  const trainer *after = &fit.trainer;
  assert_memory_equal(after->values, kept, bytes);
  assert_memory_equal(after->average, kept + before.total, bytes);
  assert_memory_equal(after->optimizer.first, kept + 2 * before.total, bytes);
  assert_memory_equal(after->optimizer.second, kept + 3 * before.total, bytes);
  assert_true(after->step == 3 && after->optimizer.step == 3 && after->batch == 0);
  test_free(kept);

  names_fit_set_rate(&fit, 0.25);
  train(&fit, 1);
  assert_true(trainer_rate(&fit.trainer) == 0.25);
  names_fit_free(&fit);
}

static void the_file_is_a_classifier(void **state) {
  (void)state;
  const names_learning how = small();
  const names_fit_data data = split_lines();
  names_fit fit;
  size_t size;
  double temperature;
  assert_int_equal(names_fit_new(&fit, &how, &data, NULL), RC_OK);
  train(&fit, 10);
  assert_int_equal(names_fit_calibrate(&fit, &temperature, NULL), RC_OK);
  assert_true(temperature > 0.05 && temperature < 20);
  assert_int_equal(names_fit_write(&fit, temperature, NULL, 0, &size, NULL), RC_OK);
  uint8_t *bytes = test_malloc(size);
  assert_int_equal(names_fit_write(&fit, temperature, bytes, size, &size, NULL), RC_OK);
  classifier_model read;
  assert_int_equal(classifier_model_read(&read, bytes, size, NULL), RC_OK);
  assert_memory_equal(read.values, trainer_weights(&fit.trainer), fit.trainer.total * sizeof(real));
  assert_string_equal(read.labels[1], "open");
  assert_true(read.temperature == (real)temperature);
  assert_true(fabs((double)(read.prior[0] + read.prior[1]) - 1) < 1e-5);
  classifier_model_free(&read);
  test_free(bytes);
  names_fit_free(&fit);
}

static void faults_are_named_by_line(void **state) {
  (void)state;
  const names_learning how = small();
  static const struct {
    const char *train, *dev, *message;
  } faults[] = {
      {"", "", "train: no examples"},
      {"Rossi\tItalian\nNowak\n", "", "train:2: no tab between text and label"},
      {"Rossi\tItalian\n", "\nNowak\tPolish\n", "dev:2: label Polish is none of the 1 known"},
      {"Rossi\tItalian\n\xE2\x80\x8B\tPolish\n", "", "train:2: the name has no letter"},
  };
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
    const names_fit_data data = {.train = {faults[i].train, strlen(faults[i].train)},
                                 .dev = {faults[i].dev, strlen(faults[i].dev)}};
    names_fit fit;
    rc_error error;
    assert_int_equal(names_fit_new(&fit, &how, &data, &error), RC_ERR_FORMAT);
    assert_string_equal(error.text, faults[i].message);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_learns),
      cmocka_unit_test(no_name_is_on_both_sides),
      cmocka_unit_test(another_batch_keeps_what_is_learnt),
      cmocka_unit_test(the_file_is_a_classifier),
      cmocka_unit_test(faults_are_named_by_line),
  };
  return cmocka_run_group_tests(tests, make_lines, NULL);
}
