/* bench_openblas: the same products by OpenBLAS on one thread. Nothing is linked: the library may
 * be missing, or be any other that has cblas_sgemm. */

#include <dlfcn.h>
#include <string.h>

#include "gemm.h"

enum { ROW_MAJOR = 101, NO_TRANSPOSE = 111 }; /* of CBLAS */

typedef void sgemm_function(int order, int transpose_a, int transpose_b, int m, int n, int k,
                            float alpha, const float *a, int lda, const float *b, int ldb,
                            float beta, float *c, int ldc);

typedef struct blas {
  sgemm_function *sgemm;
} blas;

static void multiply(const gemm_operands *o, int m, void *context) {
  const blas *library = context;
  library->sgemm(ROW_MAJOR, NO_TRANSPOSE, NO_TRANSPOSE, m, GEMM_N, GEMM_K, 1, o->a, GEMM_K, o->b,
                 GEMM_N, 0, o->c, GEMM_N);
}

/* Copies the address of `name` into the function pointer `target`; false if there is none. */
static bool find(void *library, const char *name, void *target) {
  void *address = dlsym(library, name);
  memcpy(target, &address, sizeof address); /* ISO C has no cast for it */
  return address != NULL;
}

static rc_status print_about(const char *key, const char *text, rc_error *error) {
  json *row = json_object();
  json_text(row, key, text);
  return json_print_line(row, stdout, error);
}

/* {"version": ...}: what OpenBLAS says it was built as and which core's kernels it chose. */
static rc_status print_version(void *library, rc_error *error) {
  char *(*config)(void);
  char *(*core)(void);
  char text[256];
  if (!find(library, "openblas_get_config", (void *)&config) ||
      !find(library, "openblas_get_corename", (void *)&core)) {
    return RC_OK;
  }
  snprintf(text, sizeof text, "%.15s, kernels for %s", config(), core());
  return print_about("version", text, error);
}

static rc_status bench(void *context, rc_error *error) {
  const char *name = *(const char **)context;
  void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return print_about("skipped", dlerror(), error);
  blas found;
  if (!find(library, "cblas_sgemm", (void *)&found.sgemm)) {
    return print_about("skipped", "the library has no cblas_sgemm", error);
  }
  void (*set_threads)(int);
  if (find(library, "openblas_set_num_threads", (void *)&set_threads)) set_threads(1);
  gemm_operands operands;
  RC_TRY(print_version(library, error));
  RC_TRY(gemm_operands_new(&operands, 0, NULL, error));
  rc_status status = gemm_time_all(multiply, &operands, &found, "f32", 0, error);
  arena_free(&operands.memory);
  return status;
}

int main(int argc, char **argv) {
  const char *library = "libopenblas.so.0";
  program_option table[] = {
      OPTION_TEXT("library", 'l', &library, "FILE", "where cblas_sgemm is"),
  };
  program_spec spec = {
      .program = "bench_openblas",
      .usage = "[options]",
      .summary =
          "Times the matrix products of bench_gemm by OpenBLAS on one thread and prints one "
          "JSON object a line; the first names the version, or says why it is skipped.",
      .options = table,
      .option_count = OPTION_COUNT(table),
  };
  return measure_program(&spec, argc, argv, bench, &library);
}
