/* Layers, losses and optimisers against PyTorch's numbers, with every kernel variant that this
 * processor runs. tests/golden/make_golden.py is the recipe. */

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "attend.h"
#include "bmm.h"
#include "embedding.h"
#include "golden_file.h"
#include "linear.h"
#include "loss.h"
#include "optimizer.h"
#include "recurrent.h"

enum { INPUT = 5, HIDDEN = 6, CLASSES = 4 };

static golden_file golden;
static rc_arena arena;

static int forget(void **state) {
  (void)state;
  arena_reset(&arena);
  return 0;
}

static real *zeros(size_t n) {
  real *x = ARENA_ARRAY(&arena, real, n);
  assert_non_null(x);
  memset(x, 0, n * sizeof(real));
  return x;
}

/* A recurrent network under a linear layer, as recurrent_case of the recipe builds it. */
typedef struct stack {
  const char *group;
  param_list list;
  recurrent network;
  linear output;
  packed batch;
  size_t states; /* L * D */
  real *values, *scratch;
  recurrent_cache *cache;
} stack;

/* States [L * D, B, H]: PyTorch gives and takes them in the caller's order, we in packed order. */
static real *load_state(stack *net, const char *name) {
  real *from = golden_reals(&golden, net->group, name, &arena);
  size_t batch = (size_t)net->batch.batch;
  real *to = zeros(net->states * batch * HIDDEN);
  for (size_t row = 0; row < net->states * batch; row++) {
    size_t source = row / batch * batch + (size_t)net->batch.order[row % batch];
    memcpy(to + row * HIDDEN, from + source * HIDDEN, HIDDEN * sizeof(real));
  }
  return to;
}

static void assert_state(stack *net, const char *name, const real *from) {
  size_t batch = (size_t)net->batch.batch;
  real *to = zeros(net->states * batch * HIDDEN);
  for (size_t row = 0; row < net->states * batch; row++) {
    size_t target = row / batch * batch + (size_t)net->batch.order[row % batch];
    memcpy(to + target * HIDDEN, from + row * HIDDEN, HIDDEN * sizeof(real));
  }
  assert_golden(&golden, net->group, name, to, net->states * batch * HIDDEN);
}

static double dot(const real *a, const real *b, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += (double)a[i] * (double)b[i];
  return sum;
}

static void stack_open(stack *net, const recurrent_cell *cell, int layers, int directions) {
  net->states = (size_t)layers * (size_t)directions;
  assert_int_equal(recurrent_add(&net->network, &net->list, "rnn", cell, INPUT, HIDDEN, layers,
                                 directions, 0, NULL),
                   RC_OK);
  assert_int_equal(
      linear_add(&net->output, &net->list, "output", directions * HIDDEN, CLASSES, NULL), RC_OK);
  net->values = golden_parameters(&golden, net->group, &net->list, &arena);
  int *lengths = golden_ints(&golden, net->group, "lengths", &arena);
  int batch = (int)golden_find(&golden, net->group, "lengths")->count;
  assert_int_equal(packed_build(&net->batch, lengths, batch, &arena, NULL), RC_OK);
  int *order = golden_ints(&golden, net->group, "order", &arena);
  assert_memory_equal(order, net->batch.order, (size_t)batch * sizeof(int));
  net->scratch = zeros(linear_scratch(&net->output, net->batch.rows));
  net->cache = recurrent_cache_new(&net->network, net->batch.rows, batch, true, &arena);
  assert_non_null(net->cache);
}

/* Loss of the rows of y, and its gradient dy. */
static double output_step(stack *net, const real *y, real *dy, real *gradients) {
  int rows = net->batch.rows;
  int *targets = golden_ints(&golden, net->group, "targets", &arena);
  real *logits = zeros((size_t)rows * CLASSES);
  linear_forward(&net->output, net->values, rows, y, logits, net->scratch);
  const cross_entropy_target hard = {.targets = targets};
  const double loss = cross_entropy(rows, CLASSES, &hard, 1, logits);
  linear_backward(&net->output, net->values, rows, y, logits, dy, gradients, net->scratch);
  return loss;
}

