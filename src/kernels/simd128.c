/* WebAssembly's fixed-width SIMD. */

#include "int8_simd128.h"
#include "vec_simd128.h"

#define KERNELS_TABLE kernels_simd128
#define KERNELS_NAME "simd128"

#include "fast.h"
