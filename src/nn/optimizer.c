#include "optimizer.h"

#include <math.h>
#include <string.h>

rc_status optimizer_new(optimizer *rule, optimizer_kind kind, const param_list *list,
                        rc_arena *arena, rc_error *error) {
  *rule = (optimizer){
      .kind = kind,
      .beta1 = (real)0.9,
      .beta2 = (real)0.999,
      .epsilon = (real)1e-8,
      .weight_decay = kind == OPTIMIZER_ADAMW ? (real)0.01 : 0,
      .first = ARENA_ARRAY(arena, real, list->total),
      .second = kind == OPTIMIZER_SGD ? NULL : ARENA_ARRAY(arena, real, list->total),
  };
  RC_TRY(arena_check(arena, "the optimizer", error));
  size_t bytes = list->total * sizeof(real);
  if (rule->first != NULL) memset(rule->first, 0, bytes);
  if (rule->second != NULL) memset(rule->second, 0, bytes);
  return RC_OK;
}

/* base^exponent: the same bits with any C library. */
static double power(double base, long exponent) {
  double result = 1;
  for (; exponent > 0; exponent >>= 1, base *= base) {
    if ((exponent & 1) != 0) result *= base;
  }
  return result;
}

/* Of n parameters, `at` being the first. */
static void adam_update(const optimizer *rule, size_t at, size_t n, real lr, const real *gradient,
                        real *value) {
  bool decoupled = rule->kind == OPTIMIZER_ADAMW;
  adam_step step = {
      .lr = lr,
      .beta1 = rule->beta1,
      .beta2 = rule->beta2,
      .epsilon = rule->epsilon,
      .decoupled_decay = decoupled ? rule->weight_decay : 0,
      .l2 = decoupled ? 0 : rule->weight_decay,
      .correction1 = (real)(1 - power((double)rule->beta1, rule->step)),
      .correction2 = (real)(1 - power((double)rule->beta2, rule->step)),
  };
  kernels->adam(&step, n, gradient, rule->first + at, rule->second + at, value);
}

/* A step without momentum and decay along such a gradient goes nowhere: embeddings of what was not
 * read need not be visited. */
static bool is_zero(size_t n, const real *gradient) {
  enum { SCAN = 64 };
  for (size_t at = 0; at < n; at += SCAN) {
    const size_t end = at + SCAN < n ? at + SCAN : n;
    int found = 0;
    for (size_t i = at; i < end; i++) found |= gradient[i] != 0;
    if (found) return false;
  }
  return true;
}

static void sgd_update(const optimizer *rule, size_t at, size_t n, real lr, real *gradient,
                       real *value) {
  if (!(rule->momentum > 0) && !(rule->weight_decay > 0) && is_zero(n, gradient)) return;
  const sgd_step step = {.lr = lr, .momentum = rule->momentum, .decay = rule->weight_decay};
  kernels->sgd(&step, n, gradient, rule->momentum != 0 ? rule->first + at : NULL, value);
}

void optimizer_update_part(const optimizer *rule, real lr, size_t at, size_t count, real *gradients,
                           real *values) {
  if (rule->kind == OPTIMIZER_SGD) {
    sgd_update(rule, at, count, lr, gradients, values);
  } else {
    adam_update(rule, at, count, lr, gradients, values);
    memset(gradients, 0, count * sizeof(real));
  }
}

void optimizer_update(optimizer *rule, const param_list *list, real lr, real *gradients,
                      real *values) {
  rule->step++;
  optimizer_update_part(rule, lr, 0, list->total, gradients, values);
}

real gradients_clip_factor(double norm, real limit) {
  double factor = limit / (norm + 1e-6); /* PyTorch's guard against a norm of zero */
  return limit <= 0 || factor >= 1 ? 1 : (real)factor;
}

double gradients_clip(const param_list *list, real *gradients, real limit) {
  double norm = sqrt(kernels->square_sum(list->total, gradients));
  real scale = gradients_clip_factor(norm, limit);
  if (scale >= 1) return norm;
  for (size_t i = 0; i < list->total; i++) gradients[i] *= scale;
  return norm;
}
