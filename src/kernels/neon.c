/* What every AArch64 runs, through SIMDe. */

#include "int8_sse2.h"
#include "vec_sse2.h"

#define KERNELS_TABLE kernels_neon
#define KERNELS_NAME "neon"

#include "fast.h"
