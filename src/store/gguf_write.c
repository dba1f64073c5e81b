#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "gguf_layout.h"
#include "half.h"

/* Writes nothing after a mistake, and nothing that does not fit, but goes on counting. */
static void put(gguf_writer *writer, const void *bytes, size_t count) {
  if (writer->status != RC_OK) return;
  uint64_t start = writer->used;
  writer->used += count;
  if (writer->buffer != NULL && writer->used <= writer->capacity) {
    memcpy(writer->buffer + start, bytes, count);
  }
}

static void put_le(gguf_writer *writer, uint64_t value, int bytes) {
  uint8_t data[8];
  store_le(data, value, bytes);
  put(writer, data, (size_t)bytes);
}

static void put_text(gguf_writer *writer, const char *text) {
  size_t bytes = strlen(text);
  put_le(writer, bytes, 8);
  put(writer, text, bytes);
}

static void put_padding(gguf_writer *writer) {
  static const uint8_t zeros[GGUF_ALIGNMENT];
  put(writer, zeros, (size_t)(-writer->used % GGUF_ALIGNMENT));
}

/* Keeps the first mistake. */
#define FAIL(writer, ...)                                                                        \
  ((writer)->status == RC_OK ? (void)((writer)->status = rc_fail(&(writer)->error, __VA_ARGS__)) \
                             : (void)0)

gguf_writer gguf_writer_begin(uint8_t *buffer, size_t capacity, uint64_t keys, uint64_t tensors) {
  gguf_writer writer = {
      .buffer = buffer, .capacity = capacity, .keys_left = keys, .tensors_left = tensors};
  if (keys > GGUF_KEYS_MAX || tensors > GGUF_TENSORS_MAX) {
    FAIL(&writer, RC_ERR_ARGUMENT,
         "%" PRIu64 " keys and %" PRIu64 " tensors, allowed are %d and %d", keys, tensors,
         GGUF_KEYS_MAX, GGUF_TENSORS_MAX);
  }
  put(&writer, "GGUF", 4);
  put_le(&writer, GGUF_VERSION, 4);
  put_le(&writer, tensors, 8);
  put_le(&writer, keys, 8);
  return writer;
}

static void put_key_bytes(gguf_writer *writer, gguf_string key, gguf_type type) {
  if (key.bytes == 0 || key.bytes > GGUF_KEY_MAX) {
    FAIL(writer, RC_ERR_ARGUMENT, "a key of %zu bytes, allowed are 1 to %d", key.bytes,
         GGUF_KEY_MAX);
  } else if (writer->keys_left == 0) {
    FAIL(writer, RC_ERR_ARGUMENT, "key %.*s is one more than announced", (int)key.bytes, key.text);
  } else {
    writer->keys_left--;
  }
  put_le(writer, key.bytes, 8);
  put(writer, key.text, key.bytes);
  put_le(writer, (uint64_t)type, 4);
}

static void put_key(gguf_writer *writer, const char *key, gguf_type type) {
  put_key_bytes(writer, (gguf_string){key, strlen(key)}, type);
}

/* A number as this machine holds it. */
static void put_bits(gguf_writer *writer, const void *value, int bytes) {
  static const uint16_t one = 1;
  bool little_endian = *(const uint8_t *)&one == 1;
  uint8_t data[8];
  for (int i = 0; i < bytes; i++) {
    data[i] = ((const uint8_t *)value)[little_endian ? i : bytes - 1 - i];
  }
  put(writer, data, (size_t)bytes);
}

static int number_bytes(gguf_writer *writer, const char *key, gguf_type type) {
  int bytes = gguf_number_bytes((uint32_t)type);
  if (bytes == 0) FAIL(writer, RC_ERR_ARGUMENT, "key %s: type %d is no number", key, (int)type);
  return bytes;
}

void gguf_put_number(gguf_writer *writer, const char *key, gguf_type type, const void *value) {
  int bytes = number_bytes(writer, key, type);
  put_key(writer, key, type);
  if (bytes > 0) put_bits(writer, value, bytes);
}

