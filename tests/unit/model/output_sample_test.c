#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "output_sample.h"

enum { IN = 2, TOKENS = 40, SAID = 6, WANTED = 9, SURE = 7, ALL = SURE + 5 };

typedef struct fixture {
  rc_arena memory;
  linear output;
  real values[TOKENS * (IN + 1)];
  output_sample sample;
} fixture;

static void open_for(fixture *f, int wanted, int most_said) {
  *f = (fixture){.output = {IN, TOKENS, 0, (size_t)TOKENS * IN}};
  for (int i = 0; i < TOKENS * (IN + 1); i++) f->values[i] = (real)i;
  rc_arena need = arena_measure();
  output_sample_layout(&f->output, wanted, most_said, &need);
  assert_int_equal(arena_new(&f->memory, need.used + 1, NULL), RC_OK);
  f->sample = output_sample_layout(&f->output, wanted, most_said, &f->memory);
  assert_false(f->memory.failed);
}

static const int SAYS[SAID] = {7, 39, 7, 0, 21, 39}; /* SURE are these and 1, 2, 3 */

/* What a token counts in the softmax's sum, which its bias adds to: 1 on average, whatever it is.
 */
static void tokens_count_once_on_average(void **state) {
  (void)state;
  enum { DRAWS = 20000 };
  fixture f;
  open_for(&f, WANTED, SAID);
  double weight[TOKENS] = {0}, smooth[TOKENS] = {0};
  rc_rng rng = rng_make(3, 0, 0);
  for (int draw = 0; draw < DRAWS; draw++) {
    int said[SAID];
    memcpy(said, SAYS, sizeof said);
    output_sample_draw(&f.sample, f.values, SAID, said, &rng);
    assert_int_equal(f.sample.layer.out, ALL);
    const real *values = output_sample_values(&f.sample, f.values);
    const cross_entropy_target target = output_sample_target(&f.sample, said, 0.1F, NULL);
    assert_true(target.soft_shared && target.smoothing == 0);
    bool seen[TOKENS] = {false};
    for (int i = 0; i < ALL; i++) {
      const int id = output_sample_id(&f.sample, i);
      assert_in_range(id, 0, TOKENS - 1);
      assert_false(seen[id]);
      seen[id] = true;
      for (int k = 0; k < IN; k++) assert_true(values[i * IN + k] == (real)(id * IN + k));
      const real bias = f.values[f.output.bias + (size_t)id];
      smooth[id] += (double)target.soft[i] / DRAWS;
      weight[id] += exp((double)(values[f.sample.layer.bias + (size_t)i] - bias)) / DRAWS;
    }
    for (int i = 0; i < SAID; i++) {
      assert_int_equal(output_sample_id(&f.sample, said[i]), SAYS[i]);
    }
  }
  /* Of a drawn one the deviation is sqrt((33 / 5 - 1) / 20,000) = 0.017. */
  for (int id = 0; id < TOKENS; id++) {
    assert_true(fabs(weight[id] - 1) < 0.085);
    assert_true(fabs(smooth[id] * TOKENS - 1) < 0.085);
  }
  for (int i = 0; i < SAID; i++) assert_true(fabs(weight[SAYS[i]] - 1) < 1e-5);
  for (int id = 0; id < WANTED / 2; id++) assert_true(fabs(weight[id] - 1) < 1e-5);
  arena_free(&f.memory);
}

static void gradients_go_where_the_tokens_are(void **state) {
  (void)state;
  fixture f;
  open_for(&f, WANTED, SAID);
  rc_rng rng = rng_make(4, 0, 0);
  int said[SAID];
  memcpy(said, SAYS, sizeof said);
  output_sample_draw(&f.sample, f.values, SAID, said, &rng);
  real gradients[TOKENS * (IN + 1)] = {0};
  real *part = output_sample_gradients(&f.sample, gradients);
  for (size_t i = 0; i < f.sample.layer.bias + ALL; i++) {
    assert_true(part[i] == 0);
    part[i] = (real)(i + 1);
  }
  gradients[f.output.weight + 7 * IN] = 0.5F;
  output_sample_add(&f.sample, gradients);
  const int place = said[0];
  assert_true(gradients[f.output.weight + 7 * IN] == (real)(place * IN + 1) + 0.5F);
  int touched = 0;
  for (int id = 0; id < TOKENS; id++) touched += gradients[f.output.bias + (size_t)id] != 0;
  assert_int_equal(touched, ALL);
  arena_free(&f.memory);
}

static void none_is_drawn_where_all_are_wanted(void **state) {
  (void)state;
  const int wanted[] = {0, TOKENS - 2, TOKENS, TOKENS + 1};
  for (int w = 0; w < 4; w++) {
    fixture f;
    open_for(&f, wanted[w], SAID);
    rc_rng rng = rng_make(6, 0, 0), before = rng;
    int said[SAID];
    memcpy(said, SAYS, sizeof said);
    output_sample_draw(&f.sample, f.values, SAID, said, &rng);
    assert_memory_equal(said, SAYS, sizeof said);
    assert_memory_equal(&rng, &before, sizeof rng);
    assert_true(output_sample_values(&f.sample, f.values) == f.values);
    assert_int_equal(f.sample.layer.out, TOKENS);
    arena_free(&f.memory);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tokens_count_once_on_average),
      cmocka_unit_test(gradients_go_where_the_tokens_are),
      cmocka_unit_test(none_is_drawn_where_all_are_wanted),
  };
  return cmocka_run_group_tests_name("sample of output tokens", tests, NULL, NULL);
}
