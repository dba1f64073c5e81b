/* WebAssembly's relaxed SIMD. */

#include "int8_relaxed.h"
#include "vec_simd128.h"

#define KERNELS_TABLE kernels_relaxed
#define KERNELS_NAME "relaxed_simd"

#include "fast.h"
