#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "classifier.h"

/* Central differences of the whole training step, every parameter, in double. */

enum { TEXTS = 4, LABELS = 3 };
static const int LENGTHS[TEXTS] = {3, 1, 5, 3};
static const int IDS[] = {30, 4, 7, 57, 26, 0, 1, 2, 52, 9, 9, 9};
static const int TARGETS[TEXTS] = {2, 0, 1, 2};

typedef struct fixture {
  classifier net;
  rc_arena memory;
  real *values, *gradients;
  classifier_workspace *workspace;
  cross_entropy_target target;
  classifier_batch batch;
} fixture;

static void fixture_lay_out(fixture *f, rc_arena *arena) {
  f->values = ARENA_ARRAY(arena, real, f->net.params.total);
  f->gradients = ARENA_ARRAY(arena, real, f->net.params.total);
  f->workspace = classifier_workspace_new(&f->net, TEXTS, 12, 5, true, arena);
}

static void fixture_open(fixture *f, const classifier_config *config) {
  static const real soft[TEXTS * LABELS] = {.2, .5, .3, .1, .1, .8, .3, .3, .4, 0, 1, 0};
  *f = (fixture){.batch = {.count = TEXTS, .ids = IDS, .lengths = LENGTHS}};
  assert_int_equal(classifier_build(&f->net, config, NULL), RC_OK);
  rc_arena need = arena_measure();
  fixture_lay_out(f, &need);
  assert_int_equal(arena_new(&f->memory, need.used, NULL), RC_OK);
  fixture_lay_out(f, &f->memory);
  assert_non_null(f->workspace);
  classifier_init(&f->net, 5, f->values);
  f->target = (cross_entropy_target){
      .targets = TARGETS, .smoothing = 0.1, .soft = soft, .soft_weight = 0.3};
}

/* Dropout masks repeat because the generator does. */
static double step(fixture *f) {
  rc_rng rng = rng_make(9, 9, 9);
  classifier_step_result result;
  memset(f->gradients, 0, f->net.params.total * sizeof(real));
  assert_int_equal(classifier_train_step(&f->net, f->values, &f->batch, &f->target, 1, &rng,
                                         f->gradients, &result, f->workspace, NULL),
                   RC_OK);
  return result.loss;
}

static void check(const classifier_config *config) {
  fixture f;
  fixture_open(&f, config);
  step(&f);
  size_t total = f.net.params.total;
  real *analytic = malloc(total * sizeof *analytic);
  assert_non_null(analytic);
  memcpy(analytic, f.gradients, total * sizeof *analytic);
  double worst = 0, largest = 0;
  for (size_t i = 0; i < total; i++) {
    const double h = 1e-5;
    real kept = f.values[i];
    f.values[i] = kept + h;
    double up = step(&f);
    f.values[i] = kept - h;
    double down = step(&f);
    f.values[i] = kept;
    worst = fmax(worst, fabs((up - down) / (2 * h) - analytic[i]));
    largest = fmax(largest, fabs(analytic[i]));
  }
  free(analytic);
  arena_free(&f.memory);
  assert_true(largest > 0.01);
  if (worst > 1e-7 * fmax(1, largest)) fail_msg("gradient off by %g of %g", worst, largest);
}

static const classifier_config SMALL = {.layers = 1,
                                        .hidden = 3,
                                        .directions = 1,
                                        .embedding = 0,
                                        .pooling = POOLING_LAST,
                                        .labels = LABELS};

static void every_cell(void (*run)(const classifier_config *), classifier_config config) {
  const recurrent_cell *cells[] = {&rnn_cell, &lstm_cell, &gru_cell};
  for (int i = 0; i < 3; i++) {
    config.cell = cells[i];
    run(&config);
  }
}

static void one_hot_last(void **state) {
  (void)state;
  every_cell(check, SMALL);
}

static void embedded_pooled_both_directions(void **state) {
  (void)state;
  classifier_config config = SMALL;
  config.directions = 2;
  config.embedding = 4;
  config.pooling = POOLING_ALL;
  every_cell(check, config);
}

static void two_layers_with_dropout_everywhere(void **state) {
  (void)state;
  classifier_config config = SMALL;
  config.layers = 2;
  config.directions = 2;
  config.embedding = 4;
  config.pooling = POOLING_ALL;
  config.dropout_embedding = 0.2;
  config.dropout_layers = 0.3;
  config.dropout_output = 0.4;
  every_cell(check, config);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_hot_last),
      cmocka_unit_test(embedded_pooled_both_directions),
      cmocka_unit_test(two_layers_with_dropout_everywhere),
  };
  return cmocka_run_group_tests_name("classifier gradient", tests, NULL, NULL);
}
