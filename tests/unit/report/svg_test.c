#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "svg.h"

static void ticks_are_round(void **state) {
  (void)state;
  static const struct {
    double low, high, first, last;
    int most, count, decimals;
  } cases[] = {
      {0, 1, 0, 1, 6, 6, 1},         /* 0.0 0.2 ... 1.0 */
      {0.5, 2.1, 0.5, 2.0, 7, 4, 1}, /* 0.5 1.0 1.5 2.0 */
      {0.812, 0.841, 0.815, 0.84, 7, 6, 3},
      {1, 20, 5, 20, 10, 4, 0}, /* 5 10 15 20 */
      {-3, 3, -3, 3, 7, 7, 0},
      {0, 1e6, 0, 1e6, 6, 6, 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    svg_ticks ticks = svg_ticks_of(cases[i].low, cases[i].high, cases[i].most);
    assert_int_equal(ticks.count, cases[i].count);
    assert_float_equal(ticks.at[0], cases[i].first, 1e-9);
    assert_float_equal(ticks.at[ticks.count - 1], cases[i].last, 1e-9);
    assert_int_equal(ticks.decimals, cases[i].decimals);
  }
  svg_ticks whole = svg_ticks_whole(1, 3, 10);
  assert_int_equal(whole.count, 3);
  double low = 0.7, high = 0.7;
  svg_round_range(&low, &high, 7);
  assert_true(low < 0.7 && high > 0.7);
}

static void labels_do_not_meet(void **state) {
  (void)state;
  double y[] = {100, 101, 20, 99, 299};
  svg_spread_labels(y, 5, 16, 10, 300);
  assert_true(y[2] < y[3] && y[3] + 16 <= y[0] + 1e-9 && y[0] + 16 <= y[1] + 1e-9 && y[4] <= 300);
  double low[] = {295, 296, 297};
  svg_spread_labels(low, 3, 16, 10, 300);
  assert_float_equal(low[2], 300, 1e-9);
  assert_float_equal(low[0], 268, 1e-9);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ticks_are_round),
      cmocka_unit_test(labels_do_not_meet),
  };
  return cmocka_run_group_tests_name("svg", tests, NULL, NULL);
}
