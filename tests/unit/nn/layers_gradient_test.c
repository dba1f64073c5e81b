/* Every layer and loss without time in it against finite differences, in double. */

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "attend.h"
#include "bmm.h"
#include "dropout.h"
#include "embedding.h"
#include "finite_difference.h"
#include "linear.h"
#include "loss.h"
#include "onehot.h"
#include "pooling.h"

enum { ROWS = 5, IN = 4, OUT = 3, SCRATCH = 4096 };

typedef struct linear_bench {
  linear layer;
  const int *ids; /* instead of x */
  real values[OUT * IN + OUT], x[ROWS * IN], y[ROWS * OUT], dy[ROWS * OUT], scratch[SCRATCH];
} linear_bench;

static double linear_loss(void *context) {
  linear_bench *it = context;
  if (it->ids != NULL) {
    onehot_forward(&it->layer, it->values, ROWS, it->ids, it->y, it->scratch);
  } else {
    linear_forward(&it->layer, it->values, ROWS, it->x, it->y, it->scratch);
  }
  return weighted_sum(it->dy, it->y, ROWS * OUT);
}

static void linear_bench_open(linear_bench *it, param_list *list) {
  rc_rng rng = rng_make(1, 2, 3);
  *it = (linear_bench){0};
  assert_int_equal(linear_add(&it->layer, list, "output", IN, OUT, NULL), RC_OK);
  assert_true(linear_scratch(&it->layer, ROWS) <= SCRATCH);
  assert_true(onehot_scratch(&it->layer) <= SCRATCH);
  linear_init(&it->layer, it->values, &rng);
  fill_normal(&rng, it->x, ROWS * IN);
  fill_normal(&rng, it->dy, ROWS * OUT);
}

static void linear_agrees(void **state) {
  (void)state;
  linear_bench it;
  param_list list = {0};
  linear_bench_open(&it, &list);
  real gradients[OUT * IN + OUT] = {0}, dx[ROWS * IN];
  linear_backward(&it.layer, it.values, ROWS, it.x, it.dy, dx, gradients, it.scratch);
  assert_gradient("values", linear_loss, &it, it.values, list.total, gradients);
  assert_gradient("x", linear_loss, &it, it.x, ROWS * IN, dx);

  real twice[ROWS * IN];
  memcpy(twice, dx, sizeof dx);
  linear_backward_input(&it.layer, it.values, ROWS, it.dy, true, twice, it.scratch);
  for (int i = 0; i < ROWS * IN; i++) assert_true(fabs((double)(twice[i] - 2 * dx[i])) < 1e-12);
}

static void one_hot_agrees(void **state) {
  (void)state;
  linear_bench it;
  param_list list = {0};
  linear_bench_open(&it, &list);
  it.ids = (const int[]){2, 0, 2, 3, 0};
  real gradients[OUT * IN + OUT] = {0};
  onehot_backward(&it.layer, ROWS, it.ids, it.dy, gradients, it.scratch);
  assert_gradient("values", linear_loss, &it, it.values, list.total, gradients);
}

typedef struct embedding_bench {
  embedding layer;
  int ids[ROWS];
  real values[IN * OUT], y[ROWS * OUT], dy[ROWS * OUT];
} embedding_bench;

static double embedding_loss(void *context) {
  embedding_bench *it = context;
  embedding_forward(&it->layer, it->values, ROWS, it->ids, it->y);
  return weighted_sum(it->dy, it->y, ROWS * OUT);
}

static void embedding_agrees(void **state) {
  (void)state;
  rc_rng rng = rng_make(4, 5, 6);
  param_list list = {0};
  embedding_bench it = {.ids = {1, 3, 1, 0, 1}};
  assert_int_equal(embedding_add(&it.layer, &list, "letters", IN, OUT, NULL), RC_OK);
  embedding_init(&it.layer, it.values, &rng);
  fill_normal(&rng, it.dy, ROWS * OUT);
  real gradients[IN * OUT] = {0};
  embedding_backward(&it.layer, ROWS, it.ids, it.dy, gradients);
  assert_gradient("values", embedding_loss, &it, it.values, list.total, gradients);
}

typedef struct dropout_bench {
  real x[ROWS * IN], y[ROWS * IN], mask[ROWS * IN], dy[ROWS * IN];
} dropout_bench;

static double dropout_loss(void *context) {
  dropout_bench *it = context;
  rc_rng rng = rng_make(9, 9, 9);
  dropout_forward((real)0.3, ROWS * IN, it->x, it->y, it->mask, &rng);
  return weighted_sum(it->dy, it->y, ROWS * IN);
}

