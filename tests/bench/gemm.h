#ifndef RECUR_BENCH_GEMM_H
#define RECUR_BENCH_GEMM_H

#include "arena.h"
#include "measure.h"

/* The products that bench_gemm and its peers are timed on: C[M,N] = A[M,K] B[K,N], the gates of a
 * GRU of 512 for a few and for many rows. */

enum { GEMM_N = 1536, GEMM_K = 512, GEMM_M_MAX = 1024 };

typedef struct gemm_operands {
  float *a, *b, *c; /* [M_MAX, K], [K, N], [M_MAX, N] */
  rc_arena memory;
} gemm_operands;

/* Random a and b. `extra` elements more lie behind `extra_out`, which may be NULL if there are
 * none.
 */
rc_status gemm_operands_new(gemm_operands *operands, size_t extra, float **extra_out,
                            rc_error *error);

/* The product of the first `m` rows; `context` is what gemm_time_all got. */
typedef void gemm_function(const gemm_operands *operands, int m, void *context);

/* Times every M and prints a row each, named "gemm <precision> <M>x<N>x<K>"; with a `peak` in
 * operations a second above 0, a row says that too. */
rc_status gemm_time_all(gemm_function *multiply, const gemm_operands *operands, void *context,
                        const char *precision, double peak, rc_error *error);

#endif
