/* What the gradient checks and the golden values do not see: errors, edges, and that results do not
 * depend on company. */

#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dropout.h"
#include "linear.h"
#include "optimizer.h"
#include "packed.h"
#include "params.h"
#include "pooling.h"
#include "recurrent.h"

static rc_arena arena;

static int open_arena(void **state) {
  (void)state;
  return arena_new(&arena, 4 << 20, NULL);
}

static int close_arena(void **state) {
  (void)state;
  arena_free(&arena);
  return 0;
}

static real *zeros(size_t n) {
  real *x = ARENA_ARRAY(&arena, real, n);
  assert_non_null(x);
  memset(x, 0, n * sizeof(real));
  return x;
}

static void params_lie_one_after_another(void **state) {
  (void)state;
  param_list list = {0};
  size_t weight, bias, bare;
  assert_int_equal(params_add(&list, "output", "weight", 3, 4, &weight, NULL), RC_OK);
  assert_int_equal(params_add(&list, "output", "bias", 3, 0, &bias, NULL), RC_OK);
  assert_int_equal(params_add(&list, "", "temperature", 1, 0, &bare, NULL), RC_OK);
  assert_int_equal(weight, 0);
  assert_int_equal(bias, 12);
  assert_int_equal(bare, 15);
  assert_int_equal(list.total, 16);
  const param *found = params_find(&list, "output.bias");
  assert_non_null(found);
  assert_int_equal(found->dims, 1);
  assert_int_equal(found->shape[0], 3);
  assert_int_equal(found->count, 3);
  assert_int_equal(params_find(&list, "output.weight")->dims, 2);
  assert_non_null(params_find(&list, "temperature"));
  assert_null(params_find(&list, "output"));
}

static void params_refuse(void **state) {
  (void)state;
  param_list list = {0};
  size_t offset;
  rc_error error;
  assert_int_equal(params_add(&list, "a", "b", 2, 2, &offset, NULL), RC_OK);
  assert_int_equal(params_add(&list, "a", "b", 2, 2, &offset, &error), RC_ERR_ARGUMENT);
  assert_non_null(strstr(error.text, "a.b"));
  assert_int_equal(params_add(&list, "a", "c", 0, 2, &offset, &error), RC_ERR_ARGUMENT);
  assert_non_null(strstr(error.text, "a.c"));
  assert_int_equal(params_add(&list, "a", "c", -1, 0, &offset, NULL), RC_ERR_ARGUMENT);
  assert_int_equal(params_add(&list, "a", "c", 1, -1, &offset, NULL), RC_ERR_ARGUMENT);
  assert_int_equal(params_add(&list, "a", "c", INT_MAX, INT_MAX, &offset, NULL), RC_ERR_ARGUMENT);
  char name[PARAM_NAME_MAX + 1] = {0};
  memset(name, 'n', PARAM_NAME_MAX - 1);
  assert_int_equal(params_add(&list, "", name, 1, 0, &offset, NULL), RC_OK);
  memset(name, 'm', PARAM_NAME_MAX);
  assert_int_equal(params_add(&list, "", name, 1, 0, &offset, NULL), RC_ERR_ARGUMENT);
  assert_int_equal(params_add(&list, "", "", 1, 0, &offset, NULL), RC_ERR_ARGUMENT);
  assert_int_equal(list.count, 2);
  assert_int_equal(list.total, 5);
}

static void params_fill_up(void **state) {
  (void)state;
  param_list list = {0};
  size_t offset;
  for (int i = 0; i < PARAMS_MAX; i++) {
    char name[16];
    snprintf(name, sizeof name, "%d", i);
    assert_int_equal(params_add(&list, "p", name, 1, 0, &offset, NULL), RC_OK);
  }
  assert_int_equal(params_add(&list, "p", "more", 1, 0, &offset, NULL), RC_ERR_ARGUMENT);
  assert_int_equal(list.total, PARAMS_MAX);
}

