/* CMakeLists.txt compiles this file, and no other, for AVX2 and FMA. */

#include "int8_avx2.h"
#include "vec_avx2.h"

#define KERNELS_TABLE kernels_avx2
#define KERNELS_NAME "avx2"

#include "fast.h"
