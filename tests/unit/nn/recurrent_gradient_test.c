/* Every recurrent network against finite differences, in double. */

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"
#include "finite_difference.h"
#include "recurrent.h"

enum { INPUT = 7, HIDDEN = 4, GRADIENT_BEFORE = 3 };

typedef struct bench_shape {
  const recurrent_cell *cell;
  int layers, directions, batch;
  bool one_hot;
  real dropout;
} bench_shape;

/* A network with everything that flows in and out of it. The loss is a fixed weighted sum of y, h_n
 * and c_n, so that d_y, d_h and d_c are its gradients. */
typedef struct bench {
  bench_shape shape;
  recurrent network;
  param_list list;
  packed batch;
  rc_arena arena;
  size_t inputs, outputs, states; /* elements */
  int *ids;
  real *values, *x, *h0, *c0, *y, *h, *c;
  real *d_y, *d_h, *d_c;               /* of the loss */
  real *gradients, *d_x, *d_h0, *d_c0; /* what backward makes of them */
  recurrent_cache *cache;
} bench;

static const int ragged[] = {2, 5, 1, 5};
static const int single[] = {5};

static void bench_layout(bench *it) {
  rc_arena *arena = &it->arena;
  assert_int_equal(packed_build(&it->batch, it->shape.batch == 1 ? single : ragged, it->shape.batch,
                                arena, NULL),
                   RC_OK);
  int rows = it->batch.rows;
  it->inputs = (size_t)rows * INPUT;
  it->outputs = (size_t)rows * (size_t)it->shape.directions * HIDDEN;
  int slots = it->shape.layers * it->shape.directions;
  it->states = (size_t)slots * (size_t)it->shape.batch * HIDDEN;
  it->ids = ARENA_ARRAY(arena, int, (size_t)rows);
  real **const tensors[] = {&it->values, &it->gradients, &it->x,    &it->d_x, &it->y,
                            &it->d_y,    &it->h0,        &it->c0,   &it->h,   &it->c,
                            &it->d_h,    &it->d_c,       &it->d_h0, &it->d_c0};
  const size_t counts[] = {it->list.total, it->list.total, it->inputs, it->inputs, it->outputs,
                           it->outputs,    it->states,     it->states, it->states, it->states,
                           it->states,     it->states,     it->states, it->states};
  for (size_t i = 0; i < sizeof tensors / sizeof tensors[0]; i++) {
    *tensors[i] = ARENA_ARRAY(arena, real, counts[i]);
  }
  it->cache = recurrent_cache_new(&it->network, rows, it->shape.batch, true, arena);
}

static void bench_open(bench *it, bench_shape shape, uint64_t seed) {
  *it = (bench){.shape = shape};
  assert_int_equal(recurrent_add(&it->network, &it->list, "rnn", shape.cell, INPUT, HIDDEN,
                                 shape.layers, shape.directions, shape.dropout, NULL),
                   RC_OK);
  it->arena = arena_measure();
  bench_layout(it);
  size_t size = it->arena.used;
  assert_int_equal(arena_new(&it->arena, size, NULL), RC_OK);
  bench_layout(it);
  assert_non_null(it->cache);
  assert_int_equal(it->arena.used, size);

  rc_rng rng = rng_make(seed, 0, 0);
  recurrent_init(&it->network, it->values, &rng);
  fill_normal(&rng, it->x, it->inputs);
  fill_normal(&rng, it->h0, it->states);
  fill_normal(&rng, it->c0, it->states);
  fill_normal(&rng, it->d_y, it->outputs);
  fill_normal(&rng, it->d_h, it->states);
  fill_normal(&rng, it->d_c, it->states);
  for (int row = 0; row < it->batch.rows; row++) it->ids[row] = (int)rng_below(&rng, INPUT);
}

static recurrent_input bench_input(const bench *it) {
  return it->shape.one_hot ? (recurrent_input){.ids = it->ids} : (recurrent_input){.x = it->x};
}

static void bench_forward(bench *it, recurrent_input input) {
  rc_rng rng = rng_make(7, 7, 7); /* the same masks at every call */
  recurrent_forward(&it->network, it->values, &it->batch, input, (recurrent_state){it->h0, it->c0},
                    it->shape.dropout > 0 ? &rng : NULL, it->y, (recurrent_state){it->h, it->c},
                    it->cache);
}

