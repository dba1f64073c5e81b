#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "finite_difference.h"
#include "translator.h"

/* Central differences of the whole training step, every parameter, in double. */

enum { SENTENCES = 3, SOURCES = 7, TARGETS = 8 };

typedef struct fixture {
  translator net;
  rc_arena memory;
  real *values, *gradients;
  translator_workspace *workspace;
  translator_batch batch;
} fixture;

static const translator_config SMALL = {.source_vocabulary = 6,
                                        .target_vocabulary = 5,
                                        .embedding = 3,
                                        .hidden = 4,
                                        .encoder_hidden = 4,
                                        .encoder_layers = 1,
                                        .encoder_directions = 1};
static const translator_room ROOM = {.count = SENTENCES,
                                     .source_tokens = SOURCES,
                                     .target_tokens = TARGETS,
                                     .source_length = 4,
                                     .target_length = 4};

/* The longest source has not the longest target. */
static const translator_batch BATCH = {
    .count = SENTENCES,
    .sources = (const int[SOURCES]){5, 0, 1, 2, 3, 4, 1},
    .source_lengths = (const int[SENTENCES]){2, 4, 1},
    .inputs = (const int[TARGETS]){0, 3, 1, 4, 0, 2, 0, 4},
    .outputs = (const int[TARGETS]){3, 1, 4, 1, 2, 1, 4, 1},
    .target_lengths = (const int[SENTENCES]){4, 2, 2},
};

static void fixture_lay_out(fixture *f, rc_arena *arena) {
  f->values = ARENA_ARRAY(arena, real, f->net.params.total);
  f->gradients = ARENA_ARRAY(arena, real, f->net.params.total);
  f->workspace = translator_workspace_new(&f->net, &ROOM, arena);
}

static int fixture_open(void **state) {
  static fixture f;
  f = (fixture){.batch = BATCH};
  assert_int_equal(translator_build(&f.net, &SMALL, NULL), RC_OK);
  rc_arena need = arena_measure();
  fixture_lay_out(&f, &need);
  assert_int_equal(arena_new(&f.memory, need.used, NULL), RC_OK);
  fixture_lay_out(&f, &f.memory);
  assert_non_null(f.workspace);
  translator_init(&f.net, 5, f.values);
  *state = &f;
  return 0;
}

static int fixture_close(void **state) {
  fixture *f = *state;
  arena_free(&f->memory);
  return 0;
}

static double step(void *context) {
  fixture *f = context;
  double loss;
  memset(f->gradients, 0, f->net.params.total * sizeof(real));
  assert_int_equal(translator_train_step(&f->net, f->values, &f->batch, 0.1, 1, NULL, f->gradients,
                                         &loss, f->workspace, NULL),
                   RC_OK);
  return loss;
}

static void training_step_agrees(void **state) {
  fixture *f = *state;
  const size_t total = f->net.params.total;
  step(f);
  real *analytic = malloc(total * sizeof *analytic);
  assert_non_null(analytic);
  memcpy(analytic, f->gradients, total * sizeof *analytic);
  assert_gradient("values", step, f, f->values, total, analytic);
  free(analytic);
}

/* A sentence's loss and gradient do not depend on its neighbours. */
static void sentences_are_independent(void **state) {
  fixture *f = *state;
  const size_t total = f->net.params.total;
  const double together = step(f);
  real *sum = calloc(total, sizeof *sum), *gradients = malloc(total * sizeof *gradients);
  assert_non_null(sum);
  assert_non_null(gradients);
  memcpy(gradients, f->gradients, total * sizeof *gradients);
  double apart = 0;
  translator_batch one = BATCH;
  one.count = 1;
  for (int i = 0; i < SENTENCES; i++) {
    f->batch = one;
    apart += step(f);
    for (size_t p = 0; p < total; p++) sum[p] += f->gradients[p];
    one.sources += *one.source_lengths++;
    one.inputs += *one.target_lengths;
    one.outputs += *one.target_lengths++;
  }
  assert_true(fabs(together - apart) < 1e-12 * together);
  for (size_t p = 0; p < total; p++) assert_true(fabs((double)(sum[p] - gradients[p])) < 1e-12);
  free(sum);
  free(gradients);
}

static void batches_beyond_the_room_are_refused(void **state) {
  fixture *f = *state;
  double loss;
  rc_error error;
  translator_batch batch = BATCH;
  const int too_long[SENTENCES] = {2, 5, 1}, too_many[SENTENCES] = {4, 3, 2};
  batch.target_lengths = too_long;
  assert_int_equal(translator_train_step(&f->net, f->values, &batch, 0, 1, NULL, f->gradients,
                                         &loss, f->workspace, &error),
                   RC_ERR_ARGUMENT);
  assert_non_null(strstr(error.text, "target"));
  batch.target_lengths = too_many;
  assert_int_equal(translator_train_step(&f->net, f->values, &batch, 0, 1, NULL, f->gradients,
                                         &loss, f->workspace, &error),
                   RC_ERR_ARGUMENT);
  batch = BATCH;
  batch.count = SENTENCES + 1;
  assert_int_equal(translator_train_step(&f->net, f->values, &batch, 0, 1, NULL, f->gradients,
                                         &loss, f->workspace, &error),
                   RC_ERR_ARGUMENT);
}

static void senseless_shapes_are_refused(void **state) {
  (void)state;
  translator net;
  translator_config config = SMALL;
  config.hidden = 0;
  assert_int_equal(translator_build(&net, &config, NULL), RC_ERR_ARGUMENT);
  config = SMALL;
  config.target_vocabulary = TRANSLATOR_VOCABULARY_MAX + 1;
  assert_int_equal(translator_build(&net, &config, NULL), RC_ERR_ARGUMENT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(training_step_agrees, fixture_open, fixture_close),
      cmocka_unit_test_setup_teardown(sentences_are_independent, fixture_open, fixture_close),
      cmocka_unit_test_setup_teardown(batches_beyond_the_room_are_refused, fixture_open,
                                      fixture_close),
      cmocka_unit_test(senseless_shapes_are_refused),
  };
  return cmocka_run_group_tests_name("translator gradient", tests, NULL, NULL);
}
