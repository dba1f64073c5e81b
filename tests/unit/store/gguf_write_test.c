#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gguf.h"

enum { ROWS = 3, ROW = 64 };

static float ramp[ROWS * ROW];
static const int32_t integers[2] = {-5, INT32_MAX};

/* Every kind of key and tensor. */
static rc_status write_sample(uint8_t *buffer, size_t capacity, size_t *size, rc_error *error) {
  gguf_writer w = gguf_writer_begin(buffer, capacity, 12, 4);
  gguf_put_u32(&w, "u32", UINT32_MAX);
  gguf_put_u64(&w, "u64", UINT64_MAX);
  gguf_put_f32(&w, "f32", 0.1f);
  gguf_put_f64(&w, "f64", 0.1);
  gguf_put_bool(&w, "yes", true);
  gguf_put_bool(&w, "no", false);
  gguf_put_string(&w, "string", "caf\xC3\xA9");
  gguf_put_strings(&w, "strings", (const char *const[]){"", "a", "bc"}, 3);
  gguf_put_number(&w, "i8", GGUF_I8, &(int8_t){-128});
  gguf_put_number(&w, "i16", GGUF_I16, &(int16_t){-2});
  gguf_put_number(&w, "i64", GGUF_I64, &(int64_t){INT64_MIN});
  gguf_put_numbers(&w, "u16s", GGUF_U16, (const uint16_t[]){1, 0x203}, 2);
  gguf_put_tensor(&w, "f32", GGUF_TENSOR_F32, 1, (const uint64_t[]){7});
  gguf_put_tensor(&w, "f16", GGUF_TENSOR_F16, 2, (const uint64_t[]){ROW, ROWS});
  gguf_put_tensor(&w, "q8", GGUF_TENSOR_Q8_0, 2, (const uint64_t[]){ROW, ROWS});
  gguf_put_tensor(&w, "i32", GGUF_TENSOR_I32, 4, (const uint64_t[]){1, 2, 1, 1});
  gguf_put_data(&w, ramp);
  gguf_put_data(&w, ramp);
  gguf_put_data(&w, ramp);
  gguf_put_data_i32(&w, integers);
  return gguf_writer_end(&w, size, error);
}

static int fill(void **state) {
  (void)state;
  for (int i = 0; i < ROWS * ROW; i++) ramp[i] = (float)(i - 80) * 0.01f;
  return 0;
}

static uint8_t *sample(size_t *size) {
  assert_int_equal(write_sample(NULL, 0, size, NULL), RC_OK);
  uint8_t *bytes = malloc(*size);
  assert_non_null(bytes);
  size_t written = 0;
  assert_int_equal(write_sample(bytes, *size, &written, NULL), RC_OK);
  assert_int_equal(written, *size);
  return bytes;
}

/* The value of an entry that has one. */
static gguf_value only_value(const gguf_file *file, const char *key) {
  const gguf_entry *entry = gguf_find(file, key);
  gguf_value value = {0}, end;
  assert_non_null(entry);
  assert_true(gguf_next(entry, &value));
  end = value;
  assert_false(gguf_next(entry, &end));
  assert_ptr_equal(value.next, entry->data + entry->bytes);
  return value;
}

