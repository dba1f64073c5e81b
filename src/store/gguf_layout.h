#ifndef RECUR_GGUF_LAYOUT_H
#define RECUR_GGUF_LAYOUT_H

#include "gguf.h"

/* What gguf_read.c, gguf_get.c and gguf_write.c share: sizes and byte order. Private to the folder.
 */

enum { GGUF_VERSION = 3 };

/* `bytes` (1 to 8) little-endian bytes as a number, and back. */
static inline uint64_t load_le(const uint8_t *data, int bytes) {
  uint64_t value = 0;
  for (int i = bytes - 1; i >= 0; i--) value = value << 8 | data[i];
  return value;
}

static inline void store_le(uint8_t *data, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; i++) data[i] = (uint8_t)(value >> (8 * i));
}

/* *sum = a + b and *product = a * b; false if they do not fit. */
static inline bool add_fits(uint64_t a, uint64_t b, uint64_t *sum) {
  *sum = a + b;
  return a <= UINT64_MAX - b;
}

static inline bool multiply_fits(uint64_t a, uint64_t b, uint64_t *product) {
  *product = a * b;
  return b == 0 || a <= UINT64_MAX / b;
}

/* The next multiple of GGUF_ALIGNMENT; false if it does not fit. */
static inline bool pad_fits(uint64_t size, uint64_t *padded) {
  bool fits = add_fits(size, GGUF_ALIGNMENT - 1, padded);
  *padded -= *padded % GGUF_ALIGNMENT;
  return fits;
}

/* Bytes of one value; 0 for strings, arrays and numbers that name no type. */
int gguf_number_bytes(uint32_t type);

/* Elements of a tensor, shape [dims], and the bytes they take; RC_ERR_FORMAT naming what is wrong
 * with its shape or type. Of a shape with too many dimensions nothing is read. */
rc_status gguf_shape_count(gguf_string name, uint32_t dims, const uint64_t *shape, uint64_t *count,
                           rc_error *error);
rc_status gguf_type_bytes(gguf_string name, uint32_t type, uint64_t row, uint64_t count,
                          uint64_t *bytes, rc_error *error);

/* A string's bytes for "%.*s" in a message: no more than 64, cut at a character. */
int gguf_shown(gguf_string string);

#endif
