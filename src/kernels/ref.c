/* The definition of every kernel, in plain scalar code and in `real`. */

#include <math.h>

#include "bf16.h"
#include "variants.h"

#ifdef RECUR_DOUBLE
#define REAL(function) function
#else
#define REAL(function) function##f
#endif

/* The packed form is B itself, row-major without gaps. */
static size_t ref_gemm_packed_size(int k, int n) {
  return (size_t)k * (size_t)n;
}

static void ref_gemm_pack(bool transposed, int k, int n, const real *b, int ldb, real *packed) {
  ptrdiff_t row_stride = transposed ? 1 : ldb, column_stride = transposed ? ldb : 1;
  for (ptrdiff_t p = 0; p < k; p++) {
    for (ptrdiff_t j = 0; j < n; j++) {
      packed[p * n + j] = b[p * row_stride + j * column_stride];
    }
  }
}

/* C[i,j] = sum_p A[i,p] B[p,j], in the order of p */
static void ref_gemm_unpacked(int m, int n, int k, const real *a, int row_stride, int column_stride,
                              const real *b, int ldb, bool accumulate, real *c, int ldc) {
  for (ptrdiff_t i = 0; i < m; i++) {
    real *row = c + i * ldc;
    for (ptrdiff_t j = 0; j < n && !accumulate; j++) row[j] = 0;
    for (ptrdiff_t p = 0; p < k; p++) {
      const real factor = a[i * row_stride + p * column_stride];
      for (ptrdiff_t j = 0; j < n; j++) row[j] += factor * b[p * ldb + j];
    }
  }
}

static void ref_gemm(int m, int n, int k, const real *a, int row_stride, int column_stride,
                     const real *packed, bool accumulate, real *c, int ldc) {
  ref_gemm_unpacked(m, n, k, a, row_stride, column_stride, packed, n, accumulate, c, ldc);
}

#ifndef RECUR_DOUBLE

static void ref_gemm_bf16_pack(bool transposed, int k, int n, const float *b, int ldb,
                               float *packed) {
  ref_gemm_pack(transposed, k, n, b, ldb, packed);
  for (size_t i = 0; i < ref_gemm_packed_size(k, n); i++) packed[i] = bf16_round(packed[i]);
}

/* C[i,j] = sum_p bf16(A[i,p]) bf16(B[p,j]) */
static void ref_gemm_bf16(int m, int n, int k, const float *a, int row_stride, int column_stride,
                          const float *packed, bool accumulate, float *c, int ldc) {
  for (ptrdiff_t i = 0; i < m; i++) {
    float *row = c + i * ldc;
    for (ptrdiff_t j = 0; j < n && !accumulate; j++) row[j] = 0;
    for (ptrdiff_t p = 0; p < k; p++) {
      const float factor = bf16_round(a[i * row_stride + p * column_stride]);
      for (ptrdiff_t j = 0; j < n; j++) row[j] += factor * packed[p * n + j];
    }
  }
}

/* The packed form is N scales, then W as it is. */
static size_t ref_int8_packed_size(int k, int n) {
  return (size_t)n * (sizeof(float) + (size_t)k);
}

static void ref_int8_pack(int k, int n, const int8_t *w, const float *scales, void *packed) {
  float *packed_scales = packed;
  for (ptrdiff_t j = 0; j < n; j++) packed_scales[j] = scales[j];
  int8_t *weights = (int8_t *)(packed_scales + n);
  for (ptrdiff_t i = 0; i < (ptrdiff_t)k * n; i++) weights[i] = w[i];
}

static void ref_int8_unpack(int k, int n, int row, const void *packed, float *y) {
  const float *scales = packed;
  const int8_t *w = (const int8_t *)(scales + n) + (ptrdiff_t)row * k;
  for (ptrdiff_t p = 0; p < k; p++) y[p] = scales[row] * (float)w[p];
}

