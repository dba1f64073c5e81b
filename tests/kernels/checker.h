#ifndef RECUR_CHECKER_H
#define RECUR_CHECKER_H

#include <stdbool.h>
#include <stdio.h>

#include "core_peak.h"
#include "kernels.h"

/* Half a unit in the last place of 1: the relative error of one rounding. */
#define ROUNDING 0x1p-24

/* What one variant has been through. */
typedef struct check {
  const rc_kernels *variant;
  const char *kernel;   /* under test now */
  double worst;         /* its largest error so far, as a share of what is allowed */
  long comparisons;     /* of values, over all kernels */
  long failures;        /* the first few of a kernel are printed */
  long kernel_failures; /* of the kernel under test */
} check;

/* Sizes around every vector length and tile. */
extern const int check_sizes[];
extern const int check_size_count;

void check_begin(check *c, const char *kernel);
void check_end(check *c); /* prints the kernel's line */

/* got is within `allowed` of `want`; infinities and NaN must match in kind. `at` says where. */
void check_near(check *c, float got, double want, double allowed, int at);

/* Records a failure unless `holds`. */
void check_that(check *c, bool holds, const char *what);

/* Repeatable numbers in [-scale, scale). */
void fill_random(size_t n, float scale, float *x);

void check_cells(check *c);
void check_gemm(check *c);
void check_int8(check *c);
void check_maps(check *c); /* tanh, sigmoid, axpy, square_sum, adam, sgd */
void check_rows(
    check *c); /* softmax, log_softmax, cross_entropy, add_bias, column_sum, gemv, transpose */

/* Times every kernel of the variant. */
void bench(const rc_kernels *variant, FILE *out);

#endif
