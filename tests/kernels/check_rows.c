/* The kernels that go along rows. */

#include <float.h>
#include <math.h>
#include <string.h>

#include "checker.h"
#include "guarded.h"

typedef void row_function(int rows, int columns, const float *x, float *y);

/* log sum_j e^x[j]; NaN as soon as one is, or where all are -inf. */
static double log_sum_exp(int n, const float *x) {
  double maximum = -INFINITY, sum = 0;
  for (int j = 0; j < n; j++) maximum = (double)x[j] > maximum ? (double)x[j] : maximum;
  for (int j = 0; j < n; j++) sum += exp((double)x[j] - maximum);
  return maximum + log(sum);
}

static void compare_softmax(check *c, bool logarithm, int rows, int columns, const float *x,
                            const float *y) {
  for (int i = 0; i < rows; i++, x += columns, y += columns) {
    const double origin = log_sum_exp(columns, x);
    for (int j = 0; j < columns; j++) {
      const double log_share = (double)x[j] - origin;
      if (logarithm) {
        check_near(c, y[j], log_share, 4e-7 * (1 + fabs(log_share)), i * columns + j);
      } else {
        check_near(c, y[j], exp(log_share), 4e-7, i * columns + j);
      }
    }
  }
}

static void softmax_sizes(check *c, row_function *softmax, bool logarithm) {
  for (int i = 0; i < check_size_count * 4; i++) {
    const int rows = i % 4, columns = check_sizes[i / 4];
    const size_t n = (size_t)rows * (size_t)columns;
    for (guarded_place place = 0; place < GUARDED_PLACES; place++) {
      float *x = guarded_array(0, place, n), *y = guarded_array(1, place, n);
      fill_random(n, 12, x);
      softmax(rows, columns, x, y);
      compare_softmax(c, logarithm, rows, columns, x, y);
      memcpy(y, x, n * sizeof *y);
      softmax(rows, columns, y, y);
      compare_softmax(c, logarithm, rows, columns, x, y);
    }
  }
}

/* Rows with a special value at each place in turn: masked entries, far apart ones, NaN. The rows
 * around it must not notice. */
static void softmax_special(check *c, row_function *softmax, bool logarithm) {
  const float special[] = {-INFINITY, INFINITY, NAN, 1e30f, -1e30f, 200, -200, -87.5f, -103};
  enum { COLUMNS = 37, ROWS = 3, N = ROWS * COLUMNS };
  float *x = guarded_array(0, AT_END, N), *y = guarded_array(1, AT_END, N);
  for (int i = 0; i < (int)(sizeof special / sizeof *special); i++) {
    for (int j = 0; j < COLUMNS; j++) {
      fill_random(N, 3, x);
      x[COLUMNS + j] = special[i];
      softmax(ROWS, COLUMNS, x, y);
      compare_softmax(c, logarithm, ROWS, COLUMNS, x, y);
      const bool masked = i == 0 && !logarithm;
      check_that(c, !masked || y[COLUMNS + j] == 0, "a masked entry is not 0");
    }
  }
  for (int j = 0; j < N; j++) x[j] = -INFINITY;
  softmax(ROWS, COLUMNS, x, y);
  compare_softmax(c, logarithm, ROWS, COLUMNS, x, y);
}

static void check_softmax(check *c, const char *name, row_function *softmax, bool logarithm) {
  check_begin(c, name);
  softmax_sizes(c, softmax, logarithm);
  softmax_special(c, softmax, logarithm);
  check_end(c);
}

/* One rounding: the same bits everywhere. */
static void try_add_bias(check *c, int rows, int columns, int gap, guarded_place place) {
  const int ld = columns + gap;
  const size_t n = rows == 0 || columns == 0 ? 0 : (size_t)((rows - 1) * ld + columns);
  float *bias = guarded_array(0, place, (size_t)columns), *y = guarded_array(1, place, n);
  float *before = guarded_array(2, place, n);
  fill_random((size_t)columns, 1, bias);
  for (int i = 0; i < rows && columns > 0; i++) {
    fill_random((size_t)columns, 1, before + i * ld);
  }
  memcpy(y, before, n * sizeof *y);
  c->variant->add_bias(rows, columns, bias, y, ld);
  for (size_t i = 0; i < n; i++) {
    const int j = (int)i % ld;
    if (j < columns) {
      check_near(c, y[i], (double)(before[i] + bias[j]), 0, (int)i);
    } else {
      check_that(c, is_untouched(y[i]), "wrote between the rows");
    }
  }
}

static void try_column_sum(check *c, int rows, int columns, int gap, guarded_place place) {
  const int ld = columns + gap;
  const size_t n = rows == 0 || columns == 0 ? 0 : (size_t)((rows - 1) * ld + columns);
  float *x = guarded_array(0, place, n), *sum = guarded_array(1, place, (size_t)columns);
  for (int i = 0; i < rows && columns > 0; i++) fill_random((size_t)columns, 1, x + i * ld);
  for (int j = 0; j < columns; j++) sum[j] = 0.5f;
  c->variant->column_sum(rows, columns, x, ld, sum);
  for (int j = 0; j < columns; j++) {
    double want = 0.5, size = 0.5;
    for (int i = 0; i < rows; i++) {
      want += (double)x[i * ld + j];
      size += fabs((double)x[i * ld + j]);
    }
    check_near(c, sum[j], want, rows * ROUNDING * size, j);
  }
}

