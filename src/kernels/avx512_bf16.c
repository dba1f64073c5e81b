/* CMakeLists.txt compiles this file for AVX-512 with BW, VL, VNNI and BF16. */

#include <string.h>

#include "vec_avx512.h"

#define KERNELS_TABLE kernels_avx512_bf16
#define KERNELS_NAME "avx512_bf16"

#include "fast_gemm.h"

#include "bf16_pairs.h"

/* c + a[0] b[0] + a[1] b[1] of the pairs in every lane */
static inline vec multiply_add_pairs(vec a, vec b, vec c) {
  return _mm512_dpbf16_ps(c, (__m512bh)a, (__m512bh)b);
}

#define TILES pair_tiles
#define TILED(rows) pair_tile_##rows
#define MULTIPLY_ADD multiply_add_pairs
#include "fast_tiles.h"

static void bf16_begin(void) {}
static void bf16_end(void) {}

static void bf16_panels(int rows, int n, const gemm_shape *shape, const float *block,
                        const float *panels, float *c) {
  gemm_panels(&pair_tiles, rows, n, shape, block, panels, c);
}

#include "fast.h"
