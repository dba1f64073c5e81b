#include <inttypes.h>
#include <string.h>

#include "gguf_layout.h"
#include "utf8.h"

/* The bytes and how far they are read. */
typedef struct reader {
  const uint8_t *bytes;
  size_t size, at;
} reader;

typedef struct header {
  int tensors, keys;
} header;

/* What a key and a tensor take at least: an empty name's length and one byte, type and a byte;
 * likewise with a dimension and an offset. */
enum { ENTRY_BYTES_MIN = 8 + 1 + 4 + 1, INFO_BYTES_MIN = 8 + 1 + 4 + 8 + 4 + 8 };

static rc_status take(reader *in, uint64_t bytes, const char *what, const uint8_t **data,
                      rc_error *error) {
  size_t left = in->size - in->at;
  if (bytes > left) {
    rc_fail(error, RC_ERR_FORMAT, "byte %zu: %s needs %" PRIu64 " bytes, the file has %zu left",
            in->at, what, bytes, left);
    return RC_ERR_FORMAT; /* seen by compilers, which wonder whether *data is set */
  }
  *data = in->bytes + in->at;
  in->at += (size_t)bytes;
  return RC_OK;
}

static rc_status take_number(reader *in, int bytes, const char *what, uint64_t *value,
                             rc_error *error) {
  const uint8_t *data;
  RC_TRY(take(in, (uint64_t)bytes, what, &data, error));
  *value = load_le(data, bytes);
  return RC_OK;
}

static rc_status take_u32(reader *in, const char *what, uint32_t *value, rc_error *error) {
  uint64_t wide;
  RC_TRY(take_number(in, 4, what, &wide, error));
  *value = (uint32_t)wide;
  return RC_OK;
}

static rc_status take_string(reader *in, const char *what, gguf_string *string, rc_error *error) {
  uint64_t bytes;
  const uint8_t *data;
  RC_TRY(take_number(in, 8, what, &bytes, error));
  size_t start = in->at;
  RC_TRY(take(in, bytes, what, &data, error));
  *string = (gguf_string){.text = (const char *)data, .bytes = (size_t)bytes};
  for (size_t i = 0; i < string->bytes;) {
    uint32_t character;
    int length = utf8_decode(string->text + i, string->bytes - i, &character);
    if (length == 0) {
      return rc_fail(error, RC_ERR_FORMAT, "byte %zu: %s is not valid UTF-8 (0x%02X)", start + i,
                     what, (unsigned)data[i]);
    }
    if (character == 0) {
      return rc_fail(error, RC_ERR_FORMAT, "byte %zu: %s holds a NUL", start + i, what);
    }
    i += (size_t)length;
  }
  return RC_OK;
}

/* A key or a tensor's name: a string that is not empty and not too long. */
static rc_status take_name(reader *in, const char *what, size_t longest, gguf_string *name,
                           rc_error *error) {
  size_t start = in->at;
  RC_TRY(take_string(in, what, name, error));
  if (name->bytes == 0) return rc_fail(error, RC_ERR_FORMAT, "byte %zu: %s is empty", start, what);
  if (name->bytes > longest) {
    return rc_fail(error, RC_ERR_FORMAT, "byte %zu: %s has %zu bytes, allowed are %zu", start, what,
                   name->bytes, longest);
  }
  return RC_OK;
}

/* A count in the header, which is read whole: one that the rest of the file can hold. */
static rc_status check_count(const reader *in, size_t at, uint64_t count, const char *what,
                             size_t smallest, int limit, rc_error *error) {
  size_t left = in->size - in->at;
  if (count > left / smallest) {
    return rc_fail(error, RC_ERR_FORMAT, "byte %zu: %" PRIu64 " %s do not fit into %zu bytes", at,
                   count, what, left);
  }
  if (count > (uint64_t)limit) {
    return rc_fail(error, RC_ERR_FORMAT, "byte %zu: %" PRIu64 " %s, allowed are %d", at, count,
                   what, limit);
  }
  return RC_OK;
}

/* What hosts and checkouts give in the place of a file of weights. */
static const char *what_else(const uint8_t magic[4]) {
  if (magic[0] == '<') return ", but HTML";
  return memcmp(magic, "vers", 4) == 0 ? ", but a Git LFS pointer" : "";
}

