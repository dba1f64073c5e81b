/* CMakeLists.txt compiles this file as avx512_bf16.c, and for AMX. */

/* A panel is read from beyond the second-level cache once for so many rows, which fill a quarter of
 * that. */
#define GEMM_BLOCK_ROWS 256

#include "amx_tiles.h"
#include "int8_vnni.h"
#include "vec_avx512.h"

#define KERNELS_TABLE kernels_amx
#define KERNELS_NAME "amx"

#include "amx.h"
