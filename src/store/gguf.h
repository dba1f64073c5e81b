#ifndef RECUR_GGUF_H
#define RECUR_GGUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "status.h"
#include "utf8.h"

/* GGUF version 3, little-endian, from and to bytes in memory
 * (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md).
 *
 *   file      "GGUF", u32 version = 3, u64 tensors, u64 keys,
 *             keys * entry, tensors * info,
 *             zeros up to a multiple of 32, the data section
 *   entry     string key, u32 type, value
 *   value     by type: u8 i8 u16 i16 u32 i32 f32 bool (one byte, 0 or 1) u64 i64 f64; string;
 *             array: u32 element type, u64 count, count * value
 *   string    u64 bytes, then UTF-8, not terminated
 *   info      string name, u32 dimensions, dimensions * u64 (fastest first),
 *             u32 tensor type, u64 offset from the start of the data section
 *   data      each tensor in the order of the infos, followed by zeros up to a multiple of 32;
 *             the file ends there
 *
 * All numbers are little-endian and, outside the data section, unaligned. Tensors lie back to back:
 * an offset is the sum of the padded sizes before it, as ggml's own reader demands. The key
 * "general.alignment" may replace 32 by another number; here it is absent or 32.
 *
 * The reader trusts nothing: every count is checked against the bytes left, in 64-bit checked
 * arithmetic, before anything is allocated. Beyond the format it refuses arrays of arrays, NUL in a
 * string, empty keys and names, and more keys or tensors than the limits below.
 *
 * Nothing here keeps state between calls: files and writers of their own may be used by threads of
 * their own. */

enum {
  GGUF_ALIGNMENT = 32,
  GGUF_BLOCK = 32, /* elements of a row that share a scale in Q4_0, Q5_0 and Q8_0 */
  GGUF_DIMS_MAX = 4,
  GGUF_NAME_MAX = 64,   /* bytes of a tensor's name */
  GGUF_KEY_MAX = 65535, /* bytes of a key */
  GGUF_KEYS_MAX = 4096,
  GGUF_TENSORS_MAX = 512
};

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

/* ggml's type numbers. F32, F16 and I32 plain. The others have blocks of 32 along the fastest
 * dimension, with an F16 scale d: Q8_0 then 32 signed bytes q, value = d * q; Q4_0 16 bytes whose
 * lower halves are the first 16 q and whose upper halves the others, value = d * (q - 8); Q5_0 the
 * fifth bits of all q in 4 bytes, and then the same, value = d * (q - 16). */
typedef enum gguf_tensor_type {
  GGUF_TENSOR_F32 = 0,
  GGUF_TENSOR_F16 = 1,
  GGUF_TENSOR_Q4_0 = 2,
  GGUF_TENSOR_Q5_0 = 6,
  GGUF_TENSOR_Q8_0 = 8,
  GGUF_TENSOR_I32 = 26
} gguf_tensor_type;

/* Bytes of a block of a type; 0 where it has none. */
int gguf_block_bytes(uint32_t type);

typedef struct gguf_string {
  const char *text; /* into the file's bytes: valid UTF-8 without NUL, not terminated */
  size_t bytes;
} gguf_string;

typedef struct gguf_entry { /* one metadata key */
  gguf_string key;
  gguf_type type, element; /* element: of an array, otherwise equal to type */
  uint64_t count;          /* elements of an array, otherwise 1 */
  const uint8_t *data;     /* first value's bytes, unaligned; for strings the length field */
  size_t bytes;            /* of all values */
} gguf_entry;

