#include <math.h>
#include <string.h>

#include "bf16.h"
#include "checker.h"
#include "guarded.h"
#include "variants.h"

/* One product. `gap` is what each row of A, B and C has beyond its elements. */
typedef struct product {
  kernel_precision precision;
  int m, n, k, gap;
  bool transposed_a, transposed_b, accumulate;
  guarded_place place;
} product;

/* A[i][p] at a[i * row_stride + p * column_stride], B[p][j] likewise. */
typedef struct strided {
  float *data;
  int row_stride, column_stride;
} strided;

/* As the product sees it. */
static double at(const product *x, const strided *matrix, int row, int column) {
  const float value =
      matrix->data[(ptrdiff_t)row * matrix->row_stride + (ptrdiff_t)column * matrix->column_stride];
  return x->precision == PRECISION_BF16 ? bf16_round(value) : value;
}

/* Elements of a [rows, columns] matrix whose rows lie ld apart, nothing after the last. */
static size_t extent(int rows, int columns, int ld) {
  return rows == 0 || columns == 0 ? 0 : (size_t)(rows - 1) * (size_t)ld + (size_t)columns;
}

/* A random [rows, columns] matrix, stored by columns if transposed; the gaps stay NaN. */
static strided random_matrix(int slot, const product *x, bool transposed, int rows, int columns) {
  const int outer = transposed ? columns : rows, inner = transposed ? rows : columns;
  const int ld = inner + x->gap;
  float *data = guarded_array(slot, x->place, extent(outer, inner, ld));
  for (int i = 0; i < outer && inner > 0; i++) fill_random((size_t)inner, 1, data + i * ld);
  return transposed ? (strided){data, 1, ld} : (strided){data, ld, 1};
}

/* The order of the sum is free, so is a fused multiply-add: k + 1 roundings of sum |a b|. */
static void compare(check *c, const product *x, const strided *a, const strided *b,
                    const float *before, const float *after) {
  const int ldc = x->n + x->gap;
  for (int i = 0; i < x->m; i++) {
    for (int j = 0; j < x->n; j++) {
      double sum = x->accumulate ? (double)before[i * ldc + j] : 0, size = fabs(sum);
      for (int p = 0; p < x->k; p++) {
        const double term = at(x, a, i, p) * at(x, b, p, j);
        sum += term;
        size += fabs(term);
      }
      check_near(c, after[i * ldc + j], sum, (x->k + 1) * ROUNDING * size, i * x->n + j);
    }
    for (int j = x->n; j < ldc && i + 1 < x->m && x->n > 0; j++) {
      check_that(c, is_untouched(after[i * ldc + j]), "wrote between the rows");
    }
  }
}

/* Each row alone gives the same bits as all together. */
static void compare_rows(check *c, const product *x, const strided *a, const float *packed,
                         const float *before, const float *after) {
  for (int i = 0; i < x->m && x->n > 0; i++) {
    const size_t row = (size_t)i * (size_t)(x->n + x->gap), size = (size_t)x->n * sizeof(float);
    float *alone = guarded_array(5, x->place, (size_t)x->n);
    if (x->accumulate) memcpy(alone, before + row, size);
    c->variant->gemm(1, x->n, x->k, a->data + (ptrdiff_t)i * a->row_stride, a->row_stride,
                     a->column_stride, packed, x->accumulate, alone, x->n);
    check_that(c, memcmp(alone, after + row, size) == 0, "a row depends on the others");
  }
}

/* B where it lies gives the same bits. */
static void compare_unpacked(check *c, const product *x, const strided *a, const strided *b,
                             const float *before, const float *after) {
  const int ldc = x->n + x->gap;
  const size_t size = extent(x->m, x->n, ldc);
  float *again = guarded_array(5, x->place, size);
  memcpy(again, before, size * sizeof *again);
  c->variant->gemm_unpacked(x->m, x->n, x->k, a->data, a->row_stride, a->column_stride, b->data,
                            b->row_stride, x->accumulate, again, ldc);
  check_that(c, memcmp(again, after, size * sizeof *again) == 0, "unpacked gives other bits");
}

static void try_product(check *c, const product *x) {
  const rc_kernels *k = c->variant; /* in x->precision */
  const strided a = random_matrix(0, x, x->transposed_a, x->m, x->k);
  const strided b = random_matrix(1, x, x->transposed_b, x->k, x->n);
  const int ldb = x->transposed_b ? b.column_stride : b.row_stride, ldc = x->n + x->gap;
  float *packed = guarded_array(2, x->place, k->gemm_packed_size(x->k, x->n));
  const size_t size = extent(x->m, x->n, ldc);
  float *before = guarded_array(3, x->place, size), *after = guarded_array(4, x->place, size);
  for (int i = 0; i < x->m && x->accumulate && x->n > 0; i++) {
    fill_random((size_t)x->n, 1, before + i * ldc);
  }
  memcpy(after, before, size * sizeof *after);
  k->gemm_pack(x->transposed_b, x->k, x->n, b.data, ldb, packed);
  k->gemm(x->m, x->n, x->k, a.data, a.row_stride, a.column_stride, packed, x->accumulate, after,
          ldc);
  compare(c, x, &a, &b, before, after);
  compare_rows(c, x, &a, packed, before, after);
  if (x->precision == PRECISION_F32 && !x->transposed_b) {
    compare_unpacked(c, x, &a, &b, before, after);
  }
}

static void try_products(check *c, kernel_precision precision) {
  static const int rows[] = {0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 17, 25, 33};
  static const int depths[] = {0, 1, 2, 3, 5, 8, 17, 31, 129};
  enum { ROWS = sizeof rows / sizeof *rows, DEPTHS = sizeof depths / sizeof *depths };
  /* The options go round while the sizes go through every combination; 16 and the counts of sizes
   * have no common factor but 2, so that each size meets each option. */
  unsigned options = 0;
  for (int i = 0; i < ROWS; i++) {
    for (int j = 0; j < check_size_count; j++) {
      for (int p = 0; p < DEPTHS; p++) {
        const product x = {.precision = precision,
                           .m = rows[i],
                           .n = check_sizes[j],
                           .k = depths[p],
                           .gap = p % 3,
                           .transposed_a = (options & 1) != 0,
                           .transposed_b = (options & 2) != 0,
                           .accumulate = (options & 4) != 0,
                           .place = (options & 8) != 0 ? AT_START : AT_END};
        try_product(c, &x);
        options++;
      }
    }
  }
  /* Longer and deeper than the blocks of any variant. */
  for (options = 0; options < 8; options++) {
    const product x = {.precision = precision,
                       .m = 117,
                       .n = 41,
                       .k = 1023,
                       .transposed_a = (options & 1) != 0,
                       .transposed_b = (options & 2) != 0,
                       .accumulate = (options & 4) != 0};
    try_product(c, &x);
  }
}

void check_gemm(check *c) {
  check_begin(c, "gemm");
  try_products(c, PRECISION_F32);
  check_end(c);
  if (c->variant->gemm_bf16 == NULL) return;

  const rc_kernels *variant = c->variant;
  const rc_kernels in_bf16 = kernels_in_bf16(variant);
  c->variant = &in_bf16;
  check_begin(c, "gemm in bf16");
  try_products(c, PRECISION_BF16);
  check_end(c);
  c->variant = variant;
}
