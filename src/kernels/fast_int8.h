/* The int8 product of fast.h, in a vocabulary of its own. Each instruction set has one header that
 * defines it, included before fast.h: int8_scalar.h, int8_sse2.h (NEON too, through SIMDe),
 * int8_avx2.h, int8_vnni.h, int8_simd128.h, int8_relaxed.h. Each defines:
 *
 *   INT8_LANES                  outputs whose sums lie in one panel
 *   INT8_SUMS                   panels times rows of a tile that the registers hold: 4, 8 or 16
 *   int8_input                  uint8_t, or int16_t where the products take them widened
 *   int8_sums                   INT8_LANES sums
 *   int8_weights                four weights for each of them
 *   int8_inputs                 four inputs, the same for each of them
 *
 *   int8_place(i)               where in its group of four bytes weight i lies, 0 <= i < 4
 *   int8_zero()
 *   int8_load_weights(p)        from 4 INT8_LANES bytes
 *   int8_load_inputs(p)         from 4 inputs
 *   int8_dot(sums, w, x)        sums + w x over the four
 *   int8_store(p, sums)         to INT8_LANES int32_t
 *
 * W is packed into panels [K / 4, INT8_LANES, 4] of bytes, each followed by the scales and the
 * corrections of its outputs. K is filled up with zeros, N to a multiple of 4 panels. Integer sums
 * have no rounding, so every tile and every instruction set gives the same. */

#include <stdint.h>
#include <string.h>

#include "kernels.h"

enum {
  INT8_BLOCK = 16, /* inputs that are quantised at a time: a multiple of every VEC */
  INT8_STRIP = 4   /* panels side by side, the most that a tile has */
};

static size_t round_up(int n, size_t step) {
  return ((size_t)n + step - 1) / step * step;
}

static size_t int8_panel_size(int k) {
  return INT8_LANES * (round_up(k, 4) + sizeof(float) + sizeof(int32_t));
}

static size_t fast_int8_packed_size(int k, int n) {
  return round_up(n, INT8_STRIP * INT8_LANES) / INT8_LANES * int8_panel_size(k);
}

/* Panels of a tile, 1, 2 or 4. */
#define INT8_PANELS(rows) (INT8_SUMS / (rows) < INT8_STRIP ? INT8_SUMS / (rows) : INT8_STRIP)

/* One panel from `rows` <= INT8_LANES rows of W. */
static void int8_pack_panel(int k, int rows, const int8_t *w, const float *scales, int8_t *panel) {
  const ptrdiff_t weights = (ptrdiff_t)(INT8_LANES * round_up(k, 4));
  float *panel_scales = (float *)(void *)(panel + weights);
  int32_t *corrections = (int32_t *)(void *)(panel_scales + INT8_LANES);
  memset(panel, 0, int8_panel_size(k));
  for (int lane = 0; lane < rows; lane++, w += k) {
    int32_t sum = 0;
    for (ptrdiff_t p = 0; p < k; p++) {
      panel[(p / 4 * INT8_LANES + lane) * 4 + int8_place((int)(p % 4))] = w[p];
      sum += w[p];
    }
    panel_scales[lane] = scales[lane];
    corrections[lane] = INT8_ZERO_POINT * sum;
  }
}

static void fast_int8_pack(int k, int n, const int8_t *w, const float *scales, void *packed) {
  int8_t *panel = packed;
  const ptrdiff_t padded = (ptrdiff_t)round_up(n, INT8_STRIP * INT8_LANES);
  for (ptrdiff_t j = 0; j < padded; j += INT8_LANES, panel += int8_panel_size(k)) {
    const ptrdiff_t left = j < n ? n - j : 0;
    const int rows = left < INT8_LANES ? (int)left : INT8_LANES;
    int8_pack_panel(k, rows, rows > 0 ? w + j * k : w, rows > 0 ? scales + j : scales, panel);
  }
}

static void fast_int8_unpack(int k, int n, int row, const void *packed, float *y) {
  const ptrdiff_t lane = row % INT8_LANES, weights = (ptrdiff_t)(INT8_LANES * round_up(k, 4));
  const int8_t *panel = (const int8_t *)packed + (size_t)(row / INT8_LANES) * int8_panel_size(k);
  const float scale = ((const float *)(const void *)(panel + weights))[lane];
  (void)n;
  for (ptrdiff_t p = 0; p < k; p++) {
    const ptrdiff_t four = p / 4 * INT8_LANES + lane;
    y[p] = scale * (float)panel[four * 4 + int8_place((int)(p % 4))];
  }
}

