#include <stdlib.h>
#include <string.h>

#include "checker.h"
#include "variants.h"

enum { LARGEST = 1 << 21 };

/* What a timed call works on. */
typedef struct workload {
  const rc_kernels *variant;
  int m, n, k;
  bool transposed_a;
  float *a, *b, *c, *d;
} workload;

typedef void work(const workload *w);

/* Seconds a call, the fastest of several runs of at least 1 ms: short enough to fall between what
 * else the machine does. Of long calls there are fewer. */
static double time_of(work *call, const workload *w) {
  const double end = seconds_now() + 0.1;
  double best = 1e9;
  long repeat = 1;
  for (int runs = 0; runs < 3 || (runs < 50 && seconds_now() < end);) {
    const double start = seconds_now();
    for (long i = 0; i < repeat; i++) call(w);
    const double taken = seconds_now() - start;
    if (taken < 0.001) {
      repeat *= 2;
      continue;
    }
    if (taken / (double)repeat < best) best = taken / (double)repeat;
    runs++;
  }
  return best;
}

static void run_gemm(const workload *w) {
  const int row_stride = w->transposed_a ? 1 : w->k, column_stride = w->transposed_a ? w->m : 1;
  w->variant->gemm(w->m, w->n, w->k, w->a, row_stride, column_stride, w->b, false, w->c, w->n);
}
static void run_gemm_unpacked(const workload *w) {
  w->variant->gemm_unpacked(w->m, w->n, w->k, w->a, w->k, 1, w->b, w->n, false, w->c, w->n);
}
static void run_pack(const workload *w) {
  w->variant->gemm_pack(false, w->k, w->n, w->a, w->n, w->b);
}
static void run_pack_transposed(const workload *w) {
  w->variant->gemm_pack(true, w->k, w->n, w->a, w->k, w->b);
}
static void run_tanh(const workload *w) {
  w->variant->tanh((size_t)w->n, w->a, w->c);
}
static void run_sigmoid(const workload *w) {
  w->variant->sigmoid((size_t)w->n, w->a, w->c);
}
static void run_softmax(const workload *w) {
  w->variant->softmax(w->m, w->n, w->a, w->c);
}
static void run_log_softmax(const workload *w) {
  w->variant->log_softmax(w->m, w->n, w->a, w->c);
}
static void run_axpy(const workload *w) {
  w->variant->axpy((size_t)w->n, 1e-6f, w->a, w->c);
}
static void run_gemv(const workload *w) {
  w->variant->gemv(w->m, w->n, w->a, w->n, w->d, w->c);
}
static void run_add_bias(const workload *w) {
  w->variant->add_bias(w->m, w->n, w->d, w->c, w->n);
}
static void run_column_sum(const workload *w) {
  w->variant->column_sum(w->m, w->n, w->a, w->n, w->d);
}
static void run_square_sum(const workload *w) {
  *w->d = (float)w->variant->square_sum((size_t)w->n, w->a);
}
static void run_adam(const workload *w) {
  const adam_step step = {.lr = 1e-3f,
                          .beta1 = 0.9f,
                          .beta2 = 0.999f,
                          .epsilon = 1e-8f,
                          .correction1 = 0.5f,
                          .correction2 = 0.5f};
  w->variant->adam(&step, (size_t)w->n, w->a, w->b, w->c, w->d);
}

static void run_transpose(const workload *w) {
  w->variant->transpose(w->m, w->n, w->a, w->n, w->b, w->m);
}
static void run_cross_entropy(const workload *w) {
  const target_mixture q = {.peak = 0.9f, .base = 0.1f / (float)w->n};
  for (int i = 0; i < w->m; i++) w->variant->cross_entropy(w->n, &q, 1, w->c + i * w->n);
}
static void run_sgd(const workload *w) {
  const sgd_step step = {.lr = 1e-3f};
  w->variant->sgd(&step, (size_t)w->n, w->a, NULL, w->d);
}

/* A step of n units and m rows over b, whose numbers are harmless activations, from a. */
static cell_step step_of(const workload *w) {
  const size_t state = (size_t)w->m * (size_t)w->n, gates = 4 * state;
  return (cell_step){.rows = w->m,
                     .hidden = w->n,
                     .gates = w->b,
                     .recurrent = w->b + gates,
                     .bias = w->a,
                     .h_previous = w->a,
                     .c_previous = w->a,
                     .h = w->c,
                     .c = w->c + state,
                     .tanh_c = w->c + 2 * state,
                     .y = w->c + 3 * state,
                     .ldy = w->n,
                     .dh = w->c,
                     .dc = w->c + state};
}
/* Where steps find what they begin with, [10 * m * n] in (0, 1): gates, recurrent part, dh and dc.
 */