static void bench_backward(bench *it, recurrent_input input) {
  for (size_t i = 0; i < it->list.total; i++) it->gradients[i] = GRADIENT_BEFORE;
  recurrent_backward(&it->network, it->values, &it->batch, input, it->d_y,
                     (recurrent_state){it->d_h, it->d_c}, input.ids == NULL ? it->d_x : NULL,
                     (recurrent_state){it->d_h0, it->d_c0}, it->gradients, it->cache);
  for (size_t i = 0; i < it->list.total; i++) it->gradients[i] -= GRADIENT_BEFORE;
}

static double bench_loss(void *context) {
  bench *it = context;
  bench_forward(it, bench_input(it));
  double loss =
      weighted_sum(it->d_y, it->y, it->outputs) + weighted_sum(it->d_h, it->h, it->states);
  if (it->shape.cell == &lstm_cell) loss += weighted_sum(it->d_c, it->c, it->states);
  return loss;
}

static void check_shape(bench_shape shape) {
  bench it;
  bench_open(&it, shape, 42);
  bench_forward(&it, bench_input(&it));
  bench_backward(&it, bench_input(&it));
  for (int i = 0; i < it.list.count; i++) {
    const param *p = &it.list.items[i];
    char what[160];
    snprintf(what, sizeof what, "%s layers %d directions %d batch %d%s%s: %s",
             recurrent_cell_name(shape.cell), shape.layers, shape.directions, shape.batch,
             shape.one_hot ? " one-hot" : "", shape.dropout > 0 ? " dropout" : "", p->name);
    assert_gradient(what, bench_loss, &it, it.values + p->offset, p->count,
                    it.gradients + p->offset);
  }
  if (!shape.one_hot) assert_gradient("x", bench_loss, &it, it.x, it.inputs, it.d_x);
  assert_gradient("h0", bench_loss, &it, it.h0, it.states, it.d_h0);
  if (shape.cell == &lstm_cell) {
    assert_gradient("c0", bench_loss, &it, it.c0, it.states, it.d_c0);
  }
  arena_free(&it.arena);
}

static void check_cell(const recurrent_cell *cell) {
  for (int layers = 1; layers <= 2; layers++) {
    for (int directions = 1; directions <= 2; directions++) {
      for (int batch = 1; batch <= 4; batch += 3) {
        check_shape((bench_shape){cell, layers, directions, batch, false, 0});
        check_shape((bench_shape){cell, layers, directions, batch, true, 0});
      }
    }
  }
  check_shape((bench_shape){cell, 3, 2, 4, false, (real)0.4});
}

static void rnn_agrees_with_finite_differences(void **state) {
  (void)state;
  check_cell(&rnn_cell);
}

static void lstm_agrees_with_finite_differences(void **state) {
  (void)state;
  check_cell(&lstm_cell);
}

static void gru_agrees_with_finite_differences(void **state) {
  (void)state;
  check_cell(&gru_cell);
}

static const recurrent_cell *const cells[] = {&rnn_cell, &lstm_cell, &gru_cell};

static void assert_close(const real *a, const real *b, size_t n) {
  for (size_t i = 0; i < n; i++) assert_true(fabs((double)(a[i] - b[i])) < 1e-12);
}

/* ids and the dense rows that they stand for give the same numbers. */
static void one_hot_equals_dense(void **state) {
  (void)state;
  for (int i = 0; i < 6; i++) {
    bench a, b;
    bench_shape shape = {cells[i % 3], 2, 2, i < 3 ? 1 : 4, true, 0};
    bench_open(&a, shape, 1);
    bench_open(&b, shape, 1);
    memset(b.x, 0, b.inputs * sizeof(real));
    for (int row = 0; row < b.batch.rows; row++) b.x[row * INPUT + b.ids[row]] = 1;
    recurrent_input ids = {.ids = a.ids}, dense = {.x = b.x};
    bench_forward(&a, ids);
    bench_backward(&a, ids);
    bench_forward(&b, dense);
    bench_backward(&b, dense);
    assert_close(a.y, b.y, a.outputs);
    assert_close(a.gradients, b.gradients, a.list.total);
    assert_close(a.d_h0, b.d_h0, a.states);
    arena_free(&a.arena);
    arena_free(&b.arena);
  }
}