void gguf_put_numbers(gguf_writer *writer, const char *key, gguf_type element, const void *values,
                      size_t count) {
  int bytes = number_bytes(writer, key, element);
  put_key(writer, key, GGUF_ARRAY);
  put_le(writer, (uint64_t)element, 4);
  put_le(writer, count, 8);
  if (bytes == 0) return;
  for (size_t i = 0; i < count; i++) {
    put_bits(writer, (const uint8_t *)values + i * (size_t)bytes, bytes);
  }
}

void gguf_put_u32(gguf_writer *writer, const char *key, uint32_t value) {
  gguf_put_number(writer, key, GGUF_U32, &value);
}

void gguf_put_u64(gguf_writer *writer, const char *key, uint64_t value) {
  gguf_put_number(writer, key, GGUF_U64, &value);
}

void gguf_put_f32(gguf_writer *writer, const char *key, float value) {
  gguf_put_number(writer, key, GGUF_F32, &value);
}

void gguf_put_f64(gguf_writer *writer, const char *key, double value) {
  gguf_put_number(writer, key, GGUF_F64, &value);
}

void gguf_put_bool(gguf_writer *writer, const char *key, bool value) {
  uint8_t byte = value ? 1 : 0;
  gguf_put_number(writer, key, GGUF_BOOL, &byte);
}

void gguf_put_string(gguf_writer *writer, const char *key, const char *value) {
  put_key(writer, key, GGUF_STRING);
  put_text(writer, value);
}

void gguf_begin_texts(gguf_writer *writer, const char *key, size_t count) {
  put_key(writer, key, GGUF_ARRAY);
  put_le(writer, GGUF_STRING, 4);
  put_le(writer, count, 8);
}

void gguf_put_next_text(gguf_writer *writer, const char *text) {
  put_text(writer, text);
}

void gguf_put_next_parts(gguf_writer *writer, const utf8_text *parts, size_t count) {
  size_t bytes = 0;
  for (size_t i = 0; i < count; i++) bytes += parts[i].bytes;
  put_le(writer, bytes, 8);
  for (size_t i = 0; i < count; i++) put(writer, parts[i].text, parts[i].bytes);
}

void gguf_put_strings(gguf_writer *writer, const char *key, const char *const *values,
                      size_t count) {
  gguf_begin_texts(writer, key, count);
  for (size_t i = 0; i < count; i++) put_text(writer, values[i]);
}

void gguf_put_texts(gguf_writer *writer, const char *key, const utf8_text *values, size_t count) {
  gguf_begin_texts(writer, key, count);
  for (size_t i = 0; i < count; i++) {
    put_le(writer, values[i].bytes, 8);
    put(writer, values[i].text, values[i].bytes);
  }
}

void gguf_put_entry(gguf_writer *writer, const gguf_entry *entry) {
  put_key_bytes(writer, entry->key, entry->type);
  if (entry->type == GGUF_ARRAY) {
    put_le(writer, (uint64_t)entry->element, 4);
    put_le(writer, entry->count, 8);
  }
  put(writer, entry->data, entry->bytes);
}

/* Counts the tensor in; the status says what is wrong with it. */
static rc_status admit_tensor(gguf_writer *writer, const char *name, gguf_tensor_type type,
                              int dims, const uint64_t *shape, rc_error *error) {
  gguf_string string = {.text = name, .bytes = strlen(name)};
  uint64_t count, bytes, end;
  if (writer->keys_left > 0) {
    return rc_fail(error, RC_ERR_ARGUMENT, "tensor %s before %" PRIu64 " of the keys", name,
                   writer->keys_left);
  }
  if (writer->tensors_left == 0) {
    return rc_fail(error, RC_ERR_ARGUMENT, "tensor %s is one more than announced", name);
  }
  if (string.bytes == 0 || string.bytes > GGUF_NAME_MAX) {
    return rc_fail(error, RC_ERR_ARGUMENT, "a tensor's name of %zu bytes, allowed are 1 to %d",
                   string.bytes, GGUF_NAME_MAX);
  }
  RC_TRY(gguf_shape_count(string, (uint32_t)dims, shape, &count, error));
  RC_TRY(gguf_type_bytes(string, (uint32_t)type, shape[0], count, &bytes, error));
  if (!add_fits(writer->offset, bytes, &end) || !pad_fits(end, &writer->offset)) {
    return rc_fail(error, RC_ERR_ARGUMENT, "tensor %s has an end that overflows", name);
  }
  writer->tensors[writer->tensor_count].type = type;
  writer->tensors[writer->tensor_count].count = count;
  writer->tensors[writer->tensor_count].row = shape[0];
  writer->tensors[writer->tensor_count++].bytes = bytes;
  writer->tensors_left--;
  return RC_OK;
}

