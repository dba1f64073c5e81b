#include "epoch_record.h"

#include <stdio.h>
#include <stdlib.h>

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
