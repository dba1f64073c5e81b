#include "examples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static rc_status read_text(examples *out, const char *text, rc_error *error) {
  return examples_read(out, "names.tsv", text, strlen(text), NULL, 0, error);
}

static void assert_example(const examples *set, int index, const char *text, const char *label,
                           int line) {
  const example *item = &set->items[index];
  assert_int_equal(item->bytes, strlen(text));
  assert_memory_equal(item->text, text, item->bytes);
  assert_string_equal(set->labels[item->label], label);
  assert_int_equal(item->line, line);
}

static void labels_are_collected_and_sorted(void **state) {
  (void)state;
  examples set;
  assert_int_equal(
      read_text(&set, "M\xC3\xBCller\tGerman\nO'Neal\tIrish\nAb\tA\nBo\tGerman\n", NULL), RC_OK);
  assert_int_equal(set.count, 4);
  assert_int_equal(set.label_count, 3);
  assert_string_equal(set.labels[0], "A");
  assert_string_equal(set.labels[1], "German");
  assert_string_equal(set.labels[2], "Irish");
  assert_example(&set, 0, "M\xC3\xBCller", "German", 1);
  assert_example(&set, 1, "O'Neal", "Irish", 2);
  assert_example(&set, 3, "Bo", "German", 4);
  examples_free(&set);
}

static void a_label_that_begins_another_sorts_first(void **state) {
  (void)state;
  examples set;
  assert_int_equal(read_text(&set, "a\txy\nb\tx\nc\t\xC3\xA9\n", NULL), RC_OK);
  assert_string_equal(set.labels[0], "x");
  assert_string_equal(set.labels[1], "xy");
  assert_string_equal(set.labels[2], "\xC3\xA9");
  examples_free(&set);
}

static void line_ends_and_blank_lines_are_forgiven(void **state) {
  (void)state;
  examples set;
  assert_int_equal(read_text(&set,
                             "\xEF\xBB\xBF"
                             "a\tx\r\n\r\n\n  \nb c\ty",
                             NULL),
                   RC_OK);
  assert_int_equal(set.count, 2);
  assert_example(&set, 0, "a", "x", 1);
  assert_example(&set, 1, "b c", "y", 5);
  examples_free(&set);
}

static void known_labels_keep_their_order(void **state) {
  (void)state;
  static const char *const known[] = {"y", "z", "x"};
  examples set;
  rc_error error;
  assert_int_equal(examples_read(&set, "f", "a\tx\nb\ty\n", 8, known, 3, NULL), RC_OK);
  assert_int_equal(set.label_count, 3);
  assert_string_equal(set.labels[1], "z");
  assert_int_equal(set.items[0].label, 2);
  assert_int_equal(set.items[1].label, 0);
  examples_free(&set);
  assert_int_equal(examples_read(&set, "f", "a\tx\nb\tw\n", 8, known, 3, &error), RC_ERR_FORMAT);
  assert_string_equal(error.text, "f:2: label w is none of the 3 known");
}

static void malformed_lines_stop_with_file_line_and_reason(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"a\tx\n\nno tab\n", "names.tsv:3: no tab between text and label"},
      {"a\tx\ty\n", "names.tsv:1: more than one tab: cut -f1,2 leaves the first two columns"},
      {"a\tx\n\tx\n", "names.tsv:2: the text is empty"},
      {"\xC2\xA0 \tx\n", "names.tsv:1: the text is empty"},
      {"a\t\n", "names.tsv:1: the label is empty"},
      {"a\t\r\n", "names.tsv:1: the label is empty"},
      {"a\tx\nb\xC3\tx\n", "names.tsv:2: invalid UTF-8 at byte 1 (0xC3)"},
      {"", "names.tsv: no examples"},
      {"\xEF\xBB\xBF\n \n", "names.tsv: no examples"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    examples set;
    rc_error error = {""};
    assert_int_equal(read_text(&set, cases[i][0], &error), RC_ERR_FORMAT);
    assert_string_equal(error.text, cases[i][1]);
    assert_null(set.items);
    examples_free(&set);
  }
  examples set;
  rc_error error;
  assert_int_equal(examples_read(&set, "f", "a\0b\tx", 5, NULL, 0, &error), RC_ERR_FORMAT);
  assert_string_equal(error.text, "f:1: a NUL byte");
}

