#include "ngrams.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { TEXTS = 4, CLASSES = 3, LENGTH = 3 };

/* Golden values from ngrams_golden.py: scikit-learn. */
static void it_is_scikit_learns_regression(void **state) {
  (void)state;
  static const int text[TEXTS][LENGTH] = {{0, 1, 2}, {0, 1, 4000}, {3, 1, 0}, {2, 2, 2}};
  static const int lengths[TEXTS] = {3, 3, 3, 2};
  static const real targets[TEXTS * CLASSES] = {1, 0, 0, 0.5F, 0.5F, 0, 0, 1, 0, 0, 0, 1};
  static const real weights[TEXTS] = {1, 2, 1, 0.5F};
  static const double golden[TEXTS][CLASSES] = {{0.907876, 0.057509, 0.034615},
                                                {0.493090, 0.481610, 0.025300},
                                                {0.045439, 0.925232, 0.029329},
                                                {0.121010, 0.108078, 0.770912}};
  static const double golden_new[CLASSES] = {0.173402, 0.728626, 0.097973};
  const int *ids[TEXTS];
  for (int i = 0; i < TEXTS; i++) ids[i] = text[i];
  const ngram_texts texts = {TEXTS, CLASSES, ids, lengths, targets, weights};
  ngram_model model;
  assert_int_equal(ngram_train(&model, &texts, 2, NULL), RC_OK);
  float p[CLASSES];
  for (int i = 0; i < TEXTS; i++) {
    assert_int_equal(ngram_predict(&model, ids[i], lengths[i], p, NULL), RC_OK);
    for (int c = 0; c < CLASSES; c++) assert_float_equal((double)p[c], golden[i][c], 2e-3);
  }
  static const int fresh[] = {3, 1, 4000, 7};
  assert_int_equal(ngram_predict(&model, fresh, 4, p, NULL), RC_OK);
  for (int c = 0; c < CLASSES; c++) assert_float_equal((double)p[c], golden_new[c], 2e-3);
  ngram_free(&model);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(it_is_scikit_learns_regression)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