typedef struct gguf_tensor {
  gguf_string name;
  gguf_tensor_type type;
  int dims;                      /* 1 to GGUF_DIMS_MAX */
  uint64_t shape[GGUF_DIMS_MAX]; /* as GGUF stores it: fastest first; 1 beyond dims */
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

/* Arena space for gguf_open's tables, in bytes: it depends on the counts in the header, already
 * checked against `size`. 0 where gguf_open will refuse the header. */
size_t gguf_open_bytes(const uint8_t *bytes, size_t size);

/* Parses and checks everything; `bytes` must outlive `file`, whose tables lie in the arena.
 * RC_ERR_FORMAT with what is wrong and at which byte; RC_ERR_MEMORY if the arena is too small. The
 * file is empty then. */
rc_status gguf_open(gguf_file *file, const uint8_t *bytes, size_t size, rc_arena *arena,
                    rc_error *error);

/* NULL when the key or tensor is absent. */
const gguf_entry *gguf_find(const gguf_file *file, const char *key);
const gguf_tensor *gguf_find_tensor(const gguf_file *file, const char *name);

/* The value of an entry that is known to be a number or a bool (0 or 1), rounded to double; of one
 * that is known to be a string. 0 and an empty string for any other type. */
double gguf_entry_number(const gguf_entry *entry);
gguf_string gguf_entry_string(const gguf_entry *entry);

/* One value of an entry, exact. `type` says which member holds it. */
typedef struct gguf_value {
  gguf_type type; /* the entry's element */
  union {
    uint64_t whole;     /* U8 to U64; BOOL, 0 or 1 */
    int64_t integer;    /* I8 to I64 */
    double real;        /* F32, F64 */
    gguf_string string; /* STRING */
  };
  uint64_t number;     /* of this value in its entry, from 1 */
  const uint8_t *next; /* the bytes that follow it */
} gguf_value;

/* Walks the values of an entry, be they one or, of an array, any number; false after the last.
 *
 *   for (gguf_value v = {0}; gguf_next(entry, &v);) ... */
bool gguf_next(const gguf_entry *entry, gguf_value *value);

/* Typed access: RC_ERR_FORMAT naming the key if it is missing or of another type. Integers of any
 * width are read where they lie in [low, high], else RC_ERR_RANGE; floats of both widths where they
 * are finite. */
rc_status gguf_get_int(const gguf_file *file, const char *key, int64_t low, int64_t high,
                       int64_t *value, rc_error *error);
rc_status gguf_get_float(const gguf_file *file, const char *key, double *value, rc_error *error);
rc_status gguf_get_bool(const gguf_file *file, const char *key, bool *value, rc_error *error);
rc_status gguf_get_string(const gguf_file *file, const char *key, gguf_string *value,
                          rc_error *error);
/* items: [capacity]; RC_ERR_RANGE if the array has more. */
rc_status gguf_get_strings(const gguf_file *file, const char *key, gguf_string *items,
                           size_t capacity, size_t *count, rc_error *error);

/* Decodes F32, F16, Q4_0, Q5_0 and Q8_0 to `count` floats; RC_ERR_FORMAT if the tensor has another
 * count or type or holds a value that is not finite. */
rc_status gguf_decode(const gguf_tensor *tensor, float *values, size_t count, rc_error *error);
/* A Q8_0 matrix as it lies, where all blocks of a row (shape[0] elements) have the same d and no q
 * is -128, as gguf_put_data_by_row writes it: q [count], and d of each row to scales. False where
 * that is not so, or a d is not finite. */
bool gguf_decode_int8(const gguf_tensor *tensor, int8_t *q, float *scales);
/* The same as gguf_decode for I32. */
rc_status gguf_decode_i32(const gguf_tensor *tensor, int32_t *values, size_t count,
                          rc_error *error);

/* The writer lays a file out over a buffer, or with buffer NULL only counts: write twice, first to
 * learn the size. All keys before all tensors; tensor data comes in the order of the tensors.
 *
 *   gguf_writer w = gguf_writer_begin(buffer, capacity, key_count, tensor_count);
 *   gguf_put_string(&w, "general.name", "..."); ...
 *   gguf_put_tensor(&w, "linear.weight", GGUF_TENSOR_F16, 2, (uint64_t[]){in, out}); ...
 *   gguf_put_data(&w, values); ...          one for each tensor, in order
 *   rc_status s = gguf_writer_end(&w, &size, error);
 *
 * The first mistake is kept and told by gguf_writer_end; until then every call is harmless. Keys
 * and names must differ from one another; that is left to gguf_open to check. */
typedef struct gguf_writer {
  uint8_t *buffer; /* NULL: count only */
  size_t capacity;
  uint64_t used;
  uint64_t keys_left, tensors_left;
  uint64_t offset; /* of the next tensor's data */
  struct {
    gguf_tensor_type type;
    uint64_t count, bytes, row;
  } tensors[GGUF_TENSORS_MAX];
  int tensor_count, data_count;
  rc_status status; /* of the first mistake */
  rc_error error;
} gguf_writer;

gguf_writer gguf_writer_begin(uint8_t *buffer, size_t capacity, uint64_t keys, uint64_t tensors);

void gguf_put_u32(gguf_writer *writer, const char *key, uint32_t value);
void gguf_put_u64(gguf_writer *writer, const char *key, uint64_t value);
void gguf_put_f32(gguf_writer *writer, const char *key, float value);
void gguf_put_f64(gguf_writer *writer, const char *key, double value);
void gguf_put_bool(gguf_writer *writer, const char *key, bool value);
void gguf_put_string(gguf_writer *writer, const char *key, const char *value);
void gguf_put_strings(gguf_writer *writer, const char *key, const char *const *values,
                      size_t count);
/* The same of texts that are not terminated. */
void gguf_put_texts(gguf_writer *writer, const char *key, const utf8_text *values, size_t count);
/* The same of texts that are made one by one: `count` calls of gguf_put_next_* are to follow. */
void gguf_begin_texts(gguf_writer *writer, const char *key, size_t count);
void gguf_put_next_text(gguf_writer *writer, const char *text);
/* The same of one that is put together. */
void gguf_put_next_parts(gguf_writer *writer, const utf8_text *parts, size_t count);
/* A number or bool of any type: `value` points to the C type of that name (uint16_t for GGUF_U16,
 * bool for GGUF_BOOL); of an array, to the first of `count`. */
void gguf_put_number(gguf_writer *writer, const char *key, gguf_type type, const void *value);
void gguf_put_numbers(gguf_writer *writer, const char *key, gguf_type element, const void *values,
                      size_t count);

/* An entry of a file that was read, as it is. */
void gguf_put_entry(gguf_writer *writer, const gguf_entry *entry);

/* shape: [dims], fastest dimension first. Types of blocks need shape[0] to be a multiple of 32. */
void gguf_put_tensor(gguf_writer *writer, const char *name, gguf_tensor_type type, int dims,
                     const uint64_t *shape);

/* Encodes [count of that tensor] numbers to the tensor's type: floats to F32, F16 (rounded to the
 * nearest, ties to even) or Q8_0 (as ggml: d = max |x| / 127, q = x / d rounded), int32_t to I32.
 * RC_ERR_RANGE for a value that is not finite or too large for the type. Not read while counting.
 */
void gguf_put_data(gguf_writer *writer, const float *values);
void gguf_put_data_i32(gguf_writer *writer, const int32_t *values);
/* The d of a row of finite numbers, at least max |x| / 127. */
typedef float gguf_row_scale(int columns, const float *row);
/* The same, but that in Q8_0 all blocks of a row (shape[0] elements) have the same d, which `scale`
 * gives, and q = x / d by the d that is written: for products that know one scale a row. */
void gguf_put_data_by_row(gguf_writer *writer, const float *values, gguf_row_scale *scale);

/* Floats to Q4_0 or Q5_0: the d and q by which the squared error is the least of some that are
 * tried. */
void gguf_put_data_small(gguf_writer *writer, const float *values);
/* What that makes of whole blocks of finite numbers in Q4_0 or Q5_0, as gguf_decode reads it. What
 * is too large for a scale of 16 bits stays as it is. */
void gguf_round(gguf_tensor_type type, size_t count, const float *values, float *rounded);

/* The same of a tensor that was read, as it is; its infos must be alike. */
void gguf_put_data_of(gguf_writer *writer, const gguf_tensor *tensor);

/* *size: the bytes of the whole file. RC_ERR_ARGUMENT for a call out of order, a count not kept or
 * a name or shape that the reader would refuse; RC_ERR_MEMORY if the buffer is too small (*size is
 * right even then). */
rc_status gguf_writer_end(gguf_writer *writer, size_t *size, rc_error *error);

#endif
