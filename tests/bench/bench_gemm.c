/* bench_gemm: our products, by the fastest kernels of this processor or those that RECUR_CPU names.
 * B is packed once, outside the time, as the layers do. */

#include "core_peak.h"
#include "gemm.h"
#include "kernels.h"

static void multiply(const gemm_operands *o, int m, void *context) {
  const float *packed = context;
  kernels->gemm(m, GEMM_N, GEMM_K, o->a, GEMM_K, 1, packed, false, o->c, GEMM_N);
}

static rc_status bench(kernel_precision precision, rc_error *error) {
  gemm_operands operands;
  float *packed;
  RC_TRY(kernels_set_precision(precision, error));
  RC_TRY(gemm_operands_new(&operands, kernels->gemm_packed_size(GEMM_K, GEMM_N), &packed, error));
  kernels->gemm_pack(false, GEMM_K, GEMM_N, operands.b, GEMM_N, packed);
  rc_status status =
      gemm_time_all(multiply, &operands, packed, precision == PRECISION_BF16 ? "bf16" : "f32",
                    measured_peak(kernels, precision), error);
  arena_free(&operands.memory);
  return status;
}

enum { WANT_F32, WANT_BF16, WANT_ALL };

static rc_status bench_all(void *context, rc_error *error) {
  const int wanted = *(const int *)context;
  if (wanted != WANT_BF16) RC_TRY(bench(PRECISION_F32, error));
  return wanted != WANT_F32 ? bench(PRECISION_BF16, error) : RC_OK;
}

int main(int argc, char **argv) {
  static const char *const precisions[] = {
      [WANT_F32] = "f32", [WANT_BF16] = "bf16", [WANT_ALL] = "all", NULL};
  int wanted = WANT_ALL;
  program_option table[] = {
      OPTION_CHOICE("precision", 'p', &wanted, precisions, "of the operands"),
  };
  program_spec spec = {
      .program = "bench_gemm",
      .usage = "[options]",
      .summary =
          "Times matrix products on one thread and prints one JSON object a line: the "
          "median, the slowest and the fastest sample, and the measured peak of the core.",
      .options = table,
      .option_count = OPTION_COUNT(table),
  };
  return measure_program(&spec, argc, argv, bench_all, &wanted);
}