void gguf_put_tensor(gguf_writer *writer, const char *name, gguf_tensor_type type, int dims,
                     const uint64_t *shape) {
  if (writer->status != RC_OK) return;
  uint64_t offset = writer->offset;
  if (admit_tensor(writer, name, type, dims, shape, &writer->error) != RC_OK) {
    writer->status = RC_ERR_ARGUMENT;
    return;
  }
  put_text(writer, name);
  put_le(writer, (uint64_t)dims, 4);
  for (int i = 0; i < dims; i++) put_le(writer, shape[i], 8);
  put_le(writer, (uint64_t)type, 4);
  put_le(writer, offset, 8);
}

static void put_f32(gguf_writer *writer, const float *values, uint64_t count) {
  for (uint64_t i = 0; i < count; i++) {
    if (!isfinite(values[i])) {
      FAIL(writer, RC_ERR_RANGE, "tensor %d: element %" PRIu64 " is not finite", writer->data_count,
           i);
    }
    put_bits(writer, &values[i], 4);
  }
}

/* A half that stands for a finite value, or RC_ERR_RANGE. */
static uint16_t half_checked(gguf_writer *writer, float value, uint64_t index) {
  uint16_t half = half_from_float(value);
  if ((half & 0x7C00) == 0x7C00) {
    FAIL(writer, RC_ERR_RANGE, "tensor %d: %g at element %" PRIu64 " does not fit into 16 bits",
         writer->data_count, (double)value, index);
  }
  return half;
}

static void put_f16(gguf_writer *writer, const float *values, uint64_t count) {
  for (uint64_t i = 0; i < count; i++) put_le(writer, half_checked(writer, values[i], i), 2);
}

/* max |x|, or NaN if there is one */
static float largest_of(const float *values, uint64_t count) {
  float largest = 0;
  for (uint64_t i = 0; i < count && !isnan(largest); i++) {
    if (!(fabsf(values[i]) <= largest)) largest = fabsf(values[i]);
  }
  return largest;
}

/* q = round(x inverse), halves away from zero, behind its scale */
static void put_q8_block(gguf_writer *writer, uint16_t half, float inverse, const float *values) {
  uint8_t q[GGUF_BLOCK] = {0};
  for (int i = 0; writer->status == RC_OK && i < GGUF_BLOCK; i++) {
    q[i] = (uint8_t)(int)fmaxf(fminf(roundf(values[i] * inverse), 127), -127);
  }
  put_le(writer, half, 2);
  put(writer, q, sizeof q);
}

/* d = max |x| / 127, q = round(x / d), as ggml does it: q by the unrounded d. Where d vanishes as a
 * half, so do the values. */
static void put_q8(gguf_writer *writer, const float *values, uint64_t count) {
  for (uint64_t i = 0; i < count; i += GGUF_BLOCK) {
    float d = largest_of(values + i, GGUF_BLOCK) / 127;
    uint16_t half = half_checked(writer, d, i);
    put_q8_block(writer, half, half_to_float(half) > 0 ? 1 / d : 0, values + i);
  }
}

static void put_q8_by_row(gguf_writer *writer, const float *values, uint64_t count, uint64_t row,
                          gguf_row_scale *scale) {
  for (uint64_t i = 0; i < count; i += row) {
    const float largest = largest_of(values + i, row);
    uint16_t half =
        half_checked(writer, isfinite(largest) ? scale((int)row, values + i) : largest, i);
    float inverse = half_to_float(half) > 0 ? 1 / half_to_float(half) : 0;
    for (uint64_t k = i; k < i + row; k += GGUF_BLOCK) {
      put_q8_block(writer, half, inverse, values + k);
    }
  }
}

/* Blocks whose numbers are all smaller have no d that is a half. */
static const float LEAST = 0x1p-28F;

/* A block in few bits, q in [-most - 1, most]. */
typedef struct small_block {
  float most, d;
  float q[GGUF_BLOCK]; /* whole numbers */
} small_block;