static rc_status take_header(reader *in, header *out, rc_error *error) {
  const uint8_t *magic;
  uint32_t version;
  uint64_t tensors, keys;
  RC_TRY(take(in, 4, "the magic", &magic, error));
  if (memcmp(magic, "GGUF", 4) != 0) {
    return rc_fail(error, RC_ERR_FORMAT, "byte 0: not a GGUF file%s", what_else(magic));
  }
  RC_TRY(take_u32(in, "the version", &version, error));
  if (version == (uint32_t)GGUF_VERSION << 24) {
    return rc_fail(error, RC_ERR_FORMAT, "byte 4: big-endian GGUF is not supported");
  }
  if (version != GGUF_VERSION) {
    return rc_fail(error, RC_ERR_FORMAT, "byte 4: GGUF version %" PRIu32 ", supported is %d",
                   version, GGUF_VERSION);
  }
  RC_TRY(take_number(in, 8, "the number of tensors", &tensors, error));
  RC_TRY(take_number(in, 8, "the number of keys", &keys, error));
  RC_TRY(check_count(in, 8, tensors, "tensors", INFO_BYTES_MIN, GGUF_TENSORS_MAX, error));
  RC_TRY(check_count(in, 16, keys, "keys", ENTRY_BYTES_MIN, GGUF_KEYS_MAX, error));
  *out = (header){.tensors = (int)tensors, .keys = (int)keys};
  return RC_OK;
}

static rc_status take_strings(reader *in, uint64_t count, rc_error *error) {
  for (uint64_t i = 0; i < count; i++) {
    gguf_string string;
    RC_TRY(take_string(in, "a string", &string, error));
  }
  return RC_OK;
}

static rc_status take_numbers(reader *in, gguf_type type, uint64_t count, rc_error *error) {
  size_t start = in->at;
  const uint8_t *data;
  RC_TRY(take(in, count * (uint64_t)gguf_number_bytes(type), "a value", &data, error));
  for (uint64_t i = 0; type == GGUF_BOOL && i < count; i++) {
    if (data[i] > 1) {
      return rc_fail(error, RC_ERR_FORMAT, "byte %zu: a boolean is %d, allowed are 0 and 1",
                     start + (size_t)i, data[i]);
    }
  }
  return RC_OK;
}

static rc_status take_array_head(reader *in, gguf_entry *entry, rc_error *error) {
  size_t start = in->at;
  uint32_t element;
  RC_TRY(take_u32(in, "an array's type", &element, error));
  if (element == GGUF_ARRAY) {
    return rc_fail(error, RC_ERR_FORMAT, "byte %zu: an array of arrays is not supported", start);
  }
  if (element > GGUF_F64) {
    return rc_fail(error, RC_ERR_FORMAT, "byte %zu: unknown element type %" PRIu32, start, element);
  }
  entry->element = (gguf_type)element;
  RC_TRY(take_number(in, 8, "an array's length", &entry->count, error));
  size_t left = in->size - in->at;
  size_t smallest = element == GGUF_STRING ? 8 : (size_t)gguf_number_bytes(element);
  if (entry->count > left / smallest) {
    return rc_fail(error, RC_ERR_FORMAT,
                   "byte %zu: an array of %" PRIu64 " elements does not fit into %zu bytes",
                   in->at - 8, entry->count, left);
  }
  return RC_OK;
}

static rc_status take_entry(reader *in, gguf_entry *entry, rc_error *error) {
  uint32_t type;
  RC_TRY(take_name(in, "a key", GGUF_KEY_MAX, &entry->key, error));
  RC_TRY(take_u32(in, "a value's type", &type, error));
  if (type > GGUF_F64) {
    return rc_fail(error, RC_ERR_FORMAT, "byte %zu: key %.*s has unknown value type %" PRIu32,
                   in->at - 4, gguf_shown(entry->key), entry->key.text, type);
  }
  entry->type = entry->element = (gguf_type)type;
  entry->count = 1;
  if (type == GGUF_ARRAY) RC_TRY(take_array_head(in, entry, error));
  entry->data = in->bytes + in->at;
  if (entry->element == GGUF_STRING) {
    RC_TRY(take_strings(in, entry->count, error));
  } else {
    RC_TRY(take_numbers(in, entry->element, entry->count, error));
  }
  entry->bytes = (size_t)(in->bytes + in->at - entry->data);
  return RC_OK;
}

/* The tables of a file and the hash table that finds what occurs twice. */
typedef struct tables {
  gguf_entry *entries;
  gguf_tensor *tensors;
  uint16_t *slots; /* [slot_count] a power of two above both counts; 1 + index, 0 empty */
  size_t slot_count;
} tables;

/* The first of `count` names, `stride` bytes apart, that has occurred before; NULL if none has. The
 * hash table keeps a long list of keys from taking quadratic time. */