static void check_recurrent(const char *group, const recurrent_cell *cell, int layers,
                            int directions) {
  arena_reset(&arena);
  stack net = {.group = group};
  stack_open(&net, cell, layers, directions);
  bool has_c = cell == &lstm_cell;
  size_t rows = (size_t)net.batch.rows, width = (size_t)directions * HIDDEN;
  size_t states = net.states * (size_t)net.batch.batch * HIDDEN;
  real *y = zeros(rows * width), *dy = zeros(rows * width), *dx = zeros(rows * INPUT);
  real *gradients = zeros(net.list.total);
  recurrent_input input = {.x = golden_reals(&golden, group, "x", &arena)};
  recurrent_state initial = {.h = load_state(&net, "h0")}, final = {.h = zeros(states)};
  recurrent_state d_final = {.h = load_state(&net, "weight of hn")};
  recurrent_state d_initial = {.h = zeros(states)};
  if (has_c) {
    initial.c = load_state(&net, "c0");
    d_final.c = load_state(&net, "weight of cn");
    final.c = zeros(states);
    d_initial.c = zeros(states);
  }

  recurrent_forward(&net.network, net.values, &net.batch, input, initial, NULL, y, final,
                    net.cache);
  double loss = output_step(&net, y, dy, gradients) + dot(d_final.h, final.h, states);
  if (has_c) loss += dot(d_final.c, final.c, states);
  recurrent_backward(&net.network, net.values, &net.batch, input, dy, d_final, dx, d_initial,
                     gradients, net.cache);

  real total = (real)loss;
  assert_golden(&golden, group, "y", y, rows * width);
  assert_golden(&golden, group, "loss", &total, 1);
  assert_golden(&golden, group, "d x", dx, rows * INPUT);
  assert_state(&net, "hn", final.h);
  assert_state(&net, "d h0", d_initial.h);
  if (has_c) {
    assert_state(&net, "cn", final.c);
    assert_state(&net, "d c0", d_initial.c);
  }
  assert_golden_gradients(&golden, group, &net.list, gradients);
}

static void recurrent_networks(void **state) {
  (void)state;
  const recurrent_cell *const cells[] = {&rnn_cell, &lstm_cell, &gru_cell};
  for (int i = 0; i < 3; i++) {
    const char *name = recurrent_cell_name(cells[i]);
    char group[80];
    for (int layers = 1; layers <= 2; layers++) {
      for (int directions = 1; directions <= 2; directions++) {
        for (int batch = 1; batch <= 3; batch += 2) {
          snprintf(group, sizeof group, "%s layers %d directions %d batch %d", name, layers,
                   directions, batch);
          check_recurrent(group, cells[i], layers, directions);
        }
      }
    }
    snprintf(group, sizeof group, "%s tutorial", name);
    check_recurrent(group, cells[i], 2, 1);
  }
}

static void check_packing(const char *group) {
  int *lengths = golden_ints(&golden, group, "lengths", &arena);
  int batch = (int)golden_find(&golden, group, "lengths")->count;
  packed packing;
  assert_int_equal(packed_build(&packing, lengths, batch, &arena, NULL), RC_OK);
  int *order = golden_ints(&golden, group, "order", &arena);
  int *sizes = golden_ints(&golden, group, "batch_sizes", &arena);
  int *data = golden_ints(&golden, group, "data", &arena);
  assert_int_equal(golden_find(&golden, group, "batch_sizes")->count, packing.steps);
  assert_int_equal(golden_find(&golden, group, "data")->count, packing.rows);
  assert_memory_equal(packing.order, order, (size_t)batch * sizeof(int));
  assert_memory_equal(packing.batch_sizes, sizes, (size_t)packing.steps * sizeof(int));
  for (int t = 0; t < packing.steps; t++) {
    for (int b = 0; b < packing.batch_sizes[t]; b++) {
      assert_int_equal(t * batch + packing.order[b], data[packing.offsets[t] + b]);
    }
  }
}

static void packing_order(void **state) {
  (void)state;
  check_packing("packing 1");
  check_packing("packing 2");
}

static void linear_layer(void **state) {
  (void)state;
  enum { ROWS = 4, IN = 7, OUT = 3 };
  param_list list = {0};
  linear layer;
  assert_int_equal(linear_add(&layer, &list, "layer", IN, OUT, NULL), RC_OK);
  real *values = golden_parameters(&golden, "linear", &list, &arena),
       *gradients = zeros(list.total);
  real *x = golden_reals(&golden, "linear", "x", &arena);
  real *dy = golden_reals(&golden, "linear", "dy", &arena);
  real *y = zeros(ROWS * OUT), *dx = zeros(ROWS * IN),
       *scratch = zeros(linear_scratch(&layer, ROWS));
  linear_forward(&layer, values, ROWS, x, y, scratch);
  linear_backward(&layer, values, ROWS, x, dy, dx, gradients, scratch);
  assert_golden(&golden, "linear", "y", y, ROWS * OUT);
  assert_golden(&golden, "linear", "d x", dx, ROWS * IN);
  assert_golden_gradients(&golden, "linear", &list, gradients);
}