static void ref_int8_select(int k, int packed_n, int n, const int *rows, const void *packed,
                            void *selected) {
  const float *scales = packed;
  const int8_t *weights = (const int8_t *)(scales + packed_n);
  float *to_scales = selected;
  int8_t *to = (int8_t *)(to_scales + n);
  for (ptrdiff_t j = 0; j < n; j++) {
    to_scales[j] = scales[rows[j]];
    for (ptrdiff_t p = 0; p < k; p++) to[j * k + p] = weights[(ptrdiff_t)rows[j] * k + p];
  }
}

/* A quantised row is its scale, then its q - 64, up to where the next scale may lie. */
static size_t ref_int8_row_size(int k) {
  return sizeof(float) + ((size_t)k + 3) / 4 * 4;
}

static void ref_int8_quantize(int rows, int k, const float *x, int ldx, void *quantized) {
  char *row = quantized;
  for (; rows > 0; rows--, x += ldx, row += ref_int8_row_size(k)) {
    float largest = 0, spoilt = 0;
    for (ptrdiff_t p = 0; p < k; p++) {
      largest = fabsf(x[p]) > largest ? fabsf(x[p]) : largest;
      if (!isfinite(x[p])) spoilt = NAN;
    }
    const float inverse = largest > INT8_TINY ? INT8_LIMIT / largest : 0;
    *(float *)(void *)row = largest / INT8_LIMIT + spoilt;
    int8_t *q = (int8_t *)(row + sizeof(float));
    for (ptrdiff_t p = 0; p < k; p++) q[p] = isnan(spoilt) ? 0 : (int8_t)rintf(x[p] * inverse);
  }
}

/* y[i,j] = x_scale[i] scale[j] sum_p (q[i,p] - 64) w[j,p] + bias[j] */
static void ref_int8_gemm(int m, int n, int k, const void *quantized, const void *packed,
                          const float *bias, float *y, int ldy) {
  const float *scales = packed;
  const int8_t *weights = (const int8_t *)(scales + n);
  const char *row = quantized;
  for (; m > 0; m--, y += ldy, row += ref_int8_row_size(k)) {
    const float row_scale = *(const float *)(const void *)row;
    const int8_t *q = (const int8_t *)(row + sizeof(float));
    for (ptrdiff_t j = 0; j < n; j++) {
      int32_t sum = 0;
      for (ptrdiff_t p = 0; p < k; p++) sum += q[p] * weights[j * k + p];
      y[j] = (float)sum * (row_scale * scales[j]);
      if (bias != NULL) y[j] += bias[j];
    }
  }
}
#endif

static void ref_tanh(size_t n, const real *x, real *y) {
  for (size_t i = 0; i < n; i++) y[i] = REAL(tanh)(x[i]);
}

/* sigmoid(x) = 1 / (1 + e^-x) */
static void ref_sigmoid(size_t n, const real *x, real *y) {
  for (size_t i = 0; i < n; i++) y[i] = 1 / (1 + REAL(exp)(-x[i]));
}

/* h' = tanh(W_ih x + b_ih + W_hh h + b_hh) */
static void ref_rnn_forward(const cell_step *step) {
  const ptrdiff_t hidden = step->hidden;
  for (ptrdiff_t b = 0; b < step->rows; b++) {
    real *a = step->gates + b * hidden;
    for (ptrdiff_t k = 0; k < hidden; k++) {
      const real after = REAL(tanh)(a[k]);
      a[k] = step->h[b * hidden + k] = step->y[b * step->ldy + k] = after;
    }
  }
}

/* The gradient of element k of a row's state after the step. */
static real state_gradient(const cell_step *step, ptrdiff_t row, ptrdiff_t k) {
  const real dh = step->dh[row * step->hidden + k];
  return step->dy == NULL ? dh : dh + step->dy[row * step->ldy + k];
}

/* da = dh' (1 - h'^2) */
static void ref_rnn_backward(const cell_step *step) {
  const ptrdiff_t hidden = step->hidden;
  for (ptrdiff_t b = 0; b < step->rows; b++) {
    real *a = step->gates + b * hidden;
    for (ptrdiff_t k = 0; k < hidden; k++) {
      a[k] = state_gradient(step, b, k) * (1 - a[k] * a[k]);
    }
  }
}

