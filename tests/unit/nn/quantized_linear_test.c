/* The int8 layer against linear.h in f32, within the bound that its header states. */

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "linear.h"
#include "quantize.h"
#include "quantized_linear.h"

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

static float *random_floats(size_t n, float scale) {
  static uint64_t stream;
  rc_rng rng = rng_make(7, stream++, 0);
  float *x = ARENA_ARRAY(&arena, float, n);
  assert_non_null(x);
  for (size_t i = 0; i < n; i++) x[i] = (2 * rng_uniform(&rng) - 1) * scale;
  return x;
}

static void weights_round_to_the_nearest(void **state) {
  (void)state;
  enum { ROWS = 6, COLUMNS = 4 };
  const float weights[ROWS * COLUMNS] = {
      127,    63.5f,   -64.5f,  65.5f,  /* scale 1: ties go to the even */
      -254,   1,       3,       -0.0f,  /* scale 2 */
      0,      0,       0,       0,      /* no scale */
      1e-42f, -1e-42f, 5e-43f,  1e-45f, /* denormal */
      1e38f,  -3e38f,  2.5e38f, 1e30f,  /* huge */
      3e38f,  3e38f,   0,       0,      /* and more than floats hold together */
  };
  int8_t q[ROWS * COLUMNS];
  float scales[ROWS];
  quantize_rows(ROWS, COLUMNS, weights, q, scales);
  const int8_t first[] = {127, 64, -64, 66, -127, 0, 2, 0, 0, 0, 0, 0};
  assert_memory_equal(q, first, sizeof first);
  assert_true(scales[0] == 1 && scales[1] == 2 && scales[2] == 0);
  for (int i = 3 * COLUMNS; i < ROWS * COLUMNS; i++) assert_true(q[i] >= -127);
  assert_int_equal(q[4 * COLUMNS + 1], -127);
  assert_int_equal(q[4 * COLUMNS + 2], 106);
}

/* Four that 16 bits add come to no more than they hold, however the signs and the rounding fall. */
static int largest_sum(int columns, const int8_t *q) {
  int largest = 0;
  for (int p = 0; p < columns; p++) {
    if (p % 8 != 0 && p % 8 != 2) continue;
    const int at[] = {p, p + 1, p + 4, p + 5};
    int above = 0, below = 0;
    for (int i = 0; i < 4 && at[i] < columns; i++) *(q[at[i]] > 0 ? &above : &below) += q[at[i]];
    largest = above > largest ? above : largest;
    largest = -below > largest ? -below : largest;
  }
  return largest;
}

static void sums_keep_within_16_bits(void **state) {
  (void)state;
  enum { ROWS = 300, COLUMNS = 21 };
  int8_t q[ROWS * COLUMNS];
  float scales[ROWS], *w = random_floats((size_t)ROWS * COLUMNS, 1);
  for (int p = 0; p < COLUMNS; p++) w[p] = p % 8 < 6 ? 1 : -1;
  quantize_rows(ROWS, COLUMNS, w, q, scales);
  int most = 0, full = 0;
  for (int row = 0; row < ROWS; row++) {
    const int8_t *numbers = q + row * COLUMNS;
    const int sum = largest_sum(COLUMNS, numbers);
    int largest = 0;
    for (int p = 0; p < COLUMNS; p++) {
      const double exact = (double)w[row * COLUMNS + p] / (double)scales[row];
      assert_true(fabs(exact - numbers[p]) <= 0.5 + 1e-4);
      largest = abs(numbers[p]) > largest ? abs(numbers[p]) : largest;
    }
    assert_true(sum <= INT8_SUM_MAX);
    assert_true(largest == 127 || sum >= INT8_SUM_MAX - 4); /* no larger scale than must be */
    most = sum > most ? sum : most;
    full += largest == 127;
  }
  assert_true(most >= INT8_SUM_MAX - 2 && full > 0 && full < ROWS);

  assert_true(quantized_rows_fit(ROWS, COLUMNS, q));
  for (int p = 0; p < COLUMNS; p++) {
    int8_t row[COLUMNS] = {127, 127};
    row[p] = 127; /* a third one is too much where it is added to both */
    const bool together = p == 4 || p == 5;
    assert_int_equal(quantized_rows_fit(1, COLUMNS, row), !together);
    for (int i = 0; i < COLUMNS; i++) row[i] = (int8_t)-row[i];
    assert_int_equal(quantized_rows_fit(1, COLUMNS, row), !together);
    row[p] = 127; /* but one of the other sign never is */
    assert_true(quantized_rows_fit(1, COLUMNS, row));
  }
}

/* What rounding x adds, as the header states it, and what rounding W does: half a scale for each
 * term. */
