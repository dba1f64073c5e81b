#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"
#include "rng.h"
#include "status.h"

static void fail_keeps_status_and_text(void **state) {
  (void)state;
  rc_error error;
  assert_int_equal(rc_fail(&error, RC_ERR_RANGE, "index %d of %d", 7, 3), RC_ERR_RANGE);
  assert_string_equal(error.text, "index 7 of 3");
  assert_int_equal(rc_fail(NULL, RC_ERR_IO, "unheard"), RC_ERR_IO);
}

static void fail_cuts_at_a_character(void **state) {
  (void)state;
  char text[400] = "x";
  for (size_t i = 1; i + 2 < sizeof text; i += 2) memcpy(text + i, "\xC3\xA9", 2);
  text[sizeof text - 1] = '\0';
  rc_error error;
  rc_fail(&error, RC_ERR_FORMAT, "%s", text);
  size_t length = strlen(error.text);
  assert_true(length >= sizeof error.text - 5 && length < sizeof error.text);
  assert_int_equal((length - 1) % 2, 0);
}

static void arena_measures_what_it_allocates(void **state) {
  (void)state;
  rc_arena measured = arena_measure();
  assert_null(ARENA_ARRAY(&measured, double, 3));
  assert_null(ARENA_ARRAY(&measured, char, 65));
  rc_arena arena;
  assert_int_equal(arena_new(&arena, measured.used, NULL), RC_OK);
  double *numbers = ARENA_ARRAY(&arena, double, 3);
  char *letters = ARENA_ARRAY(&arena, char, 65);
  assert_non_null(numbers);
  assert_non_null(letters);
  assert_int_equal((uintptr_t)letters % ARENA_ALIGNMENT, 0);
  assert_int_equal(arena.used, measured.used);
  assert_int_equal(arena_check(&arena, "it", NULL), RC_OK);
  arena_free(&arena);
}

static void arena_reports_exhaustion_once(void **state) {
  (void)state;
  rc_arena arena;
  rc_error error;
  assert_int_equal(arena_new(&arena, 64, NULL), RC_OK);
  assert_non_null(arena_alloc(&arena, 1, 64));
  assert_null(arena_alloc(&arena, 1, 1));
  assert_int_equal(arena_check(&arena, "a test", &error), RC_ERR_MEMORY);
  assert_non_null(strstr(error.text, "a test"));
  arena_reset(&arena);
  assert_null(arena_alloc(&arena, SIZE_MAX / 2, 4));
  assert_int_equal(arena_check(&arena, "a test", NULL), RC_ERR_MEMORY);
  arena_free(&arena);
  assert_int_equal(arena_new(&arena, SIZE_MAX, NULL), RC_ERR_MEMORY);
}

/* The published check value of PCG32: seed 42, sequence 54 (pcg-c-basic's demo). */
static void rng_is_pcg32(void **state) {
  (void)state;
  rc_rng rng = {.state = 0, .increment = (54u << 1) | 1u};
  (void)rng_u32(&rng);
  rng.state += 42;
  (void)rng_u32(&rng);
  const uint32_t expected[] = {0xa15c02b7, 0x7b47f409, 0xba1d3330,
                               0x83d2f293, 0xbfa4784b, 0xcbed606e};
  for (size_t i = 0; i < 6; i++) assert_int_equal(rng_u32(&rng), expected[i]);
}

static void rng_streams_differ_and_repeat(void **state) {
  (void)state;
  rc_rng a = rng_make(1, 2, 3), b = rng_make(1, 2, 3), c = rng_make(1, 3, 2);
  int same = 0;
  for (int i = 0; i < 100; i++) {
    uint32_t draw = rng_u32(&a);
    assert_int_equal(draw, rng_u32(&b));
    same += draw == rng_u32(&c);
  }
  assert_true(same < 2);
}

static void rng_moments(void **state) {
  (void)state;
  rc_rng rng = rng_make(7, 0, 0);
  enum { DRAWS = 100000 };
  double uniform = 0, mean = 0, square = 0;
  int counts[6] = {0};
  for (int i = 0; i < DRAWS; i++) {
    float u = rng_uniform(&rng);
    assert_true(u >= 0 && u < 1);
    uniform += u;
    double n = rng_normal(&rng);
    mean += n;
    square += n * n;
    counts[rng_below(&rng, 6)]++;
  }
  /* Five standard deviations. */
  assert_float_equal(uniform / DRAWS, 0.5, 5 * 0.2887 / 316);
  assert_float_equal(mean / DRAWS, 0, 5.0 / 316);
  assert_float_equal(square / DRAWS, 1, 5 * 1.4142 / 316);
  for (int i = 0; i < 6; i++) assert_float_equal(counts[i], DRAWS / 6.0, 5 * 118.0);
}

static void shuffle_is_a_permutation(void **state) {
  (void)state;
  rc_rng rng = rng_make(3, 0, 0);
  int items[50], seen[50] = {0}, moved = 0;
  for (int i = 0; i < 50; i++) items[i] = i;
  rng_shuffle(&rng, items, 50);
  for (int i = 0; i < 50; i++) {
    seen[items[i]]++;
    moved += items[i] != i;
  }
  for (int i = 0; i < 50; i++) assert_int_equal(seen[i], 1);
  assert_true(moved > 30);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fail_keeps_status_and_text),
      cmocka_unit_test(fail_cuts_at_a_character),
      cmocka_unit_test(arena_measures_what_it_allocates),
      cmocka_unit_test(arena_reports_exhaustion_once),
      cmocka_unit_test(rng_is_pcg32),
      cmocka_unit_test(rng_streams_differ_and_repeat),
      cmocka_unit_test(rng_moments),
      cmocka_unit_test(shuffle_is_a_permutation),
  };
  return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