static void packing_refuses(void **state) {
  (void)state;
  packed packing;
  rc_error error;
  assert_int_equal(packed_build(&packing, (const int[]){1}, 0, &arena, NULL), RC_ERR_ARGUMENT);
  assert_int_equal(packed_build(&packing, (const int[]){3, 0}, 2, &arena, &error), RC_ERR_ARGUMENT);
  assert_non_null(strstr(error.text, "sequence 1"));
  assert_int_equal(packed_build(&packing, (const int[]){-3}, 1, &arena, NULL), RC_ERR_ARGUMENT);
  assert_int_equal(packed_build(&packing, (const int[]){INT_MAX, 1}, 2, &arena, NULL),
                   RC_ERR_ARGUMENT);
  rc_arena small;
  assert_int_equal(arena_new(&small, packed_bytes(2, 100) - 1, NULL), RC_OK);
  small.size = packed_bytes(2, 100) - 1;
  assert_int_equal(packed_build(&packing, (const int[]){100, 1}, 2, &small, NULL), RC_ERR_MEMORY);
  arena_free(&small);
}

static void packing_measures_what_it_takes(void **state) {
  (void)state;
  const int lengths[] = {9, 30, 9, 1};
  packed packing;
  rc_arena measured = arena_measure();
  assert_int_equal(packed_build(&packing, lengths, 4, &measured, NULL), RC_OK);
  assert_int_equal(measured.used, packed_bytes(4, 30));
  assert_int_equal(packing.rows, 49);
  size_t before = arena.used;
  assert_int_equal(packed_build(&packing, lengths, 4, &arena, NULL), RC_OK);
  assert_int_equal(arena.used - before, measured.used);
  assert_int_equal(packing.offsets[packing.steps], packing.rows);
  const int order[] = {1, 0, 2, 3}, sorted[] = {30, 9, 9, 1};
  assert_memory_equal(packing.order, order, sizeof order);
  assert_memory_equal(packing.lengths, sorted, sizeof sorted);
}

static void dropout_keeps_the_mean(void **state) {
  (void)state;
  enum { N = 100000 };
  real *x = zeros(N), *mask = zeros(N);
  for (int i = 0; i < N; i++) x[i] = 1;
  rc_rng rng = rng_make(1, 2, 3);
  dropout_forward((real)0.25, N, x, x, mask, &rng);
  double sum = 0;
  int dropped = 0;
  for (int i = 0; i < N; i++) {
    assert_true(x[i] == 0 || fabs((double)x[i] - 4.0 / 3) < 1e-6);
    dropped += x[i] == 0;
    sum += (double)x[i];
  }
  assert_true(abs(dropped - N / 4) < 700); /* five standard deviations */
  assert_true(fabs(sum / N - 1) < 0.01);
  dropout_forward(0, N, x, mask, mask, &rng);
  assert_memory_equal(x, mask, N * sizeof(real));
}

static void pooling_takes_last_max_and_mean(void **state) {
  (void)state;
  /* Sequences of 1 and 3 letters, so the longer comes first; H = 1, D = 2 */
  packed packing;
  assert_int_equal(packed_build(&packing, (const int[]){1, 3}, 2, &arena, NULL), RC_OK);
  const real y[] = {2, -1, 7, 8, 5, -4, -1, -4}; /* rows: t0 b0, t0 b1, t1 b0, t2 b0 */
  real pooled[12];
  int argmax[4];
  pooling_forward(POOLING_ALL, &packing, 1, 2, y, pooled, argmax);
  const real expected[] = {-1, -1, 5, -1, 2, -3, 7, 8, 7, 8, 7, 8};
  assert_memory_equal(pooled, expected, sizeof expected);
  pooling_forward(POOLING_LAST, &packing, 1, 2, y, pooled, NULL);
  const real last[] = {-1, -1, 7, 8};
  assert_memory_equal(pooled, last, sizeof last);
  assert_int_equal(pooling_width(POOLING_LAST, 5, 2), 10);
  assert_int_equal(pooling_width(POOLING_ALL, 5, 2), 30);
}