static const gguf_string *find_repeated(const void *names, size_t stride, int count,
                                        const tables *t) {
  memset(t->slots, 0, t->slot_count * sizeof *t->slots);
  for (int i = 0; i < count; i++) {
    const gguf_string *name = (const void *)((const char *)names + (size_t)i * stride);
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t j = 0; j < name->bytes; j++) {
      hash = (hash ^ (unsigned char)name->text[j]) * 16777619u;
    }
    size_t slot = hash & (t->slot_count - 1);
    for (; t->slots[slot] != 0; slot = (slot + 1) & (t->slot_count - 1)) {
      const gguf_string *other =
          (const void *)((const char *)names + (size_t)(t->slots[slot] - 1) * stride);
      if (other->bytes == name->bytes && memcmp(other->text, name->text, name->bytes) == 0) {
        return name;
      }
    }
    t->slots[slot] = (uint16_t)(i + 1);
  }
  return NULL;
}

static rc_status check_distinct(const reader *in, const char *what, const void *names,
                                size_t stride, int count, const tables *t, rc_error *error) {
  const gguf_string *twice = find_repeated(names, stride, count, t);
  if (twice == NULL) return RC_OK;
  return rc_fail(error, RC_ERR_FORMAT, "byte %zu: %s %.*s occurs twice",
                 (size_t)((const uint8_t *)twice->text - in->bytes), what, gguf_shown(*twice),
                 twice->text);
}

static rc_status check_alignment(const reader *in, const gguf_file *file, rc_error *error) {
  const gguf_entry *entry = gguf_find(file, "general.alignment");
  if (entry == NULL) return RC_OK;
  size_t at = (size_t)(entry->data - in->bytes);
  if (entry->type != GGUF_U32) {
    return rc_fail(error, RC_ERR_FORMAT, "byte %zu: general.alignment is not a u32", at);
  }
  uint32_t alignment = (uint32_t)load_le(entry->data, 4);
  if (alignment == GGUF_ALIGNMENT) return RC_OK;
  return rc_fail(error, RC_ERR_FORMAT,
                 "byte %zu: general.alignment is %" PRIu32 ", supported is %d", at, alignment,
                 GGUF_ALIGNMENT);
}

/* *next: where in the data section this tensor must start; moved to where the following must. */
static rc_status check_place(gguf_string name, uint64_t bytes, uint64_t offset, uint64_t *next,
                             rc_error *error) {
  int shown = gguf_shown(name);
  if (offset % GGUF_ALIGNMENT != 0) {
    return rc_fail(error, RC_ERR_FORMAT,
                   "tensor %.*s at offset %" PRIu64 ", which is not a multiple of %d", shown,
                   name.text, offset, GGUF_ALIGNMENT);
  }
  if (offset != *next) {
    return rc_fail(error, RC_ERR_FORMAT,
                   "tensor %.*s at offset %" PRIu64 " %s the one before, which ends at %" PRIu64,
                   shown, name.text, offset, offset < *next ? "overlaps" : "leaves a gap after",
                   *next);
  }
  uint64_t end;
  if (!add_fits(offset, bytes, &end) || !pad_fits(end, next)) {
    return rc_fail(error, RC_ERR_FORMAT, "tensor %.*s has a size that overflows", shown, name.text);
  }
  return RC_OK;
}

static rc_status measure(const reader *in, gguf_tensor *tensor, uint64_t offset, uint64_t *next,
                         rc_error *error) {
  uint64_t bytes;
  RC_TRY(gguf_type_bytes(tensor->name, (uint32_t)tensor->type, tensor->shape[0], tensor->count,
                         &bytes, error));
  RC_TRY(check_place(tensor->name, bytes, offset, next, error));
  if (bytes > in->size) {
    return rc_fail(error, RC_ERR_FORMAT, "tensor %.*s of %" PRIu64 " bytes is larger than the file",
                   gguf_shown(tensor->name), tensor->name.text, bytes);
  }
  tensor->bytes = (size_t)bytes;
  return RC_OK;
}

