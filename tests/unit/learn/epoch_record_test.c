#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "epoch_record.h"

static void show_an_epoch(progress *bar) {
  epoch_record record = {.epoch = 3,
                         .loss = 0.5,
                         .dev_loss = 0.6,
                         .dev_top1 = 0.8375,
                         .dev_top3 = 0.95,
                         .names_per_s = 1234567,
                         .seconds = 75,
                         .best = 1};
  epoch_record_show(&record, 20, bar);
  record.dev_loss = record.dev_top1 = record.dev_top3 = NAN;
  record.best = 0;
  epoch_record_show(&record, 20, bar);
}

static void epochs_are_one_line_each(void **state) {
  (void)state;
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  assert_non_null(stream);
  progress bar = progress_begin(stream, "gru", 10);
  show_an_epoch(&bar);
  fclose(stream);
  assert_string_equal(text,
                      "gru  epoch  3/20  loss 0.5000  dev 0.6000  top-1 83.8 %  top-3 95.0 %  "
                      "1,234,567 names/s  75 s  best\n"
                      "gru  epoch  3/20  loss 0.5000  1,234,567 names/s  75 s\n");
  free(text);
}

static void text_reads_back_to_the_same_bits(void **state) {
  (void)state;
  const epoch_record record = {
      .epoch = 7, .loss = 0.1, .train_top1 = 1.0 / 3, .dev_loss = 1e-300, .lr = 0.002, .best = 1};
  char text[EPOCH_TEXT], again[EPOCH_TEXT];
  epoch_record_to_text(&record, text);
  epoch_record read;
  assert_true(epoch_record_from_text(text, &read));
  assert_int_equal(read.epoch, 7);
  assert_true(read.train_top1 == record.train_top1 && read.dev_loss == record.dev_loss);
  epoch_record_to_text(&read, again);
  assert_string_equal(again, text);
  assert_false(epoch_record_from_text("7 0.1", &read));
  assert_false(epoch_record_from_text("none", &read));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(epochs_are_one_line_each),
      cmocka_unit_test(text_reads_back_to_the_same_bits),
  };
  return cmocka_run_group_tests_name("epoch_record", tests, NULL, NULL);
}
