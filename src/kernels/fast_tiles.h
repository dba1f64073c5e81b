/* One tile function of fast_gemm.h for every number of rows, for one kind of multiply-add. No
 * guard: fast_gemm.h and fast_bf16.h include it with TILES, the name of the table that it defines,
 * TILED(rows), the names of the functions, and MULTIPLY_ADD. */

#define TILE(name, rows, vecs)                                                                \
  static void name(const gemm_shape *shape, const float *a, const float *panels, int columns, \
                   float *c) {                                                                \
    tile(MULTIPLY_ADD, rows, vecs, shape, a, panels, columns, c);                             \
  }

TILE(TILED(1), 1, GEMM_VECS)
#if GEMM_ROWS >= 3
TILE(TILED(2), 2, GEMM_VECS)
TILE(TILED(3), 3, GEMM_VECS)
TILE(TILED(1_wide), 1, 4 * GEMM_VECS)
TILE(TILED(2_wide), 2, 2 * GEMM_VECS)
#endif
#if GEMM_ROWS >= 4
TILE(TILED(4), 4, GEMM_VECS)
#endif
#if GEMM_ROWS >= 6
TILE(TILED(5), 5, GEMM_VECS)
TILE(TILED(6), 6, GEMM_VECS)
#endif
#if GEMM_ROWS >= 8
TILE(TILED(7), 7, GEMM_VECS)
TILE(TILED(8), 8, GEMM_VECS)
#endif
#if GEMM_ROWS >= 12
TILE(TILED(9), 9, GEMM_VECS)
TILE(TILED(10), 10, GEMM_VECS)
TILE(TILED(11), 11, GEMM_VECS)
TILE(TILED(12), 12, GEMM_VECS)
#endif

static const gemm_tiles TILES = {
    .by_rows =
        {
            TILED(1),
#if GEMM_ROWS >= 3
            TILED(2),
            TILED(3),
#endif
#if GEMM_ROWS >= 4
            TILED(4),
#endif
#if GEMM_ROWS >= 6
            TILED(5),
            TILED(6),
#endif
#if GEMM_ROWS >= 8
            TILED(7),
            TILED(8),
#endif
#if GEMM_ROWS >= 12
            TILED(9),
            TILED(10),
            TILED(11),
            TILED(12),
#endif
        },
#if GEMM_ROWS >= 3
    .one_wide = TILED(1_wide),
    .two_wide = TILED(2_wide),
#endif
};

#undef TILE
#undef TILES
#undef TILED
#undef MULTIPLY_ADD
