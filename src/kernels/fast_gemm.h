/* The matrix products of fast.h, in float and in bf16.
 *
 * B is packed into panels of PANEL columns, [K, PANEL] each without gaps, the last one filled up
 * with zeros. A is taken in blocks of BLOCK_ROWS rows and BLOCK_DEPTH columns, and each block
 * multiplied with all panels before the next (Goto & van de Geijn 2008). A tile of C, some rows by
 * one or a few panels, stays in registers while p runs over the depth of the block: for each p one
 * row of the panel and one broadcast element of A per row. So every element of C is the same chain
 * of multiply-adds in the order of p, added up block after block, whatever the tile it falls in,
 * and a row's result does not depend on the other rows. */

#ifndef RECUR_KERNELS_FAST_GEMM_H
#define RECUR_KERNELS_FAST_GEMM_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "vec.h"

enum { PANEL = GEMM_VECS * VEC };

/* A tile's loops have constant bounds once inlined; unrolled, its array of sums becomes registers.
 */
#ifndef __has_feature
#define __has_feature(name) 0
#endif
#if __has_feature(address_sanitizer)
#define UNROLL /* with all the checks in them they would take minutes to compile */
#elif defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 32")
#endif

static size_t fast_gemm_packed_size(int k, int n) {
  return (size_t)k * (((size_t)n + PANEL - 1) / PANEL * PANEL);
}

