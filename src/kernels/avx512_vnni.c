/* CMakeLists.txt compiles this file, and no other, for AVX-512 with BW, VL and VNNI. */

#include "int8_vnni.h"
#include "vec_avx512.h"

#define KERNELS_TABLE kernels_avx512_vnni
#define KERNELS_NAME "avx512_vnni"

#include "fast.h"
