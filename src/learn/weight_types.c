#include "weight_types.h"

#include <string.h>

#include "threads.h"
#include "weight_file.h"

const char *const weight_type_names[] = {"f16", "f32", "q8_0", NULL};
const char *const weight_conversion_names[] = {"f16", "f32", "q8_0", "q5_0", "q4_0", NULL};

gguf_tensor_type weight_type(int index) {
  static const gguf_tensor_type types[] = {GGUF_TENSOR_F16, GGUF_TENSOR_F32, GGUF_TENSOR_Q8_0,
                                           GGUF_TENSOR_Q5_0, GGUF_TENSOR_Q4_0};
  return types[index];
}

const char *const weight_rounding_names[] = {"no", "q5_0", "q4_0", NULL};

typedef struct rounding {
  gguf_tensor_type type;
  const param_list *params;
  const real *values;
  real *rounded;
} rounding;

/* What is not of whole blocks stays as it is, as weight_file_type has it. */
static void round_param(void *self, int i, int thread) {
  const rounding *r = self;
  const param *p = &r->params->items[i];
  const real *values = r->values + p->offset;
  real *rounded = r->rounded + p->offset;
  (void)thread;
  if (weight_file_type(p->dims, (uint64_t)p->shape[p->dims - 1], r->type) == r->type) {
    gguf_round(r->type, p->count, values, rounded);
  } else {
    memcpy(rounded, values, p->count * sizeof *rounded);
  }
}

static void round_to_five(const param_list *params, const real *values, real *rounded,
                          int threads) {
  rounding r = {GGUF_TENSOR_Q5_0, params, values, rounded};
  threads_each(threads, params->count, round_param, &r);
}

static void round_to_four(const param_list *params, const real *values, real *rounded,
                          int threads) {
  rounding r = {GGUF_TENSOR_Q4_0, params, values, rounded};
  threads_each(threads, params->count, round_param, &r);
}

trainer_rounding *weight_rounding(int index) {
  static trainer_rounding *const roundings[] = {NULL, round_to_five, round_to_four};
  return roundings[index];
}

rc_status weight_type_explain(rc_status status, const char *path, int index, rc_error *error) {
  if (status != RC_ERR_RANGE) return status;
  return rc_fail(error, status,
                 "%s: weights too large for --type %s; --resume --type f32 stores them", path,
                 weight_type_names[index]);
}