/* One panel, `columns` wide, from B[p][j] = b[p * ldb + j]. */
VEC_ONCE void pack_rows(ptrdiff_t k, int columns, const float *b, ptrdiff_t ldb, float *panel) {
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
VEC_ONCE void pack_columns(ptrdiff_t k, int columns, const float *b, ptrdiff_t ldb, float *panel) {
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
  ptrdiff_t panel, panel_row;          /* from one panel to the next, and inside one */
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

/* Sums so deep that C can be fetched meanwhile. */
enum { PREFETCH_DEPTH = 96 };

/* C[rows, columns] of `vecs` vectors of columns that lie in panels of GEMM_VECS. */
ALWAYS_INLINE void tile(gemm_multiply_add *multiply_add, int rows, int vecs,
                        const gemm_shape *shape, const float *a, const float *panels, int columns,
                        float *c) {
  vec sums[GEMM_ROWS][4 * GEMM_VECS];
  UNROLL for (int i = 0; i < rows; i++) {
    UNROLL for (int v = 0; v < vecs; v++) sums[i][v] = vec_set1(0);
  }
  const ptrdiff_t k = shape->k, row_stride = shape->row_stride;
  if (k >= PREFETCH_DEPTH) {
    UNROLL for (int i = 0; i < rows; i++) {
      for (int j = 0; j < vecs * VEC; j += 16) __builtin_prefetch(c + i * shape->ldc + j, 1);
    }
  }
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
    panels += shape->panel_row;
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
  const int none = n + 1;
  const int wide = GEMM_ROWS == 1 ? none : m == 1 ? 4 * PANEL : m == 2 ? 2 * PANEL : none;
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

/* A block's rows are a multiple of those of every tile; it lies on the stack, which is small in
 * WASM. */
#if defined(GEMM_BLOCK_ROWS)
enum { BLOCK_ROWS = GEMM_BLOCK_ROWS };
#elif defined(__wasm__)
enum { BLOCK_ROWS = 12 };
#else
enum { BLOCK_ROWS = 96 };
#endif
enum { BLOCK_DEPTH = 512 }; /* elements */

/* A block in memory: A's own, or a copy. */
typedef struct gemm_block {
  const float *a;
  ptrdiff_t row_stride, column_stride;
} gemm_block;

/* What the two precisions differ in. An element of four bytes holds `unit` terms of a sum that
 * follow one another; depths are filled up with zeros to a multiple of `step`. */
typedef struct gemm_form {
  int unit, step;
  int depth; /* terms of a block, at most BLOCK_DEPTH elements */
  /* A[rows, depth] as a block, copied to the room for [BLOCK_ROWS, BLOCK_STRIDE] elements or not */
  gemm_block (*take)(int rows, int depth, int n, gemm_block a, float *room);
  /* C[rows, n] from a block and all panels */
  void (*multiply)(int rows, int n, const gemm_shape *shape, const float *a, const float *panels,
                   float *c);
} gemm_form;

/* Elements from row to row of a copied block: an odd number of cache lines, as a power of two would
 * put the rows of a tile into the same few places of the cache. */
enum { BLOCK_STRIDE = BLOCK_DEPTH + 16 };

/* Elements of a panel. */
ALWAYS_INLINE ptrdiff_t panel_size(const gemm_form *form, ptrdiff_t k) {
  return (k + form->step - 1) / form->step * form->step / form->unit * PANEL;
}

ALWAYS_INLINE void gemm_blocks(const gemm_form *form, int m, int n, int k, gemm_block a,
                               const float *packed, bool accumulate, float *c, int ldc) {
  _Alignas(64) float room[BLOCK_ROWS * BLOCK_STRIDE];
  gemm_shape shape = {
      .panel = panel_size(form, k), .panel_row = PANEL, .ldc = ldc, .accumulate = accumulate};
  ptrdiff_t p = 0;
  do {
    const int depth = k - p < form->depth ? (int)(k - p) : form->depth;
    shape.k = panel_size(form, depth) / PANEL;
    for (ptrdiff_t i = 0; i < m; i += BLOCK_ROWS) {
      const int rows = m - i < BLOCK_ROWS ? (int)(m - i) : BLOCK_ROWS;
      gemm_block part = a;
      part.a += i * a.row_stride + p * a.column_stride;
      const gemm_block block = form->take(rows, depth, n, part, room);
      shape.row_stride = block.row_stride;
      shape.column_stride = block.column_stride;
      form->multiply(rows, n, &shape, block.a, packed + p / form->unit * PANEL, c + i * ldc);
    }
    shape.accumulate = true;
    p += form->depth;
  } while (p < k);
}

static void copy_rows(int rows, int depth, const float *a, ptrdiff_t row_stride, float *room) {
  for (; rows > 0; rows--, a += row_stride, room += BLOCK_STRIDE) {
    memcpy(room, a, (size_t)depth * sizeof *a);
  }
}

/* A copy is worth its while where many panels read it and the rows lie badly: across, or apart by
 * large powers of two. */
static gemm_block f32_take(int rows, int depth, int n, gemm_block a, float *room) {
  const bool apart = a.row_stride % 512 == 0;
  if (n < 4 * PANEL || rows < 3 || (a.column_stride == 1 && !apart)) return a;
  if (a.column_stride == 1) {
    copy_rows(rows, depth, a.a, a.row_stride, room);
  } else if (a.row_stride == 1) {
    const int stored_rows = depth, stored_columns = rows;
    fast_transpose(stored_rows, stored_columns, a.a, (int)a.column_stride, room, BLOCK_STRIDE);
  } else {
    return a;
  }
  return (gemm_block){room, BLOCK_STRIDE, 1};
}

static void f32_multiply(int rows, int n, const gemm_shape *shape, const float *a,
                         const float *panels, float *c) {
  gemm_panels(&f32_tiles, rows, n, shape, a, panels, c);
}

static const gemm_form f32_form = {
    .unit = 1, .step = 1, .depth = BLOCK_DEPTH, .take = f32_take, .multiply = f32_multiply};

static void fast_gemm(int m, int n, int k, const float *a, int row_stride, int column_stride,
                      const float *packed, bool accumulate, float *c, int ldc) {
  gemm_blocks(&f32_form, m, n, k, (gemm_block){a, row_stride, column_stride}, packed, accumulate, c,
              ldc);
}

/* C[m, lanes] from as many columns of B where they lie. */
static void unpacked_edge(int m, int lanes, const gemm_shape *shape, const float *a, const float *b,
                          float *c) {
  for (; m > 0; m--, a += shape->row_stride, c += shape->ldc) {
    vec sum = vec_set1(0);
    for (ptrdiff_t p = 0; p < shape->k; p++) {
      const vec factor = vec_set1(a[p * shape->column_stride]);
      sum = vec_fma(factor, load_lanes(lanes, b + p * shape->panel_row), sum);
    }
    if (shape->accumulate) sum = vec_add(load_lanes(lanes, c), sum);
    store_lanes(lanes, c, sum);
  }
}

/* A matrix is a row of panels already, but for its last columns. In blocks of the same depth, so
 * that the sums are the same. */
static void fast_gemm_unpacked(int m, int n, int k, const float *a, int row_stride,
                               int column_stride, const float *b, int ldb, bool accumulate,
                               float *c, int ldc) {
  const int whole = n - n % PANEL;
  gemm_shape shape = {.panel = PANEL,
                      .panel_row = ldb,
                      .row_stride = row_stride,
                      .column_stride = column_stride,
                      .ldc = ldc,
                      .accumulate = accumulate};
  ptrdiff_t p = 0;
  do {
    shape.k = k - p < BLOCK_DEPTH ? k - p : BLOCK_DEPTH;
    const float *a_block = a + p * column_stride, *b_block = b + p * ldb;
    gemm_panels(&f32_tiles, m, whole, &shape, a_block, b_block, c);
    for (int j = whole; j < n; j += VEC) {
      unpacked_edge(m, n - j < VEC ? n - j : VEC, &shape, a_block, b_block + j, c + j);
    }
    shape.accumulate = true;
    p += BLOCK_DEPTH;
  } while (p < k);
}

#endif
