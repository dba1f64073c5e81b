#include "gguf_cases.h"

#include <string.h>

#include "gguf.h"

static void put(gguf_bytes *out, const void *bytes, size_t count) {
  memcpy(out->data + out->size, bytes, count);
  out->size += count;
}

static void u8(gguf_bytes *out, unsigned value) {
  out->data[out->size++] = (uint8_t)value;
}

static void u32(gguf_bytes *out, uint32_t value) {
  for (int i = 0; i < 4; i++) u8(out, value >> (8 * i) & 0xFF);
}

static void u64(gguf_bytes *out, uint64_t value) {
  u32(out, (uint32_t)value);
  u32(out, (uint32_t)(value >> 32));
}

static void text(gguf_bytes *out, const char *string) {
  u64(out, strlen(string));
  put(out, string, strlen(string));
}

static void pad(gguf_bytes *out) {
  while (out->size % GGUF_ALIGNMENT != 0) u8(out, 0);
}

static void zeros(gguf_bytes *out, size_t count) {
  for (size_t i = 0; i < count; i++) u8(out, 0);
}

static void head(gguf_bytes *out, uint64_t tensors, uint64_t keys) {
  put(out, "GGUF", 4);
  u32(out, 3);
  u64(out, tensors);
  u64(out, keys);
}

/* Key and type: the value follows. The first key "k" starts at byte 24, its value at byte 37. */
static void key(gguf_bytes *out, const char *name, gguf_type type) {
  text(out, name);
  u32(out, (uint32_t)type);
}

static void array(gguf_bytes *out, const char *name, uint32_t element, uint64_t count) {
  key(out, name, GGUF_ARRAY);
  u32(out, element);
  u64(out, count);
}

/* The first tensor's info: name "t" at byte 24, dimensions at 33. */
static void info(gguf_bytes *out, const char *name, uint64_t rows, uint64_t row, uint32_t type,
                 uint64_t offset) {
  text(out, name);
  u32(out, rows == 0 ? 1 : 2);
  u64(out, row);
  if (rows != 0) u64(out, rows);
  u32(out, type);
  u64(out, offset);
}

/* Gives a file that is all header some bytes, so that its counts pass. */
static void room(gguf_bytes *out) {
  zeros(out, 128);
}

/* ---- files that open ---- */

static void empty(gguf_bytes *out) {
  head(out, 0, 0);
  pad(out);
}

static void every_type(gguf_bytes *out) {
  static const int sizes[] = {[GGUF_U8] = 1,  [GGUF_I8] = 1,  [GGUF_U16] = 2, [GGUF_I16] = 2,
                              [GGUF_U32] = 4, [GGUF_I32] = 4, [GGUF_F32] = 4, [GGUF_BOOL] = 1,
                              [GGUF_U64] = 8, [GGUF_I64] = 8, [GGUF_F64] = 8};
  head(out, 0, 15);
  for (unsigned type = GGUF_U8; type <= GGUF_F64; type++) {
    char name[3] = {'k', (char)('a' + type), '\0'};
    if (type == GGUF_ARRAY) continue;
    key(out, name, (gguf_type)type);
    if (type == GGUF_STRING) text(out, "h\xC3\xA9");
    for (int i = 0; type != GGUF_STRING && i < sizes[type]; i++) u8(out, i == 0);
  }
  array(out, "strings", GGUF_STRING, 2);
  text(out, "");
  text(out, "ab");
  array(out, "numbers", GGUF_U16, 3);
  zeros(out, 6);
  array(out, "none", GGUF_U8, 0);
  pad(out);
}