static void long_lines_are_refused(void **state) {
  (void)state;
  size_t size = EXAMPLES_LINE_MAX + 2;
  char *text = malloc(size);
  assert_non_null(text);
  memset(text, 'a', size);
  text[size - 4] = '\t';
  text[size - 2] = '\n'; /* a line of EXAMPLES_LINE_MAX bytes */
  text[size - 1] = '\n';
  examples set;
  rc_error error;
  assert_int_equal(examples_read(&set, "f", text, size, NULL, 0, &error), RC_OK);
  examples_free(&set);
  text[size - 2] = 'a';
  assert_int_equal(examples_read(&set, "f", text, size, NULL, 0, &error), RC_ERR_FORMAT);
  assert_string_equal(error.text, "f:1: a line of 100001 bytes, allowed are 100000");
  free(text);
}

static void indices_count_from_both_ends(void **state) {
  (void)state;
  examples set;
  const example *item;
  rc_error error;
  assert_int_equal(read_text(&set, "a\tx\nb\tx\nc\tx\n", NULL), RC_OK);
  assert_int_equal(examples_at(&set, 0, &item, NULL), RC_OK);
  assert_ptr_equal(item, &set.items[0]);
  assert_int_equal(examples_at(&set, -1, &item, NULL), RC_OK);
  assert_ptr_equal(item, &set.items[2]);
  assert_int_equal(examples_at(&set, -3, &item, NULL), RC_OK);
  assert_ptr_equal(item, &set.items[0]);
  assert_int_equal(examples_at(&set, 3, &item, &error), RC_ERR_RANGE);
  assert_string_equal(error.text, "index 3 of 3 examples");
  assert_int_equal(examples_at(&set, -4, &item, &error), RC_ERR_RANGE);
  assert_int_equal(examples_at(&set, INT64_MIN, &item, &error), RC_ERR_RANGE);
  examples_free(&set);
}

static void repeated_pairs_are_marked_where_they_stand(void **state) {
  (void)state;
  examples set;
  assert_int_equal(read_text(&set, "b\tx\na\ty\nb\ty\nb\tx\na\ty\nb\tx\nab\tx\n", NULL), RC_OK);
  static const bool expected[] = {false, false, false, true, true, true, false};
  bool repeated[7];
  memset(repeated, 1, sizeof repeated); /* the false ones must be written too */
  assert_int_equal(examples_mark_repeated(&set, repeated, NULL), RC_OK);
  assert_int_equal(set.count, 7);
  for (int i = 0; i < 7; i++) assert_int_equal(repeated[i], expected[i]);
  examples_free(&set);
}

static void the_first_of_repeated_pairs_stays(void **state) {
  (void)state;
  examples set;
  assert_int_equal(read_text(&set, "b\tx\na\ty\nb\ty\nb\tx\na\ty\nab\tx\n", NULL), RC_OK);
  assert_int_equal(examples_drop_repeated(&set, NULL), RC_OK);
  assert_int_equal(set.count, 4);
  assert_example(&set, 0, "b", "x", 1);
  assert_example(&set, 1, "a", "y", 2);
  assert_example(&set, 2, "b", "y", 3);
  assert_example(&set, 3, "ab", "x", 6);
  examples_free(&set);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(labels_are_collected_and_sorted),
      cmocka_unit_test(a_label_that_begins_another_sorts_first),
      cmocka_unit_test(line_ends_and_blank_lines_are_forgiven),
      cmocka_unit_test(known_labels_keep_their_order),
      cmocka_unit_test(malformed_lines_stop_with_file_line_and_reason),
      cmocka_unit_test(long_lines_are_refused),
      cmocka_unit_test(indices_count_from_both_ends),
      cmocka_unit_test(repeated_pairs_are_marked_where_they_stand),
      cmocka_unit_test(the_first_of_repeated_pairs_stays),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