/* i = sigmoid(W_ii x + b_ii + W_hi h + b_hi)
 * f = sigmoid(W_if x + b_if + W_hf h + b_hf)
 * g =    tanh(W_ig x + b_ig + W_hg h + b_hg)
 * o = sigmoid(W_io x + b_io + W_ho h + b_ho)
 * c' = f c + i g
 * h' = o tanh(c') */
static void ref_lstm_forward(const cell_step *step) {
  const ptrdiff_t hidden = step->hidden;
  for (ptrdiff_t b = 0; b < step->rows; b++) {
    real *i = step->gates + b * 4 * hidden, *f = i + hidden, *g = f + hidden, *o = g + hidden;
    ref_sigmoid((size_t)(2 * hidden), i, i);
    ref_tanh((size_t)hidden, g, g);
    ref_sigmoid((size_t)hidden, o, o);
    for (ptrdiff_t k = 0; k < hidden; k++) {
      const ptrdiff_t at = b * hidden + k;
      const real cell = f[k] * step->c_previous[at] + i[k] * g[k];
      step->c[at] = cell;
      step->tanh_c[at] = REAL(tanh)(cell);
      step->h[at] = step->y[b * step->ldy + k] = o[k] * step->tanh_c[at];
    }
  }
}

/* dc' += dh' o (1 - tanh(c')^2)
 * di = dc' g,  df = dc' c,  dg = dc' i,  do = dh' tanh(c')
 * dc = dc' f
 * and through the activations: sigmoid' = s (1 - s), tanh' = 1 - t^2 */
static void ref_lstm_backward(const cell_step *step) {
  const ptrdiff_t hidden = step->hidden;
  for (ptrdiff_t b = 0; b < step->rows; b++) {
    real *i = step->gates + b * 4 * hidden, *f = i + hidden, *g = f + hidden, *o = g + hidden;
    for (ptrdiff_t k = 0; k < hidden; k++) {
      const ptrdiff_t at = b * hidden + k;
      const real in = i[k], forget = f[k], cell = g[k], out = o[k], squashed = step->tanh_c[at];
      const real dh = state_gradient(step, b, k);
      const real d_cell = step->dc[at] + dh * out * (1 - squashed * squashed);
      i[k] = d_cell * cell * in * (1 - in);
      f[k] = d_cell * step->c_previous[at] * forget * (1 - forget);
      g[k] = d_cell * in * (1 - cell * cell);
      o[k] = dh * squashed * out * (1 - out);
      step->dc[at] = d_cell * forget;
    }
  }
}

/* r = sigmoid(W_ir x + b_ir + W_hr h + b_hr)
 * z = sigmoid(W_iz x + b_iz + W_hz h + b_hz)
 * n = tanh(W_in x + b_in + r (W_hn h + b_hn))
 * h' = (1 - z) n + z h */
static void ref_gru_forward(const cell_step *step) {
  const ptrdiff_t hidden = step->hidden;
  for (ptrdiff_t b = 0; b < step->rows; b++) {
    real *r = step->gates + b * 3 * hidden, *z = r + hidden, *n = z + hidden;
    const real *part = step->recurrent + b * 3 * hidden;
    for (ptrdiff_t k = 0; k < 2 * hidden; k++) r[k] += part[k] + step->bias[k];
    ref_sigmoid((size_t)(2 * hidden), r, r);
    for (ptrdiff_t k = 0; k < hidden; k++) {
      n[k] += r[k] * (part[2 * hidden + k] + step->bias[2 * hidden + k]);
    }
    ref_tanh((size_t)hidden, n, n);
    for (ptrdiff_t k = 0; k < hidden; k++) {
      const real after = (1 - z[k]) * n[k] + z[k] * step->h_previous[b * hidden + k];
      step->h[b * hidden + k] = step->y[b * step->ldy + k] = after;
    }
  }
}

/* dn = dh' (1 - z),  dz = dh' (h - n),  dh = dh' z
 * through the activations: da_n = dn (1 - n^2),  da_r = da_n (W_hn h + b_hn) r (1 - r),
 * da_z = dz z (1 - z); the recurrent part of n has da_n r. */
