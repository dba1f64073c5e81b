#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "history.h"

enum { STEP, PLACE, LOSS, ERROR, SCORE, COLUMNS };
static const measure own[COLUMNS] = {
    [STEP] = {.key = "step", .shown = "step", .importance = 6},
    [PLACE] = {.key = "epochs"},
    [LOSS] = {.key = "loss", .shown = "loss", .decimals = 4, .importance = 8},
    [ERROR] = {.key = "dev_loss", .better = -1},
    [SCORE] = {.key = "score",
               .shown = "score",
               .unit = " %",
               .factor = 100,
               .width = 4,
               .decimals = 1,
               .importance = 9,
               .better = 1},
};
static const measures table = {.own = own,
                               .count = COLUMNS,
                               .place = PLACE,
                               .step = STEP,
                               .loss = LOSS,
                               .decides = SCORE,
                               .unit = "things"};

/* Step, place, loss, error, score; rate, seconds, speed, best. */
static const double first[] = {40, 1.25, 0.5, 0.6, 0.8375, 0.002, 75, 1234567, 1};
static const double second[] = {80, 2.5, 0.1, NAN, NAN, 1.0 / 3, 1e-300, 1e9 / 7, 0};

static char *line_of(const measures *of, const double *row) {
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  assert_non_null(stream);
  progress bar = progress_begin(stream, "gru", 10);
  bar.unit = of->unit;
  measures_show(of, row, 20, &bar);
  fclose(stream);
  return text;
}

static void assert_line(const measures *of, const double *row, const char *expected) {
  char *text = line_of(of, row);
  assert_string_equal(text, expected);
  free(text);
}

static void rows_are_one_line_each(void **state) {
  (void)state;
  assert_line(&table, first,
              "gru  epoch 1.25  step 40  loss 0.5000  score 83.8 %  1,234,567 things/s  75 s  "
              "best\n");
  measures other = table;
  other.whole = other.lr_shown = true;
  assert_line(&other, second,
              "gru  epoch  2/20  step 80  loss 0.1000  lr 0.33  142,857,143 "
              "things/s  0.0 s\n");
}

static void rows_are_logged(void **state) {
  (void)state;
  json *record = json_object();
  measures_log(&table, second, record);
  char *text = json_to_text(record);
  assert_string_equal(text,
                      "{\"step\":80,\"epochs\":2.5,\"loss\":0.1,\"dev_loss\":null,\"score\":null,"
                      "\"things_per_s\":142857142.85714287,\"lr\":0.3333333333333333,"
                      "\"seconds\":1e-300}");
  cJSON_free(text);
  json_free(record);
}

static void lines_read_back_to_the_same_bits(void **state) {
  (void)state;
  history past = {.of = &table, .texts_each = 2}, again = past;
  assert_int_equal(history_add(&past, first, NULL), RC_OK);
  assert_int_equal(history_add(&past, second, NULL), RC_OK);
  past.texts[1][0] = strdup("one text");
  assert_int_equal(history_lines(&past), 6);
  char text[MEASURES_TEXT];
  for (int i = 0; i < 6; i++) {
    assert_int_equal(history_read_line(&again, i, history_line(&past, i, text), NULL), RC_OK);
  }
  assert_int_equal(again.count, 2);
  assert_memory_equal(again.rows, past.rows, 2 * sizeof first);
  assert_string_equal(again.texts[1][0], "one text");
  assert_string_equal(again.texts[0][1], "");
  static const char *const wrong[] = {"", "none", "7 0.1", "1 2 3 4 5 6 7 8 9 10"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    assert_int_equal(history_read_line(&again, 6, wrong[i], NULL), RC_ERR_FORMAT);
  }
  assert_int_equal(again.count, 2);
  history_free(&past);
  history_free(&again);
}

static void the_best_is_known_and_what_stalls(void **state) {
  (void)state;
  history past = {.of = &table};
  assert_int_equal(history_best(&past), -1);
  assert_false(history_would_be_best(&past, second));
  for (int i = 0; i < 100; i++) {
    double row[sizeof first / sizeof *first];
    memcpy(row, first, sizeof row);
    row[SCORE] = i == 40 ? 30 : 20;
    row[ERROR] = i == 60 ? 1 : 2;
    row[COLUMNS + MEASURES_BEST] = history_would_be_best(&past, row);
    assert_int_equal(history_add(&past, row, NULL), RC_OK);
    const bool best = history_common(&past, i, MEASURES_BEST) > 0;
    assert_true(best == (i == 0 || i == 40));
  }
  assert_int_equal(history_best(&past), 40);
  assert_int_equal(history_stalled(&past), 39);
  history_free(&past);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rows_are_one_line_each),
      cmocka_unit_test(rows_are_logged),
      cmocka_unit_test(lines_read_back_to_the_same_bits),
      cmocka_unit_test(the_best_is_known_and_what_stalls),
  };
  return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
