/* The fast body of every kernel in the vocabularies of vec.h and fast_int8.h. The file of each
 * instruction set includes its vec_*.h and its int8_*.h, defines KERNELS_TABLE and KERNELS_NAME,
 * then includes this. No guard: it is code, compiled once per instruction set. */

#include <math.h>

#include "fast_bf16.h"
#include "fast_cells.h"
#include "fast_int8.h"
#include "variants.h"
#include "vec.h"

static void fast_tanh(size_t n, const float *x, float *y) {
  size_t i = 0;
  for (; i + VEC <= n; i += VEC) vec_store(y + i, vec_tanh(vec_load(x + i)));
  const int rest = (int)(n - i);
  if (rest > 0) vec_store_part(y + i, rest, vec_tanh(vec_load_part(x + i, rest)));
}

static void fast_sigmoid(size_t n, const float *x, float *y) {
  size_t i = 0;
  for (; i + VEC <= n; i += VEC) vec_store(y + i, vec_sigmoid(vec_load(x + i)));
  const int rest = (int)(n - i);
  if (rest > 0) vec_store_part(y + i, rest, vec_sigmoid(vec_load_part(x + i, rest)));
}

/* -inf for an empty row; NaN are passed over, the exponentials meet them later. */
VEC_SHARED float row_maximum(ptrdiff_t n, const float *x) {
  ptrdiff_t j = 0;
  vec maxima = vec_set1(-INFINITY);
  for (; j + VEC <= n; j += VEC) maxima = vec_max(vec_load(x + j), maxima);
  float maximum = vec_maximum(maxima);
  for (; j < n; j++) maximum = x[j] > maximum ? x[j] : maximum;
  return maximum;
}

/* sum_j e^(x[j] - maximum); the terms go to y unless it is NULL. */
VEC_SHARED float row_exp(ptrdiff_t n, const float *x, float maximum, float *y) {
  const vec origin = vec_set1(maximum);
  vec sum = vec_set1(0);
  ptrdiff_t j = 0;
  for (; j + VEC <= n; j += VEC) {
    const vec e = vec_exp(vec_sub(vec_load(x + j), origin));
    if (y != NULL) vec_store(y + j, e);
    sum = vec_add(sum, e);
  }
  const int rest = (int)(n - j);
  if (rest > 0) {
    const vec e = vec_exp(vec_sub(vec_load_part(x + j, rest), origin));
    if (y != NULL) vec_store_part(y + j, rest, e);
    sum = vec_add(sum, vec_keep(rest, e));
  }
  return vec_sum(sum);
}

/* y = a x + b */
static inline void row_affine(ptrdiff_t n, float a, float b, const float *x, float *y) {
  const vec factor = vec_set1(a), offset = vec_set1(b);
  ptrdiff_t j = 0;
  for (; j + VEC <= n; j += VEC) vec_store(y + j, vec_fma(factor, vec_load(x + j), offset));
  const int rest = (int)(n - j);
  if (rest > 0) vec_store_part(y + j, rest, vec_fma(factor, vec_load_part(x + j, rest), offset));
}

/* Absolute error at most 4e-7. */
static void fast_softmax(int rows, int columns, const float *x, float *y) {
  for (; rows > 0; rows--, x += columns, y += columns) {
    const float sum = row_exp(columns, x, row_maximum(columns, x), y);
    row_affine(columns, 1 / sum, 0, y, y);
  }
}

/* log softmax(x)[j] = (x[j] - max) - log sum; the difference first, it is exact where it matters.
 * Error at most 4e-7 (1 + |result|). */
static void fast_log_softmax(int rows, int columns, const float *x, float *y) {
  for (; rows > 0; rows--, x += columns, y += columns) {
    const float maximum = row_maximum(columns, x);
    const vec origin = vec_set1(maximum);
    const vec log_sum = vec_set1(logf(row_exp(columns, x, maximum, NULL)));
    ptrdiff_t j = 0;
    for (; j + VEC <= columns; j += VEC) {
      vec_store(y + j, vec_sub(vec_sub(vec_load(x + j), origin), log_sum));
    }
    const int rest = (int)(columns - j);
    if (rest > 0) {
      const vec shifted = vec_sub(vec_load_part(x + j, rest), origin);
      vec_store_part(y + j, rest, vec_sub(shifted, log_sum));
    }
  }
}

