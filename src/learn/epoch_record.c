#include "epoch_record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "clocks.h"

#define EPOCH_FORMAT "%d %.17g %.17g %.17g %.17g %.17g %.17g %.17g %.17g %d"

void epoch_record_to_text(const epoch_record *e, char text[EPOCH_TEXT]) {
  snprintf(text, EPOCH_TEXT, EPOCH_FORMAT, e->epoch, e->loss, e->train_top1, e->dev_loss,
           e->dev_top1, e->dev_top3, e->lr, e->seconds, e->names_per_s, e->best);
}

bool epoch_record_from_text(const char *text, epoch_record *e) {
  double *numbers[] = {&e->loss,     &e->train_top1, &e->dev_loss, &e->dev_top1,
                       &e->dev_top3, &e->lr,         &e->seconds,  &e->names_per_s};
  char *end;
  e->epoch = (int)strtol(text, &end, 10);
  bool good = end != text;
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers && good; i++) {
    text = end;
    *numbers[i] = strtod(text, &end);
    good = end != text;
  }
  text = end;
  if (good) e->best = (int)strtol(text, &end, 10);
  return good && end != text && *end == '\0';
}

void epoch_record_show(const epoch_record *e, int epochs, progress *bar) {
  progress_line words = {0};
  char span[CLOCKS_SPAN_BYTES];
  progress_line_place(&words, bar, e->epoch, epochs);
  progress_line_add(&words, 8, TERMINAL_RESET, "loss %.4f", e->loss);
  if (!isnan(e->dev_loss)) {
    progress_line_add(&words, 5, TERMINAL_RESET, "dev %.4f", e->dev_loss);
    progress_line_add(&words, 9, e->best ? TERMINAL_GOOD : TERMINAL_RESET, "top-1 %4.1f %%",
                      100 * e->dev_top1);
    progress_line_add(&words, 4, TERMINAL_RESET, "top-3 %4.1f %%", 100 * e->dev_top3);
  }
  progress_line_rate(&words, bar, e->names_per_s);
  progress_line_add(&words, 2, TERMINAL_DIM, "%s", clocks_span(e->seconds, span));
  if (e->best) progress_line_add(&words, 3, TERMINAL_GOOD, "best");
  progress_show(bar, &words);
}
