/* CMakeLists.txt compiles this file, and no other, for AVX-512F. */

#include "int8_avx2.h"
#include "vec_avx512.h"

#define KERNELS_TABLE kernels_avx512
#define KERNELS_NAME "avx512"

#include "fast.h"
