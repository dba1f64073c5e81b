#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "gguf.h"

/* Any bytes may be refused; what opens must be readable to the last byte, and only within them. */

static uint8_t touch(const void *bytes, size_t count) {
  uint8_t sum = 0;
  for (size_t i = 0; i < count; i++) sum ^= ((const uint8_t *)bytes)[i];
  return sum;
}

static uint8_t read_entry(const gguf_file *file, const gguf_entry *entry) {
  char key[64] = "";
  uint8_t sum = touch(entry->key.text, entry->key.bytes);
  sum ^= touch(entry->data, entry->bytes);
  FUZZ_CHECK(entry->key.bytes > 0);
  FUZZ_CHECK(entry->type == GGUF_ARRAY || entry->count == 1);
  gguf_string text = gguf_entry_string(entry);
  sum ^= touch(text.text, text.bytes) ^ (gguf_entry_number(entry) > 0);
  if (entry->key.bytes >= sizeof key) return sum;
  memcpy(key, entry->key.text, entry->key.bytes);
  FUZZ_CHECK(gguf_find(file, key) == entry);
  if (entry->type == GGUF_ARRAY && entry->element == GGUF_STRING && entry->count <= 100) {
    gguf_string items[100];
    size_t count;
    FUZZ_CHECK(gguf_get_strings(file, key, items, 100, &count, NULL) == RC_OK);
    FUZZ_CHECK(count == entry->count);
    for (size_t i = 0; i < count; i++) sum ^= touch(items[i].text, items[i].bytes);
  }
  return sum;
}

static void read_tensor(const uint8_t *data, size_t size, const gguf_tensor *tensor) {
  rc_error error;
  FUZZ_CHECK(tensor->data >= data && tensor->bytes <= size);
  FUZZ_CHECK((size_t)(tensor->data - data) <= size - tensor->bytes);
  FUZZ_CHECK((tensor->data - data) % GGUF_ALIGNMENT == 0);
  FUZZ_CHECK(tensor->count <= size); /* every type takes a byte and more for each element */
  void *values = malloc((size_t)tensor->count * sizeof(float));
  FUZZ_CHECK(values != NULL);
  if (tensor->type == GGUF_TENSOR_I32) {
    FUZZ_CHECK(gguf_decode_i32(tensor, values, (size_t)tensor->count, &error) == RC_OK);
  } else {
    (void)gguf_decode(tensor, values, (size_t)tensor->count, &error);
  }
  free(values);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static volatile uint8_t sink;
  rc_arena arena;
  rc_error error;
  gguf_file file;
  size_t bytes = gguf_open_bytes(data, size);
  FUZZ_CHECK(bytes <= 64 * size + 4096); /* no allocation out of proportion */
  FUZZ_CHECK(arena_new(&arena, bytes, &error) == RC_OK);
  if (gguf_open(&file, data, size, &arena, &error) == RC_OK) {
    for (int i = 0; i < file.entry_count; i++) sink ^= read_entry(&file, &file.entries[i]);
    for (int i = 0; i < file.tensor_count; i++) read_tensor(data, size, &file.tensors[i]);
  } else {
    FUZZ_CHECK(strncmp(error.text, "byte ", 5) == 0);
  }
  (void)sink;
  arena_free(&arena);
  return 0;
}