static void values_are_walked_exactly(void **state) {
  (void)state;
  size_t size;
  uint8_t *bytes = sample(&size);
  rc_arena arena;
  gguf_file file;
  assert_int_equal(arena_new(&arena, gguf_open_bytes(bytes, size), NULL), RC_OK);
  assert_int_equal(gguf_open(&file, bytes, size, &arena, NULL), RC_OK);
  assert_true(only_value(&file, "u64").whole == UINT64_MAX);
  assert_true(only_value(&file, "i64").integer == INT64_MIN);
  assert_true(only_value(&file, "i8").integer == -128);
  assert_true(only_value(&file, "f32").real == (double)0.1f);
  assert_true(only_value(&file, "f64").real == 0.1);
  assert_int_equal(only_value(&file, "yes").type, GGUF_BOOL);
  assert_true(only_value(&file, "yes").whole == 1);
  assert_int_equal(only_value(&file, "string").string.bytes, 5);

  static const char *const texts[] = {"", "a", "bc"};
  const gguf_entry *entry = gguf_find(&file, "strings");
  for (gguf_value v = {0}; gguf_next(entry, &v);) {
    assert_int_equal(v.type, GGUF_STRING);
    const char *text = texts[v.number - 1];
    assert_int_equal(v.string.bytes, strlen(text));
    assert_memory_equal(v.string.text, text, v.string.bytes);
    if (v.number == 3) assert_ptr_equal(v.next, entry->data + entry->bytes);
  }
  uint64_t sum = 0;
  for (gguf_value v = {0}; gguf_next(gguf_find(&file, "u16s"), &v);) sum = 0x10000 * sum + v.whole;
  assert_true(sum == 0x10203);
  arena_free(&arena);
  free(bytes);
}

static void what_is_written_is_read(void **state) {
  (void)state;
  size_t size;
  uint8_t *bytes = sample(&size);
  assert_int_equal(size % GGUF_ALIGNMENT, 0);
  rc_arena arena;
  rc_error error = {""};
  gguf_file file;
  assert_int_equal(arena_new(&arena, gguf_open_bytes(bytes, size), NULL), RC_OK);
  if (gguf_open(&file, bytes, size, &arena, &error) != RC_OK) fail_msg("%s", error.text);

  int64_t integer;
  double number;
  bool flag;
  gguf_string string, items[3];
  size_t count;
  assert_int_equal(gguf_get_int(&file, "u32", 0, UINT32_MAX, &integer, NULL), RC_OK);
  assert_true(integer == UINT32_MAX);
  assert_int_equal(gguf_get_int(&file, "u64", 0, INT64_MAX, &integer, &error), RC_ERR_RANGE);
  assert_non_null(strstr(error.text, "18446744073709551615"));
  assert_int_equal(gguf_get_int(&file, "i8", -128, 0, &integer, NULL), RC_OK);
  assert_int_equal(integer, -128);
  assert_true(gguf_entry_number(gguf_find(&file, "i16")) == -2);
  assert_int_equal(gguf_get_int(&file, "i64", INT64_MIN, 0, &integer, NULL), RC_OK);
  assert_true(integer == INT64_MIN);
  assert_int_equal(gguf_get_float(&file, "f32", &number, NULL), RC_OK);
  assert_true(number == (double)0.1f);
  assert_int_equal(gguf_get_float(&file, "f64", &number, NULL), RC_OK);
  assert_true(number == 0.1);
  assert_int_equal(gguf_get_bool(&file, "yes", &flag, NULL), RC_OK);
  assert_true(flag);
  assert_int_equal(gguf_get_bool(&file, "no", &flag, NULL), RC_OK);
  assert_false(flag);
  assert_int_equal(gguf_get_string(&file, "string", &string, NULL), RC_OK);
  assert_int_equal(string.bytes, 5);
  assert_memory_equal(string.text, "caf\xC3\xA9", 5);
  assert_int_equal(gguf_get_strings(&file, "strings", items, 3, &count, NULL), RC_OK);
  assert_int_equal(count, 3);
  assert_int_equal(items[0].bytes, 0);
  assert_memory_equal(items[2].text, "bc", 2);
  const gguf_entry *u16s = gguf_find(&file, "u16s");
  assert_int_equal(u16s->count, 2);
  assert_memory_equal(u16s->data, "\1\0\3\2", 4);

  assert_int_equal(file.tensor_count, 4);
  static float values[ROWS * ROW];
  assert_int_equal(gguf_decode(&file.tensors[0], values, 7, NULL), RC_OK);
  assert_memory_equal(values, ramp, 7 * sizeof *ramp);
  assert_int_equal(gguf_decode(&file.tensors[1], values, ROWS * ROW, NULL), RC_OK);
  for (int i = 0; i < ROWS * ROW; i++) {
    assert_true(fabsf(values[i] - ramp[i]) <= fabsf(ramp[i]) * 0x1p-11f);
  }
  /* half a step of the largest, 0.63 to 1.11 in these blocks, and the rounding of d to a half */
  assert_int_equal(gguf_decode(&file.tensors[2], values, ROWS * ROW, NULL), RC_OK);
  for (int i = 0; i < ROWS * ROW; i++) assert_true(fabsf(values[i] - ramp[i]) <= 0.0051f);
  int32_t read[2];
  assert_int_equal(gguf_decode_i32(&file.tensors[3], read, 2, NULL), RC_OK);
  assert_memory_equal(read, integers, sizeof integers);
  arena_free(&arena);
  free(bytes);
}

