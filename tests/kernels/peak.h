/* The body of peak_*.c: as many chains of multiply-adds as hide their latency, all in registers. */

#include "peak_variants.h"

/* As in fast_gemm.h. */
#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 32")
#endif

double PEAK(long rounds, float *result) {
  enum { CHAINS = 12 };
  const vec factor = vec_set1(0.999f), offset = vec_set1(0.001f);
  vec chains[CHAINS];
  for (int i = 0; i < CHAINS; i++) chains[i] = vec_set1((float)i);
  for (long round = 0; round < rounds; round++) {
    UNROLL for (int i = 0; i < CHAINS; i++) {
      chains[i] = vec_fma(chains[i], factor, offset);
    }
  }
  for (int i = 1; i < CHAINS; i++) chains[0] = vec_add(chains[0], chains[i]);
  *result = vec_sum(chains[0]);
  return 2.0 * CHAINS * VEC * (double)rounds;
}
