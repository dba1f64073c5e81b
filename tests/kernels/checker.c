/* Tests every variant of the kernels that runs here; with --bench times them instead. */

#include "checker.h"

#include <math.h>
#include <string.h>

#include "guarded.h"
#include "rng.h"
#include "variants.h"

const int check_sizes[] = {0,  1,  2,  3,  4,  5,  7,  8,  9,  12, 13,  15,  16,
                           17, 24, 25, 31, 32, 33, 47, 63, 64, 65, 127, 128, 129};
const int check_size_count = sizeof check_sizes / sizeof check_sizes[0];

enum { PRINTED_FAILURES = 5, VARIANTS_MAX = 16 };

#ifdef AMX_EMULATED
extern const rc_kernels kernels_amx_emulated; /* amx_emulated.c */
#endif

void check_begin(check *c, const char *kernel) {
  c->kernel = kernel;
  c->worst = 0;
  c->kernel_failures = 0;
}

static void failed(check *c) {
  c->failures++;
  c->kernel_failures++;
}

void check_that(check *c, bool holds, const char *what) {
  if (holds) return;
  failed(c);
  if (c->kernel_failures <= PRINTED_FAILURES) {
    printf("  %s %s: %s\n", c->variant->name, c->kernel, what);
  }
}

void check_near(check *c, float got, double want, double allowed, int at) {
  c->comparisons++;
  if (isnan(want) ? isnan(got) : isinf(want) && (double)got == want) return;
  const double error = fabs((double)got - want);
  const double share = error == 0 ? 0 : error / allowed;
  if (share > c->worst) c->worst = share;
  if (share <= 1) return;
  failed(c);
  if (c->kernel_failures > PRINTED_FAILURES) return;
  printf("  %s %s[%d]: %.9g, should be %.9g, off by %.3g of %.3g\n", c->variant->name, c->kernel,
         at, (double)got, want, error, allowed);
}

void check_end(check *c) {
  check_that(c, guarded_intact(), "wrote beside an array");
  printf("%-11s %-12s %s, largest error %.2f of the allowed\n", c->variant->name, c->kernel,
         c->kernel_failures == 0 ? "ok" : "FAILED", c->worst);
}

void fill_random(size_t n, float scale, float *x) {
  static uint64_t stream; /* every call its own numbers */
  rc_rng rng = rng_make(2, stream++, 0);
  for (size_t i = 0; i < n; i++) x[i] = (2 * rng_uniform(&rng) - 1) * scale;
}

static int test(const rc_kernels *variant, long *comparisons) {
  check c = {.variant = variant};
  check_cells(&c);
  check_gemm(&c);
  check_int8(&c);
  check_maps(&c);
  check_rows(&c);
  *comparisons += c.comparisons;
  return c.failures == 0 ? 0 : 1;
}

/* Fills `all` with the variants to go through and returns how many they are: the reference, which a
 * WASM build does not offer, the others, and unless they are `timed` emulated ones. */
static int list_variants(bool timed, const rc_kernels *all[VARIANTS_MAX]) {
  int count = 0;
  if (kernels_available(0) != &kernels_ref) all[count++] = &kernels_ref;
  const rc_kernels *variant;
  for (int i = 0; (variant = kernels_available(i)) != NULL; i++) all[count++] = variant;
#ifdef AMX_EMULATED
  if (!timed && cpu_runs_bf16_pairs()) all[count++] = &kernels_amx_emulated;
#endif
  (void)timed;
  return count;
}

int main(int argument_count, char **arguments) {
  if (argument_count > 2 || (argument_count == 2 && strcmp(arguments[1], "--bench") != 0)) {
    fputs("usage: check_kernels [--bench]\n", stderr);
    return 2;
  }
  const bool timed = argument_count == 2;
  const rc_kernels *all[VARIANTS_MAX];
  const int variants = list_variants(timed, all);
  if (timed) {
    for (int i = 0; i < variants; i++) bench(all[i], stdout);
    return 0;
  }
  guarded_init();
  int failures = 0;
  long comparisons = 0;
  for (int i = 0; i < variants; i++) failures += test(all[i], &comparisons);
  printf("check_kernels: %d variants, %ld values compared, %d variants failed\n", variants,
         comparisons, failures);
  return failures == 0 ? 0 : 1;
}
