/* What a memo gives is what the layer makes of the rows of the table, bit for bit. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dense.h"
#include "rng.h"

enum { COUNT = 12, SIZE = 7, OUT = 33, MOST = 4, SPARE = 3 };

static rc_arena arena;
static dense_table table;
static dense layers[2];
static float bias[OUT];

static float *random_floats(size_t n) {
  static uint64_t stream;
  rc_rng rng = rng_make(5, stream++, 0);
  float *x = ARENA_ARRAY(&arena, float, n);
  assert_non_null(x);
  for (size_t i = 0; i < n; i++) x[i] = 2 * rng_uniform(&rng) - 1;
  return x;
}

static int set_up(void **state) {
  (void)state;
  if (arena_new(&arena, 1 << 20, NULL) != RC_OK) return -1;
  table = (dense_table){.count = COUNT, .size = SIZE, .rows = random_floats(COUNT * SIZE)};
  memcpy(bias, random_floats(OUT), sizeof bias);
  for (int i = 0; i < 2; i++) {
    layers[i] = (dense){.in = SIZE, .out = OUT, .bias = bias};
    layers[i].packed = ARENA_ARRAY(&arena, float, kernels->gemm_packed_size(SIZE, OUT));
    kernels->gemm_pack(true, SIZE, OUT, random_floats(SIZE * OUT), SIZE, layers[i].packed);
  }
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  arena_free(&arena);
  return 0;
}

static void check(dense_memo *memo, const dense *layer, int n, const int *ids) {
  float embedded[MOST * SIZE], want[MOST * OUT], got[MOST * OUT];
  dense_table_forward(&table, n, ids, embedded);
  dense_forward(layer, n, embedded, want, NULL);
  dense_memo_forward(memo, n, ids, got);
  assert_memory_equal(got, want, (size_t)n * OUT * sizeof *got);
  assert_true(memo->count <= MOST + SPARE);
}

static void gives_what_the_layer_makes(void **state) {
  (void)state;
  dense_memo memo = dense_memo_layout(&table, OUT, MOST, SPARE, &arena);
  memo.embedded = random_floats(MOST * SIZE);
  static const int asked[][MOST] = {{3, 3, 0, 3},  {0, 11, 3, 5}, {1, 2, 4, 6}, {7, 8, 9, 10},
                                    {3, 10, 3, 7}, {0, 1, 2, 3},  {0, 1, 2, 3}};
  for (int i = 0; i < 2; i++) {
    dense_memo_begin(&memo, &layers[i]);
    for (size_t k = 0; k < sizeof asked / sizeof *asked; k++) {
      check(&memo, &layers[i], 1 + (int)k % MOST, asked[k]);
    }
  }
}

/* Nothing is made twice while there is room: a layer that has changed since is not asked. */
static void makes_each_once(void **state) {
  (void)state;
  dense_memo memo = dense_memo_layout(&table, OUT, MOST, SPARE, &arena);
  memo.embedded = random_floats(MOST * SIZE);
  const int ids[MOST] = {2, 9, 2, 4};
  float first[MOST * OUT], then[MOST * OUT];
  dense_memo_begin(&memo, &layers[0]);
  dense_memo_forward(&memo, MOST, ids, NULL);
  assert_int_equal(memo.count, 3);
  dense_memo_forward(&memo, 2, ids, first);
  assert_int_equal(memo.count, 3);
  memo.layer = &layers[1];
  dense_memo_forward(&memo, 2, ids, then);
  assert_memory_equal(first, then, (size_t)2 * OUT * sizeof *first);
  dense_memo_begin(&memo, &layers[1]);
  dense_memo_forward(&memo, 2, ids, then);
  assert_memory_not_equal(first, then, (size_t)2 * OUT * sizeof *first);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(gives_what_the_layer_makes, set_up, tear_down),
      cmocka_unit_test_setup_teardown(makes_each_once, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
