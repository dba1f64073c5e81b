#include "attend.h"

#include <string.h>

#include "bmm.h"

size_t attend_scratch(bool additive, int size, int n) {
  const size_t scores = (size_t)n;
  return additive ? scores + scores * (size_t)size : scores;
}

/* a_j = tanh(q + k_j), [n, K] */
static void activate(const attend *layer, int n, const real *query, const real *keys, real *a) {
  const size_t count = (size_t)n * (size_t)layer->size;
  memcpy(a, keys, count * sizeof *a);
  kernels->add_bias(n, layer->size, query, a, layer->size);
  kernels->tanh(count, a, a);
}

void attend_forward(const attend *layer, int n, const real *query, const real *keys,
                    const real *values, real *weights, real *context, real *scratch) {
  const int size = layer->size;
  if (layer->location) {
    kernels->softmax(1, size, query, weights);
  } else if (layer->score != NULL) {
    activate(layer, n, query, keys, scratch);
    kernels->gemv(n, size, scratch, size, layer->score, weights);
    kernels->softmax(1, n, weights, weights);
  } else {
    kernels->gemv(n, size, keys, size, query, weights);
    for (int j = 0; j < n; j++) weights[j] *= layer->scale;
    kernels->softmax(1, n, weights, weights);
  }
  const bmm_shape sum = {.batch = 1, .m = 1, .k = n, .n = layer->width};
  bmm_forward(&sum, weights, values, context);
}

void attend_add(int n, int width, const real *weights, const real *x, real *y) {
  for (ptrdiff_t j = 0; j < n; j++) kernels->axpy((size_t)width, weights[j], x + j * width, y);
}

/* dq += scale ds_j k_j,  dk_j += scale ds_j q */
static void dot_backward(const attend *layer, int n, const real *query, const real *keys,
                         const real *d_scores, const attend_gradients *gradients) {
  const size_t size = (size_t)layer->size;
  for (int j = 0; j < n; j++) {
    const size_t at = (size_t)j * size;
    kernels->axpy(size, layer->scale * d_scores[j], keys + at, gradients->query);
    kernels->axpy(size, layer->scale * d_scores[j], query, gradients->keys + at);
  }
}

/* du += ds_j a_j,  da_j = ds_j u (1 - a_j^2),  dq += da_j,  dk_j += da_j */
static void additive_backward(const attend *layer, int n, const real *query, const real *keys,
                              const real *d_scores, const attend_gradients *gradients, real *a) {
  const size_t size = (size_t)layer->size;
  activate(layer, n, query, keys, a);
  for (int j = 0; j < n; j++, a += size) {
    const real d_score = d_scores[j];
    real *d_key = gradients->keys + (size_t)j * size;
    kernels->axpy(size, d_score, a, gradients->score);
    for (size_t i = 0; i < size; i++) a[i] = d_score * layer->score[i] * (1 - a[i] * a[i]);
    kernels->axpy(size, 1, a, d_key);
    kernels->axpy(size, 1, a, gradients->query);
  }
}

/* dw_j = d_context . v_j + d_weights_j,  dv_j += w_j d_context,  ds_j = w_j (dw_j - sum_i w_i
 * dw_i), where dw is 0 behind the last value */
void attend_backward(const attend *layer, int n, const real *query, const real *keys,
                     const real *values, const real *weights, const real *d_context,
                     const real *d_weights, const attend_gradients *gradients, real *scratch) {
  const bmm_shape product = {.batch = 1, .m = 1, .k = n, .n = layer->width};
  const int scores = layer->location ? layer->size : n;
  real *d_scores = scratch, sum = 0;
  bmm_backward(&product, weights, values, d_context, d_scores, gradients->values);
  if (d_weights != NULL) kernels->axpy((size_t)n, 1, d_weights, d_scores);
  for (int j = 0; j < n; j++) sum += weights[j] * d_scores[j];
  for (int j = 0; j < scores; j++) {
    d_scores[j] = weights[j] * ((j < n ? d_scores[j] : 0) - sum);
  }
  if (layer->location) {
    kernels->axpy((size_t)scores, 1, d_scores, gradients->query);
  } else if (layer->score != NULL) {
    additive_backward(layer, n, query, keys, d_scores, gradients, scratch + n);
  } else {
    dot_backward(layer, n, query, keys, d_scores, gradients);
  }
}
