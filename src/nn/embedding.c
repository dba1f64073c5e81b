#include "embedding.h"

#include <limits.h>
#include <string.h>

#include "checks.h"

rc_status embedding_add(embedding *layer, param_list *list, const char *prefix, int count, int size,
                        rc_error *error) {
  *layer = (embedding){.count = count, .size = size};
  RC_TRY(rc_check_range(prefix, size, 1, INT_MAX, error));
  return params_add(list, prefix, "weight", count, size, &layer->weight, error);
}

void embedding_init(const embedding *layer, real *values, rc_rng *rng) {
  real *weight = values + layer->weight; /* [count, size] */
  size_t elements = (size_t)layer->count * (size_t)layer->size;
  for (size_t i = 0; i < elements; i++) weight[i] = rng_normal(rng);
}

void embedding_forward(const embedding *layer, const real *values, int rows, const int *ids,
                       real *y) {
  RC_ASSERT(indices_below(ids, rows, layer->count));
  const real *weight = values + layer->weight; /* [count, size] */
  size_t size = (size_t)layer->size;
  for (int r = 0; r < rows; r++) {
    memcpy(y + (size_t)r * size, weight + (size_t)ids[r] * size, size * sizeof(real));
  }
}

void embedding_backward(const embedding *layer, int rows, const int *ids, const real *dy,
                        real *gradients) {
  RC_ASSERT(indices_below(ids, rows, layer->count));
  real *d_weight = gradients + layer->weight; /* [count, size] */
  size_t size = (size_t)layer->size;
  for (int r = 0; r < rows; r++) {
    kernels->axpy(size, 1, dy + (size_t)r * size, d_weight + (size_t)ids[r] * size);
  }
}
