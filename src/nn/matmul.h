#ifndef RECUR_MATMUL_H
#define RECUR_MATMUL_H

#include <stddef.h>

#include "kernels.h"

/* C = A B between matrices that are not weights, as in attention, where nothing is packed for more
 * than one product. */

/* A matrix in memory, row-major with rows `ld` apart; `transposed` takes its columns as rows. */
typedef struct matmul_operand {
  const real *data;
  int ld;
  bool transposed;
} matmul_operand;

/* Elements of scratch for a product over up to k terms with up to n columns. */
size_t matmul_scratch(int n, int k);

/* C [m, n] = A [m, k] B [k, n], or C += A B with `accumulate`; C's rows are ldc apart. */
void matmul(int m, int n, int k, matmul_operand a, matmul_operand b, bool accumulate, real *c,
            int ldc, real *scratch);

#endif