static void tensors(gguf_bytes *out) {
  head(out, 4, 1);
  key(out, "general.alignment", GGUF_U32);
  u32(out, 32);
  info(out, "f32", 0, 3, GGUF_TENSOR_F32, 0);
  info(out, "f16", 2, 3, GGUF_TENSOR_F16, 32);
  info(out, "q8", 2, 32, GGUF_TENSOR_Q8_0, 64);
  info(out, "i32", 1, 1, GGUF_TENSOR_I32, 160);
  pad(out);
  for (int i = 0; i < 3; i++) u32(out, 0x3F800000); /* 1.0f */
  pad(out);
  for (int i = 0; i < 3; i++) u32(out, 0x3C003C00); /* 1 as halves */
  pad(out);
  for (int i = 0; i < 68; i++) u8(out, 1);
  pad(out);
  u32(out, 7);
  pad(out);
}

static void four_dimensions(gguf_bytes *out) {
  head(out, 1, 0);
  text(out, "t");
  u32(out, 4);
  for (uint64_t size = 1; size <= 4; size++) u64(out, size);
  u32(out, GGUF_TENSOR_F16);
  u64(out, 0);
  pad(out);
  zeros(out, 48);
  pad(out);
}

/* ---- headers ---- */

static void wrong_magic(gguf_bytes *out) {
  empty(out);
  out->data[3] = 'G';
}

/* Instead of the file: the answer of a host that has none, and what a checkout without LFS has. */
static void html(gguf_bytes *out) {
  empty(out);
  memcpy(out->data, "<!DOCTYPE html>", 15);
}

static void lfs_pointer(gguf_bytes *out) {
  empty(out);
  memcpy(out->data, "version https://git-lfs", 23);
}

static void version_2(gguf_bytes *out) {
  empty(out);
  out->data[4] = 2;
}

static void big_endian(gguf_bytes *out) {
  empty(out);
  memcpy(out->data + 4, "\0\0\0\3", 4);
}

static void truncated_header(gguf_bytes *out) {
  empty(out);
  out->size = 20;
}

static void many_tensors(gguf_bytes *out) {
  head(out, UINT64_MAX, 0);
  room(out);
}

static void many_keys(gguf_bytes *out) {
  head(out, 0, (uint64_t)1 << 32);
  room(out);
}

/* ---- keys and values ---- */

static void huge_key(gguf_bytes *out) {
  head(out, 0, 1);
  u64(out, (uint64_t)1 << 33);
  room(out);
}

static void wrapping_key(gguf_bytes *out) {
  head(out, 0, 1);
  u64(out, UINT64_MAX);
  room(out);
}

static void empty_key(gguf_bytes *out) {
  head(out, 0, 1);
  text(out, "");
  room(out);
}

static void nul_in_key(gguf_bytes *out) {
  head(out, 0, 1);
  u64(out, 3);
  put(out, "a\0b", 3);
  room(out);
}

static void invalid_key(gguf_bytes *out) {
  head(out, 0, 1);
  key(out, "a\xC0\x80", GGUF_U8);
  room(out);
}

static void repeated_key(gguf_bytes *out) {
  head(out, 0, 3);
  for (int i = 0; i < 3; i++) {
    key(out, i == 1 ? "b" : "a", GGUF_U8);
    u8(out, 0);
  }
  pad(out);
}

static void unknown_value_type(gguf_bytes *out) {
  head(out, 0, 1);
  key(out, "k", (gguf_type)13);
  room(out);
}

static void huge_string(gguf_bytes *out) {
  head(out, 0, 1);
  key(out, "k", GGUF_STRING);
  u64(out, (uint64_t)1 << 30);
  room(out);
}

static void nul_in_string(gguf_bytes *out) {
  head(out, 0, 1);
  key(out, "k", GGUF_STRING);
  u64(out, 1);
  room(out);
}

static void surrogate_string(gguf_bytes *out) {
  head(out, 0, 1);
  key(out, "k", GGUF_STRING);
  text(out, "ok\xED\xA0\x80");
  room(out);
}

static void boolean_2(gguf_bytes *out) {
  head(out, 0, 1);
  key(out, "k", GGUF_BOOL);
  u8(out, 2);
  pad(out);
}

