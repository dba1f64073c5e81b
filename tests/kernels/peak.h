/* The body of peak_*.c: as many chains of multiply-adds as hide their latency, all in registers. */

#include "peak_variants.h"

/* One step of a chain, and the operations that it takes in every lane. The product must depend on
 * the chain where the compiler could otherwise compute it beforehand. */
#ifndef PEAK_STEP
#define PEAK_STEP(chain, factor, offset) vec_fma(chain, factor, offset)
#define PEAK_OPERATIONS 2
#endif

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
      chains[i] = PEAK_STEP(chains[i], factor, offset);
    }
  }
  for (int i = 1; i < CHAINS; i++) chains[0] = vec_add(chains[0], chains[i]);
  *result = vec_sum(chains[0]);
  return (double)PEAK_OPERATIONS * CHAINS * VEC * (double)rounds;
}
