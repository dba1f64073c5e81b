/* The matrix product of fast.h.
 *
 * B is packed into panels of PANEL columns, [K, PANEL] each without gaps, the last one filled up
 * with zeros. A tile of C, some rows by one or a few panels, stays in registers while p runs over
 * the whole of K: for each p one row of the panel and one broadcast element of A per row. So every
 * element of C is the same chain of multiply-adds in the order of p, whatever the tile it falls in,
 * and a row's result does not depend on the other rows. */

#include <stdbool.h>
#include <stddef.h>

enum { PANEL = GEMM_VECS * VEC };

/* A tile's loops have constant bounds once inlined; unrolled, its array of sums becomes registers.
 */
#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 32")
#endif
#define ALWAYS_INLINE static inline __attribute__((always_inline))

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

/* One panel, `columns` wide, from B[p][j] = b[j * ldb + p]. */
static void pack_columns(ptrdiff_t k, int columns, const float *b, ptrdiff_t ldb, float *panel) {
  const ptrdiff_t k4 = k - k % 4;
  const int columns4 = columns - columns % 4;
  for (ptrdiff_t p = 0; p < k4; p += 4) {
    for (int j = 0; j < columns4; j += 4) {
      vec_transpose4(b + j * ldb + p, ldb, panel + p * PANEL + j, PANEL);
    }
  }
  for (ptrdiff_t p = 0; p < k; p++) {
    for (int j = p < k4 ? columns4 : 0; j < columns; j++) panel[p * PANEL + j] = b[j * ldb + p];
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
  ptrdiff_t k, row_stride, column_stride, ldc;
  bool accumulate;
} gemm_shape;

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
ALWAYS_INLINE void tile(int rows, int vecs, const gemm_shape *shape, const float *a,
                        const float *panels, int columns, float *c) {
  vec sums[GEMM_ROWS][4 * GEMM_VECS];
  UNROLL for (int i = 0; i < rows; i++) {
    UNROLL for (int v = 0; v < vecs; v++) sums[i][v] = vec_set1(0);
  }
  const ptrdiff_t k = shape->k, row_stride = shape->row_stride;
  for (ptrdiff_t p = 0; p < k; p++) {
    vec b[4 * GEMM_VECS];
    UNROLL for (int v = 0; v < vecs; v++) {
      b[v] = vec_load(panels + v / GEMM_VECS * PANEL * k + v % GEMM_VECS * VEC);
    }
    UNROLL for (int i = 0; i < rows; i++) {
      const vec factor = vec_set1(a[i * row_stride]);
      UNROLL for (int v = 0; v < vecs; v++) sums[i][v] = vec_fma(factor, b[v], sums[i][v]);
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

#define TILE(name, rows, vecs)                                                                \
  static void name(const gemm_shape *shape, const float *a, const float *panels, int columns, \
                   float *c) {                                                                \
    tile(rows, vecs, shape, a, panels, columns, c);                                           \
  }

TILE(tile_1, 1, GEMM_VECS)
TILE(tile_2, 2, GEMM_VECS)
TILE(tile_3, 3, GEMM_VECS)
#if GEMM_ROWS >= 4
TILE(tile_4, 4, GEMM_VECS)
#endif
#if GEMM_ROWS >= 6
TILE(tile_5, 5, GEMM_VECS)
TILE(tile_6, 6, GEMM_VECS)
#endif
#if GEMM_ROWS >= 8
TILE(tile_7, 7, GEMM_VECS)
TILE(tile_8, 8, GEMM_VECS)
#endif
#if GEMM_ROWS >= 12
TILE(tile_9, 9, GEMM_VECS)
TILE(tile_10, 10, GEMM_VECS)
TILE(tile_11, 11, GEMM_VECS)
TILE(tile_12, 12, GEMM_VECS)
#endif
/* One or two rows alone would wait for each sum in turn, so they take several panels at a time. */
TILE(tile_1_wide, 1, 4 * GEMM_VECS)
TILE(tile_2_wide, 2, 2 * GEMM_VECS)

/* By rows - 1. */
static tile_function *const tiles[] = {
    tile_1, tile_2,  tile_3,
#if GEMM_ROWS >= 4
    tile_4,
#endif
#if GEMM_ROWS >= 6
    tile_5, tile_6,
#endif
#if GEMM_ROWS >= 8
    tile_7, tile_8,
#endif
#if GEMM_ROWS >= 12
    tile_9, tile_10, tile_11, tile_12,
#endif
};

_Static_assert(sizeof tiles / sizeof *tiles == GEMM_ROWS, "a tile for every number of rows");

/* C[m, columns] from `columns` of one panel, in blocks of rows as equal as can be. */
static void gemm_panel(int m, const gemm_shape *shape, const float *a, const float *panel,
                       int columns, float *c) {
  for (int blocks = (m + GEMM_ROWS - 1) / GEMM_ROWS; blocks > 0; blocks--) {
    const int rows = (m + blocks - 1) / blocks;
    tiles[rows - 1](shape, a, panel, columns, c);
    a += rows * shape->row_stride;
    c += rows * shape->ldc;
    m -= rows;
  }
}

static void fast_gemm(int m, int n, int k, const float *a, int row_stride, int column_stride,
                      const float *packed, bool accumulate, float *c, int ldc) {
  const gemm_shape shape = {k, row_stride, column_stride, ldc, accumulate};
  const int wide = m == 1 ? 4 * PANEL : m == 2 ? 2 * PANEL : n + 1;
  ptrdiff_t j = 0;
  for (; j + wide <= n; j += wide) {
    (m == 1 ? tile_1_wide : tile_2_wide)(&shape, a, packed + j * k, wide, c + j);
  }
  for (; j < n; j += PANEL) {
    const int columns = n - j < PANEL ? (int)(n - j) : PANEL;
    gemm_panel(m, &shape, a, packed + j * k, columns, c + j);
  }
}