static double allowed(int in, const float *x, const int8_t *q, float scale) {
  double largest = 0, inputs = 0, weights = 0;
  for (int p = 0; p < in; p++) {
    largest = fmax(largest, fabs((double)x[p]));
    inputs += fabs((double)x[p]);
    weights += fabs((double)scale * q[p]);
  }
  return largest / 126 * weights + (double)scale / 2 * inputs + 1e-5 * (1 + weights * largest);
}

static void agrees_with_floats(void **state) {
  (void)state;
  enum { IN = 130, OUT = 37, ROWS = 7 };
  param_list list = {0};
  linear plain;
  assert_int_equal(linear_add(&plain, &list, "", IN, OUT, NULL), RC_OK);
  real *values = random_floats(list.total, 0.3f), *want = random_floats(ROWS * OUT, 0);
  float *x = random_floats(ROWS * IN, 2), *got = random_floats(ROWS * OUT, 0);
  linear_forward(&plain, values, ROWS, x, want, random_floats(linear_scratch(&plain, 0), 0));

  int8_t q[OUT * IN];
  float scales[OUT];
  quantize_rows(OUT, IN, values + plain.weight, q, scales);
  quantized_linear layer;
  assert_int_equal(quantized_linear_layout(&layer, &arena, IN, OUT, NULL), RC_OK);
  quantized_linear_set(&layer, q, scales, values + plain.bias);
  void *scratch = arena_alloc(&arena, quantized_linear_scratch(&layer, ROWS), 1);
  quantized_linear_forward(&layer, ROWS, x, got, OUT, scratch);
  double worst = 0;
  for (int i = 0; i < ROWS * OUT; i++) {
    const int row = i / OUT, j = i % OUT;
    const double error = fabs((double)got[i] - (double)want[i]);
    const double bound = allowed(IN, x + row * IN, q + j * IN, scales[j]);
    assert_true(error <= bound);
    worst = fmax(worst, error / bound);
  }
  assert_true(worst > 0); /* it did round */

  float alone[OUT]; /* a row does not depend on the others */
  quantized_linear_forward(&layer, 1, x + 3 * IN, alone, OUT, scratch);
  assert_memory_equal(alone, got + 3 * OUT, sizeof alone);
}

static void is_a_quarter_of_floats(void **state) {
  (void)state;
  rc_arena measured = arena_measure();
  quantized_linear layer;
  assert_int_equal(quantized_linear_layout(&layer, &measured, 1024, 8000, NULL), RC_OK);
  assert_null(layer.packed);
  assert_true(measured.used <= 8000 * (1024 + 8) + ARENA_ALIGNMENT);
}

static void refuses_sizes(void **state) {
  (void)state;
  quantized_linear layer;
  rc_error error;
  assert_int_equal(quantized_linear_layout(&layer, &arena, 0, 5, &error), RC_ERR_ARGUMENT);
  assert_int_equal(quantized_linear_layout(&layer, &arena, 5, 0, &error), RC_ERR_ARGUMENT);
  assert_int_equal(quantized_linear_layout(&layer, &arena, INT8_DEPTH_MAX + 1, 5, &error),
                   RC_ERR_ARGUMENT);
}

/* Every variant gives the same bits. */
static void does_not_depend_on_the_kernels(void **state) {
  (void)state;
  enum { IN = 75, OUT = 50, ROWS = 5 };
  float *x = random_floats(ROWS * IN, 1), *bias = random_floats(OUT, 1);
  float *weights = random_floats(OUT * IN, 1), first[ROWS * OUT], y[ROWS * OUT];
  int8_t q[OUT * IN];
  float scales[OUT];
  quantize_rows(OUT, IN, weights, q, scales);
  const rc_kernels *variant;
  for (int i = 0; (variant = kernels_available(i)) != NULL; i++) {
    assert_int_equal(kernels_select(variant->name, NULL), RC_OK);
    quantized_linear layer;
    assert_int_equal(quantized_linear_layout(&layer, &arena, IN, OUT, NULL), RC_OK);
    quantized_linear_set(&layer, q, scales, bias);
    void *scratch = arena_alloc(&arena, quantized_linear_scratch(&layer, ROWS), 1);
    quantized_linear_forward(&layer, ROWS, x, i == 0 ? first : y, OUT, scratch);
    if (i > 0) assert_memory_equal(y, first, sizeof first);
  }
  assert_int_equal(kernels_select(NULL, NULL), RC_OK);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(weights_round_to_the_nearest),
      cmocka_unit_test_setup_teardown(sums_keep_within_16_bits, open_arena, close_arena),
      cmocka_unit_test_setup_teardown(agrees_with_floats, open_arena, close_arena),
      cmocka_unit_test(is_a_quarter_of_floats),
      cmocka_unit_test_setup_teardown(refuses_sizes, open_arena, close_arena),
      cmocka_unit_test_setup_teardown(does_not_depend_on_the_kernels, open_arena, close_arena),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