static void boolean_in_array(gguf_bytes *out) {
  head(out, 0, 1);
  array(out, "k", GGUF_BOOL, 3);
  u8(out, 1);
  u8(out, 0);
  u8(out, 255);
  pad(out);
}

static void nested_array(gguf_bytes *out) {
  head(out, 0, 1);
  array(out, "k", GGUF_ARRAY, 1);
  room(out);
}

static void unknown_element_type(gguf_bytes *out) {
  head(out, 0, 1);
  array(out, "k", 0x80000000u, 1);
  room(out);
}

static void huge_array(gguf_bytes *out) {
  head(out, 0, 1);
  array(out, "k", GGUF_F64, ((uint64_t)1 << 61) + 1); /* times 8 wraps to 8 */
  room(out);
}

static void huge_string_array(gguf_bytes *out) {
  head(out, 0, 1);
  array(out, "k", GGUF_STRING, 17); /* one more than empty strings would fit */
  room(out);
}

static void truncated_string_array(gguf_bytes *out) {
  head(out, 0, 1);
  array(out, "k", GGUF_STRING, 2);
  text(out, "first");
  u64(out, 100);
  zeros(out, 8);
}

static void alignment_64(gguf_bytes *out) {
  head(out, 0, 1);
  key(out, "general.alignment", GGUF_U32);
  u32(out, 64);
  pad(out);
}

static void alignment_0(gguf_bytes *out) {
  head(out, 0, 1);
  key(out, "general.alignment", GGUF_U32);
  u32(out, 0);
  pad(out);
}

static void alignment_text(gguf_bytes *out) {
  head(out, 0, 1);
  key(out, "general.alignment", GGUF_STRING);
  text(out, "32");
  pad(out);
}

/* ---- tensors ---- */

static void huge_name(gguf_bytes *out) {
  head(out, 1, 0);
  text(out, "a name of sixty-five bytes is one more than a name of a tensor has");
  room(out);
}

static void empty_name(gguf_bytes *out) {
  head(out, 1, 0);
  text(out, "");
  room(out);
}

static void nul_in_name(gguf_bytes *out) {
  head(out, 1, 0);
  u64(out, 2);
  put(out, "t\0", 2);
  room(out);
}

static void invalid_name(gguf_bytes *out) {
  head(out, 1, 0);
  text(out, "\xF5");
  room(out);
}

static void repeated_name(gguf_bytes *out) {
  head(out, 2, 0);
  info(out, "t", 0, 8, GGUF_TENSOR_F32, 0);
  info(out, "t", 0, 8, GGUF_TENSOR_F32, 32);
  pad(out);
  zeros(out, 64);
}

static void no_dimensions(gguf_bytes *out) {
  head(out, 1, 0);
  text(out, "t");
  u32(out, 0);
  room(out);
}

static void five_dimensions(gguf_bytes *out) {
  head(out, 1, 0);
  text(out, "t");
  u32(out, 5);
  room(out);
}

static void zero_dimension(gguf_bytes *out) {
  head(out, 1, 0);
  info(out, "t", 4, 0, GGUF_TENSOR_F32, 0);
  room(out);
}

static void wrapping_shape(gguf_bytes *out) {
  head(out, 1, 0);
  info(out, "t", (uint64_t)1 << 32, ((uint64_t)1 << 32) + 8, GGUF_TENSOR_F32, 0);
  room(out);
}

static void wrapping_size(gguf_bytes *out) {
  head(out, 1, 0);
  info(out, "t", 0, ((uint64_t)1 << 62) + 8, GGUF_TENSOR_F32, 0); /* times 4 wraps to 32 */
  room(out);
}

static void wrapping_padding(gguf_bytes *out) {
  head(out, 1, 0);
  info(out, "t", 0, ((uint64_t)1 << 62) - 1, GGUF_TENSOR_F32, 0);
  room(out);
}