static void entries_are_copied_as_they_are(void **state) {
  (void)state;
  size_t size, keys = 0, copied;
  uint8_t *bytes = sample(&size);
  rc_arena arena;
  gguf_file file;
  assert_int_equal(arena_new(&arena, gguf_open_bytes(bytes, size), NULL), RC_OK);
  assert_int_equal(gguf_open(&file, bytes, size, &arena, NULL), RC_OK);
  uint8_t *copy = calloc(size, 1);
  assert_non_null(copy);
  gguf_writer w = gguf_writer_begin(copy, size, (uint64_t)file.entry_count, 0);
  for (int i = 0; i < file.entry_count; i++) gguf_put_entry(&w, &file.entries[i]);
  keys = (size_t)w.used;
  assert_int_equal(gguf_writer_end(&w, &copied, NULL), RC_OK);
  /* All but the header's number of tensors. */
  assert_memory_equal(copy, bytes, 8);
  assert_memory_equal(copy + 16, bytes + 16, keys - 16);
  free(copy);
  arena_free(&arena);
  free(bytes);
}

static void truncation_anywhere_is_refused(void **state) {
  (void)state;
  size_t size;
  uint8_t *bytes = sample(&size);
  for (size_t cut = 0; cut < size; cut++) {
    uint8_t *part = malloc(cut + (cut == 0));
    assert_non_null(part);
    memcpy(part, bytes, cut);
    rc_arena arena;
    gguf_file file;
    assert_int_equal(arena_new(&arena, gguf_open_bytes(part, cut), NULL), RC_OK);
    assert_int_equal(gguf_open(&file, part, cut, &arena, NULL), RC_ERR_FORMAT);
    arena_free(&arena);
    free(part);
  }
  free(bytes);
}

static void a_small_buffer_is_never_overrun(void **state) {
  (void)state;
  size_t size;
  free(sample(&size));
  for (size_t capacity = 1; capacity < size; capacity += 13) {
    uint8_t *bytes = malloc(capacity);
    assert_non_null(bytes);
    size_t needed = 0;
    assert_int_equal(write_sample(bytes, capacity, &needed, NULL), RC_ERR_MEMORY);
    assert_int_equal(needed, size);
    free(bytes);
  }
}

/* The bytes of a file with one tensor of a row of 32. */
static rc_status write_one(gguf_tensor_type type, const float *values, uint8_t *bytes,
                           size_t capacity, rc_error *error) {
  size_t size;
  gguf_writer w = gguf_writer_begin(bytes, capacity, 0, 1);
  gguf_put_tensor(&w, "t", type, 1, (const uint64_t[]){32});
  const bool small = type == GGUF_TENSOR_Q4_0 || type == GGUF_TENSOR_Q5_0;
  (small ? gguf_put_data_small : gguf_put_data)(&w, values);
  return gguf_writer_end(&w, &size, error);
}

