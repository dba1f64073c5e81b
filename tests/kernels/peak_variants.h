#ifndef RECUR_PEAK_VARIANTS_H
#define RECUR_PEAK_VARIANTS_H

/* Runs the loop of peak.h `rounds` times and returns the floating-point operations it took. The
 * result is of no use but to keep the loop. */
typedef double peak_function(long rounds, float *result);

peak_function peak_scalar, peak_sse2, peak_avx2, peak_avx512, peak_neon, peak_simd128, peak_relaxed;
peak_function peak_avx512_bf16, peak_amx; /* of products in bf16 */

#endif
