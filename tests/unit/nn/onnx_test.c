/* RNN, LSTM and GRU against the ONNX standard's own test vectors, with every kernel variant that
 * this processor runs. tests/golden/make_onnx_golden.py is the recipe, and says which are left out.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "golden_file.h"
#include "recurrent.h"

static const struct {
  const char *group, *cell;
  bool reverse; /* only the second direction counts */
} CASES[] = {
    {"simple_rnn_defaults", "rnn", false},
    {"simple_rnn_with_initial_bias", "rnn", false},
    {"rnn_seq_length", "rnn", false},
    {"simple_rnn_batchwise", "rnn", false},
    {"simple_rnn_reverse", "rnn", true},
    {"simple_rnn_bidirectional", "rnn", false},
    {"rnn drawn", "rnn", false},
    {"lstm_defaults", "lstm", false},
    {"lstm_with_initial_bias", "lstm", false},
    {"lstm_batchwise", "lstm", false},
    {"lstm_reverse", "lstm", true},
    {"lstm_bidirectional", "lstm", false},
    {"lstm drawn", "lstm", false},
    {"gru_defaults", "gru", false},
    {"gru_with_initial_bias", "gru", false},
    {"gru_batchwise", "gru", false},
    {"gru_seq_length linear before reset", "gru", false},
    {"gru_reverse linear before reset", "gru", true},
    {"gru_bidirectional linear before reset", "gru", false},
    {"gru drawn", "gru", false},
};
enum { CASE_COUNT = sizeof CASES / sizeof *CASES };

static golden_file golden;
static rc_arena arena;

static real *room(size_t n) {
  real *x = ARENA_ARRAY(&arena, real, n);
  assert_non_null(x);
  return x;
}

static real *state_or_null(const char *group, const char *name) {
  return golden_has(&golden, group, name) ? golden_reals(&golden, group, name, &arena) : NULL;
}

/* The second half of each row of [rows, 2 * half]. */
static real *second_halves(const real *x, size_t rows, size_t half) {
  real *y = room(rows * half);
  for (size_t i = 0; i < rows; i++) {
    memcpy(y + i * half, x + (2 * i + 1) * half, half * sizeof(real));
  }
  return y;
}

/* Compares x [rows, 2 * half], or where only the reverse direction counts its second halves, with
 * what the standard says, if it does. */
static void compare(int number, const char *name, const real *x, size_t rows, size_t half) {
  const char *group = CASES[number].group;
  if (!golden_has(&golden, group, name)) return;
  if (CASES[number].reverse) {
    assert_golden(&golden, group, name, second_halves(x, rows, half), rows * half);
  } else {
    assert_golden(&golden, group, name, x, golden_find(&golden, group, name)->count);
  }
}

static void check(int number) {
  arena_reset(&arena);
  const char *group = CASES[number].group;
  const int *sizes = golden_ints(&golden, group, "sizes", &arena); /* T, B, I, H, D */
  const size_t batch = (size_t)sizes[1], width = (size_t)sizes[3], directions = (size_t)sizes[4];
  int *lengths = ARENA_ARRAY(&arena, int, batch);
  assert_non_null(lengths);
  for (size_t i = 0; i < batch; i++) lengths[i] = sizes[0];
  packed packing;
  assert_int_equal(packed_build(&packing, lengths, sizes[1], &arena, NULL), RC_OK);
  param_list list = {.count = 0};
  recurrent network;
  assert_int_equal(recurrent_add(&network, &list, "rnn", recurrent_cell_find(CASES[number].cell),
                                 sizes[2], sizes[3], 1, sizes[4], 0, NULL),
                   RC_OK);
  const real *values = golden_parameters(&golden, group, &list, &arena);
  recurrent_cache *cache =
      recurrent_cache_new(&network, packing.rows, packing.batch, false, &arena);
  assert_non_null(cache);
  const size_t rows = (size_t)packing.rows, states = directions * batch * width;
  const bool has_c = network.cell == &lstm_cell;
  real *y = room(rows * directions * width);
  const recurrent_state initial = {state_or_null(group, "h0"), state_or_null(group, "c0")};
  const recurrent_state final = {room(states), has_c ? room(states) : NULL};
  const recurrent_input input = {.x = golden_reals(&golden, group, "x", &arena)};
  recurrent_forward(&network, values, &packing, input, initial, NULL, y, final, cache);
  compare(number, "y", y, rows, width);
  /* States are [D, B, H]: the two directions are the halves of one row. */
  compare(number, "hn", final.h, 1, batch * width);
  if (has_c) compare(number, "cn", final.c, 1, batch * width);
}

static void vectors_of_the_standard(void **state) {
  (void)state;
  for (int i = 0; i < CASE_COUNT; i++) check(i);
}

static void every_vector_was_used(void **state) {
  (void)state;
  assert_golden_used(&golden);
}

static int open_files(void **state) {
  (void)state;
  golden_open(&golden, "../../golden/onnx.txt");
  return arena_new(&arena, 1 << 20, NULL) == RC_OK ? 0 : -1;
}

static int close_files(void **state) {
  (void)state;
  golden_close(&golden);
  arena_free(&arena);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(vectors_of_the_standard),
      cmocka_unit_test(every_vector_was_used),
  };
  return golden_run(tests, sizeof tests / sizeof *tests, open_files, close_files);
}