static void ref_gru_backward(const cell_step *step) {
  const ptrdiff_t hidden = step->hidden;
  for (ptrdiff_t b = 0; b < step->rows; b++) {
    real *r = step->gates + b * 3 * hidden, *z = r + hidden, *n = z + hidden;
    real *hr = step->recurrent + b * 3 * hidden, *hz = hr + hidden, *hn = hz + hidden;
    for (ptrdiff_t k = 0; k < hidden; k++) {
      const ptrdiff_t at = b * hidden + k;
      const real reset = r[k], update = z[k], fresh = n[k], dh = state_gradient(step, b, k);
      const real d_fresh = dh * (1 - update) * (1 - fresh * fresh);
      const real part = hn[k] + step->bias[2 * hidden + k];
      r[k] = hr[k] = d_fresh * part * reset * (1 - reset);
      z[k] = hz[k] = dh * (step->h_previous[at] - fresh) * update * (1 - update);
      n[k] = d_fresh;
      hn[k] = d_fresh * reset;
      step->dh[at] = dh * update;
    }
  }
}

static real row_maximum(ptrdiff_t columns, const real *x) {
  real maximum = -INFINITY;
  for (ptrdiff_t j = 0; j < columns; j++) maximum = x[j] > maximum ? x[j] : maximum;
  return maximum;
}

/* softmax(x)[j] = e^(x[j] - max) / sum_k e^(x[k] - max) */
static void ref_softmax(int rows, int columns, const real *x, real *y) {
  for (; rows > 0; rows--, x += columns, y += columns) {
    const real maximum = row_maximum(columns, x);
    real sum = 0;
    for (ptrdiff_t j = 0; j < columns; j++) sum += y[j] = REAL(exp)(x[j] - maximum);
    for (ptrdiff_t j = 0; j < columns; j++) y[j] /= sum;
  }
}

/* log softmax(x)[j] = x[j] - max - log sum_k e^(x[k] - max) */
static void ref_log_softmax(int rows, int columns, const real *x, real *y) {
  for (; rows > 0; rows--, x += columns, y += columns) {
    const real maximum = row_maximum(columns, x);
    real sum = 0;
    for (ptrdiff_t j = 0; j < columns; j++) sum += REAL(exp)(x[j] - maximum);
    const real log_sum = REAL(log)(sum);
    for (ptrdiff_t j = 0; j < columns; j++) y[j] = x[j] - maximum - log_sum;
  }
}

/* q[j] */
static real mixture_share(const target_mixture *q, int j) {
  const real hard = j == q->target ? q->base + q->peak : q->base;
  return q->soft == NULL ? hard : hard + q->soft_weight * q->soft[j];
}

/* With s = x - max:  loss = sum(q) log sum_k e^s[k] - sum_j q[j] s[j],
 * x[j] = scale (e^s[j] / sum_k e^s[k] sum(q) - q[j]) */
static double ref_cross_entropy(int columns, const target_mixture *q, real scale, real *x) {
  const real maximum = row_maximum(columns, x);
  double total = 0, sum = 0, expected = 0;
  for (int j = 0; j < columns; j++) {
    const double share = (double)mixture_share(q, j), shifted = (double)(x[j] - maximum);
    total += share;
    if (share != 0) expected += share * shifted; /* an s of -inf may be left out */
    sum += exp(shifted);
  }
  const real factor = (real)(total / sum);
  for (int j = 0; j < columns; j++) {
    x[j] = scale * (REAL(exp)(x[j] - maximum) * factor - mixture_share(q, j));
  }
  return total * log(sum) - expected;
}

static void ref_transpose(int rows, int columns, const real *x, int ldx, real *y, int ldy) {
  for (ptrdiff_t i = 0; i < rows; i++) {
    for (ptrdiff_t j = 0; j < columns; j++) y[j * ldy + i] = x[i * ldx + j];
  }
}

static void ref_axpy(size_t n, real a, const real *x, real *y) {
  for (size_t i = 0; i < n; i++) y[i] += a * x[i];
}

