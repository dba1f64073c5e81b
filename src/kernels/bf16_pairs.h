/* For fast_bf16.h, on processors with AVX512_BF16: an element of four bytes holds two bf16, terms
 * of a sum that follow one another.
 *
 *   panel [k / 2, PANEL]             of B[2 q, j] and B[2 q + 1, j]
 *   block [rows, BLOCK_STRIDE]       of A[i, 2 q] and A[i, 2 q + 1]
 *
 * Denormal operands count as 0. No guard: it is code, compiled once per instruction set. */

#include "fast_gemm.h"

enum { PAIR_UNIT = 2, PAIR_STEP = 32 };

_Static_assert(PANEL == 32, "two vectors of columns");

/* 16 floats of which the first n exist, however large or negative n is. */
static inline __m512 load_first(const float *p, ptrdiff_t n) {
  return n >= 16 ? _mm512_loadu_ps(p) : n <= 0 ? _mm512_setzero_ps() : vec_load_part(p, (int)n);
}

/* The 16 pairs x[0], y[0], x[1], y[1]... */
static inline __m512i pair_up(__m512 x, __m512 y) {
  const __m512i order = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24,
                                         8, 23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
  return _mm512_permutexvar_epi16(order, (__m512i)_mm512_cvtne2ps_pbh(y, x));
}

/* The 16 pairs x[0], x[1], x[2], x[3]... of the first n floats at p. */
static inline __m512i pairs_along(const float *p, ptrdiff_t n) {
  return (__m512i)_mm512_cvtne2ps_pbh(load_first(p + 16, n - 16), load_first(p, n));
}

/* Rows become columns. */
static inline void transpose16(__m512i x[16]) {
  __m512i y[16];
  UNROLL for (int i = 0; i < 16; i += 2) {
    y[i] = _mm512_unpacklo_epi32(x[i], x[i + 1]);
    y[i + 1] = _mm512_unpackhi_epi32(x[i], x[i + 1]);
  }
  UNROLL for (int i = 0; i < 16; i += 4) {
    x[i] = _mm512_unpacklo_epi64(y[i], y[i + 2]);
    x[i + 1] = _mm512_unpackhi_epi64(y[i], y[i + 2]);
    x[i + 2] = _mm512_unpacklo_epi64(y[i + 1], y[i + 3]);
    x[i + 3] = _mm512_unpackhi_epi64(y[i + 1], y[i + 3]);
  }
  UNROLL for (int i = 0; i < 4; i++) {
    UNROLL for (int half = 0; half < 16; half += 8) {
      y[half + i] = _mm512_shuffle_i32x4(x[half + i], x[half + i + 4], 0x88);
      y[half + i + 4] = _mm512_shuffle_i32x4(x[half + i], x[half + i + 4], 0xdd);
    }
  }
  UNROLL for (int i = 0; i < 8; i++) {
    x[i] = _mm512_shuffle_i32x4(y[i], y[i + 8], 0x88);
    x[i + 8] = _mm512_shuffle_i32x4(y[i], y[i + 8], 0xdd);
  }
}

/* B[p][j] = b[p * ldb + j] */
static void pack_pair_rows(ptrdiff_t k, int columns, const float *b, ptrdiff_t ldb, float *panel) {
  for (ptrdiff_t p = 0; p < k; p += 2, panel += PANEL) {
    const float *row = b + p * ldb, *next = row + ldb;
    const ptrdiff_t below = p + 1 < k ? columns : 0;
    for (int j = 0; j < PANEL; j += 16) {
      const __m512 upper = load_first(row + j, columns - j);
      const __m512 lower = load_first(next + j, below - j);
      _mm512_storeu_si512(panel + j, pair_up(upper, lower));
    }
  }
}

/* B[p][j] = b[j * ldb + p], 32 terms of 16 columns at a time */
static void pack_pair_columns(ptrdiff_t k, int columns, const float *b, ptrdiff_t ldb,
                              float *panel) {
  for (ptrdiff_t p = 0; p < k; p += 32, panel += 16 * PANEL) {
    for (int j = 0; j < PANEL; j += 16) {
      __m512i pairs[16];
      UNROLL for (int i = 0; i < 16; i++) {
        const ptrdiff_t terms = j + i < columns ? k - p : 0;
        pairs[i] = pairs_along(b + (j + i) * ldb + p, terms);
      }
      transpose16(pairs);
      UNROLL for (int i = 0; i < 16; i++) _mm512_storeu_si512(panel + i * PANEL + j, pairs[i]);
    }
  }
}

static void bf16_pack_panel(bool transposed, ptrdiff_t k, int columns, const float *b,
                            ptrdiff_t ldb, float *panel) {
  if (transposed) {
    pack_pair_columns(k, columns, b, ldb, panel);
    return;
  }
  pack_pair_rows(k, columns, b, ldb, panel);
  const ptrdiff_t used = (k + 1) / 2, all = (k + PAIR_STEP - 1) / PAIR_STEP * 16;
  memset(panel + used * PANEL, 0, (size_t)(all - used) * PANEL * sizeof *panel);
}

/* A[i][p] = a[i * row_stride + p] */
static void round_rows(int rows, int depth, const float *a, ptrdiff_t row_stride, float *block) {
  for (; rows > 0; rows--, a += row_stride, block += BLOCK_STRIDE) {
    for (ptrdiff_t p = 0; p < depth; p += 32) {
      _mm512_storeu_si512(block + p / 2, pairs_along(a + p, depth - p));
    }
  }
}

/* A[i][p] = a[i + p * column_stride], 32 terms of 16 rows at a time. What lies side by side, the
 * rows of a term, is read together: the next term is far away. */
static void round_columns(int rows, int depth, const float *a, ptrdiff_t column_stride,
                          float *block) {
  for (ptrdiff_t p = 0; p < depth; p += 32) {
    for (ptrdiff_t i = 0; i < rows; i += 16) {
      __m512i pairs[16];
      UNROLL for (int q = 0; q < 16; q++) {
        const float *first = a + i + (p + 2 * q) * column_stride, *second = first + column_stride;
        const ptrdiff_t left = depth - (p + 2 * q);
        pairs[q] = pair_up(load_first(first, left > 0 ? rows - i : 0),
                           load_first(second, left > 1 ? rows - i : 0));
      }
      transpose16(pairs);
      float *to = block + i * BLOCK_STRIDE + p / 2;
      UNROLL for (int r = 0; r < 16; r++) _mm512_storeu_si512(to + r * BLOCK_STRIDE, pairs[r]);
    }
  }
}

/* A block is always copied; multiplying it is another matter. */
static gemm_block bf16_take(int rows, int depth, int n, gemm_block a, float *room) {
  (void)n;
  if (a.column_stride == 1) {
    round_rows(rows, depth, a.a, a.row_stride, room);
  } else if (a.row_stride == 1) {
    round_columns(rows, depth, a.a, a.column_stride, room);
  } else {
    float row[BLOCK_DEPTH * PAIR_UNIT];
    for (ptrdiff_t i = 0; i < rows; i++) {
      for (ptrdiff_t p = 0; p < depth; p++) row[p] = a.a[i * a.row_stride + p * a.column_stride];
      round_rows(1, depth, row, 0, room + i * BLOCK_STRIDE);
    }
  }
  return (gemm_block){room, BLOCK_STRIDE, 1};
}