/* Over a row: sums of e^s, s, soft and soft s, with s = x - max. */
typedef struct entropy_sums {
  vec exp, shifted, soft, soft_shifted;
} entropy_sums;

/* x = e^s */
ALWAYS_INLINE void entropy_add(const float *soft, int lanes, vec origin, float *x,
                               entropy_sums *sums) {
  vec shifted = vec_sub(load_lanes(lanes, x), origin), e = vec_exp(shifted);
  store_lanes(lanes, x, e);
  if (lanes < VEC) {
    shifted = vec_keep(lanes, shifted);
    e = vec_keep(lanes, e);
  }
  sums->exp = vec_add(sums->exp, e);
  sums->shifted = vec_add(sums->shifted, shifted);
  if (soft == NULL) return;
  const vec share = load_lanes(lanes, soft);
  sums->soft = vec_add(sums->soft, share);
  sums->soft_shifted = vec_fma(share, shifted, sums->soft_shifted);
}

/* x = a x + b, then + c soft */
ALWAYS_INLINE void entropy_turn(const float *soft, int lanes, vec a, vec b, vec c, float *x) {
  vec d = vec_fma(a, load_lanes(lanes, x), b);
  if (soft != NULL) d = vec_fma(c, load_lanes(lanes, soft), d);
  store_lanes(lanes, x, d);
}

/* As in ref.c, where sum(q) = peak + base columns + soft_weight sum(soft), and sum(q s) likewise. A
 * part of q that is absent is left out, so that it makes no NaN of an infinite s. */
static double fast_cross_entropy(int columns, const target_mixture *q, float scale, float *x) {
  const float maximum = row_maximum(columns, x), *soft = q->soft;
  const double target_shifted = (double)(x[q->target] - maximum);
  const vec zero = vec_set1(0), origin = vec_set1(maximum);
  entropy_sums sums = {zero, zero, zero, zero};
  int j = 0;
  for (; j + VEC <= columns; j += VEC) {
    entropy_add(soft == NULL ? NULL : soft + j, VEC, origin, x + j, &sums);
  }
  if (j < columns) {
    entropy_add(soft == NULL ? NULL : soft + j, columns - j, origin, x + j, &sums);
  }
  const double sum = (double)vec_sum(sums.exp), weight = (double)q->soft_weight;
  double total = (double)q->peak + (double)q->base * columns, expected = 0;
  if (q->peak != 0) expected += (double)q->peak * target_shifted;
  if (q->base != 0) expected += (double)q->base * (double)vec_sum(sums.shifted);
  if (soft != NULL) {
    total += weight * (double)vec_sum(sums.soft);
    expected += weight * (double)vec_sum(sums.soft_shifted);
  }
  const vec a = vec_set1((float)((double)scale * total / sum)), b = vec_set1(-scale * q->base);
  const vec c = vec_set1(-scale * q->soft_weight);
  for (j = 0; j + VEC <= columns; j += VEC) {
    entropy_turn(soft == NULL ? NULL : soft + j, VEC, a, b, c, x + j);
  }
  if (j < columns) {
    entropy_turn(soft == NULL ? NULL : soft + j, columns - j, a, b, c, x + j);
  }
  x[q->target] -= scale * q->peak;
  return total * log(sum) - expected;
}

VEC_SHARED void fast_axpy(size_t n, float a, const float *x, float *y) {
  const vec factor = vec_set1(a);
  size_t i = 0;
  for (; i + VEC <= n; i += VEC) {
    vec_store(y + i, vec_fma(factor, vec_load(x + i), vec_load(y + i)));
  }
  const int rest = (int)(n - i);
  if (rest > 0) {
    const vec sum = vec_fma(factor, vec_load_part(x + i, rest), vec_load_part(y + i, rest));
    vec_store_part(y + i, rest, sum);
  }
}