static void dropout_agrees(void **state) {
  (void)state;
  rc_rng rng = rng_make(7, 8, 9);
  dropout_bench it;
  fill_normal(&rng, it.x, ROWS * IN);
  fill_normal(&rng, it.dy, ROWS * IN);
  dropout_loss(&it);
  real dx[ROWS * IN];
  dropout_backward(ROWS * IN, it.dy, it.mask, dx);
  assert_gradient("x", dropout_loss, &it, it.x, ROWS * IN, dx);
}

enum { BATCH = 3, STEPS = 4, LETTERS = 7, HIDDEN = 2, POOLED = 3 * 2 * HIDDEN };

typedef struct pooling_bench {
  pooling_kind kind;
  int directions;
  packed batch;
  real y[LETTERS * 2 * HIDDEN], pooled[BATCH * POOLED], d_pooled[BATCH * POOLED];
  int argmax[BATCH * 2 * HIDDEN];
} pooling_bench;

static double pooling_loss(void *context) {
  pooling_bench *it = context;
  pooling_forward(it->kind, &it->batch, HIDDEN, it->directions, it->y, it->pooled, it->argmax);
  size_t width = (size_t)pooling_width(it->kind, HIDDEN, it->directions);
  return weighted_sum(it->d_pooled, it->pooled, BATCH * width);
}

static void pooling_agrees(void **state) {
  (void)state;
  rc_rng rng = rng_make(1, 1, 2);
  const int lengths[BATCH] = {2, 4, 1};
  rc_arena arena;
  assert_int_equal(arena_new(&arena, packed_bytes(BATCH, STEPS), NULL), RC_OK);
  pooling_bench it = {0};
  assert_int_equal(packed_build(&it.batch, lengths, BATCH, &arena, NULL), RC_OK);
  fill_normal(&rng, it.y, LETTERS * 2 * HIDDEN);
  fill_normal(&rng, it.d_pooled, BATCH * POOLED);
  for (int i = 0; i < 4; i++) {
    it.kind = i < 2 ? POOLING_LAST : POOLING_ALL;
    it.directions = 1 + i % 2;
    real dy[LETTERS * 2 * HIDDEN];
    memset(dy, 0x7f, sizeof dy); /* to be overwritten */
    pooling_loss(&it);
    pooling_backward(it.kind, &it.batch, HIDDEN, it.directions, it.d_pooled, it.argmax, dy);
    assert_gradient("y", pooling_loss, &it, it.y, LETTERS * HIDDEN * (size_t)it.directions, dy);
  }
  arena_free(&arena);
}

enum { CLASSES = 6 };

typedef struct loss_bench {
  real logits[ROWS * CLASSES];
  cross_entropy_target target;
} loss_bench;

static const int targets[ROWS] = {3, 0, 5, 3, 1};

static double entropy_loss(void *context) {
  loss_bench *it = context;
  real logits[ROWS * CLASSES];
  memcpy(logits, it->logits, sizeof logits);
  return 0.25 * cross_entropy(ROWS, CLASSES, &it->target, 1, logits);
}

static void cross_entropy_agrees(void **state) {
  (void)state;
  rc_rng rng = rng_make(3, 4, 2);
  loss_bench it;
  real soft[ROWS * CLASSES];
  const real weights[ROWS] = {1, (real)0.5, 2, 0, (real)1.5};
  fill_normal(&rng, it.logits, ROWS * CLASSES);
  fill_normal(&rng, soft, ROWS * CLASSES);
  kernels->softmax(ROWS - 1, CLASSES, soft, soft); /* the last row does not even sum to 1 */
  for (int i = 0; i < 8; i++) {
    it.target = (cross_entropy_target){.targets = targets,
                                       .smoothing = i & 1 ? (real)0.1 : 0,
                                       .soft = i & 2 ? soft : NULL,
                                       .soft_weight = i & 2 ? (real)0.7 : 0,
                                       .weights = i & 4 ? weights : NULL};
    real d[ROWS * CLASSES];
    memcpy(d, it.logits, sizeof d);
    double loss = cross_entropy(ROWS, CLASSES, &it.target, (real)0.25, d);
    assert_true(fabs(0.25 * loss - entropy_loss(&it)) < 1e-12);
    assert_gradient("logits", entropy_loss, &it, it.logits, ROWS * CLASSES, d);
  }
}

enum { KEYS = 4, SIZE = 3, WIDTH = 5 };

typedef struct attention_bench {
  attend layer;
  int count; /* of values */
  real query[SIZE], keys[KEYS * SIZE], values[KEYS * WIDTH], score[SIZE];
  real weights[KEYS], context[WIDTH], d_context[WIDTH], d_weights[KEYS], scratch[SCRATCH];
} attention_bench;

static double attention_loss(void *context) {
  attention_bench *it = context;
  attend_forward(&it->layer, it->count, it->query, it->keys, it->values, it->weights, it->context,
                 it->scratch);
  return weighted_sum(it->d_context, it->context, WIDTH) +
         weighted_sum(it->d_weights, it->weights, (size_t)it->count);
}