static void wrapping_end(gguf_bytes *out) {
  head(out, 2, 0);
  info(out, "t", 0, 8, GGUF_TENSOR_F32, 0);
  info(out, "u", 0, ((uint64_t)1 << 62) - 8, GGUF_TENSOR_F32, 32); /* 32 + 2^64 - 32 wraps to 0 */
  room(out);
}

static void huge_tensor(gguf_bytes *out) {
  head(out, 1, 0);
  info(out, "t", 0, (uint64_t)1 << 40, GGUF_TENSOR_F32, 0);
  room(out);
}

static void unknown_tensor_type(gguf_bytes *out) {
  head(out, 1, 0);
  info(out, "t", 0, 8, 3, 0);
  room(out);
}

static void ragged_q8(gguf_bytes *out) {
  head(out, 1, 0);
  info(out, "t", 2, 48, GGUF_TENSOR_Q8_0, 0);
  room(out);
}

static void unaligned_offset(gguf_bytes *out) {
  head(out, 1, 0);
  info(out, "t", 0, 8, GGUF_TENSOR_F32, 16);
  room(out);
}

static void overlapping_tensors(gguf_bytes *out) {
  head(out, 2, 0);
  info(out, "t", 0, 16, GGUF_TENSOR_F32, 0);
  info(out, "u", 0, 16, GGUF_TENSOR_F32, 32);
  room(out);
}

static void gap_between_tensors(gguf_bytes *out) {
  head(out, 2, 0);
  info(out, "t", 0, 8, GGUF_TENSOR_F32, 0);
  info(out, "u", 0, 8, GGUF_TENSOR_F32, 64);
  room(out);
}

static void huge_offset(gguf_bytes *out) {
  head(out, 1, 0);
  info(out, "t", 0, 8, GGUF_TENSOR_F32, UINT64_MAX - 31);
  room(out);
}

static void truncated_data(gguf_bytes *out) {
  head(out, 1, 0);
  info(out, "t", 0, 8, GGUF_TENSOR_F32, 0);
  pad(out);
  zeros(out, 31);
}

static void missing_padding(gguf_bytes *out) {
  head(out, 1, 0);
  info(out, "t", 0, 7, GGUF_TENSOR_F32, 0);
  pad(out);
  zeros(out, 28);
}

static void filled_padding(gguf_bytes *out) {
  head(out, 1, 0);
  info(out, "t", 0, 7, GGUF_TENSOR_F32, 0);
  pad(out);
  zeros(out, 31);
  u8(out, 1);
}

static void filled_padding_of_keys(gguf_bytes *out) {
  head(out, 0, 0);
  pad(out);
  out->data[31] = 1;
}

static void trailing_bytes(gguf_bytes *out) {
  tensors(out);
  u8(out, 0);
}

