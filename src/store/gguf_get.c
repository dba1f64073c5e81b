#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "gguf_layout.h"
#include "half.h"

static bool string_is(gguf_string string, const char *text) {
  return strlen(text) == string.bytes && memcmp(text, string.text, string.bytes) == 0;
}

const gguf_entry *gguf_find(const gguf_file *file, const char *key) {
  for (int i = 0; i < file->entry_count; i++) {
    if (string_is(file->entries[i].key, key)) return &file->entries[i];
  }
  return NULL;
}

const gguf_tensor *gguf_find_tensor(const gguf_file *file, const char *name) {
  for (int i = 0; i < file->tensor_count; i++) {
    if (string_is(file->tensors[i].name, name)) return &file->tensors[i];
  }
  return NULL;
}

static float load_f32(const uint8_t *data) {
  uint32_t bits = (uint32_t)load_le(data, 4);
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static double load_f64(const uint8_t *data) {
  uint64_t bits = load_le(data, 8);
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static bool is_signed(gguf_type type) {
  return type == GGUF_I8 || type == GGUF_I16 || type == GGUF_I32 || type == GGUF_I64;
}

static bool is_integer(gguf_type type) {
  return is_signed(type) || type == GGUF_U8 || type == GGUF_U16 || type == GGUF_U32 ||
         type == GGUF_U64;
}

/* Sign-extended where the type is signed. */
static uint64_t load_integer(gguf_type type, const uint8_t *data) {
  int bytes = gguf_number_bytes(type);
  uint64_t value = load_le(data, bytes);
  if (!is_signed(type) || bytes == 8) return value;
  uint64_t sign = (uint64_t)1 << (8 * bytes - 1);
  return (value ^ sign) - sign;
}

double gguf_entry_number(const gguf_entry *entry) {
  if (entry->type == GGUF_F32) return load_f32(entry->data);
  if (entry->type == GGUF_F64) return load_f64(entry->data);
  if (is_signed(entry->type)) return (double)(int64_t)load_integer(entry->type, entry->data);
  return is_integer(entry->type) || entry->type == GGUF_BOOL
             ? (double)load_integer(entry->type, entry->data)
             : 0;
}

static gguf_string load_string(const uint8_t *data) {
  return (gguf_string){.text = (const char *)data + 8, .bytes = (size_t)load_le(data, 8)};
}

gguf_string gguf_entry_string(const gguf_entry *entry) {
  if (entry->type != GGUF_STRING) return (gguf_string){.text = "", .bytes = 0};
  return load_string(entry->data);
}

bool gguf_next(const gguf_entry *entry, gguf_value *value) {
  if (value->number == entry->count) return false;
  gguf_type type = entry->element;
  const uint8_t *data = value->number == 0 ? entry->data : value->next;
  value->type = type;
  value->number++;
  if (type == GGUF_STRING) {
    value->string = load_string(data);
    value->next = data + 8 + value->string.bytes;
    return true;
  }
  value->next = data + gguf_number_bytes(type);
  if (type == GGUF_F32) {
    value->real = load_f32(data);
  } else if (type == GGUF_F64) {
    value->real = load_f64(data);
  } else if (is_signed(type)) {
    value->integer = (int64_t)load_integer(type, data);
  } else {
    value->whole = load_integer(type, data);
  }
  return true;
}

static rc_status find_entry(const gguf_file *file, const char *key, const gguf_entry **entry,
                            rc_error *error) {
  *entry = gguf_find(file, key);
  if (*entry != NULL) return RC_OK;
  return rc_fail(error, RC_ERR_FORMAT, "key %s is missing", key);
}

rc_status gguf_get_int(const gguf_file *file, const char *key, int64_t low, int64_t high,
                       int64_t *value, rc_error *error) {
  const gguf_entry *entry;
  RC_TRY(find_entry(file, key, &entry, error));
  if (!is_integer(entry->type)) {
    return rc_fail(error, RC_ERR_FORMAT, "key %s is not an integer", key);
  }
  uint64_t bits = load_integer(entry->type, entry->data);
  if (entry->type == GGUF_U64 && bits > INT64_MAX) {
    return rc_fail(error, RC_ERR_RANGE,
                   "key %s is %" PRIu64 ", allowed are %" PRId64 " to %" PRId64, key, bits, low,
                   high);
  }
  int64_t number = (int64_t)bits;
  if (number < low || number > high) {
    return rc_fail(error, RC_ERR_RANGE,
                   "key %s is %" PRId64 ", allowed are %" PRId64 " to %" PRId64, key, number, low,
                   high);
  }
  *value = number;
  return RC_OK;
}

rc_status gguf_get_float(const gguf_file *file, const char *key, double *value, rc_error *error) {
  const gguf_entry *entry;
  RC_TRY(find_entry(file, key, &entry, error));
  if (entry->type != GGUF_F32 && entry->type != GGUF_F64) {
    return rc_fail(error, RC_ERR_FORMAT, "key %s is not a float", key);
  }
  double number = gguf_entry_number(entry);
  if (!isfinite(number)) return rc_fail(error, RC_ERR_FORMAT, "key %s is not finite", key);
  *value = number;
  return RC_OK;
}

rc_status gguf_get_bool(const gguf_file *file, const char *key, bool *value, rc_error *error) {
  const gguf_entry *entry;
  RC_TRY(find_entry(file, key, &entry, error));
  if (entry->type != GGUF_BOOL) {
    return rc_fail(error, RC_ERR_FORMAT, "key %s is not a boolean", key);
  }
  *value = entry->data[0] == 1;
  return RC_OK;
}

rc_status gguf_get_string(const gguf_file *file, const char *key, gguf_string *value,
                          rc_error *error) {
  const gguf_entry *entry;
  RC_TRY(find_entry(file, key, &entry, error));
  if (entry->type != GGUF_STRING) {
    return rc_fail(error, RC_ERR_FORMAT, "key %s is not a string", key);
  }
  *value = gguf_entry_string(entry);
  return RC_OK;
}

rc_status gguf_get_strings(const gguf_file *file, const char *key, gguf_string *items,
                           size_t capacity, size_t *count, rc_error *error) {
  const gguf_entry *entry;
  RC_TRY(find_entry(file, key, &entry, error));
  if (entry->type != GGUF_ARRAY || entry->element != GGUF_STRING) {
    return rc_fail(error, RC_ERR_FORMAT, "key %s is not an array of strings", key);
  }
  if (entry->count > capacity) {
    return rc_fail(error, RC_ERR_RANGE, "key %s has %" PRIu64 " strings, room is for %zu", key,
                   entry->count, capacity);
  }
  const uint8_t *data = entry->data;
  for (size_t i = 0; i < (size_t)entry->count; i++) {
    items[i] = load_string(data);
    data += 8 + items[i].bytes;
  }
  *count = (size_t)entry->count;
  return RC_OK;
}

static rc_status check_count(const gguf_tensor *tensor, size_t count, rc_error *error) {
  if (tensor->count == count) return RC_OK;
  return rc_fail(error, RC_ERR_FORMAT, "tensor %.*s has %" PRIu64 " elements, expected are %zu",
                 gguf_shown(tensor->name), tensor->name.text, tensor->count, count);
}

/* Of Q8_0 whole bytes; else four bits of each number, and for Q5_0 before them a fifth of all. */
static void decode_block(gguf_tensor_type type, const uint8_t *block, float *values) {
  enum { HALF = GGUF_BLOCK / 2 };
  const float d = half_to_float((uint16_t)load_le(block, 2));
  const bool fifth = type == GGUF_TENSOR_Q5_0;
  const uint32_t high = (uint32_t)load_le(block + 2, 4);
  const uint8_t *low = block + (fifth ? 6 : 2);
  for (int i = 0; i < GGUF_BLOCK; i++) {
    int q = type == GGUF_TENSOR_Q8_0 ? (int8_t)low[i] : (low[i % HALF] >> i / HALF * 4 & 15) - 8;
    if (fifth) q += (int)(high >> i & 1) * 16 - 8;
    values[i] = d * (float)q;
  }
}

rc_status gguf_decode(const gguf_tensor *tensor, float *values, size_t count, rc_error *error) {
  RC_TRY(check_count(tensor, count, error));
  const uint8_t *data = tensor->data;
  if (tensor->type == GGUF_TENSOR_F32) {
    for (size_t i = 0; i < count; i++) values[i] = load_f32(data + 4 * i);
  } else if (tensor->type == GGUF_TENSOR_F16) {
    for (size_t i = 0; i < count; i++)
      values[i] = half_to_float((uint16_t)load_le(data + 2 * i, 2));
  } else if (gguf_block_bytes(tensor->type) > 0) {
    const size_t bytes = (size_t)gguf_block_bytes(tensor->type);
    for (size_t i = 0; i < count / GGUF_BLOCK; i++) {
      decode_block(tensor->type, data + bytes * i, values + GGUF_BLOCK * i);
    }
  } else {
    return rc_fail(error, RC_ERR_FORMAT, "tensor %.*s does not hold floats",
                   gguf_shown(tensor->name), tensor->name.text);
  }
  for (size_t i = 0; i < count; i++) {
    if (!isfinite(values[i])) {
      return rc_fail(error, RC_ERR_FORMAT, "tensor %.*s: element %zu is not finite",
                     gguf_shown(tensor->name), tensor->name.text, i);
    }
  }
  return RC_OK;
}

bool gguf_decode_int8(const gguf_tensor *tensor, int8_t *q, float *scales) {
  if (tensor->type != GGUF_TENSOR_Q8_0) return false;
  const uint64_t blocks = tensor->shape[0] / GGUF_BLOCK, rows = tensor->count / tensor->shape[0];
  const uint8_t *block = tensor->data;
  int lowest = 0;
  for (uint64_t row = 0; row < rows; row++) {
    const uint16_t first = (uint16_t)load_le(block, 2);
    scales[row] = half_to_float(first);
    if (!isfinite(scales[row])) return false;
    for (uint64_t i = 0; i < blocks; i++, block += 2 + GGUF_BLOCK, q += GGUF_BLOCK) {
      if ((uint16_t)load_le(block, 2) != first) return false;
      memcpy(q, block + 2, GGUF_BLOCK);
      for (int j = 0; j < GGUF_BLOCK; j++) lowest = q[j] < lowest ? q[j] : lowest;
    }
  }
  return lowest > INT8_MIN;
}

rc_status gguf_decode_i32(const gguf_tensor *tensor, int32_t *values, size_t count,
                          rc_error *error) {
  RC_TRY(check_count(tensor, count, error));
  if (tensor->type != GGUF_TENSOR_I32) {
    return rc_fail(error, RC_ERR_FORMAT, "tensor %.*s does not hold integers",
                   gguf_shown(tensor->name), tensor->name.text);
  }
  for (size_t i = 0; i < count; i++) {
    uint32_t bits = (uint32_t)load_le(tensor->data + 4 * i, 4);
    memcpy(&values[i], &bits, sizeof bits);
  }
  return RC_OK;
}
