/* The matrix product of fast.h.
 *
 * B is packed into panels of PANEL columns, [K, PANEL] each without gaps, the last one filled up
 * with zeros. A tile of C, some rows by one or a few panels, stays in registers while p runs over
 * the whole of K: for each p one row of the panel and one broadcast element of A per row. So every
 * element of C is the same chain of multiply-adds in the order of p, whatever the tile it falls in,
 * and a row's result does not depend on the other rows. */

#ifndef RECUR_KERNELS_FAST_GEMM_H
#define RECUR_KERNELS_FAST_GEMM_H

#include <stdbool.h>
#include <stddef.h>

#include "vec.h"

enum { PANEL = GEMM_VECS * VEC };

/* A tile's loops have constant bounds once inlined; unrolled, its array of sums becomes registers.
 */
#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 32")
#endif

static size_t fast_gemm_packed_size(int k, int n) {
  return (size_t)k * (((size_t)n + PANEL - 1) / PANEL * PANEL);
}

/* One panel, `columns` wide, from B[p][j] = b[p * ldb + j]. */
static void pack_rows(ptrdiff_t k, int columns, const float *b, ptrdiff_t ldb, float *panel) {
  for (ptrdiff_t p = 0; p < k; p++, b += ldb, panel += PANEL) {
    for (int j = 0; j < columns; j++) panel[j] = b[j];
    for (int j = columns; j < PANEL; j++) panel[j] = 0;
  }
}

/* y[j, i] = x[i, j] */
static void fast_transpose(int rows, int columns, const float *x, int ldx, float *y, int ldy) {
  const ptrdiff_t from = ldx, to = ldy;
  const int rows_in_blocks = rows - rows % TRANSPOSED;
  const int columns_in_blocks = columns - columns % TRANSPOSED;
  for (ptrdiff_t j = 0; j < columns_in_blocks; j += TRANSPOSED) {
    for (ptrdiff_t i = 0; i < rows_in_blocks; i += TRANSPOSED) {
      vec_transpose(x + i * from + j, from, y + j * to + i, to);
    }
  }
  for (ptrdiff_t j = 0; j < columns; j++) {
    for (ptrdiff_t i = j < columns_in_blocks ? rows_in_blocks : 0; i < rows; i++) {
      y[j * to + i] = x[i * from + j];
    }
  }
}

/* One panel, `columns` wide, from B[p][j] = b[j * ldb + p]. */
static void pack_columns(ptrdiff_t k, int columns, const float *b, ptrdiff_t ldb, float *panel) {
  fast_transpose(columns, (int)k, b, (int)ldb, panel, PANEL);
  for (ptrdiff_t p = 0; columns < PANEL && p < k; p++) {
    for (int j = columns; j < PANEL; j++) panel[p * PANEL + j] = 0;
  }
}

static void fast_gemm_pack(bool transposed, int k, int n, const float *b, int ldb, float *packed) {
  for (ptrdiff_t j = 0; j < n; j += PANEL) {
    const int columns = n - j < PANEL ? (int)(n - j) : PANEL;
    if (transposed) {
      pack_columns(k, columns, b + j * ldb, ldb, packed + j * k);
    } else {
      pack_rows(k, columns, b + j, ldb, packed + j * k);
    }
  }
}

/* What stays the same from tile to tile. */
typedef struct gemm_shape {
  ptrdiff_t k;                         /* terms of a sum */
  ptrdiff_t panel;                     /* from one panel to the next */
  ptrdiff_t row_stride, column_stride; /* of A */
  ptrdiff_t ldc;
  bool accumulate;
} gemm_shape;

/* a b + c in every lane: how a tile takes one row of a panel and one element of A. */
typedef vec gemm_multiply_add(vec a, vec b, vec c);

/* One vector of C: c = sum or c += sum. */
ALWAYS_INLINE void put(const gemm_shape *shape, vec sum, float *c) {
  vec_store(c, shape->accumulate ? vec_add(vec_load(c), sum) : sum);
}

/* The tile at the right edge, C[rows, columns] from sums[rows, width] in memory. */
static __attribute__((noinline)) void put_edge(const gemm_shape *shape, int rows, int columns,
                                               int width, const float *sums, float *c) {
  for (; rows > 0; rows--, sums += width, c += shape->ldc) {
    int j = 0;
    for (; j + VEC <= columns; j += VEC) put(shape, vec_load(sums + j), c + j);
    const int rest = columns - j;
    if (rest > 0) {
      vec sum = vec_load_part(sums + j, rest);
      if (shape->accumulate) sum = vec_add(vec_load_part(c + j, rest), sum);
      vec_store_part(c + j, rest, sum);
    }
  }
}

