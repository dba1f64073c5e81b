#include "gguf_layout.h"

#include <inttypes.h>

int gguf_number_bytes(uint32_t type) {
  switch (type) {
    case GGUF_U8:
    case GGUF_I8:
    case GGUF_BOOL:
      return 1;
    case GGUF_U16:
    case GGUF_I16:
      return 2;
    case GGUF_U32:
    case GGUF_I32:
    case GGUF_F32:
      return 4;
    case GGUF_U64:
    case GGUF_I64:
    case GGUF_F64:
      return 8;
    default:
      return 0;
  }
}

int gguf_block_bytes(uint32_t type) {
  enum { SCALE = 2 };
  return type == GGUF_TENSOR_Q4_0   ? SCALE + GGUF_BLOCK / 2
         : type == GGUF_TENSOR_Q5_0 ? SCALE + GGUF_BLOCK / 8 + GGUF_BLOCK / 2
         : type == GGUF_TENSOR_Q8_0 ? SCALE + GGUF_BLOCK
                                    : 0;
}

int gguf_shown(gguf_string string) {
  if (string.bytes <= GGUF_NAME_MAX) return (int)string.bytes;
  int bytes = GGUF_NAME_MAX;
  while (bytes > 0 && ((unsigned char)string.text[bytes] & 0xC0) == 0x80) bytes--;
  return bytes;
}

rc_status gguf_shape_count(gguf_string name, uint32_t dims, const uint64_t *shape, uint64_t *count,
                           rc_error *error) {
  int shown = gguf_shown(name);
  if (dims < 1 || dims > GGUF_DIMS_MAX) {
    return rc_fail(error, RC_ERR_FORMAT,
                   "tensor %.*s has %" PRIu32 " dimensions, allowed are 1 to %d", shown, name.text,
                   dims, GGUF_DIMS_MAX);
  }
  *count = 1;
  for (uint32_t i = 0; i < dims; i++) {
    if (shape[i] == 0) {
      return rc_fail(error, RC_ERR_FORMAT, "tensor %.*s has a dimension of size 0", shown,
                     name.text);
    }
    if (!multiply_fits(*count, shape[i], count)) {
      return rc_fail(error, RC_ERR_FORMAT, "tensor %.*s has a size that overflows", shown,
                     name.text);
    }
  }
  return RC_OK;
}

rc_status gguf_type_bytes(gguf_string name, uint32_t type, uint64_t row, uint64_t count,
                          uint64_t *bytes, rc_error *error) {
  int shown = gguf_shown(name);
  bool fits;
  switch (type) {
    case GGUF_TENSOR_F32:
    case GGUF_TENSOR_I32:
      fits = multiply_fits(count, 4, bytes);
      break;
    case GGUF_TENSOR_F16:
      fits = multiply_fits(count, 2, bytes);
      break;
    default: {
      const int block = gguf_block_bytes(type);
      if (block == 0) {
        return rc_fail(error, RC_ERR_FORMAT, "tensor %.*s has unknown type %" PRIu32, shown,
                       name.text, type);
      }
      if (row % GGUF_BLOCK != 0) {
        return rc_fail(error, RC_ERR_FORMAT,
                       "tensor %.*s has rows of %" PRIu64 ", not a multiple of %d", shown,
                       name.text, row, GGUF_BLOCK);
      }
      fits = multiply_fits(count / GGUF_BLOCK, (uint64_t)block, bytes);
    }
  }
  if (fits) return RC_OK;
  return rc_fail(error, RC_ERR_FORMAT, "tensor %.*s has a size that overflows", shown, name.text);
}
