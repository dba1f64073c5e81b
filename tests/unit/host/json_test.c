#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "json.h"
#include "rng.h"
#include "utf8.h"

/* The object as one line; the caller frees it. */
static char *print(json *object) {
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  assert_int_equal(json_print_line(object, stream, NULL), RC_OK);
  fclose(stream);
  assert_int_equal(text[size - 1], '\n');
  text[size - 1] = '\0';
  return text;
}

static void numbers_read_back(void **state) {
  (void)state;
  static const double edges[] = {0,         -0.0,   1.0 / 3,
                                 0.1 + 0.2, 5e-324, 1.7976931348623157e308,
                                 1 - 1e-16, 1e21,   123456789012345678.0,
                                 -2.5e-7};
  char text[JSON_NUMBER_BYTES];
  for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
    json_format_number(edges[i], text);
    double back = strtod(text, NULL);
    assert_memory_equal(&back, &edges[i], sizeof back);
  }
  rc_rng rng = rng_make(5, 0, 0);
  for (int i = 0; i < 20000; i++) {
    uint64_t bits = (uint64_t)rng_u32(&rng) << 32 | rng_u32(&rng);
    double value, back;
    memcpy(&value, &bits, sizeof value);
    if (!isfinite(value)) continue;
    json_format_number(value, text);
    back = strtod(text, NULL);
    assert_memory_equal(&back, &value, sizeof back);
  }
  json_format_number(0.1, text);
  assert_string_equal(text, "0.1");
}

static void what_is_not_finite_is_null(void **state) {
  (void)state;
  json *object = json_object();
  json_number(object, "a", NAN);
  json_number(object, "b", INFINITY);
  json_float(object, "c", -INFINITY);
  json_float(object, "d", 0.1f);
  char *text = print(object);
  assert_string_equal(text, "{\"a\":null,\"b\":null,\"c\":null,\"d\":0.1}");
  free(text);
}

static void integers_keep_every_digit(void **state) {
  (void)state;
  json *object = json_object();
  json_unsigned(object, "u", UINT64_MAX);
  json_integer(object, "i", INT64_MIN);
  char *text = print(object);
  assert_string_equal(text, "{\"u\":18446744073709551615,\"i\":-9223372036854775808}");
  free(text);
}

static void text_is_escaped_and_valid(void **state) {
  (void)state;
  json *object = json_object();
  json_text(object, "q", "a\"b\\c\n\x01");
  json_text(object, "u", "M\xC3\xBCller \xF0\x9F\x98\x80");
  json_text_bytes(object, "z", "a\0b", 3);
  json_text(object, "bad",
            "\xFF"
            "a\xC3"
            "b\xED\xA0\x80\xC0\xAF\xE2\x82");
  char *text = print(object);
  assert_int_equal(utf8_check(text, strlen(text), NULL), RC_OK);
  assert_non_null(strstr(text, "\"q\":\"a\\\"b\\\\c\\n\\u0001\""));
  assert_non_null(strstr(text, "\"u\":\"M\xC3\xBCller \xF0\x9F\x98\x80\""));
  assert_non_null(strstr(text, "\"z\":\"a\\u0000b\""));
  assert_non_null(strstr(text,
                         "\"bad\":\"\xEF\xBF\xBD"
                         "a\xEF\xBF\xBD"
                         "b\xEF\xBF\xBD"));
  /* cJSON's own reader agrees. */
  cJSON *back = cJSON_Parse(text);
  assert_non_null(back);
  assert_string_equal(cJSON_GetObjectItem(back, "q")->valuestring, "a\"b\\c\n\x01");
  cJSON_Delete(back);
  free(text);
}

static void containers_nest(void **state) {
  (void)state;
  json *object = json_object();
  json *list = json_member_array(object, "list");
  json_item_integer(list, 1);
  json_item_text(list, "two");
  json_text(json_item_object(list), "key", "value");
  json_item_number(json_item_array(list), 0.5);
  json_bool(json_member_object(object, "inner"), "yes", 1);
  char *text = print(object);
  assert_string_equal(text,
                      "{\"list\":[1,\"two\",{\"key\":\"value\"},[0.5]],\"inner\":{\"yes\":true}}");
  free(text);
}

static void a_full_stream_is_an_error(void **state) {
  (void)state;
  FILE *full = fopen("/dev/full", "w");
  assert_non_null(full);
  setvbuf(full, NULL, _IONBF, 0);
  rc_error error;
  assert_int_equal(json_print_line(json_object(), full, &error), RC_ERR_IO);
  assert_string_equal(error.text, "No space left on device");
  fclose(full);
}

/* Memory that suffices for so many pieces more. What is freed is spoilt first. */
static int pieces;

static void *scarce(size_t size) {
  if (pieces-- <= 0) return NULL;
  size_t *block = malloc(sizeof *block * 2 + size);
  *block = size;
  return block + 2;
}

static void spoil(void *memory) {
  if (memory == NULL) return;
  size_t *block = (size_t *)memory - 2;
  memset(memory, 0xDD, *block);
  free(block);
}

static json *make_sample(void) {
  json *object = json_object();
  json *list = json_member_array(object, "list");
  json_item_integer(list, 1);
  json *inner = json_item_object(list);
  json_text(inner, "key", "value");
  json *row = json_item_array(list);
  json_item_number(row, 0.5);
  json_item_integers(row, (int[]){1, 2}, 2);
  json_item_floats(row, (float[]){0.1F, NAN}, 2);
  json_bool(json_member_object(object, "inner"), "yes", 1);
  return object;
}

static void without_memory_a_line_fails_whole(void **state) {
  (void)state;
  cJSON_Hooks hooks = {scarce, spoil}, usual = {malloc, free};
  rc_status status = RC_ERR_MEMORY;
  for (int room = 0; status != RC_OK; room++) {
    assert_true(room < 200);
    pieces = room;
    cJSON_InitHooks(&hooks);
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    status = json_print_line(make_sample(), stream, NULL);
    cJSON_InitHooks(&usual);
    fclose(stream);
    const char *whole = status != RC_OK
                            ? ""
                            : "{\"list\":[1,{\"key\":\"value\"},[0.5,[1,2],[0.1,null]]],"
                              "\"inner\":{\"yes\":true}}\n";
    assert_string_equal(text, whole);
    free(text);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers_read_back),
      cmocka_unit_test(what_is_not_finite_is_null),
      cmocka_unit_test(integers_keep_every_digit),
      cmocka_unit_test(text_is_escaped_and_valid),
      cmocka_unit_test(containers_nest),
      cmocka_unit_test(a_full_stream_is_an_error),
      cmocka_unit_test(without_memory_a_line_fails_whole),
  };
  return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
