/* The int8 product: quantised inputs and exact sums, so the same bits from every variant. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "checker.h"
#include "guarded.h"
#include "variants.h"

/* One product. `gap` is what each row of X and Y has beyond its elements. */
typedef struct product {
  int m, n, k, gap;
  bool bias;
  guarded_place place;
} product;

/* What a product reads, and the weights before they are packed. */
typedef struct operands {
  const float *x;
  const int8_t *w;
  const float *scales, *bias;
} operands;

/* At least n bytes, aligned as floats; at the end of the slot up to 3 bytes too many. */
static void *guarded_words(int slot, guarded_place place, size_t bytes) {
  return guarded_array(slot, place, (bytes + sizeof(float) - 1) / sizeof(float));
}

/* Exactly n bytes beside what may not be touched. */
static int8_t *guarded_bytes(int slot, guarded_place place, size_t bytes) {
  const size_t over = (0 - bytes) % sizeof(float);
  return (int8_t *)guarded_words(slot, place, bytes) + (place == AT_END ? over : 0);
}

/* Halves the weights of a row that together are beyond INT8_SUM_MAX. */
static void limit_row(int k, int8_t *w) {
  for (int p = 0; p < k; p++) {
    if (p % 8 != 0 && p % 8 != 2) continue;
    int above = 0, below = 0;
    const int at[] = {p, p + 1, p + 4, p + 5};
    for (int i = 0; i < 4 && at[i] < k; i++) *(w[at[i]] > 0 ? &above : &below) += w[at[i]];
    const bool halve = above > INT8_SUM_MAX || below < -INT8_SUM_MAX;
    for (int i = 0; i < 4 && at[i] < k && halve; i++) w[at[i]] /= 2;
  }
}

static size_t extent(int rows, int columns, int ld) {
  return rows == 0 || columns == 0 ? 0 : (size_t)(rows - 1) * (size_t)ld + (size_t)columns;
}

static void multiply(const rc_kernels *k, const product *x, const operands *in, void *packed,
                     void *quantized, float *y) {
  k->int8_pack(x->k, x->n, in->w, in->scales, packed);
  k->int8_quantize(x->m, x->k, in->x, x->k + x->gap, quantized);
  k->int8_gemm(x->m, x->n, x->k, quantized, packed, in->bias, y, x->n + x->gap);
}

static void compare(check *c, const product *x, const float *want, const float *got) {
  const int ld = x->n + x->gap;
  for (size_t i = 0; i < extent(x->m, x->n, ld); i++) {
    if ((int)i % ld < x->n) {
      check_near(c, got[i], (double)want[i], 0, (int)i);
    } else {
      check_that(c, is_untouched(got[i]), "wrote between the rows");
    }
  }
}

/* Every row of the packed weights is what it was. */
static void check_unpacked(check *c, const product *x, const operands *in, const void *packed) {
  float *row = guarded_array(0, x->place, (size_t)x->k);
  for (int j = 0; j < x->n; j++) {
    c->variant->int8_unpack(x->k, x->n, j, packed, row);
    for (int p = 0; p < x->k; p++) {
      check_near(c, row[p], (double)(in->scales[j] * (float)in->w[(ptrdiff_t)j * x->k + p]), 0, p);
    }
  }
}

/* Rows picked out of packed weights are, to the byte, what packing them alone gives: every third
 * from the last on, some of them twice. */
static void check_selected(check *c, const product *x, const operands *in, const void *packed) {
  enum { MOST = 40 };
  const rc_kernels *k = c->variant;
  const int n = x->n < MOST ? x->n : MOST;
  int rows[MOST];
  const size_t size = k->int8_packed_size(x->k, n);
  int8_t *w = guarded_bytes(3, x->place, (size_t)n * (size_t)x->k);
  float scales[MOST];
  for (int j = 0; j < n; j++) {
    rows[j] = (x->n - 1 + 2 * j * x->n - 3 * j) % x->n;
    scales[j] = in->scales[rows[j]];
    memcpy(w + (ptrdiff_t)j * x->k, in->w + (ptrdiff_t)rows[j] * x->k, (size_t)x->k);
  }
  void *want = guarded_words(0, x->place, size), *got = guarded_words(1, x->place, size);
  k->int8_pack(x->k, n, w, scales, want);
  k->int8_select(x->k, x->n, n, rows, packed, got);
  check_that(c, memcmp(want, got, size) == 0, "the rows selected are not those packed");
}