/* Sums of every eighth, which vector instructions add up as they stand. */
typedef struct eight_sums {
  float of[8];
} eight_sums;

static float total(const eight_sums *s) {
  float sum = 0;
  for (int k = 0; k < 8; k++) sum += s->of[k];
  return sum;
}

/* To the nearest whole number, to even from the middle; |x| below 2^22. */
static inline float nearest(float x) {
  const float shift = 0x1.8p23F;
  return (x + shift) - shift;
}

/* q = x / d rounded, and then the d that suits these q best: how much of the squares of x that
 * explains. */
static float fit_small(small_block *block, float d, const float *x) {
  const float inverse = 1 / d, least = -block->most - 1, most = block->most;
  eight_sums qx = {{0}}, qq = {{0}};
  for (int i = 0; i < GGUF_BLOCK; i += 8) {
    for (int k = 0; k < 8; k++) {
      float q = nearest(x[i + k] * inverse);
      q = q < least ? least : q;
      q = q > most ? most : q;
      block->q[i + k] = q;
      qx.of[k] += q * x[i + k];
      qq.of[k] += q * q;
    }
  }
  const float product = total(&qx), squares = total(&qq);
  block->d = squares > 0 ? product / squares : 0;
  return squares > 0 ? product * block->d : 0;
}

/* The number of the largest magnitude becomes about -most - 1, of which there is one more than of
 * positive ones; a little more or less may leave the others closer. */
static small_block best_small(gguf_tensor_type type, const float *x) {
  enum { TRIED = 7 }; /* on either side */
  const float most = type == GGUF_TENSOR_Q5_0 ? 15 : 7;
  float largest = 0, explained = 0;
  small_block best = {.most = most}, block = {.most = most};
  for (int i = 0; i < GGUF_BLOCK; i++) largest = fabsf(x[i]) > fabsf(largest) ? x[i] : largest;
  if (!(fabsf(largest) >= LEAST)) return best;
  for (int i = -TRIED; i <= TRIED; i++) {
    const float now = fit_small(&block, largest / (-most - 1 + 0.15F * (float)i), x);
    if (now > explained) {
      explained = now;
      best = block;
    }
  }
  return best;
}

static void put_small(gguf_writer *writer, const float *values, uint64_t count,
                      gguf_tensor_type type) {
  enum { HALF = GGUF_BLOCK / 2 };
  const bool fifth = type == GGUF_TENSOR_Q5_0;
  for (uint64_t i = 0; i < count && writer->status == RC_OK; i += GGUF_BLOCK) {
    const float largest = largest_of(values + i, GGUF_BLOCK);
    small_block block = {.d = largest};
    if (isfinite(largest)) block = best_small(type, values + i);
    put_le(writer, half_checked(writer, block.d, i), 2);
    uint32_t high = 0;
    uint8_t low[HALF] = {0};
    for (int k = 0; writer->status == RC_OK && k < GGUF_BLOCK; k++) {
      const uint32_t q = (uint32_t)(block.q[k] + block.most + 1);
      high |= (q >> 4 & 1) << k;
      low[k % HALF] |= (uint8_t)((q & 15) << (k < HALF ? 0 : 4));
    }
    if (fifth) put_le(writer, high, 4);
    put(writer, low, sizeof low);
  }
}

void gguf_round(gguf_tensor_type type, size_t count, const float *values, float *rounded) {
  for (size_t i = 0; i < count; i += GGUF_BLOCK) {
    const small_block block = best_small(type, values + i);
    const uint16_t half = half_from_float(block.d);
    const bool fits = (half & 0x7C00) != 0x7C00;
    const float d = half_to_float(half);
    for (int k = 0; k < GGUF_BLOCK; k++) {
      rounded[i + (size_t)k] = fits ? d * block.q[k] : values[i + (size_t)k];
    }
  }
}

/* What the calls for data take. */
typedef enum data_kind { FLOATS, SMALL, INTEGERS } data_kind;

static data_kind kind_of(gguf_tensor_type type) {
  const bool small = type == GGUF_TENSOR_Q4_0 || type == GGUF_TENSOR_Q5_0;
  return type == GGUF_TENSOR_I32 ? INTEGERS : small ? SMALL : FLOATS;
}