/* Made with NumPy: x = numpy.arange(-16, 16, dtype='f4') * numpy.float32(0.1), d = 1.6 / 127,
 * numpy.float16(d) = 0x2273, q = numpy.rint(x / d). */
static void q8_blocks_are_ggmls(void **state) {
  (void)state;
  static const int8_t golden[32] = {-127, -119, -111, -103, -95, -87, -79, -71, -64, -56, -48,
                                    -40,  -32,  -24,  -16,  -8,  0,   8,   16,  24,  32,  40,
                                    48,   56,   64,   71,   79,  87,  95,  103, 111, 119};
  float values[32];
  uint8_t bytes[256];
  for (int i = 0; i < 32; i++) values[i] = (float)(i - 16) * 0.1f;
  assert_int_equal(write_one(GGUF_TENSOR_Q8_0, values, bytes, sizeof bytes, NULL), RC_OK);
  assert_memory_equal(bytes + 64, "\x73\x22", 2);
  assert_memory_equal(bytes + 66, golden, 32);

  /* d = 1: halves go away from zero */
  for (int i = 0; i < 32; i++) values[i] = (float)i - 15.5f;
  values[0] = -127;
  assert_int_equal(write_one(GGUF_TENSOR_Q8_0, values, bytes, sizeof bytes, NULL), RC_OK);
  assert_memory_equal(bytes + 64, "\x00\x3C\x81\xF1", 4); /* 1.0, -127, -15 */
  assert_int_equal(bytes[66 + 15], 0xFF);                 /* -0.5 */
  assert_int_equal(bytes[66 + 16], 1);                    /* 0.5 */

  /* values too small for their d to be a half vanish */
  for (int i = 0; i < 32; i++) values[i] = 1e-40f;
  assert_int_equal(write_one(GGUF_TENSOR_Q8_0, values, bytes, sizeof bytes, NULL), RC_OK);
  for (int i = 0; i < 34; i++) assert_int_equal(bytes[64 + i], 0);
}

/* A block of [32] values as it is written in few bits and read again. */
static void reread(gguf_tensor_type type, const float *values, float *decoded) {
  uint8_t bytes[256];
  gguf_file file;
  rc_arena tables;
  assert_int_equal(write_one(type, values, bytes, sizeof bytes, NULL), RC_OK);
  const size_t size = 96; /* 64, and a block, padded */
  assert_int_equal(arena_new(&tables, gguf_open_bytes(bytes, size), NULL), RC_OK);
  assert_int_equal(gguf_open(&file, bytes, size, &tables, NULL), RC_OK);
  assert_int_equal(gguf_decode(&file.tensors[0], decoded, 32, NULL), RC_OK);
  arena_free(&tables);
}

/* What has few steps is exact, in any order; what is too small for a scale vanishes. */
static void few_bits_keep_what_they_can(void **state) {
  (void)state;
  float values[32], decoded[32];
  for (int bits = 4; bits <= 5; bits++) {
    const gguf_tensor_type type = bits == 4 ? GGUF_TENSOR_Q4_0 : GGUF_TENSOR_Q5_0;
    const int steps = 1 << (bits - 1);
    for (int sign = -1; sign <= 1; sign += 2) {
      for (int i = 0; i < 32; i++) {
        values[i] = 0.25f * (float)(sign * (i * 7 % (2 * steps) - steps));
      }
      reread(type, values, decoded);
      for (int i = 0; i < 32; i++) assert_true(decoded[i] == values[i]);
    }
    for (int i = 0; i < 32; i++) values[i] = i % 2 == 0 ? 1e-40f : -1e-38f;
    reread(type, values, decoded);
    for (int i = 0; i < 32; i++) assert_true(decoded[i] == 0);
    for (int i = 0; i < 32; i++) values[i] = (float)(i * 37 % 101 - 50) * 0.013f;
    float rounded[32];
    reread(type, values, decoded);
    gguf_round(type, 32, values, rounded);
    assert_memory_equal(rounded, decoded, sizeof rounded);
    values[7] = 1e9f; /* no scale of 16 bits is so large */
    gguf_round(type, 32, values, rounded);
    assert_memory_equal(rounded, values, sizeof rounded);
  }
}

