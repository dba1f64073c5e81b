#include "weight_types.h"

const char *const weight_type_names[] = {"f16", "f32", "q8_0", "q5_0", "q4_0", NULL};

gguf_tensor_type weight_type(int index) {
  static const gguf_tensor_type types[] = {GGUF_TENSOR_F16, GGUF_TENSOR_F32, GGUF_TENSOR_Q8_0,
                                            GGUF_TENSOR_Q5_0, GGUF_TENSOR_Q4_0};
  return types[index];
}

rc_status weight_type_explain(rc_status status, const char *path, int index, rc_error *error) {
  if (status != RC_ERR_RANGE) return status;
  return rc_fail(error, status,
                 "%s: weights too large for --type %s; --resume --type f32 stores them", path,
                 weight_type_names[index]);
}
