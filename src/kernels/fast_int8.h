/* The int8 product of fast.h, in a vocabulary of its own. Each instruction set has one header that
 * defines it, included before fast.h: int8_scalar.h, int8_sse2.h (NEON too, through SIMDe),
 * int8_avx2.h, int8_vnni.h, int8_simd128.h, int8_relaxed.h. Each defines:
 *
 *   INT8_LANES                  outputs whose sums lie in one panel
 *   INT8_GROUP                  inputs of a row that lie together: 2 or 4
 *   INT8_GROUPS                 groups that one step adds to a sum: 1 or 2
 *   INT8_SUMS                   panels times rows of a tile that the registers hold: 4, 8 or 16
 *   int8_input                  uint8_t, or int16_t where the products take them widened
 *   int8_sums                   INT8_LANES sums
 *   int8_weights                a step's weights for each of them
 *   int8_inputs                 a step's inputs, the same for each of them
 *
 *   int8_place(i)               where in its group weight i lies, 0 <= i < INT8_GROUP
 *   int8_load_weights(p)        from INT8_GROUPS INT8_LANES INT8_GROUP bytes
 *   int8_load_inputs(rows, p, i)  of row i, where `rows` rows have a group each from p, and so on
 *   int8_load_sums(p)           from INT8_LANES int32_t
 *   int8_dot(sums, w, x)        sums + w x over the step
 *   int8_store(p, sums)         to INT8_LANES floats, rounded
 *
 * A header may also define INT8_DOT_IN_STEPS, the condition under which int8_dot_in_steps is a
 * faster int8_dot.
 *
 * W is packed into panels: the scales of the outputs, what their sums begin with, and
 * [K / INT8_GROUP, INT8_LANES, INT8_GROUP] bytes. K is filled up with zeros, N to a multiple of 4
 * panels. Integer sums have no rounding, so every tile and every instruction set gives the same. */

#include <stdint.h>
#include <string.h>

#include "kernels.h"
#include "vec.h"

enum {
  INT8_BLOCK = 16, /* inputs that are quantised at a time: a multiple of every VEC */
  INT8_STEP = INT8_GROUPS * INT8_GROUP,
  INT8_ROWS = 4,  /* of the largest tile */
  INT8_STRIP = 4, /* panels side by side, the most that a tile has */
  INT8_WIDTH = INT8_STRIP * INT8_LANES
};

_Static_assert((int)INT8_LANES <= (int)VEC, "the outputs of a panel are finished as one vector");

static size_t round_up(int n, size_t step) {
  return ((size_t)n + step - 1) / step * step;
}

static size_t int8_panel_size(int k) {
  return INT8_LANES * (sizeof(float) + sizeof(int32_t) + round_up(k, INT8_STEP));
}

static const int32_t *int8_panel_starts(const void *panel) {
  return (const int32_t *)panel + INT8_LANES;
}

static const int8_t *int8_panel_weights(const void *panel) {
  return (const int8_t *)(int8_panel_starts(panel) + INT8_LANES);
}

static size_t fast_int8_packed_size(int k, int n) {
  return round_up(n, INT8_WIDTH) / INT8_LANES * int8_panel_size(k);
}

/* Panels of a tile, 1, 2 or 4. */
#define INT8_PANELS(rows) (INT8_SUMS / (rows) < INT8_STRIP ? INT8_SUMS / (rows) : INT8_STRIP)

/* Where weight p of a lane lies. */
static ptrdiff_t int8_offset(int lane, ptrdiff_t p) {
  return (p / INT8_GROUP * INT8_LANES + lane) * INT8_GROUP + int8_place((int)(p % INT8_GROUP));
}

/* One panel from `rows` <= INT8_LANES rows of W. */
VEC_ONCE void int8_pack_panel(int k, int rows, const int8_t *w, const float *scales, void *panel) {
  float *panel_scales = panel;
  int32_t *starts = (int32_t *)panel + INT8_LANES;
  int8_t *weights = (int8_t *)(starts + INT8_LANES);
  memset(panel, 0, int8_panel_size(k));
  for (int lane = 0; lane < rows; lane++, w += k) {
    for (ptrdiff_t p = 0; p < k; p++) {
      weights[int8_offset(lane, p)] = w[p];
      starts[lane] -= INT8_ZERO_POINT * w[p];
    }
    panel_scales[lane] = scales[lane];
  }
}