static void cells_have_names(void **state) {
  (void)state;
  assert_ptr_equal(recurrent_cell_find("rnn"), &rnn_cell);
  assert_ptr_equal(recurrent_cell_find("lstm"), &lstm_cell);
  assert_ptr_equal(recurrent_cell_find("gru"), &gru_cell);
  assert_null(recurrent_cell_find("GRU"));
  assert_string_equal(recurrent_cell_name(&lstm_cell), "lstm");
}

static void networks_have_pytorch_names(void **state) {
  (void)state;
  recurrent network;
  param_list list = {0};
  assert_int_equal(recurrent_add(&network, &list, "rnn", &gru_cell, 5, 6, 2, 2, 0, NULL), RC_OK);
  assert_int_equal(list.count, 16);
  assert_string_equal(list.items[0].name, "rnn.weight_ih_l0");
  assert_string_equal(list.items[3].name, "rnn.bias_hh_l0");
  assert_string_equal(list.items[4].name, "rnn.weight_ih_l0_reverse");
  const param *p = params_find(&list, "rnn.weight_ih_l1_reverse");
  assert_non_null(p);
  assert_int_equal(p->shape[0], 18);
  assert_int_equal(p->shape[1], 12);

  real *values = zeros(list.total), bound = 1 / (real)sqrt(6);
  rc_rng rng = rng_make(1, 0, 0);
  recurrent_init(&network, values, &rng);
  real largest = 0;
  for (size_t i = 0; i < list.total; i++) {
    assert_true(values[i] != 0 && fabs((double)values[i]) <= (double)bound);
    largest = fmaxf(largest, values[i]);
  }
  assert_true(largest > (real)0.95 * bound);
}

static void networks_refuse(void **state) {
  (void)state;
  const struct {
    int input, hidden, layers, directions;
    real dropout;
  } wrong[] = {{0, 6, 1, 1, 0},  {5, 0, 1, 1, 0},   {5, -6, 1, 1, 0},     {5, 6, 0, 1, 0},
               {5, 6, 9, 1, 0},  {5, 6, 1, 0, 0},   {5, 6, 1, 3, 0},      {5, 6, 2, 1, 1},
               {5, 6, 2, 1, -1}, {5, 6, 2, 1, NAN}, {5, INT_MAX, 1, 1, 0}};
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    recurrent network;
    param_list list = {0};
    rc_error error = {{0}};
    assert_int_equal(
        recurrent_add(&network, &list, "rnn", &lstm_cell, wrong[i].input, wrong[i].hidden,
                      wrong[i].layers, wrong[i].directions, wrong[i].dropout, &error),
        RC_ERR_ARGUMENT);
    assert_true(strlen(error.text) > 0);
  }
}

static void caches_fit_what_was_measured(void **state) {
  (void)state;
  recurrent network;
  param_list list = {0};
  assert_int_equal(recurrent_add(&network, &list, "rnn", &lstm_cell, 5, 6, 3, 2, (real)0.1, NULL),
                   RC_OK);
  size_t sizes[2];
  for (int training = 0; training < 2; training++) {
    rc_arena measured = arena_measure(), block;
    assert_null(recurrent_cache_new(&network, 20, 4, training, &measured));
    sizes[training] = measured.used;
    assert_int_equal(arena_new(&block, measured.used, NULL), RC_OK);
    assert_non_null(recurrent_cache_new(&network, 20, 4, training, &block));
    assert_int_equal(block.used, measured.used);
    arena_reset(&block);
    block.size -= ARENA_MORE;
    assert_null(recurrent_cache_new(&network, 20, 4, training, &block));
    arena_free(&block);
  }
  assert_true(sizes[0] < sizes[1]);
}

enum { INPUT = 13, HIDDEN = 11, LAYERS = 3, DIRECTIONS = 2, WIDTH = DIRECTIONS * HIDDEN };

