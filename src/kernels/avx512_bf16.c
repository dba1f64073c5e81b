/* CMakeLists.txt compiles this file for AVX-512 with BW, VL, VNNI and BF16. */

#include "int8_vnni.h"
#include "vec_avx512.h"

#define KERNELS_TABLE kernels_avx512_bf16
#define KERNELS_NAME "avx512_bf16"

#include "bf16_pairs.h"

/* c + a[0] b[0] + a[1] b[1] of the pairs in every lane */
static inline vec multiply_add_pairs(vec a, vec b, vec c) {
  return _mm512_dpbf16_ps(c, (__m512bh)a, (__m512bh)b);
}

#define TILES pair_tiles
#define TILED(rows) pair_tile_##rows
#define MULTIPLY_ADD multiply_add_pairs
#include "fast_tiles.h"

static void pair_multiply(int rows, int n, const gemm_shape *shape, const float *a,
                          const float *panels, float *c) {
  gemm_panels(&pair_tiles, rows, n, shape, a, panels, c);
}

static const gemm_form pair_form = {.unit = PAIR_UNIT,
                                    .step = PAIR_STEP,
                                    .depth = PAIR_UNIT * BLOCK_DEPTH,
                                    .take = bf16_take,
                                    .multiply = pair_multiply};
#define BF16_FORM pair_form

static void bf16_begin(void) {}
static void bf16_end(void) {}

#include "fast.h"