static float twice_the_least(int columns, const float *row) {
  float largest = 0;
  for (int i = 0; i < columns; i++) largest = fmaxf(largest, fabsf(row[i]));
  return largest / 127 * 2;
}

/* A matrix whose rows have one d each comes back in int8 as it lies; any other does not. */
static void int8_rows_are_read_as_they_lie(void **state) {
  (void)state;
  enum { COUNT = ROWS * ROW };
  float values[COUNT], decoded[COUNT], scales[ROWS];
  int8_t q[COUNT];
  for (int i = 0; i < COUNT; i++) {
    const int row = i / ROW; /* the last is all zeros */
    values[i] = row == 2 ? 0 : (float)(i * 37 % 101 - 50) * (row == 0 ? 0.01f : 3.0f);
  }
  uint8_t bytes[512];
  for (int by_row = 0; by_row < 2; by_row++) {
    size_t size;
    gguf_writer w = gguf_writer_begin(bytes, sizeof bytes, 0, 1);
    gguf_put_tensor(&w, "t", GGUF_TENSOR_Q8_0, 2, (const uint64_t[]){ROW, ROWS});
    if (by_row) {
      gguf_put_data_by_row(&w, values, twice_the_least);
    } else {
      values[0] = 7; /* one block of a row has another d */
      gguf_put_data(&w, values);
      values[0] = -0.5f;
    }
    assert_int_equal(gguf_writer_end(&w, &size, NULL), RC_OK);
    rc_arena tables;
    gguf_file file;
    assert_int_equal(arena_new(&tables, gguf_open_bytes(bytes, size), NULL), RC_OK);
    assert_int_equal(gguf_open(&file, bytes, size, &tables, NULL), RC_OK);
    const gguf_tensor *tensor = gguf_find_tensor(&file, "t");
    assert_int_equal(gguf_decode_int8(tensor, q, scales), by_row);
    assert_int_equal(gguf_decode(tensor, decoded, COUNT, NULL), RC_OK);
    for (int i = 0; i < COUNT && by_row; i++) {
      assert_true(decoded[i] == scales[i / ROW] * (float)q[i]);
      assert_true(fabsf(decoded[i] - values[i]) <= scales[i / ROW] * 0.51f && abs(q[i]) <= 64);
    }
    if (by_row) { /* the kernels know no -128 */
      bytes[(size_t)(tensor->data - bytes) + 2 + 5] = 0x80;
      assert_false(gguf_decode_int8(tensor, q, scales));
      bytes[(size_t)(tensor->data - bytes) + 1] = 0x7C; /* nor an infinite scale */
      assert_false(gguf_decode_int8(tensor, q, scales));
    }
    arena_free(&tables);
  }
}

