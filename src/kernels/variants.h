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
extern const rc_kernels kernels_neon;
extern const rc_kernels kernels_simd128;
#endif

#endif
