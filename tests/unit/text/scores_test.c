#include "scores.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { COUNT = 200, CLASSES = 6 };

static float logits[COUNT * CLASSES], probabilities[COUNT * CLASSES];
static int labels[COUNT];

/* The same numbers as in scores_golden.py. */
static int make_predictions(void **state) {
  (void)state;
  for (int i = 0; i < COUNT; i++) {
    double x[CLASSES], total = 0;
    int best = 0;
    for (int c = 0; c < CLASSES; c++) {
      x[c] = c == 5 ? -9 : 3 * sin(1.7 * i + 2.3 * c * c + 0.5) - (c == 4 ? 4 : 0);
      if (x[c] > x[best]) best = c;
    }
    for (int c = 0; c < CLASSES; c++) total += exp(x[c]);
    for (int c = 0; c < CLASSES; c++) {
      logits[i * CLASSES + c] = (float)x[c];
      probabilities[i * CLASSES + c] = (float)(exp(x[c]) / total);
    }
    labels[i] = i % 3 == 0 ? i % 5 : best;
  }
  return 0;
}

static void assert_near(double value, double expected, double tolerance) {
  if (!(fabs(value - expected) <= tolerance)) fail_msg("%.12g is not %.12g", value, expected);
}

/* Golden values from scores_golden.py: scikit-learn 1.2.1. */
static void scores_are_scikit_learns(void **state) {
  (void)state;
  static const int golden_confusion[CLASSES * CLASSES] = {63, 1, 5,  1, 0, 0, 6, 12, 3, 3,  0, 0,
                                                          4,  2, 46, 2, 0, 0, 7, 1,  3, 28, 0, 0,
                                                          3,  1, 5,  4, 0, 0, 0, 0,  0, 0,  0, 0};
  static const int golden_bins[CALIBRATION_BINS] = {0,  0,  0,  0,  0,  0,  33, 17,
                                                    22, 22, 14, 30, 13, 16, 33};
  int confusion[CLASSES * CLASSES];
  scores s;
  scores_classification(COUNT, CLASSES, probabilities, labels, confusion, &s);
  assert_int_equal(s.count, COUNT);
  assert_near(s.top1, 0.745, 1e-12);
  assert_near(s.top3, 0.87, 1e-12);
  assert_near(s.macro_f1, 0.5858542881943662, 1e-12);
  assert_near(s.macro_recall, 0.593960113960114, 1e-12);
  assert_near(s.nll, 1.3987863637661508, 1e-6);
  assert_near(s.calibration_error, 0.1515977215467532, 1e-6);
  assert_memory_equal(s.bin_count, golden_bins, sizeof golden_bins);
  assert_memory_equal(confusion, golden_confusion, sizeof confusion);
}

static void list_several(int *starts, int *all) {
  int used = 0;
  for (int i = 0; i < COUNT; i++) {
    bool right[CLASSES] = {false};
    right[labels[i]] = true;
    if (i % 4 == 0) right[(labels[i] + 1) % CLASSES] = true;
    if (i % 7 == 0) right[3] = true;
    starts[i] = used;
    for (int c = CLASSES - 1; c >= 0; c--) { /* in any order */
      if (right[c]) all[used++] = c;
    }
  }
  starts[COUNT] = used;
}

/* Golden values from scores_golden.py. */
static void several_labels_may_be_right(void **state) {
  (void)state;
  static int starts[COUNT + 1], all[COUNT * 3];
  list_several(starts, all);
  scores s;
  scores_among(COUNT, CLASSES, probabilities, &(label_sets){starts, all}, &s);
  assert_int_equal(s.count, COUNT);
  assert_near(s.top1, 0.76, 1e-12);
  assert_near(s.top3, 0.895, 1e-12);
  assert_near(s.macro_recall, 0.39135289567582404, 1e-12);
  assert_near(s.nll, 1.232665259298688, 1e-6);
  assert_near(s.calibration_error, 0.16659772154675323, 1e-6);
  assert_near(s.macro_f1, 0, 0);
}

static void first_answers_are_as_sure_as_they_are_right(void **state) {
  (void)state;
  static int starts[COUNT + 1], all[COUNT * 3];
  static const float tilt[CLASSES] = {0, 0.5F, -0.5F, 1, 0.25F, -1};
  static const float *const biases[] = {NULL, tilt};
  list_several(starts, all);
  const label_sets sets = {starts, all};
  assert_near(scores_fit_confidence(COUNT, CLASSES, logits, &sets, biases, 1), 1.18691, 1e-3);
  assert_near(scores_fit_confidence(COUNT, CLASSES, logits, &sets, biases, 2), 1.09765, 1e-3);
  assert_near(scores_fit_confidence(0, CLASSES, logits, &sets, biases, 2), 1, 0);
}

/* With one label each they are the same as ever. */
static void one_label_each_is_a_classification(void **state) {
  (void)state;
  static int starts[COUNT + 1];
  for (int i = 0; i <= COUNT; i++) starts[i] = i;
  scores one, among;
  scores_classification(COUNT, CLASSES, probabilities, labels, NULL, &one);
  scores_among(COUNT, CLASSES, probabilities, &(label_sets){starts, labels}, &among);
  assert_near(among.top1, one.top1, 1e-12);
  assert_near(among.top3, one.top3, 1e-12);
  assert_near(among.nll, one.nll, 1e-9);
  assert_near(among.macro_recall, one.macro_recall, 1e-12);
  assert_near(among.calibration_error, one.calibration_error, 1e-12);
  scores_among(0, CLASSES, probabilities, &(label_sets){starts, labels}, &among);
  assert_near(among.top1, 0, 0);
}