/* All infos are written and the next tensor's data may follow: its index, or -1. */
static int next_data(gguf_writer *writer, data_kind kind) {
  if (writer->keys_left > 0 || writer->tensors_left > 0) {
    FAIL(writer, RC_ERR_ARGUMENT, "data before the last of the keys and tensors");
  } else if (writer->data_count == writer->tensor_count) {
    FAIL(writer, RC_ERR_ARGUMENT, "data for more than the %d tensors", writer->tensor_count);
  } else if (kind_of(writer->tensors[writer->data_count].type) != kind) {
    FAIL(writer, RC_ERR_ARGUMENT, "tensor %d takes other data", writer->data_count);
  }
  if (writer->status != RC_OK) return -1;
  put_padding(writer);
  return writer->data_count;
}

static void put_floats(gguf_writer *writer, const float *values, gguf_row_scale *scale) {
  int i = next_data(writer, FLOATS);
  if (i < 0) return;
  uint64_t count = writer->tensors[i].count;
  if (writer->buffer == NULL) {
    writer->used += writer->tensors[i].bytes;
  } else if (writer->tensors[i].type == GGUF_TENSOR_F32) {
    put_f32(writer, values, count);
  } else if (writer->tensors[i].type == GGUF_TENSOR_F16) {
    put_f16(writer, values, count);
  } else if (scale != NULL) {
    put_q8_by_row(writer, values, count, writer->tensors[i].row, scale);
  } else {
    put_q8(writer, values, count);
  }
  put_padding(writer);
  writer->data_count++;
}

void gguf_put_data(gguf_writer *writer, const float *values) {
  put_floats(writer, values, NULL);
}

void gguf_put_data_by_row(gguf_writer *writer, const float *values, gguf_row_scale *scale) {
  put_floats(writer, values, scale);
}

/* Not one of the above, so that modules which write no such tensor do without. */
void gguf_put_data_small(gguf_writer *writer, const float *values) {
  int i = next_data(writer, SMALL);
  if (i < 0) return;
  if (writer->buffer == NULL) {
    writer->used += writer->tensors[i].bytes;
  } else {
    put_small(writer, values, writer->tensors[i].count, writer->tensors[i].type);
  }
  put_padding(writer);
  writer->data_count++;
}

void gguf_put_data_i32(gguf_writer *writer, const int32_t *values) {
  int i = next_data(writer, INTEGERS);
  if (i < 0) return;
  if (writer->buffer == NULL) writer->used += writer->tensors[i].bytes;
  for (uint64_t j = 0; writer->buffer != NULL && j < writer->tensors[i].count; j++) {
    put_bits(writer, &values[j], 4);
  }
  put_padding(writer);
  writer->data_count++;
}

void gguf_put_data_of(gguf_writer *writer, const gguf_tensor *tensor) {
  int i = next_data(writer, kind_of(tensor->type));
  if (i < 0) return;
  if (writer->tensors[i].type != tensor->type || writer->tensors[i].count != tensor->count) {
    FAIL(writer, RC_ERR_ARGUMENT, "tensor %d is not like the one that was read", i);
    return;
  }
  put(writer, tensor->data, tensor->bytes);
  put_padding(writer);
  writer->data_count++;
}

rc_status gguf_writer_end(gguf_writer *writer, size_t *size, rc_error *error) {
  if (writer->keys_left > 0 || writer->tensors_left > 0 ||
      writer->data_count < writer->tensor_count) {
    FAIL(writer, RC_ERR_ARGUMENT,
         "%" PRIu64 " keys, %" PRIu64 " tensors and the data of %d tensors are missing",
         writer->keys_left, writer->tensors_left, writer->tensor_count - writer->data_count);
  }
  put_padding(writer);
  if (writer->used > SIZE_MAX) FAIL(writer, RC_ERR_RANGE, "the file is too large for memory");
  if (writer->status != RC_OK) return rc_fail(error, writer->status, "%s", writer->error.text);
  *size = (size_t)writer->used;
  if (writer->buffer != NULL && writer->used > writer->capacity) {
    return rc_fail(error, RC_ERR_MEMORY, "the file takes %zu bytes, room is for %zu", *size,
                   writer->capacity);
  }
  return RC_OK;
}