static rc_status take_info(reader *in, gguf_tensor *tensor, uint64_t *next, rc_error *error) {
  uint32_t dims, type;
  uint64_t offset;
  rc_error why;
  RC_TRY(take_name(in, "a tensor's name", GGUF_NAME_MAX, &tensor->name, error));
  size_t start = in->at;
  RC_TRY(take_u32(in, "a number of dimensions", &dims, error));
  for (uint32_t i = 0; i < GGUF_DIMS_MAX; i++) {
    tensor->shape[i] = 1;
    if (i < dims) RC_TRY(take_number(in, 8, "a dimension", &tensor->shape[i], error));
  }
  if (gguf_shape_count(tensor->name, dims, tensor->shape, &tensor->count, &why) != RC_OK) {
    return rc_fail(error, RC_ERR_FORMAT, "byte %zu: %s", start, why.text);
  }
  tensor->dims = (int)dims;
  start = in->at;
  RC_TRY(take_u32(in, "a tensor's type", &type, error));
  RC_TRY(take_number(in, 8, "a tensor's offset", &offset, error));
  tensor->type = (gguf_tensor_type)type;
  if (measure(in, tensor, offset, next, &why) != RC_OK) {
    return rc_fail(error, RC_ERR_FORMAT, "byte %zu: %s", start, why.text);
  }
  return RC_OK;
}

/* Zeros up to the next multiple of GGUF_ALIGNMENT. */
static rc_status take_padding(reader *in, rc_error *error) {
  size_t start = in->at;
  size_t bytes = (GGUF_ALIGNMENT - start % GGUF_ALIGNMENT) % GGUF_ALIGNMENT;
  const uint8_t *data;
  RC_TRY(take(in, bytes, "padding", &data, error));
  for (size_t i = 0; i < bytes; i++) {
    if (data[i] != 0) {
      return rc_fail(error, RC_ERR_FORMAT, "byte %zu: padding is not zero", start + i);
    }
  }
  return RC_OK;
}

static rc_status take_data(reader *in, gguf_tensor *tensor, rc_error *error) {
  RC_TRY(take(in, tensor->bytes, "a tensor's data", &tensor->data, error));
  return take_padding(in, error);
}

static tables lay_out(const header *counts, rc_arena *arena) {
  tables t = {.slot_count = 16};
  int most = counts->keys > counts->tensors ? counts->keys : counts->tensors;
  while (t.slot_count < 2 * (size_t)most) t.slot_count *= 2;
  t.entries = ARENA_ARRAY(arena, gguf_entry, (size_t)counts->keys);
  t.tensors = ARENA_ARRAY(arena, gguf_tensor, (size_t)counts->tensors);
  t.slots = ARENA_ARRAY(arena, uint16_t, t.slot_count);
  return t;
}

size_t gguf_open_bytes(const uint8_t *bytes, size_t size) {
  reader in = {.bytes = bytes, .size = size};
  header counts = {0};
  if (take_header(&in, &counts, NULL) != RC_OK) return 0;
  rc_arena arena = arena_measure();
  lay_out(&counts, &arena);
  return arena.used;
}

static rc_status take_entries(reader *in, gguf_file *file, const tables *t, int count,
                              rc_error *error) {
  file->entries = t->entries;
  for (; file->entry_count < count; file->entry_count++) {
    RC_TRY(take_entry(in, &file->entries[file->entry_count], error));
  }
  RC_TRY(check_distinct(in, "key", file->entries, sizeof *file->entries, count, t, error));
  return check_alignment(in, file, error);
}

static rc_status take_tensors(reader *in, gguf_file *file, const tables *t, int count,
                              rc_error *error) {
  uint64_t next = 0;
  file->tensors = t->tensors;
  for (; file->tensor_count < count; file->tensor_count++) {
    RC_TRY(take_info(in, &file->tensors[file->tensor_count], &next, error));
  }
  RC_TRY(check_distinct(in, "tensor", file->tensors, sizeof *file->tensors, count, t, error));
  RC_TRY(take_padding(in, error));
  for (int i = 0; i < count; i++) RC_TRY(take_data(in, &file->tensors[i], error));
  if (in->at == in->size) return RC_OK;
  return rc_fail(error, RC_ERR_FORMAT, "byte %zu: %zu bytes after the end of the data", in->at,
                 in->size - in->at);
}

static rc_status take_file(reader *in, gguf_file *file, rc_arena *arena, rc_error *error) {
  header counts = {0};
  RC_TRY(take_header(in, &counts, error));
  tables t = lay_out(&counts, arena);
  RC_TRY(arena_check(arena, "a weight file's tables", error));
  RC_TRY(take_entries(in, file, &t, counts.keys, error));
  return take_tensors(in, file, &t, counts.tensors, error);
}

rc_status gguf_open(gguf_file *file, const uint8_t *bytes, size_t size, rc_arena *arena,
                    rc_error *error) {
  reader in = {.bytes = bytes, .size = size};
  *file = (gguf_file){0};
  rc_status status = take_file(&in, file, arena, error);
  if (status != RC_OK) *file = (gguf_file){0};
  return status;
}
