#include "half.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rng.h"

/* Values and bits from NumPy: numpy.float16(numpy.float32(v)).view(numpy.uint16) */
static const struct {
  float value;
  uint16_t half;
} golden[] = {
    {0.0f, 0x0000},     {-0.0f, 0x8000},     {1.0f, 0x3C00},       {-2.0f, 0xC000},
    {65504.0f, 0x7BFF}, {65519.99f, 0x7BFF}, {65520.0f, 0x7C00},   {-1e30f, 0xFC00},
    {0.1f, 0x2E66},     {1.0f / 3, 0x3555},  {6.1e-5f, 0x03FF},    {0x1p-14f, 0x0400},
    {0x1p-24f, 0x0001}, {0x1p-25f, 0x0000},  {0x1.1p-25f, 0x0001}, {1e-7f, 0x0002},
    {2049.0f, 0x6800},  {2051.0f, 0x6802},   {0x1.006p0f, 0x3C02}, {0x1.ffep-15f, 0x0400},
    {INFINITY, 0x7C00},
};

static void rounds_as_numpy(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof golden / sizeof *golden; i++) {
    assert_int_equal(half_from_float(golden[i].value), golden[i].half);
  }
  assert_int_equal(half_from_float(NAN) & 0x7C00, 0x7C00);
  assert_int_not_equal(half_from_float(NAN) & 0x03FF, 0);
}

/* The definition: (-1)^s 2^(e - 15) (1 + f / 1024), and 2^-14 f / 1024 where e is 0. */
static double value_of(uint16_t half) {
  int exponent = half >> 10 & 0x1F;
  double fraction = (half & 0x3FF) / 1024.0;
  double magnitude = exponent == 0 ? ldexp(fraction, -14) : ldexp(1 + fraction, exponent - 15);
  return half & 0x8000 ? -magnitude : magnitude;
}

static void every_half_returns(void **state) {
  (void)state;
  for (uint32_t bits = 0; bits < 0x10000; bits++) {
    uint16_t half = (uint16_t)bits;
    float value = half_to_float(half);
    if ((half & 0x7C00) == 0x7C00) {
      assert_int_equal(!!isnan(value), (half & 0x3FF) != 0);
      assert_int_equal(!!isinf(value), (half & 0x3FF) == 0);
      continue;
    }
    assert_true((double)value == value_of(half));
    assert_int_equal(half_from_float(value), half);
  }
}

/* Of the two halves around a value the nearer is taken, of two equally near the even one. */
static void takes_the_nearest(void **state) {
  (void)state;
  rc_rng rng = rng_make(1, 0, 0);
  for (uint32_t bits = 0; bits < 0x7BFF; bits++) {
    double low = value_of((uint16_t)bits), high = value_of((uint16_t)(bits + 1));
    double middle = (low + high) / 2; /* exact as a float */
    uint16_t even = (uint16_t)(bits + (bits & 1));
    assert_int_equal(half_from_float((float)middle), even);
    assert_int_equal(half_from_float(nextafterf((float)middle, 0)), bits);
    assert_int_equal(half_from_float(nextafterf((float)middle, INFINITY)), bits + 1);
    float between = (float)(low + (high - low) * (double)rng_uniform(&rng));
    if ((double)between == middle) continue;
    uint16_t nearest = (uint16_t)(bits + ((double)between > middle));
    assert_int_equal(half_from_float(between), nearest);
    assert_int_equal(half_from_float(-between), nearest | 0x8000);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rounds_as_numpy),
      cmocka_unit_test(every_half_returns),
      cmocka_unit_test(takes_the_nearest),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
