#ifndef RECUR_KERNELS_H
#define RECUR_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "status.h"

/* The inner loops behind one table of pointers. ref.c defines what every kernel computes; the fast
 * bodies are checked against it. All matrices are row-major; `ld` is the distance between rows in
 * elements. No pointer may alias an output unless the comment says so. No alignment is required.
 * Any size may be 0. Kernels never allocate and never fail, and any number of threads may call
 * them. The same variant gives the same bits every time; between variants the last bits differ, as
 * sums are taken in another order and multiply-adds are fused or not. */

/* Everything above the kernels computes in `real`: float, or double in the build that the gradient
 * checks use (RECUR_DOUBLE), where only ref.c exists. */
#ifdef RECUR_DOUBLE
typedef double real;
#else
typedef float real;
#endif

/* What the operands of the matrix products are rounded to; sums, and everything else, stay in
 * `real`. */
typedef enum kernel_precision { PRECISION_F32, PRECISION_BF16 } kernel_precision;

typedef struct adam_step {
  real lr;           /* learning rate of this step, > 0 */
  real beta1, beta2; /* decay of the moments, in [0, 1) */
  real epsilon;
  real decoupled_decay;          /* AdamW: values shrink by lr * decay first */
  real l2;                       /* Adam: added to the gradient as l2 * value */
  real correction1, correction2; /* 1 - beta^t of this step t >= 1 */
} adam_step;

typedef struct sgd_step {
  real lr, momentum;
  real decay; /* added to the gradient as decay * value */
} sgd_step;

/* A distribution over `columns` classes to learn: q[j] = base + (j == target) peak +
 * soft_weight soft[j]. soft: [columns], or NULL for none. */
typedef struct target_mixture {
  int target;
  real base, peak;
  const real *soft;
  real soft_weight;
} target_mixture;

/* One time step of a recurrent cell for B sequences, element by element: the products around it are
 * gemm's. Rows lie one after another but for y and dy. A row of the gates is G blocks of H in
 * PyTorch's order: i | f | g | o of the LSTM, r | z | n of the GRU, whose equations add the
 * recurrent part inside the step. */
typedef struct cell_step {
  int rows, hidden; /* B, H */
  /* [B, G * H] Forward: from pre-activations, of the GRU W_ih x + b_ih alone, to activations;
   * backward: from these to the gradient of the pre-activations. */
  real *gates;
  /* GRU: [B, 3 * H] W_hh h; backward: from that to the gradient of W_hh h + b_hh. */
  real *recurrent;
  const real *bias;                    /* GRU: [3 * H] b_hh */
  const real *h_previous, *c_previous; /* [B, H] the state before the step */
  /* [B, H] Forward: receives the state after it; may be h_previous and c_previous. */
  real *h, *c;
  real *tanh_c; /* [B, H] LSTM: written forward, read backward */
  real *y;      /* [B, H] Forward: receives h as well, in rows ldy apart. */
  /* [B, H] Backward: what the output adds to dh, in rows ldy apart; NULL for nothing. */
  const real *dy;
  int ldy;
  /* [B, H] Backward: the gradient of the state after the step; becomes that of the state before it,
   * less what passes through W_hh. That is all of dh in the RNN and the LSTM, which only read it.
   */
  real *dh, *dc;
} cell_step;

/* The moments of what a run of batches does not touch, the embedding of a rare letter, fade by a
 * factor a step until they are denormal, and stay so, as 0.9 of the fourth such number is rounded
 * to itself: every step would be slow from then on. Far above that they no longer move a value. It
 * is done here, not by a mode of the processor: WASM has none, and a library must leave its
 * caller's alone. 2^-100 */
#define MOMENT_TINY 0x1p-100f

/* Quantised inputs of the int8 product. */
enum { INT8_ZERO_POINT = 64, INT8_LIMIT = 63, INT8_DEPTH_MAX = 1 << 16 };
#define INT8_TINY 1e-30f
/* What weights p, p + 1, p + 4 and p + 5 of a row, p % 8 being 0 or 2, may come to, those above 0
 * and those below 0 each by themselves: 127 times that is the most that 16 bits hold. */