static void ref_gemv(int rows, int columns, const real *a, int lda, const real *x, real *y) {
  for (ptrdiff_t i = 0; i < rows; i++, a += lda) {
    y[i] = 0;
    for (ptrdiff_t j = 0; j < columns; j++) y[i] += a[j] * x[j];
  }
}

static void ref_add_bias(int rows, int columns, const real *bias, real *y, int ldy) {
  for (; rows > 0; rows--, y += ldy) {
    for (ptrdiff_t j = 0; j < columns; j++) y[j] += bias[j];
  }
}

static void ref_column_sum(int rows, int columns, const real *x, int ldx, real *sum) {
  for (; rows > 0; rows--, x += ldx) {
    for (ptrdiff_t j = 0; j < columns; j++) sum[j] += x[j];
  }
}

static double ref_square_sum(size_t n, const real *x) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += (double)x[i] * (double)x[i];
  return sum;
}

/* g = gradient + l2 value
 * m = beta1 m + (1 - beta1) g
 * v = beta2 v + (1 - beta2) g^2
 * value = (1 - lr decay) value - lr / correction1 m / (sqrt(v) / sqrt(correction2) + epsilon) */
static real settled(real moment) {
  return moment > -MOMENT_TINY && moment < MOMENT_TINY ? 0 : moment;
}

static void ref_adam(const adam_step *step, size_t n, const real *gradient, real *m, real *v,
                     real *value) {
  const real keep = 1 - step->lr * step->decoupled_decay;
  const real rate = step->lr / step->correction1;
  const real root_correction2 = REAL(sqrt)(step->correction2);
  for (size_t i = 0; i < n; i++) {
    const real g = gradient[i] + step->l2 * value[i];
    m[i] = settled(step->beta1 * m[i] + (1 - step->beta1) * g);
    v[i] = settled(step->beta2 * v[i] + (1 - step->beta2) * g * g);
    const real scale = REAL(sqrt)(v[i]) / root_correction2 + step->epsilon;
    value[i] = keep * value[i] - rate * m[i] / scale;
  }
}

/* d = gradient + decay value
 * velocity = momentum velocity + d, without one d itself
 * value = value - lr velocity */
static void ref_sgd(const sgd_step *step, size_t n, real *gradient, real *velocity, real *value) {
  for (size_t i = 0; i < n; i++) {
    real d = gradient[i] + step->decay * value[i];
    if (velocity != NULL) d = velocity[i] = settled(step->momentum * velocity[i] + d);
    value[i] -= step->lr * d;
    gradient[i] = 0;
  }
}

const rc_kernels kernels_ref = {
    .name = "ref",
    .gemm_packed_size = ref_gemm_packed_size,
    .gemm_pack = ref_gemm_pack,
    .gemm = ref_gemm,
    .gemm_unpacked = ref_gemm_unpacked,
#ifndef RECUR_DOUBLE
    .gemm_bf16_packed_size = ref_gemm_packed_size,
    .gemm_bf16_pack = ref_gemm_bf16_pack,
    .gemm_bf16 = ref_gemm_bf16,
    .int8_packed_size = ref_int8_packed_size,
    .int8_pack = ref_int8_pack,
    .int8_unpack = ref_int8_unpack,
    .int8_select = ref_int8_select,
    .int8_row_size = ref_int8_row_size,
    .int8_quantize = ref_int8_quantize,
    .int8_gemm = ref_int8_gemm,
#endif
    .tanh = ref_tanh,
    .sigmoid = ref_sigmoid,
    .rnn_forward = ref_rnn_forward,
    .rnn_backward = ref_rnn_backward,
    .lstm_forward = ref_lstm_forward,
    .lstm_backward = ref_lstm_backward,
    .gru_forward = ref_gru_forward,
    .gru_backward = ref_gru_backward,
    .softmax = ref_softmax,
    .log_softmax = ref_log_softmax,
    .cross_entropy = ref_cross_entropy,
    .transpose = ref_transpose,
    .axpy = ref_axpy,
    .gemv = ref_gemv,
    .add_bias = ref_add_bias,
    .column_sum = ref_column_sum,
    .square_sum = ref_square_sum,
    .adam = ref_adam,
    .sgd = ref_sgd,
};