static void embedding_layer(void **state) {
  (void)state;
  enum { ROWS = 5, COUNT = 6, SIZE = 5 };
  param_list list = {0};
  embedding layer;
  assert_int_equal(embedding_add(&layer, &list, "layer", COUNT, SIZE, NULL), RC_OK);
  real *values = golden_parameters(&golden, "embedding", &list, &arena),
       *gradients = zeros(list.total);
  int *ids = golden_ints(&golden, "embedding", "ids", &arena);
  real *dy = golden_reals(&golden, "embedding", "dy", &arena), *y = zeros(ROWS * SIZE);
  embedding_forward(&layer, values, ROWS, ids, y);
  embedding_backward(&layer, ROWS, ids, dy, gradients);
  assert_golden(&golden, "embedding", "y", y, ROWS * SIZE);
  assert_golden_gradients(&golden, "embedding", &list, gradients);
}

enum { LOSS_ROWS = 5, LOSS_CLASSES = 7, LOSS_COUNT = LOSS_ROWS * LOSS_CLASSES };

static void log_softmax_and_nll(void **state) {
  (void)state;
  real *logits = golden_reals(&golden, "nll", "logits", &arena);
  int *targets = golden_ints(&golden, "nll", "targets", &arena);
  real *log_probability = zeros(LOSS_COUNT);
  kernels->log_softmax(LOSS_ROWS, LOSS_CLASSES, logits, log_probability);
  const cross_entropy_target hard = {.targets = targets};
  real loss = (real)cross_entropy(LOSS_ROWS, LOSS_CLASSES, &hard, 1, logits);
  assert_golden(&golden, "nll", "log_probability", log_probability, LOSS_COUNT);
  assert_golden(&golden, "nll", "loss", &loss, 1);
  assert_golden(&golden, "nll", "d logits", logits, LOSS_COUNT);
}

static void check_cross_entropy(const char *group) {
  real *logits = golden_reals(&golden, group, "logits", &arena);
  cross_entropy_target target = {
      .targets = golden_ints(&golden, group, "targets", &arena),
      .smoothing = (real)golden_scalar(&golden, group, "smoothing"),
      .soft = golden_reals(&golden, group, "soft", &arena),
      .soft_weight = (real)golden_scalar(&golden, group, "soft_weight"),
      .weights = golden_reals(&golden, group, "weights", &arena),
  };
  real loss = (real)cross_entropy(LOSS_ROWS, LOSS_CLASSES, &target, 1, logits);
  assert_golden(&golden, group, "loss", &loss, 1);
  assert_golden(&golden, group, "d logits", logits, LOSS_COUNT);
}

static void smoothed_cross_entropy(void **state) {
  (void)state;
  check_cross_entropy("cross entropy 1");
  check_cross_entropy("cross entropy 2");
}

static void check_optimizer(const char *group, optimizer_kind kind, real momentum, real decay) {
  param_list list = {0};
  size_t offset, n = golden_find(&golden, group, "values")->count;
  assert_int_equal(params_add(&list, NULL, "p", (int)n, 0, &offset, NULL), RC_OK);
  optimizer rule;
  assert_int_equal(optimizer_new(&rule, kind, &list, &arena, NULL), RC_OK);
  rule.momentum = momentum;
  rule.weight_decay = decay;
  real *values = golden_reals(&golden, group, "values", &arena);
  real *gradients = golden_reals(&golden, group, "gradients", &arena);
  real *after = zeros(3 * n);
  for (size_t step = 0; step < 3; step++) {
    optimizer_update(&rule, &list, (real)0.5, gradients + step * n, values);
    memcpy(after + step * n, values, n * sizeof(real));
  }
  assert_int_equal(rule.step, 3);
  assert_golden(&golden, group, "after", after, 3 * n);
}

static void optimizers(void **state) {
  (void)state;
  check_optimizer("optimizer sgd", OPTIMIZER_SGD, 0, 0);
  check_optimizer("optimizer momentum", OPTIMIZER_SGD, (real)0.9, (real)0.1);
  check_optimizer("optimizer adam", OPTIMIZER_ADAM, 0, (real)0.1);
  check_optimizer("optimizer adamw", OPTIMIZER_ADAMW, 0, (real)0.1);
}

