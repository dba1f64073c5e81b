#include "trainer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "threads.h"

/* A task of more parameters than one part of an update, whose gradients are 2 (w - shard - batch)
 * with noise, so that they depend on everything that a share has. */
enum { ROWS = 1100, COLUMNS = 1000, STEPS = 4 };

typedef struct toy {
  param_list params;
  int shards;
  int *threads; /* [shards] which thread each was learnt by, or NULL: not asked */
  bool halves;  /* it must be given halves alone */
} toy;

static void init(const void *self, uint64_t seed, real *values) {
  const toy *t = self;
  rc_rng rng = rng_make(seed, 0, 0);
  for (size_t i = 0; i < t->params.total; i++) values[i] = rng_uniform(&rng);
}

static void lay_out(void *self, int threads, rc_arena *arena) {
  (void)self, (void)threads, (void)arena;
}

static int begin_epoch(void *self, uint64_t seed, int epoch) {
  (void)self, (void)seed, (void)epoch;
  return STEPS;
}

static rc_status learn(const void *self, const real *values, trainer_share *share,
                       trainer_result *result, rc_error *error) {
  const toy *t = self;
  (void)error;
  real noise = rng_uniform(&share->rng);
  for (size_t i = 0; i < t->params.total; i++) {
    real difference = values[i] - (real)(share->shard + share->batch) - noise;
    share->gradients[i] += 2 * difference / (real)(i % 7 + 1);
    result->loss += (double)(difference * difference);
    if (t->halves && values[i] * 2 != roundf(values[i] * 2)) return RC_ERR_ARGUMENT;
  }
  result->seen = 1;
  if (t->threads != NULL) t->threads[share->shard] = share->thread;
  return RC_OK;
}

static void make_toy(toy *t, int shards) {
  *t = (toy){.shards = shards};
  size_t offset;
  assert_int_equal(params_add(&t->params, NULL, "w", ROWS, COLUMNS, &offset, NULL), RC_OK);
}

static train_task task_of(toy *t) {
  return (train_task){.self = t,
                      .params = &t->params,
                      .shards = t->shards,
                      .init = init,
                      .lay_out = lay_out,
                      .begin_epoch = begin_epoch,
                      .learn = learn};
}

static trainer_options options_for(int threads) {
  return (trainer_options){.optimizer = OPTIMIZER_ADAM,
                           .schedule = {.kind = SCHEDULE_CONSTANT, .peak = (real)0.01},
                           .beta2 = (real)0.99,
                           .clip = 1,
                           .average = (real)0.9,
                           .threads = threads,
                           .each = threads_each,
                           .seed = 3};
}

static void train_epoch(trainer *t) {
  trainer_begin_epoch(t);
  while (t->batch < t->batches) assert_int_equal(trainer_step(t, NULL), RC_OK);
  trainer_end_epoch(t);
}

static void equal_bits_for_any_threads(void **state) {
  (void)state;
  toy problem;
  make_toy(&problem, 3);
  train_task task = task_of(&problem);
  trainer one, other;
  trainer_options options = options_for(1);
  assert_int_equal(trainer_new(&one, &task, &options, NULL), RC_OK);
  train_epoch(&one);
  size_t bytes = one.total * sizeof(real);
  /* The most first: libomp loses what a larger team takes the place of. */
  for (int threads = 5; threads >= 2; threads--) {
    options = options_for(threads);
    assert_int_equal(trainer_new(&other, &task, &options, NULL), RC_OK);
    train_epoch(&other);
    assert_memory_equal(one.values, other.values, bytes);
    assert_memory_equal(one.average, other.average, bytes);
    assert_true(one.loss_sum == other.loss_sum);
    trainer_free(&other);
  }
  trainer_free(&one);
}

static void round_to_halves(const param_list *params, const real *values, real *rounded,
                            int threads) {
  (void)threads;
  for (size_t i = 0; i < params->total; i++) rounded[i] = roundf(values[i] * 2) / 2;
}

/* The network works with rounded weights, and those behind them move by less than a step. */
static void rounds_what_is_worked_with(void **state) {
  (void)state;
  toy problem;
  make_toy(&problem, 2);
  problem.halves = true;
  train_task task = task_of(&problem);
  trainer one, other;
  trainer_options options = options_for(1);
  options.rounding = round_to_halves;
  assert_int_equal(trainer_new(&one, &task, &options, NULL), RC_OK);
  real *before = malloc(one.total * sizeof *before);
  assert_non_null(before);
  memcpy(before, one.values, one.total * sizeof *before);
  train_epoch(&one);
  for (size_t i = 0; i < one.total; i++) {
    assert_true(one.values[i] != before[i] && fabsf(one.values[i] - before[i]) < 0.1F);
  }
  free(before);
  options.threads = 3;
  assert_int_equal(trainer_new(&other, &task, &options, NULL), RC_OK);
  train_epoch(&other);
  assert_memory_equal(one.values, other.values, one.total * sizeof(real));
  trainer_free(&one);
  trainer_free(&other);
}

