#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>
#include <signal.h>

#include "clocks.h"
#include "progress.h"
#include "signals.h"

static const progress_state half = {.epoch = 3,
                                    .epochs = 20,
                                    .done = 5000,
                                    .total = 10000,
                                    .loss = 0.61234,
                                    .top1 = 0.8125,
                                    .names_per_s = 41230};

/* What a file gets that is no terminal. */
static char *shown(void (*show)(progress *)) {
  static char text[4096];
  FILE *file = tmpfile();
  assert_non_null(file);
  progress bar = progress_begin(file, "gru", 10);
  show(&bar);
  progress_end(&bar);
  rewind(file);
  size_t size = fread(text, 1, sizeof text - 1, file);
  text[size] = '\0';
  fclose(file);
  return text;
}

static void show_for_half_a_minute(progress *bar) {
  for (int i = 0; i <= 300; i++) progress_update(bar, &half, 100 + 0.1 * i);
}

static void plain_lines_come_at_the_interval(void **state) {
  (void)state;
  const char *text = shown(show_for_half_a_minute);
  int lines = 0;
  for (const char *at = text; *at != '\0'; at++) lines += *at == '\n';
  assert_in_range(lines, 2, 3); /* at 10, 20 and, as 0.1 adds up, perhaps 30 s */
  assert_null(strchr(text, '\r'));
  assert_null(strchr(text, '\x1B'));
  /* (5000 + 17 * 10000) / 41230 s */
  const char *line =
      "gru  epoch  3/20   50 %  loss 0.6123  acc 81.2 %  41,230 names/s  4.2 s left\n";
  assert_memory_equal(text, line, strlen(line));
}

static void show_lines(progress *bar) {
  progress_state lines = {.done = 5000, .loss = NAN, .top1 = NAN, .names_per_s = 125};
  bar->label = NULL;
  bar->unit = "lines";
  progress_update(bar, &lines, 1);
  progress_update(bar, &lines, 11);
  lines.total = 20000;
  progress_update(bar, &lines, 21);
}

static void what_is_no_training_has_no_epochs(void **state) {
  (void)state;
  assert_string_equal(shown(show_lines),
                      "5,000 lines  125 lines/s\n"
                      "5,000 lines   25 %  125 lines/s  2 min 00 s left\n");
}

static void show_results(progress *bar) {
  progress_line words = {0};
  progress_line_place(&words, bar, 3, 20);
  progress_line_add(&words, 8, TERMINAL_RESET, "loss %.4f", 0.5);
  progress_line_rate(&words, bar, 1234567);
  progress_show(bar, &words);
  progress_message(bar, "saved %s", "a.gguf");
}

static void results_are_one_line(void **state) {
  (void)state;
  assert_string_equal(shown(show_results),
                      "gru  epoch  3/20  loss 0.5000  1,234,567 names/s\n"
                      "saved a.gguf\n");
}

static void spans_read_well(void **state) {
  (void)state;
  char text[CLOCKS_SPAN_BYTES];
  assert_string_equal(clocks_span(4.24, text), "4.2 s");
  assert_string_equal(clocks_span(9.97, text), "10 s");
  assert_string_equal(clocks_span(187, text), "3 min 07 s");
  assert_string_equal(clocks_span(3599.7, text), "1 h 00 min");
  assert_string_equal(clocks_span(7510, text), "2 h 05 min");
  assert_string_equal(clocks_span(NAN, text), "?");
  char utc[CLOCKS_UTC_BYTES];
  clocks_utc(utc);
  assert_int_equal(strlen(utc), 20);
  assert_int_equal(utc[10], 'T');
}

static void columns_are_counted_as_shown(void **state) {
  (void)state;
  assert_int_equal(terminal_text_width("M\xC3\xBCller"), 6);
  assert_int_equal(terminal_text_width("Mu\xCC\x88ller"), 6); /* u and a combining diaeresis */
  assert_int_equal(terminal_text_width("\xE6\x9D\x8E"), 2);   /* an ideograph */
  assert_int_equal(terminal_text_width("a\xFF"
                                       "b"),
                   3);
  static const struct {
    const char *text, *padded;
    bool right;
  } cases[] = {{"Bj\xC3\xB6rk", "Bj\xC3\xB6rk   ", false},
               {"Bj\xC3\xB6rk", "   Bj\xC3\xB6rk", true},
               {"a\x1B[31mb", "a?[31mb ", false},
               {"Wolfeschlegel", "Wolfesc~", false},
               {"12345678", "12345678", true}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    terminal_pad(stream, cases[i].text, 8, cases[i].right);
    fclose(stream);
    assert_string_equal(text, cases[i].padded);
    free(text);
  }
}

static void the_first_signal_only_asks(void **state) {
  (void)state;
  assert_false(signals_stop_requested());
  signals_catch();
  raise(SIGTERM);
  assert_true(signals_stop_requested());
  /* A second one would end the program. */
  struct sigaction now;
  sigaction(SIGINT, NULL, &now);
  assert_true(now.sa_handler == SIG_DFL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(plain_lines_come_at_the_interval),
      cmocka_unit_test(what_is_no_training_has_no_epochs),
      cmocka_unit_test(results_are_one_line),
      cmocka_unit_test(spans_read_well),
      cmocka_unit_test(columns_are_counted_as_shown),
      cmocka_unit_test(the_first_signal_only_asks),
  };
  return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