/* Four sums at a time, as one would wait for its own multiply-add. */
static inline float row_dot(ptrdiff_t n, const float *a, const float *x) {
  vec sums[4] = {vec_set1(0), vec_set1(0), vec_set1(0), vec_set1(0)};
  ptrdiff_t j = 0;
  for (; j + 4 * VEC <= n; j += 4 * VEC) {
    UNROLL for (int v = 0; v < 4; v++) {
      sums[v] = vec_fma(vec_load(a + j + v * VEC), vec_load(x + j + v * VEC), sums[v]);
    }
  }
  for (; j + VEC <= n; j += VEC) sums[0] = vec_fma(vec_load(a + j), vec_load(x + j), sums[0]);
  const int rest = (int)(n - j);
  if (rest > 0) sums[1] = vec_fma(vec_load_part(a + j, rest), vec_load_part(x + j, rest), sums[1]);
  return vec_sum(vec_add(vec_add(sums[0], sums[1]), vec_add(sums[2], sums[3])));
}

static void fast_gemv(int rows, int columns, const float *a, int lda, const float *x, float *y) {
  for (ptrdiff_t i = 0; i < rows; i++, a += lda) y[i] = row_dot(columns, a, x);
}

static void fast_add_bias(int rows, int columns, const float *bias, float *y, int ldy) {
  for (ptrdiff_t i = 0; i < rows; i++) fast_axpy((size_t)columns, 1, bias, y + i * ldy);
}

static void fast_column_sum(int rows, int columns, const float *x, int ldx, float *sum) {
  for (ptrdiff_t i = 0; i < rows; i++) fast_axpy((size_t)columns, 1, x + i * ldx, sum);
}

static double fast_square_sum(size_t n, const float *x) {
  vec_wide sum0 = vec_wide_zero(), sum1 = vec_wide_zero();
  size_t i = 0;
  for (; i + 2 * VEC <= n; i += 2 * VEC) {
    sum0 = vec_wide_add_square(sum0, vec_load(x + i));
    sum1 = vec_wide_add_square(sum1, vec_load(x + i + VEC));
  }
  if (i + VEC <= n) {
    sum0 = vec_wide_add_square(sum0, vec_load(x + i));
    i += VEC;
  }
  const int rest = (int)(n - i);
  if (rest > 0) sum1 = vec_wide_add_square(sum1, vec_load_part(x + i, rest));
  return vec_wide_sum(sum0) + vec_wide_sum(sum1);
}

/* See MOMENT_TINY. x - x is 0, and NaN for what is no number and must stay so. */
static inline vec settled(vec moment) {
  const vec above = vec_add(vec_set1(MOMENT_TINY), vec_minus_abs(moment));
  return vec_if_negative(above, moment, vec_sub(moment, moment));
}

/* The constants of one Adam step in every lane; the equations are in ref.c. */
typedef struct adam_lanes {
  vec l2, beta1, beta2, rest1, rest2, keep, rate, root_correction2, epsilon;
} adam_lanes;

static inline void adam_update(const adam_lanes *s, vec gradient, vec *m, vec *v, vec *value) {
  const vec g = vec_fma(s->l2, *value, gradient);
  *m = settled(vec_fma(s->beta1, *m, vec_mul(s->rest1, g)));
  *v = settled(vec_fma(s->beta2, *v, vec_mul(vec_mul(s->rest2, g), g)));
  const vec scale = vec_add(vec_div(vec_sqrt(*v), s->root_correction2), s->epsilon);
  *value = vec_sub(vec_mul(s->keep, *value), vec_div(vec_mul(s->rate, *m), scale));
}