static void every_thread_learns(void **state) {
  (void)state;
  int threads[3];
  toy problem;
  make_toy(&problem, 3);
  problem.threads = threads;
  train_task task = task_of(&problem);
  for (int count = 3; count >= 1; count--) {
    trainer t;
    trainer_options options = options_for(count);
    assert_int_equal(trainer_new(&t, &task, &options, NULL), RC_OK);
    train_epoch(&t);
    for (int shard = 0; shard < 3; shard++) assert_int_equal(threads[shard], shard % count);
    trainer_free(&t);
  }
}

/* The parts of an update make the update of optimizer.h: without a limit on the norm, whose sum is
 * taken in parts as well, to the bit. */
static void updates_as_the_optimizer(void **state) {
  (void)state;
  toy problem;
  make_toy(&problem, 2);
  train_task task = task_of(&problem);
  trainer_options options = options_for(2);
  options.clip = 0;
  trainer t;
  assert_int_equal(trainer_new(&t, &task, &options, NULL), RC_OK);
  size_t total = t.total;
  real *values = malloc(total * sizeof *values), *gradients = calloc(2 * total, sizeof *gradients);
  assert_non_null(values);
  assert_non_null(gradients);
  memcpy(values, t.values, total * sizeof *values);
  rc_arena arena;
  assert_int_equal(arena_new(&arena, 3 * total * sizeof(real), NULL), RC_OK);
  optimizer rule;
  assert_int_equal(optimizer_new(&rule, OPTIMIZER_ADAM, &problem.params, &arena, NULL), RC_OK);
  rule.beta2 = options.beta2;
  trainer_begin_epoch(&t);
  for (int step = 0; step < 3; step++) {
    for (int shard = 0; shard < 2; shard++) {
      trainer_share share = {.batch = step,
                             .shard = shard,
                             .rng = rng_make(options.seed, 2 + (uint64_t)step, (uint64_t)shard),
                             .gradients = gradients + (size_t)shard * total};
      trainer_result result = {0};
      learn(&problem, values, &share, &result, NULL);
    }
    kernels->axpy(total, 1, gradients + total, gradients);
    memset(gradients + total, 0, total * sizeof *gradients);
    optimizer_update(&rule, &problem.params, options.schedule.peak, gradients, values);
    assert_int_equal(trainer_step(&t, NULL), RC_OK);
    assert_memory_equal(t.values, values, total * sizeof *values);
  }
  arena_free(&arena);
  free(values);
  free(gradients);
  trainer_free(&t);
}

static void limits_the_norm(void **state) {
  (void)state;
  toy problem;
  make_toy(&problem, 1);
  train_task task = task_of(&problem);
  trainer_options options = options_for(2);
  options.optimizer = OPTIMIZER_SGD;
  options.schedule.peak = 1;
  options.clip = (real)0.5;
  options.average = 0;
  trainer t;
  assert_int_equal(trainer_new(&t, &task, &options, NULL), RC_OK);
  real *before = malloc(t.total * sizeof *before);
  assert_non_null(before);
  memcpy(before, t.values, t.total * sizeof *before);
  trainer_begin_epoch(&t);
  assert_int_equal(trainer_step(&t, NULL), RC_OK);
  double sum = 0;
  for (size_t i = 0; i < t.total; i++) {
    double moved = (double)before[i] - (double)t.values[i];
    sum += moved * moved;
  }
  /* With rate 1 SGD moves by the gradient; values near 1 round its small parts. */
  assert_true(sum > 0.24 && sum < 0.26);
  free(before);
  trainer_free(&t);
}

static void lowers_the_rate(void **state) {
  (void)state;
  toy problem;
  make_toy(&problem, 1);
  train_task task = task_of(&problem);
  trainer_options options = options_for(1);
  trainer t;
  assert_int_equal(trainer_new(&t, &task, &options, NULL), RC_OK);
  assert_float_equal(trainer_rate(&t), 0.01, 1e-8);
  t.rate = 0.25;
  assert_float_equal(trainer_rate(&t), 0.0025, 1e-8);
  trainer_free(&t);
}

int main(void) {
  if (kernels_select(NULL, NULL) != RC_OK) return 1;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(equal_bits_for_any_threads),
      cmocka_unit_test(rounds_what_is_worked_with),
      cmocka_unit_test(every_thread_learns),
      cmocka_unit_test(updates_as_the_optimizer),
      cmocka_unit_test(limits_the_norm),
      cmocka_unit_test(lowers_the_rate),
  };
  return cmocka_run_group_tests_name("trainer", tests, NULL, NULL);
}
