/* bench_gemm: our products, by the fastest kernels of this processor or those that RECUR_CPU names.
 * B is packed once, outside the time, as the layers do. */

#include "core_peak.h"
#include "gemm.h"
#include "kernels.h"
#include "programs.h"

static const char PROGRAM[] = "bench_gemm";

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

int main(int argc, char **argv) {
  static const char *const precisions[] = {"f32", "bf16", "all", NULL};
  int wanted = 2;
  program_option table[] = {
      OPTION_CHOICE("precision", 'p', &wanted, precisions, "of the operands"),
  };
  program_spec spec = {
      .program = PROGRAM,
      .usage = "[options]",
      .summary =
          "Times matrix products on one thread and prints one JSON object a line: the "
          "median, the slowest and the fastest sample, and the measured peak of the core.",
      .options = table,
      .option_count = OPTION_COUNT(table),
  };
  int code = program_start(PROGRAM), operands;
  if (code != PROGRAM_OK) return code;
  if (!program_options(&spec, argc, argv, &operands, &code)) return code;
  rc_error error;
  rc_status status = RC_OK;
  if (wanted != 1) status = bench(PRECISION_F32, &error);
  if (wanted != 0 && status == RC_OK) status = bench(PRECISION_BF16, &error);
  if (status != RC_OK) code = program_fail(PROGRAM, &error);
  return program_finish(PROGRAM, code);
}