VEC_ONCE void fast_int8_pack(int k, int n, const int8_t *w, const float *scales, void *packed) {
  int8_t *panel = packed;
  const ptrdiff_t padded = (ptrdiff_t)round_up(n, INT8_WIDTH);
  for (ptrdiff_t j = 0; j < padded; j += INT8_LANES, panel += int8_panel_size(k)) {
    const ptrdiff_t left = j < n ? n - j : 0;
    const int rows = left < INT8_LANES ? (int)left : INT8_LANES;
    int8_pack_panel(k, rows, rows > 0 ? w + j * k : w, rows > 0 ? scales + j : scales, panel);
  }
}

static void fast_int8_unpack(int k, int n, int row, const void *packed, float *y) {
  const int lane = row % INT8_LANES;
  const int8_t *panel = (const int8_t *)packed + (size_t)(row / INT8_LANES) * int8_panel_size(k);
  const int8_t *weights = int8_panel_weights(panel);
  const float scale = ((const float *)(const void *)panel)[lane];
  (void)n;
  for (ptrdiff_t p = 0; p < k; p++) {
    y[p] = scale * (float)weights[int8_offset(lane, p)];
  }
}

/* One panel from rows 0 to `count` <= INT8_LANES of others. */
VEC_ONCE void int8_select_panel(int k, int count, const int *rows, const int8_t *packed,
                                int8_t *panel) {
  const size_t size = int8_panel_size(k), word = sizeof(float);
  if (count < INT8_LANES) memset(panel, 0, size);
  for (size_t lane = 0; lane < (size_t)count; lane++) {
    const int8_t *from = packed + (size_t)(rows[lane] / INT8_LANES) * size;
    const size_t other = (size_t)(rows[lane] % INT8_LANES);
    memcpy(panel + lane * word, from + other * word, word);
    memcpy(panel + (INT8_LANES + lane) * word, from + (INT8_LANES + other) * word, word);
    for (size_t at = 2 * INT8_LANES * word; at < size; at += INT8_LANES * INT8_GROUP) {
      memcpy(panel + at + lane * INT8_GROUP, from + at + other * INT8_GROUP, INT8_GROUP);
    }
  }
}