static float *fresh_of(const workload *w) {
  return w->d + LARGEST / 2;
}
/* A step backward leaves its gradients where it had its activations. Called upon them again and
 * again it would soon work on denormal numbers, which no training does. */
static void reset_step(const workload *w) {
  const size_t state = (size_t)w->m * (size_t)w->n;
  memcpy(w->b, fresh_of(w), 8 * state * sizeof(float));
  memcpy(w->c, fresh_of(w) + 8 * state, 2 * state * sizeof(float));
}
static void run_rnn_forward(const workload *w) {
  const cell_step step = step_of(w);
  w->variant->rnn_forward(&step);
}
static void run_rnn_backward(const workload *w) {
  reset_step(w);
  const cell_step step = step_of(w);
  w->variant->rnn_backward(&step);
}
static void run_lstm_forward(const workload *w) {
  const cell_step step = step_of(w);
  w->variant->lstm_forward(&step);
}
static void run_lstm_backward(const workload *w) {
  reset_step(w);
  const cell_step step = step_of(w);
  w->variant->lstm_backward(&step);
}
static void run_gru_forward(const workload *w) {
  const cell_step step = step_of(w);
  w->variant->gru_forward(&step);
}
static void run_gru_backward(const workload *w) {
  reset_step(w);
  const cell_step step = step_of(w);
  w->variant->gru_backward(&step);
}

static void bench_gemm(const workload *base, kernel_precision precision, FILE *out) {
  const char *what = precision == PRECISION_BF16 ? "bf16" : "gemm";
  const double peak = measured_peak(base->variant, precision);
  if (peak > 0) {
    fprintf(out, "%-11s %-5s peak of the core %.1f GFLOP/s\n", base->variant->name, what,
            peak * 1e-9);
  }
  /* Recurrent products of small and usual batches, input projections, and a weight gradient. */
  static const struct {
    int m, n, k;
    bool transposed_a;
  } shapes[] = {{1, 384, 128, false},    {2, 384, 128, false},    {4, 384, 128, false},
                {16, 384, 128, false},   {16, 512, 256, false},   {64, 384, 128, false},
                {64, 512, 128, false},   {640, 384, 64, false},   {640, 18, 256, false},
                {384, 128, 640, true},   {64, 1536, 512, false},  {128, 1536, 512, false},
                {256, 1536, 512, false}, {512, 1536, 512, false}, {1024, 1536, 512, false},
                {1536, 512, 1024, true}};
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
    workload w = *base;
    w.m = shapes[i].m, w.n = shapes[i].n, w.k = shapes[i].k;
    w.transposed_a = shapes[i].transposed_a;
    const double speed = 2.0 * w.m * w.n * w.k / time_of(run_gemm, &w);
    fprintf(out, "%-11s %-5s M %4d N %4d K %4d%s %8.1f GFLOP/s", w.variant->name, what, w.m, w.n,
            w.k, w.transposed_a ? " A^T" : "    ", speed * 1e-9);
    if (peak > 0) fprintf(out, " %5.1f %% of peak", 100 * speed / peak);
    fputc('\n', out);
  }
}

static void run_int8_gemm(const workload *w) {
  w->variant->int8_gemm(w->m, w->n, w->k, w->a, w->b, NULL, w->c, w->n);
}
static void run_int8_quantize(const workload *w) {
  w->variant->int8_quantize(w->m, w->n, w->a, w->n, w->c);
}

/* The step of a GRU of 512 and the output layer of the translator, for one sentence and more. */
static void bench_int8(const workload *base, FILE *out) {
  static const struct { int n, k; } shapes[] = {{1536, 512}, {8000, 1024}};
  static const int rows[] = {1, 2, 4, 32};
  const rc_kernels *v = base->variant;
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes * 4; i++) {
    workload w = *base;
    w.n = shapes[i / 4].n, w.k = shapes[i / 4].k, w.m = rows[i % 4];
    const size_t weights = (size_t)w.n * (size_t)w.k;
    float *x = malloc((size_t)w.m * (size_t)w.k * sizeof *x);
    float *scales = malloc((size_t)w.n * sizeof *scales);
    int8_t *weight = malloc(weights);
    w.a = malloc((size_t)w.m * v->int8_row_size(w.k));
    w.b = malloc(v->int8_packed_size(w.k, w.n));
    if (x != NULL && scales != NULL && weight != NULL && w.a != NULL && w.b != NULL) {
      fill_random((size_t)w.m * (size_t)w.k, 4, x);
      fill_random((size_t)w.n, 1, scales);
      for (size_t j = 0; j < weights; j++) weight[j] = (int8_t)(j * 37 % 129 - 64);
      v->int8_pack(w.k, w.n, weight, scales, w.b);
      v->int8_quantize(w.m, w.k, x, w.k, w.a);
      const double speed = (double)w.m * (double)weights / time_of(run_int8_gemm, &w);
      fprintf(out, "%-8s int8  M %4d N %4d K %4d     %8.1f GMAC/s\n", v->name, w.m, w.n, w.k,
              speed * 1e-9);
    }
    free(x), free(scales), free(weight), free(w.a), free(w.b);
  }
}