static void values_that_do_not_fit_are_refused(void **state) {
  (void)state;
  static const struct {
    gguf_tensor_type type;
    float value;
    const char *message;
  } bad[] = {
      {GGUF_TENSOR_F32, NAN, "tensor 0: element 9 is not finite"},
      {GGUF_TENSOR_F32, -INFINITY, "tensor 0: element 9 is not finite"},
      {GGUF_TENSOR_F16, 65520, "tensor 0: 65520 at element 9 does not fit into 16 bits"},
      {GGUF_TENSOR_F16, NAN, "tensor 0: nan at element 9 does not fit into 16 bits"},
      {GGUF_TENSOR_Q5_0, NAN, "tensor 0: nan at element 0 does not fit into 16 bits"},
      {GGUF_TENSOR_Q4_0, INFINITY, "tensor 0: inf at element 0 does not fit into 16 bits"},
      {GGUF_TENSOR_Q4_0, -65536 * 9, "tensor 0: 73728 at element 0 does not fit into 16 bits"},
      {GGUF_TENSOR_Q8_0, NAN, "tensor 0: nan at element 0 does not fit into 16 bits"},
      {GGUF_TENSOR_Q8_0, INFINITY, "tensor 0: inf at element 0 does not fit into 16 bits"},
      {GGUF_TENSOR_Q8_0, 127 * 65520.0f, "tensor 0: 65520 at element 0 does not fit into 16 bits"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    float values[32] = {0};
    uint8_t bytes[256];
    rc_error error;
    values[9] = bad[i].value;
    assert_int_equal(write_one(bad[i].type, values, bytes, sizeof bytes, &error), RC_ERR_RANGE);
    assert_string_equal(error.text, bad[i].message);
  }
}

/* Each misuse, and what gguf_writer_end says. */
static void misuse_is_told_at_the_end(void **state) {
  (void)state;
  static const uint64_t shape[] = {32, 1, 1, 1, 1};
  for (int i = 0; i < 14; i++) {
    static const char *const messages[] = {
        "0 keys, 0 tensors and the data of 1 tensors are missing",
        "1 keys, 0 tensors and the data of 0 tensors are missing",
        "key k is one more than announced",
        "a key of 0 bytes, allowed are 1 to 65535",
        "tensor t before 1 of the keys",
        "tensor t is one more than announced",
        "a tensor's name of 65 bytes, allowed are 1 to 64",
        "tensor t has 5 dimensions, allowed are 1 to 4",
        "tensor t has unknown type 99",
        "data before the last of the keys and tensors",
        "data for more than the 0 tensors",
        "tensor 0 takes other data",
        "key k: type 8 is no number",
        "4097 keys and 0 tensors, allowed are 4096 and 512",
    };
    gguf_writer w =
        gguf_writer_begin(NULL, 0, i == 13 ? 4097 : i == 1 || i == 3 || i == 4 || i == 12,
                          i == 0 || (i >= 6 && i <= 9) || i == 11);
    if (i == 2) gguf_put_u32(&w, "k", 1);
    if (i == 3) gguf_put_u32(&w, "", 1);
    if (i == 0 || i == 4 || i == 5 || i == 11) gguf_put_tensor(&w, "t", GGUF_TENSOR_F32, 1, shape);
    if (i == 6) {
      char name[66];
      memset(name, 'n', 65);
      name[65] = '\0';
      gguf_put_tensor(&w, name, GGUF_TENSOR_F32, 1, shape);
    }
    if (i == 7) gguf_put_tensor(&w, "t", GGUF_TENSOR_F32, 5, shape);
    if (i == 8) gguf_put_tensor(&w, "t", (gguf_tensor_type)99, 1, shape);
    if (i == 9 || i == 10) gguf_put_data(&w, ramp);
    if (i == 11) gguf_put_data_i32(&w, integers);
    if (i == 12) gguf_put_number(&w, "k", GGUF_STRING, "x");
    rc_error error;
    size_t size;
    assert_int_equal(gguf_writer_end(&w, &size, &error), RC_ERR_ARGUMENT);
    assert_string_equal(error.text, messages[i]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_are_walked_exactly),
      cmocka_unit_test(what_is_written_is_read),
      cmocka_unit_test(entries_are_copied_as_they_are),
      cmocka_unit_test(truncation_anywhere_is_refused),
      cmocka_unit_test(a_small_buffer_is_never_overrun),
      cmocka_unit_test(q8_blocks_are_ggmls),
      cmocka_unit_test(few_bits_keep_what_they_can),
      cmocka_unit_test(int8_rows_are_read_as_they_lie),
      cmocka_unit_test(values_that_do_not_fit_are_refused),
      cmocka_unit_test(misuse_is_told_at_the_end),
  };
  return cmocka_run_group_tests(tests, fill, NULL);
}