static void try_gemv(check *c, int rows, int columns, int gap, guarded_place place) {
  const int ld = columns + gap;
  const size_t n = rows == 0 || columns == 0 ? 0 : (size_t)((rows - 1) * ld + columns);
  float *a = guarded_array(0, place, n), *x = guarded_array(1, place, (size_t)columns);
  float *y = guarded_array(2, place, (size_t)rows);
  for (int i = 0; i < rows && columns > 0; i++) fill_random((size_t)columns, 1, a + i * ld);
  fill_random((size_t)columns, 1, x);
  c->variant->gemv(rows, columns, a, ld, x, y);
  for (int i = 0; i < rows; i++) {
    double want = 0, size = 0;
    for (int j = 0; j < columns; j++) {
      want += (double)a[i * ld + j] * (double)x[j];
      size += fabs((double)a[i * ld + j] * (double)x[j]);
    }
    check_near(c, y[i], want, (columns + 1) * ROUNDING * size, i);
  }
}

typedef void row_trial(check *c, int rows, int columns, int gap, guarded_place place);

static void check_matrix_rows(check *c, const char *name, row_trial *trial) {
  check_begin(c, name);
  for (int i = 0; i < check_size_count; i++) {
    for (int rows = 0; rows < 9; rows++) {
      for (guarded_place place = 0; place < GUARDED_PLACES; place++) {
        trial(c, rows, check_sizes[i], rows % 3, place);
      }
    }
  }
  check_end(c);
}

static void try_transpose(check *c, int rows, int columns, int gap, guarded_place place) {
  const int ldx = columns + gap, ldy = rows + gap;
  const bool empty = rows == 0 || columns == 0;
  const size_t n = empty ? 0 : (size_t)((rows - 1) * ldx + columns);
  const size_t m = empty ? 0 : (size_t)((columns - 1) * ldy + rows);
  float *x = guarded_array(0, place, n), *y = guarded_array(1, place, m);
  fill_random(n, 1, x);
  c->variant->transpose(rows, columns, x, ldx, y, ldy);
  for (int i = 0; i < (int)m; i++) {
    if (i % ldy < rows) {
      check_near(c, y[i], (double)x[i % ldy * ldx + i / ldy], 0, i);
    } else {
      check_that(c, is_untouched(y[i]), "wrote between the rows");
    }
  }
}

/* In double, from the definition; a softmax is off by 4e-7, the loss by some roundings of its
 * terms.
 */
static void compare_entropy(check *c, int n, const target_mixture *q, float scale, const float *x,
                            double loss, const float *d) {
  const double origin = log_sum_exp(n, x);
  double total = 0, want = 0, size = 0;
  for (int pass = 0; pass < 2; pass++) {
    for (int j = 0; j < n; j++) {
      double share = (double)q->base + (j == q->target ? (double)q->peak : 0);
      if (q->soft != NULL) share += (double)q->soft_weight * (double)q->soft[j];
      const double log_share = (double)x[j] - origin;
      if (pass == 0) {
        total += share;
        want -= share * log_share;
        size += fabs(share) * (1 + fabs(log_share) + fabs(origin));
      } else {
        check_near(c, d[j], (double)scale * (exp(log_share) * total - share),
                   fabs((double)scale) * (1e-6 * total + 4 * ROUNDING * fabs(share)), j);
      }
    }
  }
  check_near(c, (float)loss, want, 1e-6 * size, -1);
}

static void try_cross_entropy(check *c, int n, bool smoothed, bool soft, guarded_place place) {
  float *x = guarded_array(0, place, (size_t)n), *d = guarded_array(1, place, (size_t)n);
  float *shares = guarded_array(2, place, soft ? (size_t)n : 0);
  const float scale = 0.37f;
  fill_random((size_t)n, 12, x);
  memcpy(d, x, (size_t)n * sizeof *d);
  for (int j = 0; j < n && soft; j++) shares[j] = (float)(j % 5) / (float)(2 * n);
  const target_mixture q = {.target = n * 2 / 3,
                            .base = smoothed ? 0.1f / (float)n : 0,
                            .peak = smoothed ? 0.3f : 1,
                            .soft = soft ? shares : NULL,
                            .soft_weight = soft ? 0.6f : 0};
  const double loss = c->variant->cross_entropy(n, &q, scale, d);
  compare_entropy(c, n, &q, scale, x, loss, d);
}

static void check_cross_entropy(check *c) {
  check_begin(c, "cross_entropy");
  for (int i = 0; i < check_size_count * 4; i++) {
    const int n = check_sizes[i / 4];
    for (guarded_place place = 0; place < GUARDED_PLACES && n > 0; place++) {
      try_cross_entropy(c, n, i % 2 != 0, i / 2 % 2 != 0, place);
    }
  }
  try_cross_entropy(c, 8000, true, true, AT_END);
  check_end(c);
}

void check_rows(check *c) {
  check_softmax(c, "softmax", c->variant->softmax, false);
  check_softmax(c, "log_softmax", c->variant->log_softmax, true);
  check_cross_entropy(c);
  check_matrix_rows(c, "add_bias", try_add_bias);
  check_matrix_rows(c, "column_sum", try_column_sum);
  check_matrix_rows(c, "gemv", try_gemv);
  check_matrix_rows(c, "transpose", try_transpose);
}
