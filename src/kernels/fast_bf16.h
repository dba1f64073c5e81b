/* The matrix product of operands rounded to bf16, with sums in float. B is rounded when it is
 * packed, A block by block.
 *
 * A file whose processor multiplies bf16 includes a header before this one that defines
 *
 *   BF16_FORM                                              a gemm_form, see fast_gemm.h
 *   bf16_pack_panel(transposed, k, columns, b, ldb, panel) one panel, as pack_rows, pack_columns
 *   bf16_begin(), bf16_end()                               around every product
 *
 * The others round as told here and multiply floats. */

#include "bf16.h"
#include "fast_gemm.h"

#ifndef BF16_FORM

static void bf16_pack_panel(bool transposed, ptrdiff_t k, int columns, const float *b,
                            ptrdiff_t ldb, float *panel) {
  (transposed ? pack_columns : pack_rows)(k, columns, b, ldb, panel);
  for (ptrdiff_t i = 0; i < k * PANEL; i++) panel[i] = bf16_round(panel[i]);
}

static gemm_block bf16_take(int rows, int depth, int n, gemm_block a, float *room) {
  (void)n;
  for (ptrdiff_t i = 0; i < rows; i++) {
    const float *from = a.a + i * a.row_stride;
    float *to = room + i * BLOCK_STRIDE;
    for (ptrdiff_t p = 0; p < depth; p++) to[p] = bf16_round(from[p * a.column_stride]);
  }
  return (gemm_block){room, BLOCK_STRIDE, 1};
}

static const gemm_form bf16_form = {
    .unit = 1, .step = 1, .depth = BLOCK_DEPTH, .take = bf16_take, .multiply = f32_multiply};
#define BF16_FORM bf16_form

static void bf16_begin(void) {}
static void bf16_end(void) {}

#endif

static size_t fast_gemm_bf16_packed_size(int k, int n) {
  return (size_t)panel_size(&BF16_FORM, k) * (((size_t)n + PANEL - 1) / PANEL);
}

static void fast_gemm_bf16_pack(bool transposed, int k, int n, const float *b, int ldb,
                                float *packed) {
  for (ptrdiff_t j = 0; j < n; j += PANEL, packed += panel_size(&BF16_FORM, k)) {
    const int columns = n - j < PANEL ? (int)(n - j) : PANEL;
    bf16_pack_panel(transposed, k, columns, b + (transposed ? j * ldb : j), ldb, packed);
  }
}

static void fast_gemm_bf16(int m, int n, int k, const float *a, int row_stride, int column_stride,
                           const float *packed, bool accumulate, float *c, int ldc) {
  bf16_begin();
  gemm_blocks(&BF16_FORM, m, n, k, (gemm_block){a, row_stride, column_stride}, packed, accumulate,
              c, ldc);
  bf16_end();
}
