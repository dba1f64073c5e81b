/* AMX: what fast_bf16.h needs, over the tile operations of amx_tiles.h, included before this. A
 * block of C, 32 x 32, is four tiles; for each 32 terms two tiles of A and two of B are loaded and
 * multiplied with each other. The panel of B stays in the first-level cache while the rows of A
 * pass. No guard: it is code, compiled once for the hardware's tiles and once for the tests'. */

#include "bf16_pairs.h"

static void bf16_begin(void) {
  tiles_begin();
}
static void bf16_end(void) {
  tiles_end();
}

enum { TILE_ROWS = 16, TILE_FLOATS = 16 };

/* C[32, 32] from 32 rows of A and one panel; `c` receives or holds whole tiles. */
static inline void amx_block(const gemm_shape *shape, const float *a, const float *panel,
                             bool accumulate, float *c, ptrdiff_t ldc) {
  const size_t c_stride = (size_t)ldc * sizeof *c;
  const size_t a_stride = BLOCK_STRIDE * sizeof *a, b_stride = PANEL * sizeof *panel;
  float *lower = c + TILE_ROWS * ldc;
  tiles_see(a);
  if (accumulate) {
    tile_load(0, c, c_stride);
    tile_load(1, c + TILE_FLOATS, c_stride);
    tile_load(2, lower, c_stride);
    tile_load(3, lower + TILE_FLOATS, c_stride);
  } else {
    tile_zero(0);
    tile_zero(1);
    tile_zero(2);
    tile_zero(3);
  }
  /* Rows of the next block of C, a few a step: memory answers while tiles are multiplied. */
  const int steps = (int)(shape->k / TILE_ROWS), each = 2 * TILE_ROWS / (steps + 1) + 1;
  const float *next = c + 2 * TILE_ROWS * ldc;
  for (ptrdiff_t q = 0; q < shape->k; q += TILE_ROWS) {
    for (int i = 0; i < each; i++, next += ldc) {
      __builtin_prefetch(next, 1);
      __builtin_prefetch(next + TILE_FLOATS, 1);
    }
    tile_load(4, a + q, a_stride);
    tile_load(6, panel + q * PANEL, b_stride);
    tile_dot(0, 4, 6);
    tile_load(7, panel + q * PANEL + TILE_FLOATS, b_stride);
    tile_dot(1, 4, 7);
    tile_load(5, a + TILE_ROWS * BLOCK_STRIDE + q, a_stride);
    tile_dot(2, 5, 6);
    tile_dot(3, 5, 7);
  }
  tile_store(0, c, c_stride);
  tile_store(1, c + TILE_FLOATS, c_stride);
  tile_store(2, lower, c_stride);
  tile_store(3, lower + TILE_FLOATS, c_stride);
}

/* C[16, 32]: the upper half of amx_block. */
static inline void amx_half_block(const gemm_shape *shape, const float *a, const float *panel,
                                  bool accumulate, float *c, ptrdiff_t ldc) {
  const size_t c_stride = (size_t)ldc * sizeof *c;
  const size_t a_stride = BLOCK_STRIDE * sizeof *a, b_stride = PANEL * sizeof *panel;
  tiles_see(a);
  if (accumulate) {
    tile_load(0, c, c_stride);
    tile_load(1, c + TILE_FLOATS, c_stride);
  } else {
    tile_zero(0);
    tile_zero(1);
  }
  for (ptrdiff_t q = 0; q < shape->k; q += TILE_ROWS) {
    tile_load(4, a + q, a_stride);
    tile_load(6, panel + q * PANEL, b_stride);
    tile_dot(0, 4, 6);
    tile_load(7, panel + q * PANEL + TILE_FLOATS, b_stride);
    tile_dot(1, 4, 7);
  }
  tile_store(0, c, c_stride);
  tile_store(1, c + TILE_FLOATS, c_stride);
}

/* Where C has no room for whole tiles they lie in memory beside it. */
static void amx_edge(int rows, int columns, const gemm_shape *shape, const float *a,
                     const float *panel, float *c) {
  _Alignas(64) float edge[2 * TILE_ROWS * PANEL] = {0};
  const size_t bytes = (size_t)columns * sizeof *c;
  for (int i = 0; i < rows && shape->accumulate; i++) {
    memcpy(edge + i * PANEL, c + i * shape->ldc, bytes);
  }
  if (rows > TILE_ROWS) {
    amx_block(shape, a, panel, shape->accumulate, edge, PANEL);
  } else {
    amx_half_block(shape, a, panel, shape->accumulate, edge, PANEL);
  }
  for (int i = 0; i < rows; i++) memcpy(c + i * shape->ldc, edge + i * PANEL, bytes);
}

static void amx_multiply(int rows, int n, const gemm_shape *shape, const float *block,
                         const float *panels, float *c) {
  for (ptrdiff_t j = 0; j < n; j += PANEL, panels += shape->panel) {
    const int columns = n - j < PANEL ? (int)(n - j) : PANEL;
    for (ptrdiff_t i = 0; i < rows; i += 2 * TILE_ROWS) {
      const float *a = block + i * BLOCK_STRIDE;
      float *to = c + i * shape->ldc + j;
      const int left = (int)(rows - i);
      if (columns < PANEL || (left < 2 * TILE_ROWS && left != TILE_ROWS)) {
        amx_edge(left < 2 * TILE_ROWS ? left : 2 * TILE_ROWS, columns, shape, a, panels, to);
      } else if (left == TILE_ROWS) {
        amx_half_block(shape, a, panels, shape->accumulate, to, shape->ldc);
      } else {
        amx_block(shape, a, panels, shape->accumulate, to, shape->ldc);
      }
    }
  }
}

/* A panel of 512 terms takes 32 KB of the first-level cache, which has 48. */
static const gemm_form amx_form = {.unit = PAIR_UNIT,
                                   .step = PAIR_STEP,
                                   .depth = 512,
                                   .take = bf16_take,
                                   .multiply = amx_multiply};
#define BF16_FORM amx_form

#include "fast.h"