static void ties_go_to_the_lower_class(void **state) {
  (void)state;
  static const float even[] = {0.25f, 0.25f, 0.25f, 0.25f};
  int confusion[16];
  scores s;
  for (int label = 0; label < 4; label++) {
    scores_classification(1, 4, even, &label, confusion, &s);
    assert_near(s.top1, label == 0, 0);
    assert_near(s.top3, label < 3, 0);
    assert_int_equal(confusion[label * 4], 1);
  }
}

/* By hand. Labels 0 0 2, predictions 0 2 2 of classes 0 to 4: F1 of 0 is 2/3, of 2 is 2/3; classes
 * 1, 3 and 4 do not occur. Then a prediction of 1: F1 of 0 is 2/3, of 2 is 1, of 1 is 0. */
static void classes_that_never_occur_do_not_count(void **state) {
  (void)state;
  float p[3 * 5] = {[0] = 0.8f, [5 + 2] = 0.8f, [10 + 2] = 0.8f};
  const int of[] = {0, 0, 2};
  scores s;
  scores_classification(3, 5, p, of, NULL, &s);
  assert_near(s.macro_f1, 2.0 / 3, 1e-12);
  p[5 + 1] = 0.9f;
  scores_classification(3, 5, p, of, NULL, &s);
  assert_near(s.macro_f1, 5.0 / 9, 1e-12);
}

/* More classes than one pass of F1 counts: every one predicted right but the last as the first.
 * F1 is 1 for 598 of them, 2/3 for class 0 and 0 for class 599. */
static void many_classes_are_all_counted(void **state) {
  (void)state;
  enum { MANY = 600 };
  float *p = calloc((size_t)MANY * MANY, sizeof *p);
  int *of = malloc(MANY * sizeof *of);
  if (p == NULL || of == NULL) abort();
  for (int i = 0; i < MANY; i++) {
    of[i] = i;
    p[i * MANY + (i == MANY - 1 ? 0 : i)] = 1;
  }
  scores s;
  scores_classification(MANY, MANY, p, of, NULL, &s);
  assert_near(s.macro_f1, (598 + 2.0 / 3) / 600, 1e-12);
  free(of);
  free(p);
}

/* By hand: confidences 0.6 (right), 0.6 (wrong), 1 (right) give |0.5 - 0.6| 2/3 + 0. */
static void calibration_by_hand(void **state) {
  (void)state;
  static const float p[] = {0.6f, 0.4f, 0.6f, 0.4f, 0, 1};
  static const int of[] = {0, 1, 1};
  scores s;
  scores_classification(3, 2, p, of, NULL, &s);
  assert_near(s.calibration_error, 0.1 * 2 / 3, 1e-7);
  assert_int_equal(s.bin_count[9] + s.bin_count[8], 2); /* 0.6 as a float is a little above */
  assert_int_equal(s.bin_count[14], 1);
  assert_near(s.bin_confidence[14], 1, 0);
  assert_near(s.nll, -(log(0.6) + log(0.4)) / 3, 1e-7);
}

static void a_probability_of_zero_is_finite(void **state) {
  (void)state;
  static const float p[] = {0, 1};
  static const int of[] = {0};
  scores s;
  scores_classification(1, 2, p, of, NULL, &s);
  assert_true(isfinite(s.nll) && s.nll > 80);
}

static void nothing_scores_nothing(void **state) {
  (void)state;
  scores s;
  scores_classification(0, 3, NULL, NULL, NULL, &s);
  assert_near(s.top1 + s.top3 + s.macro_f1 + s.calibration_error + s.nll, 0, 0);
  assert_near(scores_fit_temperature(0, 3, NULL, NULL), 1, 0);
}

static double nll_at(double temperature) {
  double sum = 0;
  for (int i = 0; i < COUNT; i++) {
    double total = 0;
    for (int c = 0; c < CLASSES; c++) total += exp((double)logits[i * CLASSES + c] / temperature);
    sum += log(total) - (double)logits[i * CLASSES + labels[i]] / temperature;
  }
  return sum / COUNT;
}

static void temperature_is_the_best_of_a_scan(void **state) {
  (void)state;
  double fitted = scores_fit_temperature(COUNT, CLASSES, logits, labels);
  assert_near(fitted, 1.9911629194598541, 1.9911629194598541 * 3e-4); /* the scan's step */
  double at_fitted = nll_at(fitted);
  for (int i = 0; i <= 2000; i++) {
    double other = 0.05 * pow(400, i / 2000.0);
    assert_true(at_fitted <= nll_at(other) + 1e-9);
  }
}

static void temperature_stays_in_its_range(void **state) {
  (void)state;
  static const float x[] = {1, 0, 1, 0};
  static const int right[] = {0, 0}, wrong[] = {1, 1};
  assert_near(scores_fit_temperature(2, 2, x, right), 0.05, 1e-6);
  assert_near(scores_fit_temperature(2, 2, x, wrong), 20, 1e-4);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(scores_are_scikit_learns),
      cmocka_unit_test(several_labels_may_be_right),
      cmocka_unit_test(one_label_each_is_a_classification),
      cmocka_unit_test(first_answers_are_as_sure_as_they_are_right),
      cmocka_unit_test(ties_go_to_the_lower_class),
      cmocka_unit_test(classes_that_never_occur_do_not_count),
      cmocka_unit_test(many_classes_are_all_counted),
      cmocka_unit_test(calibration_by_hand),
      cmocka_unit_test(a_probability_of_zero_is_finite),
      cmocka_unit_test(nothing_scores_nothing),
      cmocka_unit_test(temperature_is_the_best_of_a_scan),
      cmocka_unit_test(temperature_stays_in_its_range),
  };
  return cmocka_run_group_tests(tests, make_predictions, NULL);
}
