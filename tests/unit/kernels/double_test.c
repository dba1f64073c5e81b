/* The double build has the reference alone, and computes in double throughout: every value below is
 * right to 15 digits. */

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernels.h"

static void assert_close(real got, double want) {
  assert_true(fabs(got - want) <= 1e-15 * (1 + fabs(want)));
}

static void test_only_the_reference(void **state) {
  (void)state;
  assert_int_equal(sizeof(real), sizeof(double));
  assert_int_equal(kernels_select(NULL, NULL), RC_OK);
  assert_string_equal(kernels->name, "ref");
  assert_null(kernels_available(1));
}

static void test_activations(void **state) {
  (void)state;
  const real x[] = {0.5, -1};
  real y[2];
  kernels->tanh(2, x, y);
  assert_close(y[0], 0.46211715726000975850);
  assert_close(y[1], -0.76159415595576488812);
  kernels->sigmoid(2, x, y);
  assert_close(y[0], 0.62245933120185456464);
  assert_close(y[1], 0.26894142136999512075);
}

/* x = log(1, 2, 5): softmax is x's exponentials over 8. */
static void test_softmax(void **state) {
  (void)state;
  const real x[] = {0, 0.69314718055994530942, 1.60943791243410037460};
  real y[3];
  kernels->softmax(1, 3, x, y);
  assert_close(y[0], 0.125);
  assert_close(y[1], 0.25);
  assert_close(y[2], 0.625);
  kernels->log_softmax(1, 3, x, y);
  assert_close(y[0], -2.07944154167983592825);
}

/* 1/3 and 1/7 have no short form: a float on the way would show. */
static void test_sums(void **state) {
  (void)state;
  const real a[] = {1.0 / 3, 1.0 / 7}, b[] = {1.0 / 7, 1.0 / 3};
  real packed[2], c[1];
  assert_int_equal(kernels->gemm_packed_size(2, 1), 2);
  kernels->gemm_pack(false, 2, 1, b, 1, packed);
  kernels->gemm(1, 1, 2, a, 2, 1, packed, false, c, 1);
  assert_close(c[0], 2.0 / 21);
  assert_close(kernels->square_sum(2, a), 58.0 / 441);
}

/* The first step of Adam moves by lr g / (|g| + epsilon), nearly lr. */
static void test_adam(void **state) {
  (void)state;
  const adam_step step = {.lr = 0.001,
                          .beta1 = 0.9,
                          .beta2 = 0.999,
                          .epsilon = 1e-8,
                          .correction1 = 1 - 0.9,
                          .correction2 = 1 - 0.999};
  const real gradient[] = {0.5};
  real m[] = {0}, v[] = {0}, value[] = {1};
  kernels->adam(&step, 1, gradient, m, v, value);
  assert_close(m[0], 0.05);
  assert_close(v[0], 0.00025);
  assert_close(value[0], 1 - 0.001 * 0.5 / (0.5 + 1e-8));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_only_the_reference),
      cmocka_unit_test(test_activations),
      cmocka_unit_test(test_softmax),
      cmocka_unit_test(test_sums),
      cmocka_unit_test(test_adam),
  };
  return cmocka_run_group_tests_name("kernels_f64", tests, NULL, NULL);
}