/* y [N, WIDTH] of a batch of one-hot letters from a fresh cache; the arena stays as full as before.
 */
static void outputs(const recurrent *network, const real *values, const packed *batch,
                    const int *ids, bool training, real *y) {
  size_t before = arena.used;
  recurrent_cache *cache =
      recurrent_cache_new(network, batch->rows, batch->batch, training, &arena);
  assert_non_null(cache);
  recurrent_state none = {0};
  recurrent_forward(network, values, batch, (recurrent_input){.ids = ids}, none, NULL, y, none,
                    cache);
  arena.used = before;
}

/* A name gets bit for bit the same numbers alone and in a batch, for training and for evaluation.
 */
static void check_company(const recurrent_cell *cell) {
  enum { BATCH = 4, ROWS = 28 };
  const int lengths[BATCH] = {4, 17, 1, 6};
  arena_reset(&arena);
  recurrent network;
  param_list list = {0};
  assert_int_equal(recurrent_add(&network, &list, "rnn", cell, INPUT, HIDDEN, LAYERS, DIRECTIONS,
                                 (real)0.5, NULL),
                   RC_OK);
  rc_rng rng = rng_make(5, 5, 5);
  real *values = zeros(list.total), *y = zeros(ROWS * WIDTH), *again = zeros(ROWS * WIDTH);
  recurrent_init(&network, values, &rng);
  int ids[ROWS];
  for (int i = 0; i < ROWS; i++) ids[i] = (int)rng_below(&rng, INPUT);

  packed batch;
  assert_int_equal(packed_build(&batch, lengths, BATCH, &arena, NULL), RC_OK);
  outputs(&network, values, &batch, ids, true, y);
  outputs(&network, values, &batch, ids, false, again);
  assert_memory_equal(y, again, ROWS * WIDTH * sizeof(real));

  for (int b = 0; b < BATCH; b++) {
    packed alone;
    int letters[ROWS];
    assert_int_equal(packed_build(&alone, &batch.lengths[b], 1, &arena, NULL), RC_OK);
    for (int t = 0; t < alone.steps; t++) letters[t] = ids[batch.offsets[t] + b];
    outputs(&network, values, &alone, letters, false, again);
    for (int t = 0; t < alone.steps; t++) {
      assert_memory_equal(again + t * WIDTH, y + (batch.offsets[t] + b) * WIDTH,
                          WIDTH * sizeof(real));
    }
  }
}

static void a_sequence_is_independent_of_its_batch(void **state) {
  (void)state;
  for (int i = 0; kernels_available(i) != NULL; i++) {
    assert_int_equal(kernels_select(kernels_available(i)->name, NULL), RC_OK);
    check_company(&rnn_cell);
    check_company(&lstm_cell);
    check_company(&gru_cell);
  }
}

static void optimizers_start_from_pytorch_defaults(void **state) {
  (void)state;
  param_list list = {0};
  size_t offset;
  assert_int_equal(params_add(&list, "", "p", 100, 0, &offset, NULL), RC_OK);
  arena_reset(&arena);
  memset(zeros(1000), 0x55, 1000 * sizeof(real));
  arena_reset(&arena);
  optimizer rule;
  assert_int_equal(optimizer_new(&rule, OPTIMIZER_ADAMW, &list, &arena, NULL), RC_OK);
  assert_int_equal(rule.step, 0);
  assert_true(rule.beta1 == (real)0.9 && rule.beta2 == (real)0.999);
  assert_true(rule.epsilon == (real)1e-8 && rule.weight_decay == (real)0.01);
  for (int i = 0; i < 100; i++) assert_true(rule.first[i] == 0 && rule.second[i] == 0);
  assert_int_equal(optimizer_new(&rule, OPTIMIZER_SGD, &list, &arena, NULL), RC_OK);
  assert_true(rule.weight_decay == 0 && rule.momentum == 0);

  rc_arena measured = arena_measure();
  assert_int_equal(optimizer_new(&rule, OPTIMIZER_ADAM, &list, &measured, NULL), RC_OK);
  assert_true(measured.used >= 200 * sizeof(real));
  rc_arena full = arena_over(arena.base, measured.used - 1);
  rc_error error;
  assert_int_equal(optimizer_new(&rule, OPTIMIZER_ADAM, &list, &full, &error), RC_ERR_MEMORY);
}