/* One panel from rows 0 to `count` <= INT8_LANES of others. */
static void int8_select_panel(int k, int count, const int *rows, const int8_t *packed,
                              int8_t *panel) {
  const size_t size = int8_panel_size(k), weights = INT8_LANES * round_up(k, 4);
  if (count < INT8_LANES) memset(panel, 0, size);
  for (size_t lane = 0; lane < (size_t)count; lane++) {
    /* Groups of four weights lie as far from one another as the lanes' scales and corrections do.
     */
    const int8_t *from =
        packed + (size_t)(rows[lane] / INT8_LANES) * size + (size_t)(rows[lane] % INT8_LANES) * 4;
    for (size_t at = 0; at < weights; at += INT8_LANES * 4) {
      memcpy(panel + at + lane * 4, from + at, 4);
    }
    memcpy(panel + weights + lane * 4, from + weights, sizeof(float));
    memcpy(panel + weights + (INT8_LANES + lane) * 4, from + weights + INT8_LANES * 4,
           sizeof(int32_t));
  }
}

static void fast_int8_select(int k, int packed_n, int n, const int *rows, const void *packed,
                             void *selected) {
  int8_t *panel = selected;
  const int padded = (int)round_up(n, INT8_STRIP * INT8_LANES);
  (void)packed_n;
  for (int j = 0; j < padded; j += INT8_LANES, panel += int8_panel_size(k)) {
    const int left = j < n ? n - j : 0;
    int8_select_panel(k, left < INT8_LANES ? left : INT8_LANES, rows + (j < n ? j : 0), packed,
                      panel);
  }
}

static size_t fast_int8_row_size(int k) {
  return sizeof(float) + round_up(k, INT8_BLOCK) * sizeof(int8_input);
}

/* max |x[j]|, or NaN where one is infinite or NaN */
static float row_largest(ptrdiff_t n, const float *x) {
  const vec zero = vec_set1(0);
  vec largest = zero, spoilt = zero; /* 0 x is NaN for those */
  ptrdiff_t j = 0;
  for (; j + VEC <= n; j += VEC) {
    const vec v = vec_load(x + j);
    largest = vec_max(vec_sub(zero, vec_minus_abs(v)), largest);
    spoilt = vec_fma(v, zero, spoilt);
  }
  const int rest = (int)(n - j);
  if (rest > 0) {
    const vec v = vec_load_part(x + j, rest);
    largest = vec_max(vec_sub(zero, vec_minus_abs(v)), largest);
    spoilt = vec_fma(v, zero, spoilt);
  }
  return vec_maximum(largest) + vec_sum(spoilt);
}

/* Adding 1.5 2^23 rounds to an integer, to even from the middle, held in the low bits. */
static void quantize_block(const float *x, float inverse, int8_input *q) {
  uint32_t bits[INT8_BLOCK];
  float shifted[INT8_BLOCK];
  for (int i = 0; i < INT8_BLOCK; i += VEC) {
    const vec scaled = vec_mul(vec_load(x + i), vec_set1(inverse));
    vec_store(shifted + i, vec_add(scaled, vec_set1(0x1.8p23f + INT8_ZERO_POINT)));
  }
  memcpy(bits, shifted, sizeof bits);
  for (int i = 0; i < INT8_BLOCK; i++) q[i] = (int8_input)(bits[i] & 127);
}

static void fast_int8_quantize(int rows, int k, const float *x, int ldx, void *quantized) {
  unsigned char *row = quantized;
  for (; rows > 0; rows--, x += ldx, row += fast_int8_row_size(k)) {
    const float largest = row_largest(k, x);
    const float inverse = largest > INT8_TINY ? INT8_LIMIT / largest : 0;
    *(float *)(void *)row = largest / INT8_LIMIT;
    int8_input *q = (int8_input *)(void *)(row + sizeof(float));
    ptrdiff_t j = 0;
    for (; j + INT8_BLOCK <= k; j += INT8_BLOCK) quantize_block(x + j, inverse, q + j);
    if (j < k) {
      float rest[INT8_BLOCK] = {0};
      memcpy(rest, x + j, (size_t)(k - j) * sizeof *rest);
      quantize_block(rest, inverse, q + j);
    }
  }
}

/* What stays the same from tile to tile. */
typedef struct int8_shape {
  ptrdiff_t groups; /* of four inputs */
  size_t row_size, panel_size;
  const float *bias; /* of the tile's first output, or NULL */
  int columns;       /* outputs left, from the tile's first */
  ptrdiff_t ldy;
} int8_shape;