/* What NULL stands for: zero states in, nothing wanted out. */
static void absent_tensors_are_zero(void **state) {
  (void)state;
  for (int i = 0; i < 3; i++) {
    bench a, b;
    bench_shape shape = {cells[i], 2, 2, 4, false, 0};
    bench_open(&a, shape, 2);
    bench_open(&b, shape, 2);
    recurrent_state none = {0};
    recurrent_input input = {.x = a.x};
    memset(a.h0, 0, a.states * sizeof(real));
    memset(a.c0, 0, a.states * sizeof(real));
    memset(a.d_y, 0, a.outputs * sizeof(real));
    memset(a.d_c, 0, a.states * sizeof(real));
    bench_forward(&a, input);
    bench_backward(&a, input);
    recurrent_forward(&b.network, b.values, &b.batch, input, none, NULL, b.y, none, b.cache);
    recurrent_backward(&b.network, b.values, &b.batch, input, NULL, (recurrent_state){.h = a.d_h},
                       NULL, none, b.gradients, b.cache);
    assert_close(a.y, b.y, a.outputs);
    assert_close(a.gradients, b.gradients, a.list.total);
    arena_free(&a.arena);
    arena_free(&b.arena);
  }
}

/* The loss where direction `slot` of a layer of two directions comes out of step t in the state h,
 * whatever was before: what its output of that step adds, and what all that it does next. */
typedef struct continued {
  bench *it; /* one sequence of the steps that are left */
  const real *weights;
  int slot;
} continued;

static double continued_loss(void *context) {
  continued *rest = context;
  bench *it = rest->it;
  const real *h = it->h0 + rest->slot * HIDDEN;
  return bench_loss(it) + weighted_sum(rest->weights, h, HIDDEN);
}

/* The gradient that a watched cache tells of step t, against the differences of the loss when a
 * network that reads only the letters after it begins in the state that the step left. */
static void check_watched(const recurrent_cell *cell, int slot) {
  enum { STEPS = 5, AT = 2 };
  const bench_shape shape = {.cell = cell, .layers = 1, .directions = 2, .batch = 1};
  bench whole, rest;
  real kept[2 * STEPS * HIDDEN];
  real gates[4][STEPS * HIDDEN], h[STEPS * HIDDEN], c[STEPS * HIDDEN];
  real *const gate_rows[] = {gates[0], gates[1], gates[2], gates[3]};
  const bool has_c = cell == &lstm_cell;
  bench_open(&whole, shape, 5);
  bench_open(&rest, shape, 5);
  assert_int_equal(whole.batch.steps, STEPS);
  bench_forward(&whole, bench_input(&whole));
  recurrent_steps(&whole.network, STEPS, (recurrent_state){whole.h, whole.c}, 0, slot, gate_rows,
                  (recurrent_state){h, has_c ? c : NULL}, whole.cache);
  recurrent_cache_watch(whole.cache, kept);
  bench_backward(&whole, bench_input(&whole));

  /* The letters that the direction reads after step AT, and the state that it has then. */
  const int left = slot == 0 ? STEPS - 1 - AT : AT, from = slot == 0 ? AT + 1 : 0;
  unsigned char block[1024];
  const size_t offset = ARENA_ALIGNMENT - (uintptr_t)block % ARENA_ALIGNMENT;
  rc_arena packing = arena_over(block + offset, sizeof block - offset);
  assert_int_equal(packed_build(&rest.batch, &left, 1, &packing, NULL), RC_OK);
  memmove(rest.x, rest.x + (size_t)from * INPUT, (size_t)left * INPUT * sizeof(real));
  memmove(rest.d_y, rest.d_y + (size_t)from * 2 * HIDDEN, (size_t)left * 2 * HIDDEN * sizeof(real));
  rest.outputs = (size_t)left * 2 * HIDDEN;
  memcpy(rest.h0 + slot * HIDDEN, h + AT * HIDDEN, HIDDEN * sizeof(real));
  if (has_c) memcpy(rest.c0 + slot * HIDDEN, c + AT * HIDDEN, HIDDEN * sizeof(real));
  continued from_here = {
      .it = &rest, .weights = whole.d_y + (size_t)(AT * 2 + slot) * HIDDEN, .slot = slot};
  assert_gradient(slot == 0 ? "state" : "state in reverse", continued_loss, &from_here,
                  rest.h0 + slot * HIDDEN, HIDDEN, kept + (size_t)(slot * STEPS + AT) * HIDDEN);
  arena_free(&whole.arena);
  arena_free(&rest.arena);
}

static void watched_states_agree_with_finite_differences(void **state) {
  (void)state;
  for (int i = 0; i < 3; i++) {
    check_watched(cells[i], 0);
    check_watched(cells[i], 1);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rnn_agrees_with_finite_differences),
      cmocka_unit_test(lstm_agrees_with_finite_differences),
      cmocka_unit_test(gru_agrees_with_finite_differences),
      cmocka_unit_test(one_hot_equals_dense),
      cmocka_unit_test(absent_tensors_are_zero),
      cmocka_unit_test(watched_states_agree_with_finite_differences),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
