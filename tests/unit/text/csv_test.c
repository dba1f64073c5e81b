#include "csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

typedef struct row {
  const char *raw; /* of column 1 */
  const char *value;
  int fields;
  size_t end, bytes;
} row;

static void check(const char *table, csv_format format, const row *rows, size_t count) {
  size_t at = 0, size = strlen(table);
  for (size_t i = 0; i < count; i++) {
    csv_record record;
    char value[64];
    assert_true(csv_next(table + at, size - at, true, format, 1, &record));
    assert_int_equal(record.fields, rows[i].fields);
    assert_int_equal(record.end, rows[i].end);
    assert_int_equal(record.bytes, rows[i].bytes);
    assert_int_equal(record.field.bytes, strlen(rows[i].raw));
    assert_memory_equal(record.field.text, rows[i].raw, record.field.bytes);
    const size_t bytes = csv_unquote(record.field, format, value);
    assert_int_equal(bytes, strlen(rows[i].value));
    assert_memory_equal(value, rows[i].value, bytes);
    at += record.bytes;
  }
  csv_record record;
  assert_int_equal(at, size);
  assert_false(csv_next(table + at, 0, true, format, 1, &record));
}

static void commas_and_quotes(void **state) {
  (void)state;
  static const row rows[] = {
      {"name", "name", 3, 9, 11},
      {"\"Smith, John\"", "Smith, John", 3, 17, 18},
      {"\"The \"\"Rock\"\"\"", "The \"Rock\"", 2, 16, 17},
      {"\"two\r\nlines\"", "two\r\nlines", 2, 14, 16},
      {"a\"b", "a\"b", 3, 6, 7},
      {"", "", 1, 0, 1},
      {"", "", 1, 0, 2},
      {"\"x\"y", "xy", 2, 6, 7},
      {"z", "z", 2, 3, 3},
  };
  check(
      "id,name,x\r\n"
      "1,\"Smith, John\",2\n"
      "3,\"The \"\"Rock\"\"\"\n"
      "4,\"two\r\nlines\"\r\n"
      "5,a\"b,\n"
      "\n"
      "\r\n"
      "6,\"x\"y\n"
      "7,z",
      csv_format_of(','), rows, COUNT(rows));
}

static void an_unclosed_quote_reaches_to_the_end(void **state) {
  (void)state;
  static const row rows[] = {{"\"open,\n2,x\n", "open,\n2,x\n", 2, 13, 13}};
  check("1,\"open,\n2,x\n", csv_format_of(','), rows, COUNT(rows));
}

static void tabs_have_no_quotes(void **state) {
  (void)state;
  static const row rows[] = {{"\"Bo", "\"Bo", 3, 7, 8}, {"y,\"", "y,\"", 2, 5, 6}};
  check("1\t\"Bo\tb\n2\ty,\"\n", csv_format_of('\t'), rows, COUNT(rows));
}

/* However the bytes are cut, a record is the same once it is there, and not there before. */
static void records_are_read_as_bytes_come(void **state) {
  (void)state;
  static const char table[] = "1,\"a\"\"\nb\",c\r\n2,x\n";
  const csv_format format = csv_format_of(',');
  for (size_t size = 0; size <= sizeof table - 1; size++) {
    char *part = malloc(size + 1);
    memcpy(part, table, size);
    csv_record record;
    const bool complete = csv_next(part, size, false, format, 1, &record);
    assert_int_equal(complete, size >= 13);
    if (complete) {
      assert_int_equal(record.bytes, 13);
      assert_int_equal(record.end, 11);
    }
    free(part);
  }
}

static void separators_are_guessed_from_the_header(void **state) {
  (void)state;
  static const struct {
    const char *table;
    char separator;
  } cases[] = {
      {"a,b,c\n1;2", ','},
      {"a;b\n", ';'},
      {"a\tb,c\td\n", '\t'},
      {"name\n1,2", ','},
      {"", ','},
      {"\"x,y,z\";b\n", ';'},
      {"\xEF\xBB\xBF\"a,b,c\";d;e\n", ';'},
      {"a,b;c\n", ','},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    const csv_format format = csv_guess(cases[i].table, strlen(cases[i].table));
    assert_int_equal(format.separator, cases[i].separator);
    assert_int_equal(format.quoted, cases[i].separator != '\t');
  }
}

static void fields_are_quoted_where_they_need_it(void **state) {
  (void)state;
  static const struct {
    const char *text, *commas, *tabs;
  } cases[] = {
      {"Poland", "Poland", "Poland"}, {"Korea, South", "\"Korea, South\"", "Korea, South"},
      {"a\"b", "\"a\"\"b\"", "a\"b"}, {"a\tb", "a\tb", "a b"},
      {"a\nb", "\"a\nb\"", "a b"},    {"", "", ""},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    char out[64];
    const utf8_text text = {cases[i].text, strlen(cases[i].text)};
    out[csv_quote(text, csv_format_of(','), out)] = '\0';
    assert_string_equal(out, cases[i].commas);
    out[csv_quote(text, csv_format_of('\t'), out)] = '\0';
    assert_string_equal(out, cases[i].tabs);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(commas_and_quotes),
      cmocka_unit_test(an_unclosed_quote_reaches_to_the_end),
      cmocka_unit_test(tabs_have_no_quotes),
      cmocka_unit_test(records_are_read_as_bytes_come),
      cmocka_unit_test(separators_are_guessed_from_the_header),
      cmocka_unit_test(fields_are_quoted_where_they_need_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