/* Against the reference, whose arrays have slots of their own. */
static void try_operands(check *c, const product *x, const operands *in) {
  const rc_kernels *k = c->variant;
  const size_t m = (size_t)x->m, size = extent(x->m, x->n, x->n + x->gap);
  float *want = guarded_array(0, x->place, size), *got = guarded_array(1, x->place, size);
  multiply(&kernels_ref, x, in,
           guarded_words(2, x->place, kernels_ref.int8_packed_size(x->k, x->n)),
           guarded_words(3, x->place, m * kernels_ref.int8_row_size(x->k)), want);
  void *packed = guarded_words(2, x->place, k->int8_packed_size(x->k, x->n));
  void *quantized = guarded_words(3, x->place, m * k->int8_row_size(x->k));
  multiply(k, x, in, packed, quantized, got);
  compare(c, x, want, got);
  check_unpacked(c, x, in, packed);
  check_selected(c, x, in, packed);
}

static void try_product(check *c, const product *x) {
  float *input = guarded_array(4, x->place, extent(x->m, x->k, x->k + x->gap));
  int8_t *w = guarded_bytes(5, x->place, (size_t)x->n * (size_t)x->k);
  float *scales = guarded_array(6, x->place, (size_t)x->n);
  float *bias = guarded_array(7, x->place, (size_t)x->n);
  for (int i = 0; i < x->m && x->k > 0; i++) {
    fill_random((size_t)x->k, ldexpf(1, i % 7 - 3), input + i * (x->k + x->gap));
  }
  for (int i = 0; i < x->n; i++) {
    float row[512];
    fill_random((size_t)x->k, 127.99f, row);
    for (int p = 0; p < x->k; p++) w[i * x->k + p] = (int8_t)row[p];
    limit_row(x->k, w + (ptrdiff_t)i * x->k);
  }
  fill_random((size_t)x->n, 0.01f, scales);
  fill_random((size_t)x->n, 1, bias);
  const operands in = {.x = input, .w = w, .scales = scales, .bias = x->bias ? bias : NULL};
  try_operands(c, x, &in);
}

static void check_sizes_of_products(check *c) {
  static const int rows[] = {0, 1, 2, 3, 4, 5, 7, 8, 11, 16, 33};
  static const int depths[] = {0, 1, 2, 3, 4, 5, 8, 15, 16, 17, 31, 129};
  enum { ROWS = sizeof rows / sizeof *rows, DEPTHS = sizeof depths / sizeof *depths };
  unsigned options = 0; /* go round, as in check_gemm */
  for (int i = 0; i < ROWS; i++) {
    for (int j = 0; j < check_size_count; j++) {
      for (int p = 0; p < DEPTHS; p++, options++) {
        const product x = {.m = rows[i],
                           .n = check_sizes[j],
                           .k = depths[p],
                           .gap = (int)(options % 3),
                           .bias = (options & 1) != 0,
                           .place = options / 2 % 2 != 0 ? AT_START : AT_END};
        try_product(c, &x);
      }
    }
  }
}

/* All inputs and weights at their limits, in both signs: where 16 bits would overflow. */
static void check_extremes(check *c) {
  enum { M = 3, N = 37, K = 83, EIGHT = 8 };
  static const int8_t limits[][EIGHT] = {{64, 65, 127, 127, 64, 65, 4, 0}, /* INT8_SUM_MAX */
                                         {0, 127, 0, 127, 0, 127, 0, 127},
                                         {127, 127, 127, -127, -127, -127, 127, -127}};
  const product x = {.m = M, .n = N, .k = K, .place = AT_END};
  float *input = guarded_array(4, AT_END, M * K);
  int8_t *w = guarded_bytes(5, AT_END, N * K);
  float *scales = guarded_array(6, AT_END, N);
  for (int sign = -1; sign <= 1; sign += 2) {
    for (int i = 0; i < M * K; i++) input[i] = i / K == 1 ? -3.25f : 3.25f;
    for (int i = 0; i < N * K; i++) w[i] = (int8_t)(sign * limits[i / K % 3][i % K % EIGHT]);
    for (int i = 0; i < N; i++) scales[i] = 1;
    const operands in = {.x = input, .w = w, .scales = scales, .bias = NULL};
    try_operands(c, &x, &in);
  }
}

