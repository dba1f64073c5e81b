#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "arena.h"
#include "rng.h"

/* What a process says on standard error while it does that, and whether it dies of it. */
typedef struct death {
  bool died;
  char said[4096];
} death;

static death death_by(void (*act)(void)) {
  death d = {.died = false};
  int ends[2], status;
  assert_int_equal(pipe(ends), 0);
  const pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    act();
    _exit(0);
  }
  close(ends[1]);
  size_t used = 0;
  for (ssize_t more; (more = read(ends[0], d.said + used, sizeof d.said - 1 - used)) > 0;) {
    used += (size_t)more;
    if (used == sizeof d.said - 1) used = 1024; /* the rest of a long report does not matter */
  }
  d.said[used] = '\0';
  close(ends[0]);
  assert_int_equal(waitpid(child, &status, 0), child);
  d.died = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
  return d;
}

static void draw_below_0(void) {
  rc_rng rng = rng_make(1, 2, 3);
  volatile uint32_t bound = 0;
  (void)rng_below(&rng, bound);
}

static void what_a_caller_must_see_to_is_asserted(void **state) {
  (void)state;
#ifdef RECUR_ASSERTS
  const death d = death_by(draw_below_0);
  assert_true(d.died);
  assert_non_null(strstr(d.said, "rng.c:"));
  assert_non_null(strstr(d.said, "bound > 0"));
#else
  (void)draw_below_0;
  skip();
#endif
}

static void a_release_does_not_ask(void **state) {
  (void)state;
  int asked = 0;
  RC_ASSERT(++asked);
#ifdef RECUR_ASSERTS
  assert_int_equal(asked, 1);
#else
  assert_int_equal(asked, 0);
#endif
}

static void indices_are_compared_with_both_ends(void **state) {
  (void)state;
  const int indices[] = {0, 4, 2, -1};
  assert_true(indices_below(indices, 3, 5));
  assert_false(indices_below(indices, 3, 4));
  assert_false(indices_below(indices, 4, 5));
  assert_true(indices_below(indices, 0, 0));
}

static rc_arena arena;

/* Two neighbours of an arena, [24] and [64] bytes; the index is out of the compiler's sight. */
static void touch(size_t index) {
  unsigned char *first = arena_alloc(&arena, 3, 8);
  (void)ARENA_ARRAY(&arena, char, 64);
  *(volatile unsigned char *)(first + index) = 1;
}

static void touch_last(void) {
  touch(23);
}

static void touch_padding(void) {
  touch(24);
}

static void touch_neighbour(void) {
  touch(ARENA_ALIGNMENT);
}

static void touch_what_was_given_back(void) {
  unsigned char *first = arena_alloc(&arena, 8, 8);
  arena_reset(&arena);
  *(volatile unsigned char *)first = 1;
}

static void touch_what_nobody_has(void) {
  unsigned char *first = arena_alloc(&arena, 8, 8);
  *(volatile unsigned char *)(first + 1000) = 1;
}

static void a_step_beyond_an_array_is_reported(void **state) {
  (void)state;
#ifdef RECUR_ASAN
  static void (*const beyond[])(void) = {touch_padding, touch_neighbour, touch_what_was_given_back,
                                         touch_what_nobody_has};
  assert_int_equal(arena_new(&arena, 4096, NULL), RC_OK);
  assert_false(death_by(touch_last).died);
  for (size_t i = 0; i < sizeof beyond / sizeof *beyond; i++) {
    const death d = death_by(beyond[i]);
    assert_true(d.died);
    assert_non_null(strstr(d.said, "use-after-poison"));
  }
  arena_free(&arena);
#else
  (void)touch_last;
  (void)touch_padding;
  (void)touch_neighbour;
  (void)touch_what_was_given_back;
  (void)touch_what_nobody_has;
  (void)death_by;
  skip();
#endif
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_a_caller_must_see_to_is_asserted),
      cmocka_unit_test(a_release_does_not_ask),
      cmocka_unit_test(indices_are_compared_with_both_ends),
      cmocka_unit_test(a_step_beyond_an_array_is_reported),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