/* C[rows, columns] of `vecs` vectors of columns that lie in panels of GEMM_VECS. */
ALWAYS_INLINE void tile(gemm_multiply_add *multiply_add, int rows, int vecs,
                        const gemm_shape *shape, const float *a, const float *panels, int columns,
                        float *c) {
  vec sums[GEMM_ROWS][4 * GEMM_VECS];
  UNROLL for (int i = 0; i < rows; i++) {
    UNROLL for (int v = 0; v < vecs; v++) sums[i][v] = vec_set1(0);
  }
  const ptrdiff_t k = shape->k, row_stride = shape->row_stride;
  for (ptrdiff_t p = 0; p < k; p++) {
    vec b[4 * GEMM_VECS];
    UNROLL for (int v = 0; v < vecs; v++) {
      b[v] = vec_load(panels + v / GEMM_VECS * shape->panel + v % GEMM_VECS * VEC);
    }
    UNROLL for (int i = 0; i < rows; i++) {
      const vec factor = vec_set1(a[i * row_stride]);
      UNROLL for (int v = 0; v < vecs; v++) sums[i][v] = multiply_add(factor, b[v], sums[i][v]);
    }
    a += shape->column_stride;
    panels += PANEL;
  }
  const int width = vecs * VEC;
  if (columns == width) {
    UNROLL for (int i = 0; i < rows; i++) {
      UNROLL for (int v = 0; v < vecs; v++) put(shape, sums[i][v], c + i * shape->ldc + v * VEC);
    }
  } else {
    float edge[GEMM_ROWS * 4 * PANEL];
    UNROLL for (int i = 0; i < rows; i++) {
      UNROLL for (int v = 0; v < vecs; v++) vec_store(edge + i * width + v * VEC, sums[i][v]);
    }
    put_edge(shape, rows, columns, width, edge, c);
  }
}

typedef void tile_function(const gemm_shape *shape, const float *a, const float *panels,
                           int columns, float *c);

/* The tiles of one kind of multiply-add. One or two rows alone would wait for each sum in turn, so
 * they take several panels at a time. */
typedef struct gemm_tiles {
  tile_function *by_rows[GEMM_ROWS]; /* by rows - 1 */
  tile_function *one_wide, *two_wide;
} gemm_tiles;

/* C[m, columns] from `columns` of one panel, in blocks of rows as equal as can be. */
static void gemm_panel(const gemm_tiles *tiles, int m, const gemm_shape *shape, const float *a,
                       const float *panel, int columns, float *c) {
  for (int blocks = (m + GEMM_ROWS - 1) / GEMM_ROWS; blocks > 0; blocks--) {
    const int rows = (m + blocks - 1) / blocks;
    tiles->by_rows[rows - 1](shape, a, panel, columns, c);
    a += rows * shape->row_stride;
    c += rows * shape->ldc;
    m -= rows;
  }
}

static void gemm_panels(const gemm_tiles *tiles, int m, int n, const gemm_shape *shape,
                        const float *a, const float *panels, float *c) {
  const int wide = m == 1 ? 4 * PANEL : m == 2 ? 2 * PANEL : n + 1;
  tile_function *wide_tile = m == 1 ? tiles->one_wide : tiles->two_wide;
  ptrdiff_t j = 0;
  for (; j + wide <= n; j += wide, panels += wide / PANEL * shape->panel) {
    wide_tile(shape, a, panels, wide, c + j);
  }
  for (; j < n; j += PANEL, panels += shape->panel) {
    const int columns = n - j < PANEL ? (int)(n - j) : PANEL;
    gemm_panel(tiles, m, shape, a, panels, columns, c + j);
  }
}

#define TILES f32_tiles
#define TILED(rows) f32_tile_##rows
#define MULTIPLY_ADD vec_fma
#include "fast_tiles.h"

static void fast_gemm(int m, int n, int k, const float *a, int row_stride, int column_stride,
                      const float *packed, bool accumulate, float *c, int ldc) {
  const gemm_shape shape = {.k = k,
                            .panel = (ptrdiff_t)k * PANEL,
                            .row_stride = row_stride,
                            .column_stride = column_stride,
                            .ldc = ldc,
                            .accumulate = accumulate};
  gemm_panels(&f32_tiles, m, n, &shape, a, packed, c);
}

#endif
