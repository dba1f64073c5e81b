#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gguf.h"
#include "gguf_cases.h"

/* An opened file with the arena of its tables and a copy of its bytes in a block of just their
 * size, so that the sanitizer sees every step outside. */
typedef struct opened {
  gguf_file file;
  rc_arena arena;
  uint8_t *bytes;
  rc_status status;
  rc_error error;
} opened;

static opened open_bytes(const uint8_t *bytes, size_t size) {
  opened o = {.error = {""}};
  o.bytes = malloc(size + (size == 0));
  assert_non_null(o.bytes);
  memcpy(o.bytes, bytes, size);
  assert_int_equal(arena_new(&o.arena, gguf_open_bytes(o.bytes, size), NULL), RC_OK);
  o.status = gguf_open(&o.file, o.bytes, size, &o.arena, &o.error);
  return o;
}

static void close_bytes(opened *o) {
  arena_free(&o->arena);
  free(o->bytes);
}

static gguf_bytes built(const char *name) {
  for (size_t i = 0; i < gguf_case_count; i++) {
    if (strcmp(gguf_cases[i].name, name) != 0) continue;
    gguf_bytes out = {.size = 0};
    gguf_cases[i].build(&out);
    return out;
  }
  fail_msg("no case %s", name);
  return (gguf_bytes){.size = 0};
}

static void each_hostile_file_has_its_message(void **state) {
  (void)state;
  for (size_t i = 0; i < gguf_case_count; i++) {
    const gguf_case *c = &gguf_cases[i];
    gguf_bytes bytes = {.size = 0};
    c->build(&bytes);
    opened o = open_bytes(bytes.data, bytes.size);
    if (c->message == NULL) {
      if (o.status != RC_OK) fail_msg("%s: %s", c->name, o.error.text);
    } else {
      if (o.status != RC_ERR_FORMAT) fail_msg("%s: status %d", c->name, (int)o.status);
      if (strcmp(o.error.text, c->message) != 0) fail_msg("%s: %s", c->name, o.error.text);
      assert_int_equal(o.file.entry_count + o.file.tensor_count, 0);
    }
    close_bytes(&o);
  }
}

static void truncation_anywhere_is_refused(void **state) {
  (void)state;
  for (size_t i = 0; i < gguf_case_count; i++) {
    if (gguf_cases[i].message != NULL) continue;
    gguf_bytes bytes = {.size = 0};
    gguf_cases[i].build(&bytes);
    for (size_t size = 0; size < bytes.size; size++) {
      opened o = open_bytes(bytes.data, size);
      if (o.status != RC_ERR_FORMAT) fail_msg("%s cut at %zu opens", gguf_cases[i].name, size);
      assert_memory_equal(o.error.text, "byte ", 5);
      close_bytes(&o);
    }
  }
}

static const uint8_t magic_and_version[8] = {'G', 'G', 'U', 'F', 3};

/* A file of `keys` keys "xxxx", numbered. */
static uint8_t *many_keys(uint32_t keys, size_t *size) {
  enum { EACH = 8 + 4 + 4 + 1 };
  *size = (24 + (size_t)keys * EACH + 31) / 32 * 32;
  uint8_t *bytes = calloc(*size, 1);
  assert_non_null(bytes);
  memcpy(bytes, magic_and_version, sizeof magic_and_version);
  for (int i = 0; i < 4; i++) bytes[16 + i] = (uint8_t)(keys >> (8 * i));
  for (uint32_t k = 0; k < keys; k++) {
    uint8_t *entry = bytes + 24 + (size_t)k * EACH;
    char name[9];
    snprintf(name, sizeof name, "%04x", k);
    entry[0] = 4;
    memcpy(entry + 8, name, 4);
  }
  return bytes;
}

static void keys_up_to_the_limit(void **state) {
  (void)state;
  size_t size;
  uint8_t *bytes = many_keys(GGUF_KEYS_MAX, &size);
  opened o = open_bytes(bytes, size);
  assert_int_equal(o.status, RC_OK);
  assert_int_equal(o.file.entry_count, GGUF_KEYS_MAX);
  assert_non_null(gguf_find(&o.file, "0fff"));
  close_bytes(&o);

  uint8_t *first = bytes + 24 + 8, *last = bytes + 24 + 4095 * 17 + 8;
  memcpy(last, first + 0x123 * 17, 4);
  o = open_bytes(bytes, size);
  assert_string_equal(o.error.text, "byte 69647: key 0123 occurs twice");
  close_bytes(&o);
  free(bytes);

  bytes = many_keys(GGUF_KEYS_MAX + 1, &size);
  o = open_bytes(bytes, size);
  assert_string_equal(o.error.text, "byte 16: 4097 keys, allowed are 4096");
  close_bytes(&o);
  free(bytes);
}

