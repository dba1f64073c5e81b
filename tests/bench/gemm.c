#include "gemm.h"

#include "rng.h"

static const double SECONDS = 0.05; /* a sample */

static float *random_floats(rc_arena *memory, size_t count, uint64_t seed) {
  float *x = ARENA_ARRAY(memory, float, count);
  rc_rng rng = rng_make(seed, 0, 0);
  for (size_t i = 0; i < count && x != NULL; i++) x[i] = 2 * rng_uniform(&rng) - 1;
  return x;
}

rc_status gemm_operands_new(gemm_operands *operands, size_t extra, float **extra_out,
                            rc_error *error) {
  const size_t a = (size_t)GEMM_M_MAX * GEMM_K, b = (size_t)GEMM_K * GEMM_N,
               c = (size_t)GEMM_M_MAX * GEMM_N;
  RC_TRY(arena_new(&operands->memory, (a + b + c + extra) * sizeof(float) + 4 * ARENA_MORE, error));
  operands->a = random_floats(&operands->memory, a, 1);
  operands->b = random_floats(&operands->memory, b, 2);
  operands->c = ARENA_ARRAY(&operands->memory, float, c);
  if (extra > 0) *extra_out = ARENA_ARRAY(&operands->memory, float, extra);
  return arena_check(&operands->memory, "the operands", error);
}

typedef struct product {
  gemm_function *multiply;
  const gemm_operands *operands;
  int m;
  void *context;
} product;

static void work(void *context) {
  const product *p = context;
  p->multiply(p->operands, p->m, p->context);
}

rc_status gemm_time_all(gemm_function *multiply, const gemm_operands *operands, void *context,
                        const char *precision, double peak, rc_error *error) {
  static const int rows[] = {64, 128, 256, 512, GEMM_M_MAX};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    product p = {multiply, operands, rows[i], context};
    const double operations = 2.0 * rows[i] * GEMM_N * GEMM_K;
    const measurement m = measure_rate(work, &p, SECONDS);
    char name[64];
    snprintf(name, sizeof name, "gemm %s %dx%dx%d", precision, rows[i], GEMM_N, GEMM_K);
    json *row = measurement_row(name, "GFLOP/s", measurement_scaled(m, operations * 1e-9));
    if (peak > 0) json_number(row, "peak", peak * 1e-9);
    RC_TRY(json_print_line(row, stdout, error));
  }
  return RC_OK;
}