static void check_clip(const char *group) {
  param_list list = {0};
  size_t offset, n = golden_find(&golden, group, "before")->count;
  assert_int_equal(params_add(&list, NULL, "p", (int)n, 0, &offset, NULL), RC_OK);
  real *gradients = golden_reals(&golden, group, "before", &arena);
  real limit = (real)golden_scalar(&golden, group, "limit");
  real norm = (real)gradients_clip(&list, gradients, limit);
  assert_golden(&golden, group, "norm", &norm, 1);
  assert_golden(&golden, group, "after", gradients, n);
}

static void clipping(void **state) {
  (void)state;
  check_clip("clip 1");
  check_clip("clip 2");
}

/* A tensor of one of the recipe's sequences. */
static const real *of_sequence(const char *group, const char *name, int sequence) {
  char full[32];
  snprintf(full, sizeof full, "%s %d", name, sequence);
  return golden_reals(&golden, group, full, &arena);
}

static void assert_sequence(const char *group, const char *name, int sequence, const real *x,
                            int rows, int size) {
  char full[32];
  snprintf(full, sizeof full, "%s %d", name, sequence);
  assert_golden(&golden, group, full, x, (size_t)rows * (size_t)size);
}

enum { ATTENDED_SEQUENCES = 3, ATTENDED_SIZE = 5 };

/* The keys are the values, too: both gradients go to one place. */
static void scaled_dot_product_attention(void **state) {
  (void)state;
  enum { SIZE = ATTENDED_SIZE, ROWS = 11 };
  const char *group = "attention";
  const attend layer = {.size = SIZE, .width = SIZE, .scale = 1 / (real)sqrt(SIZE)};
  const int *lengths = golden_ints(&golden, group, "lengths", &arena);
  for (int s = 0; s < ATTENDED_SEQUENCES; s++) {
    const int queries = lengths[2 * s], n = lengths[2 * s + 1];
    const real *q = of_sequence(group, "q", s), *k = of_sequence(group, "k", s);
    const real *d_context = of_sequence(group, "d context", s);
    real *context = zeros(ROWS * SIZE), *dq = zeros(ROWS * SIZE), *dk = zeros(ROWS * SIZE);
    real *weights = zeros(ROWS), *scratch = zeros(attend_scratch(false, SIZE, ROWS));
    for (int i = 0; i < queries; i++) {
      const attend_gradients gradients = {.query = dq + i * SIZE, .keys = dk, .values = dk};
      attend_forward(&layer, n, q + i * SIZE, k, k, weights, context + i * SIZE, scratch);
      attend_backward(&layer, n, q + i * SIZE, k, k, weights, d_context + i * SIZE, NULL,
                      &gradients, scratch);
    }
    assert_sequence(group, "context", s, context, queries, SIZE);
    assert_sequence(group, "d q", s, dq, queries, SIZE);
    assert_sequence(group, "d k", s, dk, n, SIZE);
  }
}

static void additive_attention(void **state) {
  (void)state;
  enum { SIZE = ATTENDED_SIZE, WIDTH = 4, QUERIES = 4, KEYS = 7 };
  const char *group = "additive attention";
  const attend layer = {
      .size = SIZE, .width = WIDTH, .score = golden_reals(&golden, group, "score", &arena)};
  const int *lengths = golden_ints(&golden, group, "lengths", &arena);
  real *d_score = zeros(SIZE), *scratch = zeros(attend_scratch(true, SIZE, KEYS));
  for (int s = 0; s < ATTENDED_SEQUENCES; s++) {
    const int queries = lengths[2 * s], n = lengths[2 * s + 1];
    const real *q = of_sequence(group, "q", s), *k = of_sequence(group, "k", s);
    const real *v = of_sequence(group, "v", s), *d_context = of_sequence(group, "d context", s);
    real *weights = zeros(QUERIES * KEYS), *context = zeros(QUERIES * WIDTH);
    real *dq = zeros(QUERIES * SIZE), *dk = zeros(KEYS * SIZE), *dv = zeros(KEYS * WIDTH);
    for (int i = 0; i < queries; i++) {
      const attend_gradients gradients = {
          .query = dq + i * SIZE, .keys = dk, .values = dv, .score = d_score};
      attend_forward(&layer, n, q + i * SIZE, k, v, weights + i * n, context + i * WIDTH, scratch);
      attend_backward(&layer, n, q + i * SIZE, k, v, weights + i * n, d_context + i * WIDTH, NULL,
                      &gradients, scratch);
    }
    assert_sequence(group, "weights", s, weights, queries, n);
    assert_sequence(group, "context", s, context, queries, WIDTH);
    assert_sequence(group, "d q", s, dq, queries, SIZE);
    assert_sequence(group, "d k", s, dk, n, SIZE);
    assert_sequence(group, "d v", s, dv, n, WIDTH);
  }
  assert_golden(&golden, group, "d score", d_score, SIZE);
}