/* Ties between two integers, rows of nothing, of nearly nothing, and spoilt ones. */
static void check_special_rows(check *c) {
  enum { ROWS = 9, K = 21, N = 5 };
  const float special[ROWS] = {0,        1e-40f,    1e-31f,     2e-30f, 1e37f,
                               INFINITY, -INFINITY, (float)NAN, -0.0f};
  const product x = {.m = ROWS, .n = N, .k = K, .place = AT_END};
  for (int at = 0; at < K; at++) {
    float *input = guarded_array(4, AT_END, ROWS * K);
    int8_t *w = guarded_bytes(5, AT_END, N * K);
    float *scales = guarded_array(6, AT_END, N);
    for (int i = 0; i < ROWS * K; i++) {
      const float tie = (float)(i % 120 - 60) + 0.5f;
      input[i] = i % K == at ? special[i / K] : i / K == 5 ? tie : i / K % 2 == 0 ? 0 : 1e-33f;
    }
    for (int p = 0; p < K; p++) input[8 * K + p] = p == at ? 63 : (float)(p % 60) + 0.5f;
    for (int i = 0; i < N * K; i++) w[i] = (int8_t)(i % 255 - 127);
    for (int i = 0; i < N; i++) limit_row(K, w + (ptrdiff_t)i * K);
    for (int i = 0; i < N; i++) scales[i] = 0.5f;
    const operands in = {.x = input, .w = w, .scales = scales, .bias = NULL};
    try_operands(c, &x, &in);
  }
}

/* The reference against the equation in double, within what rounding x to 7 bits may cost. */
static void check_accuracy(check *c) {
  enum { M = 4, N = 9, K = 300 };
  const product shape = {.m = M, .n = N, .k = K, .place = AT_END};
  float *input = guarded_array(4, AT_END, M * K), *scales = guarded_array(6, AT_END, N);
  float *bias = guarded_array(7, AT_END, N), *y = guarded_array(0, AT_END, M * N);
  int8_t *w = guarded_bytes(5, AT_END, N * K);
  fill_random(M * K, 2, input);
  fill_random(N, 0.01f, scales);
  fill_random(N, 1, bias);
  for (int i = 0; i < N * K; i++) w[i] = (int8_t)(i * 37 % 255 - 127);
  for (int i = 0; i < N; i++) limit_row(K, w + (ptrdiff_t)i * K);
  const operands in = {.x = input, .w = w, .scales = scales, .bias = bias};
  multiply(c->variant, &shape, &in, guarded_words(2, AT_END, c->variant->int8_packed_size(K, N)),
           guarded_words(3, AT_END, M * c->variant->int8_row_size(K)), y);
  for (int i = 0; i < M; i++) {
    double largest = 0;
    for (int p = 0; p < K; p++) {
      const double size = fabs((double)input[i * K + p]);
      if (size > largest) largest = size; /* fmax crashes gcc 12 for AArch64 */
    }
    for (int j = 0; j < N; j++) {
      double sum = 0, weights = 0;
      for (int p = 0; p < K; p++) {
        sum += (double)input[i * K + p] * (double)w[j * K + p];
        weights += (double)abs(w[j * K + p]);
      }
      sum = (double)bias[j] + (double)scales[j] * sum;
      weights *= fabs((double)scales[j]);
      /* half a step of x for each weight, and float's own roundings */
      check_near(c, y[i * N + j], sum, (largest / 63 / 2 + 4 * ROUNDING * largest) * weights + 1e-6,
                 i * N + j);
    }
  }
}

/* Packed, N rows of K weights take no more than a byte each, 8 bytes a row, and the filling. */
static void check_packed_size(check *c) {
  const size_t size = c->variant->int8_packed_size(1024, 8000);
  check_that(c, size <= (size_t)8000 * (1024 + 8), "the packed weights are too large");
}

void check_int8(check *c) {
  check_begin(c, "int8_gemm");
  check_sizes_of_products(c);
  check_extremes(c);
  check_special_rows(c);
  check_accuracy(c);
  check_packed_size(c);
  check_end(c);
}
