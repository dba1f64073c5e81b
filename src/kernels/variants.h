#ifndef RECUR_KERNELS_VARIANTS_H
#define RECUR_KERNELS_VARIANTS_H

#include "kernels.h"

/* The tables that dispatch.c chooses from. Only those that the build for this processor compiles
 * exist (see CMakeLists.txt); calling through one that the processor cannot run is a crash. */

extern const rc_kernels kernels_ref;
#ifndef RECUR_DOUBLE
extern const rc_kernels kernels_scalar;
extern const rc_kernels kernels_sse2;
extern const rc_kernels kernels_avx2;
extern const rc_kernels kernels_avx512;
extern const rc_kernels kernels_avx512_vnni;
extern const rc_kernels kernels_avx512_bf16;
extern const rc_kernels kernels_amx;
extern const rc_kernels kernels_neon;
extern const rc_kernels kernels_simd128;
extern const rc_kernels kernels_relaxed;
#endif

/* The table with its products in bf16 in the place of those in float. */
rc_kernels kernels_in_bf16(const rc_kernels *variant);

/* cpu_x86.c: whether the processor has the instructions and the system keeps their registers. */
bool cpu_runs_avx2(void);
bool cpu_runs_avx512(void);
bool cpu_runs_avx512_vnni(void);
/* Those of AVX512_BF16, and where they take longer than products of floats or less long. */
bool cpu_runs_bf16_pairs(void);
bool cpu_runs_slow_bf16_pairs(void);
bool cpu_runs_fast_bf16_pairs(void);
/* Asks the system for the tile registers, which a process has only once it did. */
bool cpu_runs_amx(void);

#endif