VEC_ONCE void fast_int8_select(int k, int packed_n, int n, const int *rows, const void *packed,
                               void *selected) {
  int8_t *panel = selected;
  const int padded = (int)round_up(n, INT8_WIDTH);
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
VEC_SHARED float row_largest(ptrdiff_t n, const float *x) {
  const vec zero = vec_set1(0);
  vec largest = zero, spoilt = zero; /* 0 x is NaN for those */
  for (; n > 0; n -= VEC, x += VEC) {
    const vec v = load_lanes(n < VEC ? (int)n : VEC, x);
    largest = vec_max(vec_sub(zero, vec_minus_abs(v)), largest);
    spoilt = vec_fma(v, zero, spoilt);
  }
  return vec_maximum(largest) + vec_sum(spoilt);
}

/* Adding 1.5 2^23 rounds to an integer, to even from the middle, held in the low bits. */
VEC_SHARED void quantize_block(const float *x, float inverse, int8_input *q) {
  uint32_t bits[INT8_BLOCK];
  float shifted[INT8_BLOCK];
  for (int i = 0; i < INT8_BLOCK; i += VEC) {
    const vec scaled = vec_mul(vec_load(x + i), vec_set1(inverse));
    vec_store(shifted + i, vec_add(scaled, vec_set1(0x1.8p23f + INT8_ZERO_POINT)));
  }
  memcpy(bits, shifted, sizeof bits);
  for (int i = 0; i < INT8_BLOCK; i++) q[i] = (int8_input)(bits[i] & 127);
}

/* Rows are quantised in blocks of 4, 2 or 1, as the tiles multiply them: their scales, then
 * [K / INT8_GROUP, rows, INT8_GROUP] inputs. */
static int int8_block_rows(int left) {
  return left >= 4 ? 4 : left >= 2 ? 2 : 1;
}

/* One row of a block; q is where its first inputs lie. */
static void quantize_row(int rows, int k, const float *x, float *scale, int8_input *q) {
  const float largest = row_largest(k, x);
  const float inverse = largest > INT8_TINY ? INT8_LIMIT / largest : 0;
  *scale = largest / INT8_LIMIT;
  float rest[INT8_BLOCK] = {0};
  for (; k > 0; k -= INT8_BLOCK, x += INT8_BLOCK) {
    int8_input block[INT8_BLOCK];
    if (k < INT8_BLOCK) x = memcpy(rest, x, (size_t)k * sizeof *rest);
    quantize_block(x, inverse, block);
    for (int p = 0; p < INT8_BLOCK; p += INT8_GROUP, q += INT8_GROUP * (ptrdiff_t)rows) {
      memcpy(q, block + p, INT8_GROUP * sizeof *q);
    }
  }
}

VEC_ONCE void fast_int8_quantize(int m, int k, const float *x, int ldx, void *quantized) {
  unsigned char *block = quantized;
  while (m > 0) {
    const int rows = int8_block_rows(m);
    float *scales = (float *)(void *)block;
    int8_input *inputs = (int8_input *)(void *)(scales + rows);
    for (int i = 0; i < rows; i++, x += ldx) {
      quantize_row(rows, k, x, scales + i, inputs + INT8_GROUP * i);
    }
    block += (size_t)rows * fast_int8_row_size(k);
    m -= rows;
  }
}

typedef int8_sums int8_product(int8_sums sums, int8_weights w, int8_inputs x);

ALWAYS_INLINE vec int8_floats(int8_sums sums) {
  float lanes[INT8_LANES];
  int8_store(lanes, sums);
  return load_lanes(INT8_LANES, lanes);
}

/* Y [rows, panels INT8_LANES] = row_scale scale sum + bias */
ALWAYS_INLINE void int8_tile(int8_product *dot, int rows, int panels, int k, size_t panel_size,
                             const unsigned char *x, const unsigned char *packed, const float *bias,
                             float *y, ptrdiff_t ldy) {
  int8_sums sums[INT8_ROWS][INT8_STRIP];
  UNROLL for (int i = 0; i < rows; i++) {
    UNROLL for (int v = 0; v < panels; v++) {
      sums[i][v] = int8_load_sums(int8_panel_starts(packed + v * panel_size));
    }
  }
  const float *row_scales = (const float *)(const void *)x;
  const int8_input *inputs = (const int8_input *)(const void *)(row_scales + rows);
  const int8_t *weights = int8_panel_weights(packed);
  for (; k > 0; k -= INT8_STEP) {
    int8_weights w[INT8_STRIP];
    UNROLL for (int v = 0; v < panels; v++) w[v] = int8_load_weights(weights + v * panel_size);
    UNROLL for (int i = 0; i < rows; i++) {
      const int8_inputs q = int8_load_inputs(rows, inputs, i);
      UNROLL for (int v = 0; v < panels; v++) sums[i][v] = dot(sums[i][v], w[v], q);
    }
    inputs += INT8_STEP * rows;
    weights += INT8_STEP * INT8_LANES;
  }
  UNROLL for (int v = 0; v < panels; v++) {
    const float *panel_scales = (const float *)(const void *)(packed + v * panel_size);
    const vec scales = load_lanes(INT8_LANES, panel_scales);
    const vec offsets = load_lanes(INT8_LANES, bias + v * INT8_LANES);
    UNROLL for (int i = 0; i < rows; i++) {
      const vec scale = vec_mul(vec_set1(row_scales[i]), scales);
      const vec result = vec_add(vec_mul(int8_floats(sums[i][v]), scale), offsets);
      store_lanes(INT8_LANES, y + i * ldy + v * INT8_LANES, result);
    }
  }
}

/* m rows of INT8_WIDTH outputs. */
typedef struct int8_strip {
  int m, k;
  const unsigned char *x, *packed;
  const float *bias;
  float *y;
  ptrdiff_t ldy;
} int8_strip;

/* Tiles down the rows, and again for the panels beside them. */
ALWAYS_INLINE void int8_tiles(int8_product *dot, int rows, int panels, const int8_strip *strip) {
  const size_t row_size = fast_int8_row_size(strip->k), panel_size = int8_panel_size(strip->k);
  for (int v = 0; v < INT8_STRIP; v += panels) {
    const unsigned char *x = strip->x, *packed = strip->packed + (size_t)v * panel_size;
    float *y = strip->y + v * INT8_LANES;
    for (int i = 0; i < strip->m; i += rows) {
      int8_tile(dot, rows, panels, strip->k, panel_size, x, packed, strip->bias + v * INT8_LANES, y,
                strip->ldy);
      x += (size_t)rows * row_size;
      y += rows * strip->ldy;
    }
  }
}

#define INT8_TILES(name, dot, rows, panels)   \
  static void name(const int8_strip *strip) { \
    int8_tiles(dot, rows, panels, strip);     \
  }

INT8_TILES(int8_tiles_1, int8_dot, 1, INT8_PANELS(1))
INT8_TILES(int8_tiles_2, int8_dot, 2, INT8_PANELS(2))
INT8_TILES(int8_tiles_4, int8_dot, 4, INT8_PANELS(4))
#ifdef INT8_DOT_IN_STEPS
/* One panel: the sums of two and what the steps need are more than 16 registers hold. */
INT8_TILES(int8_tiles_4_in_steps, int8_dot_in_steps, 4, 1)
#endif

typedef void int8_tiles_function(const int8_strip *strip);

static int8_tiles_function *int8_best_fours(void) {
#ifdef INT8_DOT_IN_STEPS
  if (INT8_DOT_IN_STEPS) return int8_tiles_4_in_steps;
#endif
  return int8_tiles_4;
}

/* m rows by `run`; the strip then begins with those below. */
static void int8_rows(int m, int8_tiles_function *run, int8_strip *strip) {
  strip->m = m;
  run(strip);
  strip->x += (size_t)m * fast_int8_row_size(strip->k);
  strip->y += m * strip->ldy;
}

static void int8_strip_forward(int m, int8_tiles_function *fours, int8_strip *strip) {
  int8_rows(m & ~3, fours, strip);
  int8_rows(m & 2, int8_tiles_2, strip);
  int8_rows(m & 1, int8_tiles_1, strip);
}

/* The last strip, where only the first columns are outputs. */
VEC_ONCE void int8_part_forward(int m, int columns, int8_tiles_function *fours, int8_strip *strip) {
  float whole[INT8_ROWS * INT8_WIDTH], *y = strip->y;
  const ptrdiff_t ldy = strip->ldy;
  strip->ldy = INT8_WIDTH;
  for (; m > 0; m -= INT8_ROWS) {
    const int rows = m < INT8_ROWS ? m : INT8_ROWS;
    strip->y = whole;
    int8_strip_forward(rows, fours, strip);
    for (int i = 0; i < rows; i++, y += ldy) {
      memcpy(y, whole + i * INT8_WIDTH, (size_t)columns * sizeof *y);
    }
  }
}

VEC_ONCE void fast_int8_gemm(int m, int n, int k, const void *quantized, const void *packed,
                             const float *bias, float *y, int ldy) {
  int8_tiles_function *fours = int8_best_fours();
  const unsigned char *panels = packed;
  float filled[INT8_WIDTH]; /* -0 changes nothing, not even the sign of 0 */
  for (ptrdiff_t j = 0; j < n; j += INT8_WIDTH) {
    const int columns = (int)(n - j);
    const bool whole = columns >= INT8_WIDTH;
    const float *offsets = bias == NULL || !whole ? filled : bias + j;
    for (int c = 0; c < INT8_WIDTH && offsets == filled; c++) {
      filled[c] = bias != NULL && c < columns ? bias[j + c] : -0.0f;
    }
    int8_strip strip = {
        .k = k, .x = quantized, .packed = panels, .bias = offsets, .y = y + j, .ldy = ldy};
    if (whole) {
      int8_strip_forward(m, fours, &strip);
    } else {
      int8_part_forward(m, columns, fours, &strip);
    }
    panels += INT8_STRIP * int8_panel_size(k);
  }
}
