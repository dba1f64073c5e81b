/* The matrix product of operands rounded to bf16, with sums in float. B is rounded when it is
 * packed. A is rounded block by block into memory on the stack, [BF16_ROWS, BF16_DEPTH], and each
 * block multiplied with all panels before the next.
 *
 * A file whose processor multiplies bf16 includes a header that defines the following before this
 * one; the others round as told below and multiply floats.
 *
 *   BF16_UNIT                      terms of a sum in one element of four bytes: 1 float, 2 bf16
 *   BF16_DEPTH_STEP                a block's depth is filled up with zeros to a multiple of it
 *   bf16_pack_panel(transposed, k, columns, b, ldb, panel)
 *                                  as pack_rows and pack_columns, filled up likewise
 *   bf16_round_block(rows, depth, a, row_stride, column_stride, block)
 *                                  A[rows, depth] to block [rows, BF16_STRIDE]
 *   bf16_begin(), bf16_end()       around every product
 *   bf16_panels(rows, n, shape, block, panels, c)
 *                                  C[rows, n] of a block, as gemm_panels */

#include "bf16.h"
#include "fast_gemm.h"

#ifndef BF16_UNIT

enum { BF16_UNIT = 1, BF16_ROWS = 48, BF16_DEPTH = 512, BF16_DEPTH_STEP = 1 };
enum { BF16_STRIDE = BF16_DEPTH + 16 }; /* rows apart by no power of two, for the cache's sake */

static void bf16_pack_panel(bool transposed, ptrdiff_t k, int columns, const float *b,
                            ptrdiff_t ldb, float *panel) {
  (transposed ? pack_columns : pack_rows)(k, columns, b, ldb, panel);
  for (ptrdiff_t i = 0; i < k * PANEL; i++) panel[i] = bf16_round(panel[i]);
}

static void bf16_round_block(int rows, int depth, const float *a, ptrdiff_t row_stride,
                             ptrdiff_t column_stride, float *block) {
  for (; rows > 0; rows--, a += row_stride, block += BF16_STRIDE) {
    for (ptrdiff_t p = 0; p < depth; p++) block[p] = bf16_round(a[p * column_stride]);
  }
}

static void bf16_begin(void) {}
static void bf16_end(void) {}

static void bf16_panels(int rows, int n, const gemm_shape *shape, const float *block,
                        const float *panels, float *c) {
  gemm_panels(&f32_tiles, rows, n, shape, block, panels, c);
}

#endif

/* Elements of four bytes in a panel. */
static ptrdiff_t bf16_panel_size(ptrdiff_t k) {
  return (k + BF16_DEPTH_STEP - 1) / BF16_DEPTH_STEP * BF16_DEPTH_STEP / BF16_UNIT * PANEL;
}

static size_t fast_gemm_bf16_packed_size(int k, int n) {
  return (size_t)bf16_panel_size(k) * (((size_t)n + PANEL - 1) / PANEL);
}

static void fast_gemm_bf16_pack(bool transposed, int k, int n, const float *b, int ldb,
                                float *packed) {
  for (ptrdiff_t j = 0; j < n; j += PANEL, packed += bf16_panel_size(k)) {
    const int columns = n - j < PANEL ? (int)(n - j) : PANEL;
    bf16_pack_panel(transposed, k, columns, b + (transposed ? j * ldb : j), ldb, packed);
  }
}

static void fast_gemm_bf16(int m, int n, int k, const float *a, int row_stride, int column_stride,
                           const float *packed, bool accumulate, float *c, int ldc) {
  if (k == 0) {
    fast_gemm(m, n, 0, a, row_stride, column_stride, packed, accumulate, c, ldc);
    return;
  }
  _Alignas(64) float block[BF16_ROWS * BF16_STRIDE];
  gemm_shape shape = {.panel = bf16_panel_size(k),
                      .row_stride = BF16_STRIDE,
                      .column_stride = 1,
                      .ldc = ldc,
                      .accumulate = accumulate};
  bf16_begin();
  for (ptrdiff_t p = 0; p < k; p += BF16_DEPTH) {
    const int depth = k - p < BF16_DEPTH ? (int)(k - p) : BF16_DEPTH;
    shape.k = (depth + BF16_DEPTH_STEP - 1) / BF16_DEPTH_STEP * BF16_DEPTH_STEP / BF16_UNIT;
    for (ptrdiff_t i = 0; i < m; i += BF16_ROWS) {
      const int rows = m - i < BF16_ROWS ? (int)(m - i) : BF16_ROWS;
      bf16_round_block(rows, depth, a + i * row_stride + p * column_stride, row_stride,
                       column_stride, block);
      bf16_panels(rows, n, &shape, block, packed + p / BF16_UNIT * PANEL, c + i * ldc);
    }
    shape.accumulate = true;
  }
  bf16_end();
}
