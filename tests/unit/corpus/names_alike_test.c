#include "names_alike.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Labels by their bytes: 0 DK, 1 NO, 2 SE. */
static const char DATA[] =
    "Møller\tDK\n"
    "Lind\tSE\n"
    "Moller\tSE\n"
    "Møller\tNO\n"
    "lind\tNO\n"
    "Lind\tSE\n"
    "O’Hara\tDK\n"
    "O'Hara\tNO\n";

static void names_have_the_labels_of_all_spellings(void **state) {
  (void)state;
  examples data;
  names_alike names;
  assert_int_equal(examples_read(&data, "data", DATA, strlen(DATA), NULL, 0, NULL), RC_OK);
  assert_int_equal(names_alike_make(&names, &data, NULL), RC_OK);
  static const struct {
    int item, count, labels[3];
  } expected[] = {
      {0, 3, {0, 1, 2}}, /* Møller, for which Moller's label is right too */
      {1, 2, {1, 2}},    /* Lind, once */
      {2, 3, {0, 1, 2}}, /* Moller */
      {4, 2, {1, 2}},    /* lind */
      {6, 2, {0, 1}},    /* either apostrophe */
      {7, 2, {0, 1}},
  };
  assert_int_equal(names.count, sizeof expected / sizeof *expected);
  for (int i = 0; i < names.count; i++) {
    assert_int_equal(names.items[i], expected[i].item);
    const int from = names.sets.starts[i];
    assert_int_equal(names.sets.starts[i + 1] - from, expected[i].count);
    assert_memory_equal(names.sets.labels + from, expected[i].labels,
                        (size_t)expected[i].count * sizeof(int));
  }
  names_alike_free(&names);
  examples_free(&data);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(names_have_the_labels_of_all_spellings)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
