/* Writes a weight file with metadata of every type and tensors of every type, and prints what
 * gguf_decode reads back from it as JSON: gguf_sample FILE. gguf.test.mjs knows the metadata by
 * heart and decodes the tensors on its own. */
#include <stdio.h>
#include <stdlib.h>

#include "gguf.h"

enum { ROW = 96, ROWS = 5, COUNT = ROW * ROWS };

/* Both signs, large and small, and in F16 subnormal. */
static float value_at(int i) {
  float sign = i % 3 == 0 ? -1 : 1;
  return sign * (float)(i + 1) / (i % 7 == 0 ? 1e7f : i % 5 == 0 ? 0.1f : 100.0f);
}

static void put_keys(gguf_writer *w) {
  gguf_put_string(w, "general.architecture", "recur-sample");
  gguf_put_u32(w, "general.alignment", 32);
  gguf_put_number(w, "type.u8", GGUF_U8, &(uint8_t){255});
  gguf_put_number(w, "type.i8", GGUF_I8, &(int8_t){-128});
  gguf_put_number(w, "type.u16", GGUF_U16, &(uint16_t){65535});
  gguf_put_number(w, "type.i16", GGUF_I16, &(int16_t){-32768});
  gguf_put_u32(w, "type.u32", 4294967295u);
  gguf_put_number(w, "type.i32", GGUF_I32, &(int32_t){-2147483647});
  gguf_put_f32(w, "type.f32", 0.1f);
  gguf_put_bool(w, "type.true", true);
  gguf_put_bool(w, "type.false", false);
  gguf_put_string(w, "type.string", "na\xC3\xAFve \xF0\x9F\x98\x80");
  gguf_put_string(w, "type.empty", "");
  gguf_put_u64(w, "type.u64", UINT64_MAX);
  gguf_put_number(w, "type.i64", GGUF_I64, &(int64_t){INT64_MIN});
  gguf_put_f64(w, "type.f64", 0.1);
  gguf_put_strings(w, "array.string", (const char *const[]){"", "\xE6\x9D\x8E", "xyz"}, 3);
  gguf_put_numbers(w, "array.u16", GGUF_U16, (const uint16_t[]){1, 256, 65535}, 3);
  gguf_put_numbers(w, "array.f64", GGUF_F64, (const double[]){-1.5, 1e300}, 2);
  gguf_put_numbers(w, "array.bool", GGUF_BOOL, (const bool[]){true, false}, 2);
  gguf_put_numbers(w, "array.none", GGUF_I8, NULL, 0);
}

static rc_status write_sample(uint8_t *buffer, size_t capacity, size_t *size, rc_error *error) {
  static float values[COUNT];
  static int32_t integers[COUNT];
  for (int i = 0; i < COUNT; i++) {
    values[i] = value_at(i);
    integers[i] = (i % 2 == 0 ? -1 : 1) * i * 1000003;
  }
  gguf_writer w = gguf_writer_begin(buffer, capacity, 21, 7);
  put_keys(&w);
  gguf_put_tensor(&w, "plain", GGUF_TENSOR_F32, 2, (const uint64_t[]){ROW, ROWS});
  gguf_put_tensor(&w, "half", GGUF_TENSOR_F16, 3, (const uint64_t[]){7, 3, 2});
  gguf_put_tensor(&w, "blocks", GGUF_TENSOR_Q8_0, 2, (const uint64_t[]){ROW, ROWS});
  gguf_put_tensor(&w, "integers", GGUF_TENSOR_I32, 1, (const uint64_t[]){11});
  gguf_put_tensor(&w, "one", GGUF_TENSOR_F32, 4, (const uint64_t[]){1, 1, 1, 1});
  gguf_put_tensor(&w, "five", GGUF_TENSOR_Q5_0, 2, (const uint64_t[]){ROW, ROWS});
  gguf_put_tensor(&w, "four", GGUF_TENSOR_Q4_0, 2, (const uint64_t[]){ROW, ROWS});
  gguf_put_data(&w, values);
  gguf_put_data(&w, values);
  gguf_put_data(&w, values);
  gguf_put_data_i32(&w, integers);
  gguf_put_data(&w, values);
  gguf_put_data_small(&w, values);
  gguf_put_data_small(&w, values);
  return gguf_writer_end(&w, size, error);
}

static rc_status print_tensor(const gguf_tensor *tensor, const uint8_t *file, rc_error *error) {
  static float values[COUNT];
  static int32_t integers[COUNT];
  bool whole = tensor->type == GGUF_TENSOR_I32;
  size_t count = (size_t)tensor->count;
  RC_TRY(whole ? gguf_decode_i32(tensor, integers, count, error)
               : gguf_decode(tensor, values, count, error));
  printf("{\"name\":\"%.*s\",\"type\":%d,\"at\":%d,\"bytes\":%zu,\"shape\":[",
         (int)tensor->name.bytes, tensor->name.text, (int)tensor->type, (int)(tensor->data - file),
         tensor->bytes);
  for (int i = 0; i < tensor->dims; i++) printf(i == 0 ? "%d" : ",%d", (int)tensor->shape[i]);
  printf("],\"values\":[");
  for (size_t i = 0; i < count; i++) {
    printf("%s%.9g", i == 0 ? "" : ",", whole ? (double)integers[i] : (double)values[i]);
  }
  printf("]}");
  return RC_OK;
}

static rc_status print_file(const uint8_t *bytes, size_t size, rc_error *error) {
  rc_arena arena;
  gguf_file file;
  RC_TRY(arena_new(&arena, gguf_open_bytes(bytes, size), error));
  rc_status status = gguf_open(&file, bytes, size, &arena, error);
  printf("[");
  for (int i = 0; status == RC_OK && i < file.tensor_count; i++) {
    if (i > 0) printf(",");
    status = print_tensor(&file.tensors[i], bytes, error);
  }
  printf("]\n");
  arena_free(&arena);
  return status;
}

static rc_status write_and_print(const char *path, rc_error *error) {
  size_t size;
  RC_TRY(write_sample(NULL, 0, &size, error));
  uint8_t *bytes = malloc(size);
  if (bytes == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory");
  rc_status status = write_sample(bytes, size, &size, error);
  if (status == RC_OK) {
    FILE *file = fopen(path, "wb");
    bool written = file != NULL && fwrite(bytes, 1, size, file) == size;
    if (file == NULL || fclose(file) != 0 || !written) {
      status = rc_fail(error, RC_ERR_IO, "cannot write %s", path);
    }
  }
  if (status == RC_OK) status = print_file(bytes, size, error);
  free(bytes);
  return status;
}

int main(int argc, char **argv) {
  rc_error error;
  if (argc != 2) {
    fprintf(stderr, "usage: gguf_sample FILE\n");
    return 2;
  }
  if (write_and_print(argv[1], &error) == RC_OK) return EXIT_SUCCESS;
  fprintf(stderr, "gguf_sample: %s\n", error.text);
  return EXIT_FAILURE;
}
