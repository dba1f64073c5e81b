/* What every x86-64 runs. */

#include "int8_sse2.h"
#include "vec_sse2.h"

#define KERNELS_TABLE kernels_sse2
#define KERNELS_NAME "sse2"

#include "fast.h"