/* A query is the scores of all positions. */
static void location_attention(void **state) {
  (void)state;
  enum { POSITIONS = 7, WIDTH = 4, QUERIES = 4 };
  const char *group = "location attention";
  const attend layer = {.size = POSITIONS, .width = WIDTH, .location = true};
  const int *lengths = golden_ints(&golden, group, "lengths", &arena);
  real *scratch = zeros(attend_scratch(false, POSITIONS, POSITIONS));
  for (int s = 0; s < ATTENDED_SEQUENCES; s++) {
    const int queries = lengths[2 * s], n = lengths[2 * s + 1];
    const real *q = of_sequence(group, "q", s), *v = of_sequence(group, "v", s);
    const real *d_context = of_sequence(group, "d context", s);
    real *weights = zeros(QUERIES * POSITIONS), *context = zeros(QUERIES * WIDTH);
    real *dq = zeros(QUERIES * POSITIONS), *dv = zeros(POSITIONS * WIDTH);
    for (int i = 0; i < queries; i++) {
      const attend_gradients gradients = {.query = dq + i * POSITIONS, .values = dv};
      attend_forward(&layer, n, q + i * POSITIONS, NULL, v, weights + i * POSITIONS,
                     context + i * WIDTH, scratch);
      attend_backward(&layer, n, q + i * POSITIONS, NULL, v, weights + i * POSITIONS,
                      d_context + i * WIDTH, NULL, &gradients, scratch);
    }
    assert_sequence(group, "weights", s, weights, queries, POSITIONS);
    assert_sequence(group, "context", s, context, queries, WIDTH);
    assert_sequence(group, "d q", s, dq, queries, POSITIONS);
    assert_sequence(group, "d v", s, dv, n, WIDTH);
  }
}

static void batched_products(void **state) {
  (void)state;
  const int *shape = golden_ints(&golden, "bmm", "shape", &arena);
  const bmm_shape product = {.batch = shape[0], .m = shape[1], .k = shape[2], .n = shape[3]};
  const real *a = golden_reals(&golden, "bmm", "a", &arena);
  const real *b = golden_reals(&golden, "bmm", "b", &arena);
  const real *dc = golden_reals(&golden, "bmm", "d c", &arena);
  const size_t of_a = golden_find(&golden, "bmm", "a")->count;
  const size_t of_b = golden_find(&golden, "bmm", "b")->count;
  const size_t of_c = golden_find(&golden, "bmm", "c")->count;
  real *c = zeros(of_c), *da = zeros(of_a), *db = zeros(of_b);
  bmm_forward(&product, a, b, c);
  bmm_backward(&product, a, b, dc, da, db);
  assert_golden(&golden, "bmm", "c", c, of_c);
  assert_golden(&golden, "bmm", "d a", da, of_a);
  assert_golden(&golden, "bmm", "d b", db, of_b);
}

static void every_golden_tensor_was_used(void **state) {
  (void)state;
  assert_golden_used(&golden);
}

static int open_files(void **state) {
  (void)state;
  golden_open(&golden, "../../golden/golden.txt");
  return arena_new(&arena, 4 << 20, NULL);
}

static int close_files(void **state) {
  (void)state;
  golden_close(&golden);
  arena_free(&arena);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(recurrent_networks, forget),
      cmocka_unit_test_setup(packing_order, forget),
      cmocka_unit_test_setup(linear_layer, forget),
      cmocka_unit_test_setup(embedding_layer, forget),
      cmocka_unit_test_setup(log_softmax_and_nll, forget),
      cmocka_unit_test_setup(smoothed_cross_entropy, forget),
      cmocka_unit_test_setup(optimizers, forget),
      cmocka_unit_test_setup(clipping, forget),
      cmocka_unit_test_setup(scaled_dot_product_attention, forget),
      cmocka_unit_test_setup(additive_attention, forget),
      cmocka_unit_test_setup(location_attention, forget),
      cmocka_unit_test_setup(batched_products, forget),
      cmocka_unit_test(every_golden_tensor_was_used),
  };
  return golden_run(tests, sizeof tests / sizeof *tests, open_files, close_files);
}