static void tensors_up_to_the_limit(void **state) {
  (void)state;
  size_t size;
  uint8_t *bytes = many_keys(2000, &size);
  memset(bytes + 16, 0, 4);
  bytes[8] = 1;
  bytes[9] = 2; /* 513 */
  opened o = open_bytes(bytes, size);
  assert_string_equal(o.error.text, "byte 8: 513 tensors, allowed are 512");
  close_bytes(&o);
  free(bytes);
}

static void a_long_key_is_refused(void **state) {
  (void)state;
  size_t size = 24 + 8 + 65536 + 4 + 4;
  uint8_t *bytes = calloc(size, 1);
  assert_non_null(bytes);
  memcpy(bytes, magic_and_version, sizeof magic_and_version);
  bytes[16] = 1;
  bytes[26] = 1;
  memset(bytes + 32, 'k', 65536);
  opened o = open_bytes(bytes, size);
  assert_string_equal(o.error.text, "byte 24: a key has 65536 bytes, allowed are 65535");
  close_bytes(&o);
  free(bytes);
}

static void a_small_arena_is_an_error(void **state) {
  (void)state;
  gguf_bytes bytes = built("tensors");
  rc_arena arena;
  rc_error error;
  gguf_file file;
  assert_int_equal(arena_new(&arena, gguf_open_bytes(bytes.data, bytes.size) - ARENA_MORE, NULL),
                   RC_OK);
  assert_int_equal(gguf_open(&file, bytes.data, bytes.size, &arena, &error), RC_ERR_MEMORY);
  assert_int_equal(file.entry_count + file.tensor_count, 0);
  arena_free(&arena);
}

static void values_of_every_type(void **state) {
  (void)state;
  gguf_bytes bytes = built("every_type");
  opened o = open_bytes(bytes.data, bytes.size);
  assert_int_equal(o.status, RC_OK);
  const gguf_file *f = &o.file;
  static const char *const integers[] = {"ka", "kb", "kc", "kd", "ke", "kf", "kk", "kl"};
  for (size_t i = 0; i < sizeof integers / sizeof *integers; i++) {
    int64_t value = 0;
    assert_int_equal(gguf_get_int(f, integers[i], 1, 1, &value, NULL), RC_OK);
    assert_int_equal(value, 1);
    assert_true(gguf_entry_number(gguf_find(f, integers[i])) == 1);
  }
  double number = 0;
  assert_int_equal(gguf_get_float(f, "kg", &number, NULL), RC_OK);
  assert_true(number == 0x1p-149); /* the float of bits 1 */
  assert_int_equal(gguf_get_float(f, "km", &number, NULL), RC_OK);
  assert_true(number == 0x1p-1074);
  bool flag = false;
  assert_int_equal(gguf_get_bool(f, "kh", &flag, NULL), RC_OK);
  assert_true(flag);
  gguf_string string;
  assert_int_equal(gguf_get_string(f, "ki", &string, NULL), RC_OK);
  assert_int_equal(string.bytes, 3);
  assert_memory_equal(string.text, "h\xC3\xA9", 3);
  close_bytes(&o);
}

static void typed_access_names_the_key(void **state) {
  (void)state;
  gguf_bytes bytes = built("every_type");
  opened o = open_bytes(bytes.data, bytes.size);
  rc_error error;
  int64_t integer;
  double number;
  bool flag;
  gguf_string string, items[2];
  size_t count = 0;
  assert_int_equal(gguf_get_int(&o.file, "zz", 0, 1, &integer, &error), RC_ERR_FORMAT);
  assert_string_equal(error.text, "key zz is missing");
  assert_int_equal(gguf_get_int(&o.file, "kg", 0, 1, &integer, &error), RC_ERR_FORMAT);
  assert_string_equal(error.text, "key kg is not an integer");
  assert_int_equal(gguf_get_int(&o.file, "ka", 2, 9, &integer, &error), RC_ERR_RANGE);
  assert_string_equal(error.text, "key ka is 1, allowed are 2 to 9");
  assert_int_equal(gguf_get_float(&o.file, "ka", &number, &error), RC_ERR_FORMAT);
  assert_string_equal(error.text, "key ka is not a float");
  assert_int_equal(gguf_get_bool(&o.file, "ka", &flag, &error), RC_ERR_FORMAT);
  assert_string_equal(error.text, "key ka is not a boolean");
  assert_int_equal(gguf_get_string(&o.file, "ka", &string, &error), RC_ERR_FORMAT);
  assert_string_equal(error.text, "key ka is not a string");
  assert_int_equal(gguf_get_strings(&o.file, "numbers", items, 2, &count, &error), RC_ERR_FORMAT);
  assert_string_equal(error.text, "key numbers is not an array of strings");
  assert_int_equal(gguf_get_strings(&o.file, "strings", items, 1, &count, &error), RC_ERR_RANGE);
  assert_string_equal(error.text, "key strings has 2 strings, room is for 1");
  assert_int_equal(gguf_get_strings(&o.file, "strings", items, 2, &count, &error), RC_OK);
  assert_int_equal(count, 2);
  assert_int_equal(items[0].bytes, 0);
  assert_memory_equal(items[1].text, "ab", 2);
  close_bytes(&o);
}

