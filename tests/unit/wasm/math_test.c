/* math.c's functions under other names, beside those of the C library. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define exp module_exp
#define log module_log
#define cos module_cos
double module_exp(double x);
double module_log(double x);
double module_cos(double x);
#include "math.c"
#undef exp
#undef log
#undef cos

#include <cmocka.h>

enum { SAMPLES = 100000 };

/* How many units in the last place of `want`, or of a number of `least`. */
static double ulps(double got, double want, double least) {
  return fabs(got - want) / (fmax(fabs(want), least) * DBL_EPSILON);
}

static void exp_is_that_of_the_library(void **state) {
  (void)state;
  for (int i = 0; i <= SAMPLES; i++) {
    const double x = -708 + 1417.0 * i / SAMPLES, small = 2.0 * i / SAMPLES - 1;
    assert_true(ulps(module_exp(x), exp(x), DBL_MIN) <= 2);
    assert_true(ulps(module_exp(small), exp(small), 0) <= 2);
  }
  assert_true(module_exp(-800) == 0 && isinf(module_exp(710)));
  assert_true(module_exp(0) == 1);
}

static void log_is_that_of_the_library(void **state) {
  (void)state;
  for (int i = 1; i <= SAMPLES; i++) {
    const double near = 2.0 * i / SAMPLES, far = ldexp(near, i % 2000 - 1000);
    assert_true(ulps(module_log(near), log(near), DBL_MIN) <= 2);
    assert_true(ulps(module_log(far), log(far), DBL_MIN) <= 2);
  }
  assert_true(ulps(module_log(0x1p-1070), log(0x1p-1070), 0) <= 2);
  assert_true(ulps(module_log(DBL_MAX), log(DBL_MAX), 0) <= 2);
  assert_true(module_log(1) == 0);
  assert_true(isinf(module_log(0)) && module_log(0) < 0);
  assert_true(isnan(module_log(-1)) && isnan(module_log(NAN)) && isinf(module_log(INFINITY)));
}

/* As normal numbers are drawn: the very floats. */
static void they_round_to_the_floats_of_the_library(void **state) {
  (void)state;
  for (int i = 0; i < 1 << 20; i++) {
    const double share = (double)(1 - (float)i * 0x1p-20F);
    assert_true((float)module_log(share) == (float)log(share));
    const double x = (double)(6.28318530717958648F * (float)i * 0x1p-20F);
    assert_true((float)module_cos(x) == (float)cos(x));
    assert_true(ulps(module_cos(x), cos(x), 0.1) <= 4);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(exp_is_that_of_the_library),
      cmocka_unit_test(log_is_that_of_the_library),
      cmocka_unit_test(they_round_to_the_floats_of_the_library),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
