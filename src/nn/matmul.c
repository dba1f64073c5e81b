#include "matmul.h"

size_t matmul_scratch(int n, int k) {
  return kernels->gemm_packed_size(k, n);
}

void matmul(int m, int n, int k, matmul_operand a, matmul_operand b, bool accumulate, real *c,
            int ldc, real *scratch) {
  kernels->gemm_pack(b.transposed, k, n, b.data, b.ld, scratch);
  kernels->gemm(m, n, k, a.data, a.transposed ? 1 : a.ld, a.transposed ? a.ld : 1, scratch,
                accumulate, c, ldc);
}