enum { INT8_SUM_MAX = 258 };

typedef struct rc_kernels {
  const char *name; /* "ref", "scalar", "sse2", "avx2", "avx512", "avx512_bf16", "amx", "neon",
                     * "simd128", "relaxed_simd" */

  /* Matrix product C[M,N] = A[M,K] B[K,N] over a B packed beforehand, so that one packing serves
   * every time step.
   *
   * gemm_packed_size(k, n): elements that the packed form of a [K,N] matrix takes.
   * gemm_pack: packs B. transposed false: B[p][j] = b[p * ldb + j]; true: B[p][j] = b[j * ldb + p],
   * which is how a weight matrix [out, in] becomes the B of x W^T.
   * gemm: A[i][p] = a[i * row_stride + p * column_stride], so that a transposed A (weight
   * gradients) needs no copy. accumulate true adds to C. A row's result does not depend on M. */
  size_t (*gemm_packed_size)(int k, int n);
  void (*gemm_pack)(bool transposed, int k, int n, const real *b, int ldb, real *packed);
  void (*gemm)(int m, int n, int k, const real *a, int row_stride, int column_stride,
               const real *packed, bool accumulate, real *c, int ldc);
  /* The same, bit for bit, from B[p][j] = b[p * ldb + j] as it lies: for narrow matrices and few
   * rows of A, where packing takes longer than it saves. NULL in bf16. */
  void (*gemm_unpacked)(int m, int n, int k, const real *a, int row_stride, int column_stride,
                        const real *b, int ldb, bool accumulate, real *c, int ldc);

  /* The same with A and B rounded to bf16 first, to nearest, ties to even; denormals may count as
   * 0. B as packed by gemm_bf16_pack. NULL in the double build and in WASM, which do not train in
   * bf16. kernels_set_precision puts these in the place of the three above. */
  size_t (*gemm_bf16_packed_size)(int k, int n);
  void (*gemm_bf16_pack)(bool transposed, int k, int n, const real *b, int ldb, real *packed);
  void (*gemm_bf16)(int m, int n, int k, const real *a, int row_stride, int column_stride,
                    const real *packed, bool accumulate, real *c, int ldc);

  /* Matrix product with int8 weights, for inference; NULL in the double build. Each row of x is
   * quantised as a whole, to 7 bits around INT8_ZERO_POINT:
   *
   *   x[i,p] ~ x_scale[i] (q[i,p] - 64),  x_scale[i] = max_p |x[i,p]| / 63,  q in 1..127
   *   y[i,j] = x_scale[i] scale[j] sum_p (q[i,p] - 64) w[j,p] + bias[j]
   *
   * q is rounded to the nearest, to even from the middle; it is 64 all along a row with nothing
   * above INT8_TINY. A row with an infinity or a NaN in it gives NaN. The sums are exact, so all
   * variants give the same bits. K is at most INT8_DEPTH_MAX.
   *
   * int8_packed_size(k, n): bytes that the packed form of W [N,K] takes: one a weight and 8 a row,
   *   with K filled up to a multiple of 8 and N to one of at most 64.
   * int8_pack: packs W, row-major without gaps, with a scale for each row. No weight is -128, and
   *   INT8_SUM_MAX is kept to.
   * int8_row_size(k): bytes from one quantised row to the next.
   * int8_quantize: quantises x [rows, K], whose rows lie ldx apart.
   * int8_unpack: y [K] = scale w of one row of packed weights, rounded once.
   * int8_select: packs the n rows of those numbers out of packed weights, as int8_pack would.
   * int8_gemm: Y [M, N], whose rows lie ldy apart, from M rows that were quantised together; bias
   *   [N] may be NULL.
   *
   * Packed weights and quantised rows are aligned as floats are, and mean nothing to another
   * variant. */
  size_t (*int8_packed_size)(int k, int n);
  void (*int8_pack)(int k, int n, const int8_t *w, const float *scales, void *packed);
  void (*int8_unpack)(int k, int n, int row, const void *packed, float *y);
  void (*int8_select)(int k, int packed_n, int n, const int *rows, const void *packed,
                      void *selected);
  size_t (*int8_row_size)(int k);
  void (*int8_quantize)(int rows, int k, const float *x, int ldx, void *quantized);
  void (*int8_gemm)(int m, int n, int k, const void *quantized, const void *packed,
                    const float *bias, float *y, int ldy);

  /* y[i] = f(x[i]); y may be x. Relative error at most 4e-7; results below 1e-37 may become 0. NaN
   * stays NaN, and at the infinities the result is exact. */
  void (*tanh)(size_t n, const real *x, real *y);
  void (*sigmoid)(size_t n, const real *x, real *y);

  /* The steps of torch.nn.RNN(tanh), LSTM and GRU; the equations are in ref.c. */
  void (*rnn_forward)(const cell_step *step);
  void (*rnn_backward)(const cell_step *step);
  void (*lstm_forward)(const cell_step *step);
  void (*lstm_backward)(const cell_step *step);
  void (*gru_forward)(const cell_step *step);
  void (*gru_backward)(const cell_step *step);

  /* Row-wise over [rows, columns]; y may be x. Both subtract the row maximum first. Error at most
   * 4e-7 for softmax and 4e-7 (1 + |y|) for log_softmax. An entry of -inf is out: its share is 0. A
   * row of nothing else, or with a NaN or +inf in it, becomes NaN. */
  void (*softmax)(int rows, int columns, const real *x, real *y);
  void (*log_softmax)(int rows, int columns, const real *x, real *y);

  /* The cross-entropy of a row of logits, x [columns], against q: returns
   * -sum_j q[j] log softmax(x)[j] and turns x into `scale` times its gradient,
   * scale (softmax(x)[j] sum(q) - q[j]). */
  double (*cross_entropy)(int columns, const target_mixture *q, real scale, real *x);

  /* y[j,i] = x[i,j] over an x of [rows, columns], row distances ldx and ldy. */
  void (*transpose)(int rows, int columns, const real *x, int ldx, real *y, int ldy);

  /* y += a x */
  void (*axpy)(size_t n, real a, const real *x, real *y);
  /* y[i] = sum_j a[i,j] x[j] over [rows, columns] with row distance lda. */
  void (*gemv)(int rows, int columns, const real *a, int lda, const real *x, real *y);

  /* y[i,j] += bias[j] over [rows, columns] with row distance ldy. */
  void (*add_bias)(int rows, int columns, const real *bias, real *y, int ldy);
  /* sum[j] += x[i,j]: the gradient of a bias. */
  void (*column_sum)(int rows, int columns, const real *x, int ldx, real *sum);

  /* Sum of squares, in double. */
  double (*square_sum)(size_t n, const real *x);

  /* One Adam or AdamW step (Kingma & Ba 2015; Loshchilov & Hutter 2019), as torch.optim computes
   * it, over n values with first and second moments m and v. Moments below MOMENT_TINY become 0. */
  void (*adam)(const adam_step *step, size_t n, const real *gradient, real *m, real *v,
               real *value);
  /* One step of SGD as torch.optim computes it, which leaves the gradient 0 for the next. velocity:
   * [n], or NULL for none, whatever the momentum; below MOMENT_TINY it becomes 0. */
  void (*sgd)(const sgd_step *step, size_t n, real *gradient, real *velocity, real *value);
} rc_kernels;

/* The table in use. The only global: kernels_select replaces it before any other thread starts.
 * Until then it is the slowest one built in: the reference, or in a WASM module its only one. */
extern const rc_kernels *kernels;

/* Points `kernels` at the variant of that name, or with NULL at the fastest that this processor
 * runs. RC_ERR_ARGUMENT for a name that is not built in or that the processor cannot run; the
 * reason lists the names that would work, and `kernels` stays. */
rc_status kernels_select(const char *name, rc_error *error);

/* Sets the precision of the products of the variant in use, until kernels_select is called again;
 * what was packed before cannot be used after. RC_ERR_ARGUMENT, with nothing changed, where it is
 * not built in. */
rc_status kernels_set_precision(kernel_precision precision, rc_error *error);

/* The variants built in that this processor runs, slowest first; NULL past the end. */
const rc_kernels *kernels_available(int index);

#endif