#define CASE(name, message) \
  { #name, name, message }

const gguf_case gguf_cases[] = {
    CASE(empty, NULL),
    CASE(every_type, NULL),
    CASE(tensors, NULL),
    CASE(four_dimensions, NULL),

    CASE(wrong_magic, "byte 0: not a GGUF file"),
    CASE(html, "byte 0: not a GGUF file, but HTML"),
    CASE(lfs_pointer, "byte 0: not a GGUF file, but a Git LFS pointer"),
    CASE(version_2, "byte 4: GGUF version 2, supported is 3"),
    CASE(big_endian, "byte 4: big-endian GGUF is not supported"),
    CASE(truncated_header, "byte 16: the number of keys needs 8 bytes, the file has 4 left"),
    CASE(many_tensors, "byte 8: 18446744073709551615 tensors do not fit into 128 bytes"),
    CASE(many_keys, "byte 16: 4294967296 keys do not fit into 128 bytes"),

    CASE(huge_key, "byte 32: a key needs 8589934592 bytes, the file has 128 left"),
    CASE(wrapping_key, "byte 32: a key needs 18446744073709551615 bytes, the file has 128 left"),
    CASE(empty_key, "byte 24: a key is empty"),
    CASE(nul_in_key, "byte 33: a key holds a NUL"),
    CASE(invalid_key, "byte 33: a key is not valid UTF-8 (0xC0)"),
    CASE(repeated_key, "byte 60: key a occurs twice"),
    CASE(unknown_value_type, "byte 33: key k has unknown value type 13"),
    CASE(huge_string, "byte 45: a string needs 1073741824 bytes, the file has 128 left"),
    CASE(nul_in_string, "byte 45: a string holds a NUL"),
    CASE(surrogate_string, "byte 47: a string is not valid UTF-8 (0xED)"),
    CASE(boolean_2, "byte 37: a boolean is 2, allowed are 0 and 1"),
    CASE(boolean_in_array, "byte 51: a boolean is 255, allowed are 0 and 1"),
    CASE(nested_array, "byte 37: an array of arrays is not supported"),
    CASE(unknown_element_type, "byte 37: unknown element type 2147483648"),
    CASE(huge_array,
         "byte 41: an array of 2305843009213693953 elements does not fit into 128 bytes"),
    CASE(huge_string_array, "byte 41: an array of 17 elements does not fit into 128 bytes"),
    CASE(truncated_string_array, "byte 70: a string needs 100 bytes, the file has 8 left"),
    CASE(alignment_64, "byte 53: general.alignment is 64, supported is 32"),
    CASE(alignment_0, "byte 53: general.alignment is 0, supported is 32"),
    CASE(alignment_text, "byte 53: general.alignment is not a u32"),

    CASE(huge_name, "byte 24: a tensor's name has 66 bytes, allowed are 64"),
    CASE(empty_name, "byte 24: a tensor's name is empty"),
    CASE(nul_in_name, "byte 33: a tensor's name holds a NUL"),
    CASE(invalid_name, "byte 32: a tensor's name is not valid UTF-8 (0xF5)"),
    CASE(repeated_name, "byte 65: tensor t occurs twice"),
    CASE(no_dimensions, "byte 33: tensor t has 0 dimensions, allowed are 1 to 4"),
    CASE(five_dimensions, "byte 33: tensor t has 5 dimensions, allowed are 1 to 4"),
    CASE(zero_dimension, "byte 33: tensor t has a dimension of size 0"),
    CASE(wrapping_shape, "byte 33: tensor t has a size that overflows"),
    CASE(wrapping_size, "byte 45: tensor t has a size that overflows"),
    CASE(wrapping_padding, "byte 45: tensor t has a size that overflows"),
    CASE(wrapping_end, "byte 78: tensor u has a size that overflows"),
    CASE(huge_tensor, "byte 45: tensor t of 4398046511104 bytes is larger than the file"),
    CASE(unknown_tensor_type, "byte 45: tensor t has unknown type 3"),
    CASE(ragged_q8, "byte 53: tensor t has rows of 48, not a multiple of 32"),
    CASE(unaligned_offset, "byte 45: tensor t at offset 16, which is not a multiple of 32"),
    CASE(overlapping_tensors,
         "byte 78: tensor u at offset 32 overlaps the one before, which ends at 64"),
    CASE(gap_between_tensors,
         "byte 78: tensor u at offset 64 leaves a gap after the one before, which ends at 32"),
    CASE(huge_offset,
         "byte 45: tensor t at offset 18446744073709551584 leaves a gap after the one "
         "before, which ends at 0"),
    CASE(truncated_data, "byte 64: a tensor's data needs 32 bytes, the file has 31 left"),
    CASE(missing_padding, "byte 92: padding needs 4 bytes, the file has 0 left"),
    CASE(filled_padding, "byte 95: padding is not zero"),
    CASE(filled_padding_of_keys, "byte 31: padding is not zero"),
    CASE(trailing_bytes, "byte 416: 1 bytes after the end of the data"),
};

const size_t gguf_case_count = sizeof gguf_cases / sizeof *gguf_cases;
