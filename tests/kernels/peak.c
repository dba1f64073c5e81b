#define _POSIX_C_SOURCE 199309L /* clock_gettime */

#include <string.h>
#include <time.h>

#include "core_peak.h"
#include "peak_variants.h"

double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Those that CMakeLists.txt compiles. A variant without a loop of its own for bf16 multiplies
 * floats there too. */
static const struct {
  const char *name;
  peak_function *f32, *bf16;
} peaks[] = {
#ifdef PEAK_SCALAR
    {"scalar", peak_scalar, peak_scalar},
#endif
#ifdef PEAK_SSE2
    {"sse2", peak_sse2, peak_sse2},
#endif
#ifdef PEAK_AVX2
    {"avx2", peak_avx2, peak_avx2},
#endif
#ifdef PEAK_AVX512
    {"avx512", peak_avx512, peak_avx512},
    {"avx512_vnni", peak_avx512, peak_avx512},
    {"avx512_bf16", peak_avx512, peak_avx512_bf16},
    {"amx", peak_avx512, peak_amx},
#endif
#ifdef PEAK_NEON
    {"neon", peak_neon, peak_neon},
#endif
#ifdef PEAK_SIMD128
    {"simd128", peak_simd128, peak_simd128},
#endif
#ifdef PEAK_RELAXED
    {"relaxed_simd", peak_relaxed, peak_relaxed},
#endif
};

/* The fastest of many short runs: what disturbs a run only makes it slower. They go on long enough
 * for a WASM engine to have compiled the loop in earnest. */
static double fastest(peak_function *function) {
  peak_function *volatile run = function; /* never inlined, or no later call meets better code */
  const double end = seconds_now() + 0.3;
  double best = 0;
  float result;
  for (double start; (start = seconds_now()) < end;) {
    const double operations = run(100000, &result);
    const double speed = operations / (seconds_now() - start);
    if (speed > best) best = speed;
  }
  return best;
}

double measured_peak(const rc_kernels *variant, kernel_precision precision) {
  for (size_t i = 0; i < sizeof peaks / sizeof *peaks; i++) {
    if (strcmp(peaks[i].name, variant->name) != 0) continue;
    return fastest(precision == PRECISION_BF16 ? peaks[i].bf16 : peaks[i].f32);
  }
  return 0;
}