static void bench_elements(const workload *base, FILE *out) {
  static const struct {
    const char *name;
    work *call;
    int m, n, k;  /* k is 1 but for matrices to pack */
    work *before; /* a part of the call that does not count, or NULL */
  } cases[] = {{"pack", run_pack, 1, 384, 128, NULL},
               {"pack transposed", run_pack_transposed, 1, 384, 128, NULL},
               {"tanh", run_tanh, 1, 8192, 1, NULL},
               {"sigmoid", run_sigmoid, 1, 8192, 1, NULL},
               {"rnn_forward", run_rnn_forward, 32, 128, 1, NULL},
               {"rnn_backward", run_rnn_backward, 32, 128, 1, reset_step},
               {"lstm_forward", run_lstm_forward, 32, 128, 1, NULL},
               {"lstm_backward", run_lstm_backward, 32, 128, 1, reset_step},
               {"gru_forward", run_gru_forward, 32, 128, 1, NULL},
               {"gru_backward", run_gru_backward, 32, 128, 1, reset_step},
               {"softmax", run_softmax, 64, 18, 1, NULL},
               {"softmax", run_softmax, 16, 4096, 1, NULL},
               {"log_softmax", run_log_softmax, 64, 18, 1, NULL},
               {"cross_entropy", run_cross_entropy, 64, 18, 1, NULL},
               {"cross_entropy", run_cross_entropy, 16, 8000, 1, NULL},
               {"transpose", run_transpose, 384, 58, 1, NULL},
               {"axpy", run_axpy, 1, 8192, 1, NULL},
               {"gemv", run_gemv, 12, 512, 1, NULL},
               {"add_bias", run_add_bias, 64, 384, 1, NULL},
               {"column_sum", run_column_sum, 64, 384, 1, NULL},
               {"square_sum", run_square_sum, 1, 8192, 1, NULL},
               {"adam", run_adam, 1, 8192, 1, NULL},
               {"sgd", run_sgd, 1, 8192, 1, NULL},
               {"int8_quantize", run_int8_quantize, 4, 512, 1, NULL}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    workload w = *base;
    w.m = cases[i].m, w.n = cases[i].n, w.k = cases[i].k;
    const double elements = (double)w.m * w.n * w.k;
    double taken = time_of(cases[i].call, &w);
    if (cases[i].before != NULL) taken -= time_of(cases[i].before, &w);
    fprintf(out, "%-11s %-16s %4d x %4d %8.3f ns per element\n", w.variant->name, cases[i].name,
            w.m * w.k, w.n, 1e9 * taken / elements);
  }
}

/* Few rows by a matrix: as it lies, packed already, and packed for this product alone. */
static void bench_unpacked(const workload *base, FILE *out) {
  static const int rows[] = {1, 2, 4, 8, 16, 32, 64};
  workload w = *base;
  w.n = 128, w.k = 384;
  const double pack = time_of(run_pack, &w);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    w.m = rows[i];
    const double packed = time_of(run_gemm, &w);
    fprintf(out, "%-11s gemm_unpacked M %2d N %d K %d %7.2f us, packed %7.2f, with packing %7.2f\n",
            w.variant->name, w.m, w.n, w.k, 1e6 * time_of(run_gemm_unpacked, &w), 1e6 * packed,
            1e6 * (packed + pack));
  }
}

void bench(const rc_kernels *variant, FILE *out) {
  /* Aligned as an arena aligns. */
  float *memory = aligned_alloc(64, 4 * (size_t)LARGEST * sizeof *memory);
  if (memory == NULL) return;
  memset(memory, 0, 4 * (size_t)LARGEST * sizeof *memory);
  workload w = {.variant = variant,
                .a = memory,
                .b = memory + LARGEST,
                .c = memory + 2 * LARGEST,
                .d = memory + 3 * LARGEST};
  fill_random(LARGEST, 4, w.a);
  for (int i = 0; i < LARGEST; i++) w.b[i] = 0.01f;
  fill_random(LARGEST / 2, 0.5f, w.d + LARGEST / 2);
  for (int i = LARGEST / 2; i < LARGEST; i++) w.d[i] += 0.5f;
  bench_gemm(&w, PRECISION_F32, out);
  if (variant->gemm_bf16 != NULL) {
    const rc_kernels in_bf16 = kernels_in_bf16(variant);
    w.variant = &in_bf16;
    bench_gemm(&w, PRECISION_BF16, out);
    w.variant = variant;
  }
  bench_unpacked(&w, out);
  bench_int8(&w, out);
  bench_elements(&w, out);
  free(memory);
}