static void clipping_leaves_small_and_unlimited_alone(void **state) {
  (void)state;
  param_list list = {0};
  size_t offset;
  assert_int_equal(params_add(&list, "", "p", 2, 0, &offset, NULL), RC_OK);
  real gradients[] = {3, 4};
  assert_true(fabs(gradients_clip(&list, gradients, 0) - 5) < 1e-12);
  gradients_clip(&list, gradients, -1);
  gradients_clip(&list, gradients, 6);
  assert_true(gradients[0] == 3 && gradients[1] == 4);
  assert_true(fabs(gradients_clip(&list, gradients, 1) - 5) < 1e-12);
  assert_true(fabs((double)gradients[0] - 0.6) < 1e-6 && fabs((double)gradients[1] - 0.8) < 1e-6);
  real none[] = {0, 0};
  assert_true(gradients_clip(&list, none, 1) == 0 && none[0] == 0);
}

static void assert_rate(schedule_kind kind, long warmup, long total, long step, double expected) {
  schedule plan = {.kind = kind, .peak = 8, .warmup = warmup, .total = total};
  assert_true(fabs((double)schedule_rate(&plan, step) - expected) < 1e-5);
}

static void schedules_rise_and_fall(void **state) {
  (void)state;
  const schedule_kind kinds[] = {SCHEDULE_CONSTANT, SCHEDULE_COSINE, SCHEDULE_INVERSE_SQRT};
  for (int i = 0; i < 3; i++) {
    assert_rate(kinds[i], 3, 103, 0, 2);
    assert_rate(kinds[i], 3, 103, 1, 4);
    assert_rate(kinds[i], 3, 103, 2, 6);
    assert_rate(kinds[i], 3, 103, 3, 8);
    assert_rate(kinds[i], 0, 100, 0, 8);
  }
  assert_rate(SCHEDULE_CONSTANT, 3, 103, 1000, 8);
  assert_rate(SCHEDULE_COSINE, 3, 103, 28, 8 * (1 + sqrt(0.5)) / 2);
  assert_rate(SCHEDULE_COSINE, 3, 103, 53, 4);
  assert_rate(SCHEDULE_COSINE, 3, 103, 103, 0);
  assert_rate(SCHEDULE_COSINE, 3, 103, 1000, 0);
  assert_rate(SCHEDULE_COSINE, 5, 5, 5, 0);
  assert_rate(SCHEDULE_COSINE, 0, 0, 0, 0);
  assert_rate(SCHEDULE_INVERSE_SQRT, 4, 103, 16, 4);
  assert_rate(SCHEDULE_INVERSE_SQRT, 4, 103, 1600, 0.4);
  assert_rate(SCHEDULE_INVERSE_SQRT, 0, 103, 3, 4);
}

int main(void) {
  const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)
      TEST(params_lie_one_after_another),
      TEST(params_refuse),
      TEST(params_fill_up),
      TEST(packing_refuses),
      TEST(packing_measures_what_it_takes),
      TEST(dropout_keeps_the_mean),
      TEST(pooling_takes_last_max_and_mean),
      TEST(cells_have_names),
      TEST(networks_have_pytorch_names),
      TEST(networks_refuse),
      TEST(caches_fit_what_was_measured),
      TEST(a_sequence_is_independent_of_its_batch),
      TEST(optimizers_start_from_pytorch_defaults),
      TEST(clipping_leaves_small_and_unlimited_alone),
      TEST(schedules_rise_and_fall),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