static void tensors_are_decoded(void **state) {
  (void)state;
  gguf_bytes bytes = built("tensors");
  opened o = open_bytes(bytes.data, bytes.size);
  assert_int_equal(o.status, RC_OK);
  rc_error error;
  float values[64];
  int32_t integers[1];
  const gguf_tensor *t = gguf_find_tensor(&o.file, "f16");
  assert_non_null(t);
  assert_int_equal(t->dims, 2);
  assert_int_equal(t->shape[0], 3);
  assert_int_equal(t->shape[1], 2);
  assert_int_equal(t->shape[3], 1);
  assert_int_equal((t->data - o.bytes) % GGUF_ALIGNMENT, 0);
  assert_int_equal(gguf_decode(t, values, 6, NULL), RC_OK);
  for (int i = 0; i < 6; i++) assert_true(values[i] == 1);
  assert_int_equal(gguf_decode(t, values, 5, &error), RC_ERR_FORMAT);
  assert_string_equal(error.text, "tensor f16 has 6 elements, expected are 5");

  t = gguf_find_tensor(&o.file, "q8"); /* d = 0x0101 = 257 * 2^-24, q = 1 */
  assert_int_equal(t->bytes, 68);
  assert_int_equal(gguf_decode(t, values, 64, NULL), RC_OK);
  for (int i = 0; i < 64; i++) assert_true(values[i] == 257 * 0x1p-24f);

  t = gguf_find_tensor(&o.file, "i32");
  assert_int_equal(gguf_decode(t, values, 1, &error), RC_ERR_FORMAT);
  assert_string_equal(error.text, "tensor i32 does not hold floats");
  assert_int_equal(gguf_decode_i32(t, integers, 1, NULL), RC_OK);
  assert_int_equal(integers[0], 7);
  assert_int_equal(gguf_decode_i32(gguf_find_tensor(&o.file, "f32"), integers, 3, &error),
                   RC_ERR_FORMAT);
  assert_null(gguf_find_tensor(&o.file, "f3"));
  close_bytes(&o);
}

static void values_that_are_not_finite_are_refused(void **state) {
  (void)state;
  static const struct {
    const char *name;
    size_t element, bytes_each, count;
    uint8_t bits[4];
  } bad[] = {{"f32", 1, 4, 3, {0, 0, 0x80, 0x7F}},
             {"f16", 5, 2, 6, {1, 0x7C}},
             {"q8", 0, 2, 64, {0, 0xFC}}};
  for (size_t i = 0; i < 3; i++) {
    gguf_bytes bytes = built("tensors");
    opened o = open_bytes(bytes.data, bytes.size);
    rc_error error;
    float values[64];
    const gguf_tensor *t = gguf_find_tensor(&o.file, bad[i].name);
    size_t at = (size_t)(t->data - o.bytes) + bad[i].element * bad[i].bytes_each;
    memcpy(o.bytes + at, bad[i].bits, bad[i].bytes_each);
    assert_int_equal(gguf_decode(t, values, bad[i].count, &error), RC_ERR_FORMAT);
    char expected[64];
    snprintf(expected, sizeof expected, "tensor %s: element %zu is not finite", bad[i].name,
             bad[i].element);
    assert_string_equal(error.text, expected);
    close_bytes(&o);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_hostile_file_has_its_message),
      cmocka_unit_test(truncation_anywhere_is_refused),
      cmocka_unit_test(keys_up_to_the_limit),
      cmocka_unit_test(tensors_up_to_the_limit),
      cmocka_unit_test(a_long_key_is_refused),
      cmocka_unit_test(a_small_arena_is_an_error),
      cmocka_unit_test(values_of_every_type),
      cmocka_unit_test(typed_access_names_the_key),
      cmocka_unit_test(tensors_are_decoded),
      cmocka_unit_test(values_that_are_not_finite_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