static void fast_adam(const adam_step *step, size_t n, const float *gradient, float *m, float *v,
                      float *value) {
  const adam_lanes lanes = {
      .l2 = vec_set1(step->l2),
      .beta1 = vec_set1(step->beta1),
      .beta2 = vec_set1(step->beta2),
      .rest1 = vec_set1(1 - step->beta1),
      .rest2 = vec_set1(1 - step->beta2),
      .keep = vec_set1(1 - step->lr * step->decoupled_decay),
      .rate = vec_set1(step->lr / step->correction1),
      .root_correction2 = vec_set1(sqrtf(step->correction2)),
      .epsilon = vec_set1(step->epsilon),
  };
  size_t i = 0;
  for (; i + VEC <= n; i += VEC) {
    vec new_m = vec_load(m + i), new_v = vec_load(v + i), new_value = vec_load(value + i);
    adam_update(&lanes, vec_load(gradient + i), &new_m, &new_v, &new_value);
    vec_store(m + i, new_m);
    vec_store(v + i, new_v);
    vec_store(value + i, new_value);
  }
  const int rest = (int)(n - i);
  if (rest > 0) {
    vec new_m = vec_load_part(m + i, rest), new_v = vec_load_part(v + i, rest);
    vec new_value = vec_load_part(value + i, rest);
    adam_update(&lanes, vec_load_part(gradient + i, rest), &new_m, &new_v, &new_value);
    vec_store_part(m + i, rest, new_m);
    vec_store_part(v + i, rest, new_v);
    vec_store_part(value + i, rest, new_value);
  }
}

typedef struct sgd_lanes {
  vec minus_lr, momentum, decay;
} sgd_lanes;

ALWAYS_INLINE void sgd_update(const sgd_lanes *s, int lanes, float *gradient, float *velocity,
                              float *value) {
  const vec before = load_lanes(lanes, value);
  vec d = vec_fma(s->decay, before, load_lanes(lanes, gradient));
  if (velocity != NULL) {
    d = settled(vec_fma(s->momentum, load_lanes(lanes, velocity), d));
    store_lanes(lanes, velocity, d);
  }
  store_lanes(lanes, value, vec_fma(s->minus_lr, d, before));
  store_lanes(lanes, gradient, vec_set1(0));
}

static void fast_sgd(const sgd_step *step, size_t n, float *gradient, float *velocity,
                     float *value) {
  const sgd_lanes s = {vec_set1(-step->lr), vec_set1(step->momentum), vec_set1(step->decay)};
  size_t i = 0;
  for (; i + VEC <= n; i += VEC) {
    sgd_update(&s, VEC, gradient + i, velocity == NULL ? NULL : velocity + i, value + i);
  }
  const int rest = (int)(n - i);
  if (rest > 0) {
    sgd_update(&s, rest, gradient + i, velocity == NULL ? NULL : velocity + i, value + i);
  }
}

const rc_kernels KERNELS_TABLE = {
    .name = KERNELS_NAME,
    .gemm_packed_size = fast_gemm_packed_size,
    .gemm_pack = fast_gemm_pack,
    .gemm = fast_gemm,
    .gemm_unpacked = fast_gemm_unpacked,
    .gemm_bf16_packed_size = fast_gemm_bf16_packed_size,
    .gemm_bf16_pack = fast_gemm_bf16_pack,
    .gemm_bf16 = fast_gemm_bf16,
    .int8_packed_size = fast_int8_packed_size,
    .int8_pack = fast_int8_pack,
    .int8_unpack = fast_int8_unpack,
    .int8_select = fast_int8_select,
    .int8_row_size = fast_int8_row_size,
    .int8_quantize = fast_int8_quantize,
    .int8_gemm = fast_int8_gemm,
    .tanh = fast_tanh,
    .sigmoid = fast_sigmoid,
    .rnn_forward = fast_rnn_forward,
    .rnn_backward = fast_rnn_backward,
    .lstm_forward = fast_lstm_forward,
    .lstm_backward = fast_lstm_backward,
    .gru_forward = fast_gru_forward,
    .gru_backward = fast_gru_backward,
    .softmax = fast_softmax,
    .log_softmax = fast_log_softmax,
    .cross_entropy = fast_cross_entropy,
    .transpose = fast_transpose,
    .axpy = fast_axpy,
    .gemv = fast_gemv,
    .add_bias = fast_add_bias,
    .column_sum = fast_column_sum,
    .square_sum = fast_square_sum,
    .adam = fast_adam,
    .sgd = fast_sgd,
};
