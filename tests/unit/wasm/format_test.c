/* The WASM module's snprintf against the C library's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "format.h"
#include "rng.h"

__attribute__((format(printf, 3, 4))) static int format(char *text, size_t size,
                                                        const char *pattern, ...) {
  va_list arguments;
  va_start(arguments, pattern);
  int length = format_text(text, size, pattern, arguments);
  va_end(arguments);
  return length;
}

__attribute__((format(printf, 3, 4))) static int library(char *text, size_t size,
                                                         const char *pattern, ...) {
  va_list arguments;
  va_start(arguments, pattern);
  int length = vsnprintf(text, size, pattern, arguments);
  va_end(arguments);
  return length;
}

/* Both ways give the same text and length. */
#define SAME(...)                                               \
  do {                                                          \
    char ours[256], theirs[256];                                \
    int length = format(ours, sizeof ours, __VA_ARGS__);        \
    int expected = library(theirs, sizeof theirs, __VA_ARGS__); \
    assert_string_equal(ours, theirs);                          \
    assert_int_equal(length, expected);                         \
  } while (0)

static void test_integers(void **state) {
  (void)state;
  const int numbers[] = {0, 1, -1, 9, 10, -10, 4096, INT_MAX, INT_MIN};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    SAME("%d|%05d|%02d", numbers[i], numbers[i], numbers[i]);
    SAME("%u|%X|%02X|%08X", (unsigned)numbers[i], (unsigned)numbers[i], (unsigned)numbers[i],
         (unsigned)numbers[i]);
  }
  SAME("%ld %ld %lu", LONG_MIN, LONG_MAX, ULONG_MAX);
  SAME("%lld %lld %llu", LLONG_MIN, LLONG_MAX, ULLONG_MAX);
  SAME("%zu of %zu", SIZE_MAX, (size_t)0);
}

static void test_strings(void **state) {
  (void)state;
  const char unterminated[] = {'a', 'b', 'c'};
  SAME("%s", "");
  SAME("a %s b %s%%", "ümlaut", "x");
  SAME("%.60s|%.2s|%.0s", "short", "short", "short");
  SAME("%.*s|%.*s", 3, unterminated, 0, unterminated);
  SAME("tensor %.*s: %s is %d, allowed are %llu to %zu", 3, unterminated, "size", -7, 1ull,
       (size_t)2);
}

static void test_general(void **state) {
  (void)state;
  const double numbers[] = {0.0,    -0.0,    1,       -1,       0.5,      0.1,     0.7,
                            100,    123456,  1234567, 999999.6, 0.0001,   0.00001, 0.000123456,
                            -2.5e9, 1e21,    1e100,   1e-100,   0.099999, 1.0 / 3, 2.0 / 3,
                            65504,  3.4e38f, DBL_MAX, INFINITY, -INFINITY};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) SAME("%g", numbers[i]);
  rc_rng rng = rng_make(1, 2, 3);
  for (int i = 0; i < 10000; i++) {
    double number = (double)rng_normal(&rng) * pow(10, (double)rng_below(&rng, 40) - 20);
    SAME("%g", number);
  }
  char text[8];
  format(text, sizeof text, "%g", (double)NAN);
  assert_non_null(strstr(text, "nan"));
}

static void test_cut(void **state) {
  (void)state;
  for (size_t size = 0; size < 12; size++) {
    char ours[12], theirs[12];
    memset(ours, '#', sizeof ours);
    memset(theirs, '#', sizeof theirs);
    int length = format(ours, size, "%s-%d", "abcd", -12345);
    assert_int_equal(length, library(theirs, size, "%s-%d", "abcd", -12345));
    assert_memory_equal(ours, theirs, sizeof ours);
  }
  assert_int_equal(format(NULL, 0, "%d", 1234), 4);
}

static void test_unknown(void **state) {
  (void)state;
  char text[32];
  const char *pattern = "100%y %"; /* no literal, as the compiler knows better */
  va_list none;
  memset(&none, 0, sizeof none);
  assert_int_equal(format_text(text, sizeof text, pattern, none), 7);
  assert_string_equal(text, "100%y %");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_integers), cmocka_unit_test(test_strings),
      cmocka_unit_test(test_general),  cmocka_unit_test(test_cut),
      cmocka_unit_test(test_unknown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