static void check_attention(attention_bench *it) {
  rc_rng rng = rng_make(8, 1, 8);
  assert_true(attend_scratch(true, SIZE, KEYS) <= SCRATCH);
  fill_normal(&rng, it->query, SIZE);
  fill_normal(&rng, it->keys, KEYS * SIZE);
  fill_normal(&rng, it->values, KEYS * WIDTH);
  fill_normal(&rng, it->score, SIZE);
  fill_normal(&rng, it->d_context, WIDTH);
  fill_normal(&rng, it->d_weights, KEYS);
  it->count = KEYS;
  attention_loss(it);
  real d_query[SIZE] = {0}, d_keys[KEYS * SIZE] = {0}, d_values[KEYS * WIDTH] = {0};
  real d_score[SIZE] = {0};
  const attend_gradients to = {d_query, d_keys, d_values, d_score};
  attend_backward(&it->layer, KEYS, it->query, it->keys, it->values, it->weights, it->d_context,
                  it->d_weights, &to, it->scratch);
  assert_gradient("query", attention_loss, it, it->query, SIZE, d_query);
  assert_gradient("keys", attention_loss, it, it->keys, KEYS * SIZE, d_keys);
  assert_gradient("values", attention_loss, it, it->values, KEYS * WIDTH, d_values);
  assert_gradient("score", attention_loss, it, it->score, SIZE, d_score);
}

static void dot_attention_agrees(void **state) {
  (void)state;
  attention_bench it = {.layer = {.size = SIZE, .width = WIDTH, .scale = (real)0.7}};
  check_attention(&it);
}

static void additive_attention_agrees(void **state) {
  (void)state;
  attention_bench it = {.layer = {.size = SIZE, .width = WIDTH}};
  it.layer.score = it.score;
  check_attention(&it);
}

/* More positions than values. */
static void location_attention_agrees(void **state) {
  (void)state;
  enum { VALUES = SIZE - 1 };
  attention_bench it = {.layer = {.size = SIZE, .width = WIDTH, .location = true}};
  rc_rng rng = rng_make(8, 1, 8);
  fill_normal(&rng, it.query, SIZE);
  fill_normal(&rng, it.values, VALUES * WIDTH);
  fill_normal(&rng, it.d_context, WIDTH);
  fill_normal(&rng, it.d_weights, VALUES);
  it.count = VALUES;
  attention_loss(&it);
  real d_query[SIZE] = {0}, d_values[VALUES * WIDTH] = {0};
  const attend_gradients to = {.query = d_query, .values = d_values};
  attend_backward(&it.layer, VALUES, it.query, NULL, it.values, it.weights, it.d_context,
                  it.d_weights, &to, it.scratch);
  assert_gradient("query", attention_loss, &it, it.query, SIZE, d_query);
  assert_gradient("values", attention_loss, &it, it.values, VALUES * WIDTH, d_values);
}

typedef struct bmm_bench {
  bmm_shape shape;
  real a[30], b[40], c[24], dc[24];
} bmm_bench;

static double bmm_loss(void *context) {
  bmm_bench *it = context;
  bmm_forward(&it->shape, it->a, it->b, it->c);
  return weighted_sum(it->dc, it->c, 24);
}

static void bmm_agrees(void **state) {
  (void)state;
  bmm_bench it = {.shape = {.batch = 2, .m = 3, .k = 5, .n = 4}};
  rc_rng rng = rng_make(3, 5, 8);
  fill_normal(&rng, it.a, 30);
  fill_normal(&rng, it.b, 40);
  fill_normal(&rng, it.dc, 24);
  real da[30], db[40] = {0};
  bmm_backward(&it.shape, it.a, it.b, it.dc, da, db);
  assert_gradient("a", bmm_loss, &it, it.a, 30, da);
  assert_gradient("b", bmm_loss, &it, it.b, 40, db);
  real twice[40];
  memcpy(twice, db, sizeof twice);
  bmm_backward(&it.shape, it.a, it.b, it.dc, NULL, twice);
  for (int i = 0; i < 40; i++) assert_true(fabs((double)(twice[i] - 2 * db[i])) < 1e-12);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(linear_agrees),
      cmocka_unit_test(one_hot_agrees),
      cmocka_unit_test(embedding_agrees),
      cmocka_unit_test(dropout_agrees),
      cmocka_unit_test(dot_attention_agrees),
      cmocka_unit_test(additive_attention_agrees),
      cmocka_unit_test(location_attention_agrees),
      cmocka_unit_test(bmm_agrees),
      cmocka_unit_test(pooling_agrees),
      cmocka_unit_test(cross_entropy_agrees),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