/* One row of a tile: y = row_scale scale (sum - correction) + bias */
static __attribute__((noinline)) void int8_finish(const int8_shape *shape, int panels,
                                                  float row_scale, const unsigned char *packed,
                                                  const int32_t *sums, float *y) {
  const float *bias = shape->bias;
  int columns = shape->columns;
  for (; panels > 0 && columns > 0; panels--, columns -= INT8_LANES) {
    const int width = columns < INT8_LANES ? columns : INT8_LANES;
    packed += shape->panel_size;
    const int32_t *corrections = (const int32_t *)(const void *)packed - INT8_LANES;
    const float *scales = (const float *)(const void *)corrections - INT8_LANES;
    for (int j = 0; j < width; j++) {
      y[j] = (float)(sums[j] - corrections[j]) * (row_scale * scales[j]);
      if (bias != NULL) y[j] += bias[j];
    }
    if (bias != NULL) bias += INT8_LANES;
    sums += INT8_LANES;
    y += INT8_LANES;
  }
}

/* Y[rows, panels INT8_LANES] */
ALWAYS_INLINE void int8_tile(int rows, int panels, const int8_shape *shape, const unsigned char *x,
                             const unsigned char *packed, float *y) {
  int8_sums sums[4][INT8_STRIP];
  UNROLL for (int i = 0; i < rows; i++) {
    UNROLL for (int v = 0; v < panels; v++) sums[i][v] = int8_zero();
  }
  const size_t row_size = shape->row_size, panel_size = shape->panel_size;
  const unsigned char *inputs = x + sizeof(float), *weights = packed;
  for (ptrdiff_t groups = shape->groups; groups > 0; groups--) {
    int8_weights w[INT8_STRIP];
    UNROLL for (int v = 0; v < panels; v++) w[v] = int8_load_weights(weights + v * panel_size);
    UNROLL for (int i = 0; i < rows; i++) {
      const int8_inputs q = int8_load_inputs(inputs + i * row_size);
      UNROLL for (int v = 0; v < panels; v++) sums[i][v] = int8_dot(sums[i][v], w[v], q);
    }
    inputs += 4 * sizeof(int8_input);
    weights += 4 * INT8_LANES;
  }
  int32_t finished[INT8_STRIP * INT8_LANES];
  UNROLL for (int i = 0; i < rows; i++) {
    UNROLL for (int v = 0; v < panels; v++) int8_store(finished + v * INT8_LANES, sums[i][v]);
    const float row_scale = *(const float *)(const void *)(x + i * row_size);
    int8_finish(shape, panels, row_scale, packed, finished, y + i * shape->ldy);
  }
}

typedef void int8_tile_function(const int8_shape *shape, const unsigned char *x,
                                const unsigned char *packed, float *y);

#define INT8_TILE(name, rows)                                                                    \
  static void name(const int8_shape *shape, const unsigned char *x, const unsigned char *packed, \
                   float *y) {                                                                   \
    int8_tile(rows, INT8_PANELS(rows), shape, x, packed, y);                                     \
  }

INT8_TILE(int8_tile_1, 1)
INT8_TILE(int8_tile_2, 2)
INT8_TILE(int8_tile_4, 4)

/* Tiles down m rows, and again for the panels beside them in the strip. */
static void int8_tiles(int m, int rows, int8_tile_function *run, int8_shape shape,
                       const unsigned char *x, const unsigned char *strip, float *y) {
  const int panels = INT8_PANELS(rows), columns = panels * INT8_LANES;
  for (int v = 0; v < INT8_STRIP && shape.columns > 0; v += panels) {
    for (int i = 0; i < m; i += rows) {
      run(&shape, x + (size_t)i * shape.row_size, strip, y + i * shape.ldy);
    }
    strip += (size_t)panels * shape.panel_size;
    y += columns;
    shape.columns -= columns;
    if (shape.bias != NULL) shape.bias += columns;
  }
}

static void fast_int8_gemm(int m, int n, int k, const void *quantized, const void *packed,
                           const float *bias, float *y, int ldy) {
  const unsigned char *x = quantized, *strip = packed;
  int8_shape shape = {.groups = (ptrdiff_t)(round_up(k, 4) / 4),
                      .row_size = fast_int8_row_size(k),
                      .panel_size = int8_panel_size(k),
                      .ldy = ldy};
  for (ptrdiff_t j = 0; j < n; j += INT8_STRIP * INT8_LANES) {
    shape.columns = (int)(n - j);
    shape.bias = bias == NULL ? NULL : bias + j;
    const int fours = m - m % 4, pairs = m - m % 2;
    int8_tiles(fours, 4, int8_tile_4, shape, x, strip, y + j);
    int8_tiles(pairs - fours, 2, int8_tile_2, shape, x + (size_t)fours * shape.row_size, strip,
               y + fours * shape.ldy + j);
    int8_tiles(m - pairs, 1, int8_tile_1, shape, x + (size_t)pairs * shape.row_size, strip,
               y + pairs * shape.ldy + j);
    strip += INT8_STRIP * shape.panel_size;
  }
}
