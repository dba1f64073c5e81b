#ifndef RECUR_GGUF_H
#define RECUR_GGUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "status.h"

/* GGUF version 3, little-endian, from and to bytes in memory.
 *
 * DESCRIBE THE FORMAT HERE before the code that reads it.
 *
 * The reader trusts nothing: every count is checked against the bytes left, in 64-bit checked
 * arithmetic, before anything is allocated. */

enum { GGUF_ALIGNMENT = 32, GGUF_DIMS_MAX = 4, GGUF_NAME_MAX = 64 };

typedef enum gguf_type {
  GGUF_U8,
  GGUF_I8,
  GGUF_U16,
  GGUF_I16,
  GGUF_U32,
  GGUF_I32,
  GGUF_F32,
  GGUF_BOOL,
  GGUF_STRING,
  GGUF_ARRAY,
  GGUF_U64,
  GGUF_I64,
  GGUF_F64
} gguf_type;

/* ggml's type numbers. F32 and F16 plain; Q8_0: blocks of 32 along the fastest dimension, an F16
 * scale d and 32 signed bytes q, value = d * q. */
typedef enum gguf_tensor_type {
  GGUF_TENSOR_F32 = 0,
  GGUF_TENSOR_F16 = 1,
  GGUF_TENSOR_Q8_0 = 8,
  GGUF_TENSOR_I32 = 26
} gguf_tensor_type;

typedef struct gguf_string {
  const char *text; /* into the file's bytes: valid UTF-8, not terminated */
  size_t bytes;
} gguf_string;

typedef struct gguf_entry { /* one metadata key */
  gguf_string key;
  gguf_type type, element; /* element: of an array */
  uint64_t count;          /* elements of an array, otherwise 1 */
  const uint8_t *data;     /* first value's bytes; for strings the length field */
  size_t bytes;
} gguf_entry;

typedef struct gguf_tensor {
  gguf_string name;
  gguf_tensor_type type;
  int dims;
  uint64_t shape[GGUF_DIMS_MAX]; /* as GGUF stores it: fastest first */
  uint64_t count;                /* elements */
  const uint8_t *data;           /* GGUF_ALIGNMENT-aligned relative to the file's start */
  size_t bytes;
} gguf_tensor;

typedef struct gguf_file {
  gguf_entry *entries;
  int entry_count;
  gguf_tensor *tensors;
  int tensor_count;
} gguf_file;

/* Parses and checks everything; `bytes` must outlive `file`, whose tables lie in the arena (whose
 * needed size gguf_open_bytes bounds: it depends on the counts in the header, already checked
 * against `size`). RC_ERR_FORMAT with what is wrong and at which byte. */
size_t gguf_open_bytes(const uint8_t *bytes, size_t size);
rc_status gguf_open(gguf_file *file, const uint8_t *bytes, size_t size, rc_arena *arena,
                    rc_error *error);

/* NULL when the key or tensor is absent. */
const gguf_entry *gguf_find(const gguf_file *file, const char *key);
const gguf_tensor *gguf_find_tensor(const gguf_file *file, const char *name);

/* Typed access: RC_ERR_FORMAT naming the key if it is missing or of another type. Integers of any
 * width are read where they fit the range. */
rc_status gguf_get_int(const gguf_file *file, const char *key, int64_t low, int64_t high,
                       int64_t *value, rc_error *error);
rc_status gguf_get_float(const gguf_file *file, const char *key, double *value, rc_error *error);
rc_status gguf_get_bool(const gguf_file *file, const char *key, bool *value, rc_error *error);
rc_status gguf_get_string(const gguf_file *file, const char *key, gguf_string *value,
                          rc_error *error);
/* items: [capacity]; RC_ERR_RANGE if the array has more. */
rc_status gguf_get_strings(const gguf_file *file, const char *key, gguf_string *items,
                           size_t capacity, size_t *count, rc_error *error);

/* Decodes F32, F16 and Q8_0 to `count` floats; RC_ERR_FORMAT if the tensor has another count or
 * holds a value that is not finite. */
rc_status gguf_decode(const gguf_tensor *tensor, float *values, size_t count, rc_error *error);

/* The writer lays a file out over a buffer, or with buffer NULL only counts: write twice, first to
 * learn the size. All keys before all tensors; tensor data comes in the order of the tensors.
 *
 *   gguf_writer w = gguf_writer_begin(buffer, capacity, key_count, tensor_count);
 *   gguf_put_string(&w, "general.name", "..."); ...
 *   gguf_put_tensor(&w, "linear.weight", GGUF_TENSOR_F16, 2, (uint64_t[]){in, out}); ...
 *   gguf_put_data(&w, values); ...          one for each tensor, in order
 *   rc_status s = gguf_writer_end(&w, &size, error); */
enum { GGUF_WRITER_TENSORS_MAX = 512 };

typedef struct gguf_writer {
  uint8_t *buffer;
  size_t capacity, used;
  uint64_t keys_left, tensors_left, data_left;
  uint64_t offset; /* of the next tensor's data */
  struct {
    gguf_tensor_type type;
    uint64_t count, row;
  } tensors[GGUF_WRITER_TENSORS_MAX];
  int tensor_count, data_count;
  const char *problem; /* first misuse, reported by gguf_writer_end */
} gguf_writer;

gguf_writer gguf_writer_begin(uint8_t *buffer, size_t capacity, uint64_t keys, uint64_t tensors);
void gguf_put_u32(gguf_writer *writer, const char *key, uint32_t value);
void gguf_put_u64(gguf_writer *writer, const char *key, uint64_t value);
void gguf_put_f32(gguf_writer *writer, const char *key, float value);
void gguf_put_bool(gguf_writer *writer, const char *key, bool value);
void gguf_put_string(gguf_writer *writer, const char *key, const char *value);
void gguf_put_strings(gguf_writer *writer, const char *key, const char *const *values,
                      size_t count);
/* shape: fastest dimension first. */
void gguf_put_tensor(gguf_writer *writer, const char *name, gguf_tensor_type type, int dims,
                     const uint64_t *shape);
/* Encodes [count of that tensor] floats to the tensor's type (int32_t for I32 via
 * gguf_put_data_i32). */
void gguf_put_data(gguf_writer *writer, const float *values);
rc_status gguf_writer_end(gguf_writer *writer, size_t *size, rc_error *error);

#endif
