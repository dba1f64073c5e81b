#include "measures.h"

#include <math.h>
#include <stdlib.h>

#include "checks.h"
#include "clocks.h"

int measures_columns(const measures *of) {
  RC_ASSERT(of->count + MEASURES_COMMON <= MEASURES_MAX);
  return of->count + MEASURES_COMMON;
}

const char *measures_curve(const measures *of, int column) {
  static const char *const common[] = {"rate", "seconds", "speed", "best"};
  return column < of->count ? of->own[column].curve : common[column - of->count];
}

double measures_factor(const measures *of, int column) {
  return column < of->count && of->own[column].factor > 0 ? of->own[column].factor : 1;
}

const char *measures_unit(const measures *of, int column) {
  return column < of->count && of->own[column].unit != NULL ? of->own[column].unit : "";
}

void measures_to_text(const measures *of, const double *row, char text[MEASURES_TEXT]) {
  size_t used = 0;
  for (int i = 0; i < measures_columns(of); i++) {
    used +=
        (size_t)snprintf(text + used, MEASURES_TEXT - used, i == 0 ? "%.17g" : " %.17g", row[i]);
  }
}

bool measures_from_text(const measures *of, const char *text, double *row) {
  for (int i = 0; i < measures_columns(of); i++) {
    char *end;
    row[i] = strtod(text, &end);
    if (end == text) return false;
    text = end;
  }
  return *text == '\0';
}

void measures_log(const measures *of, const double *row, json *record) {
  const double *common = row + of->count;
  char speed[32];
  snprintf(speed, sizeof speed, "%s_per_s", of->unit);
  for (int i = 0; i < of->count; i++) json_number(record, of->own[i].key, row[i]);
  json_number(record, speed, common[MEASURES_SPEED]);
  json_number(record, "lr", common[MEASURES_LR]);
  json_number(record, "seconds", common[MEASURES_SECONDS]);
}

void measures_show(const measures *of, const double *row, int epochs, progress *bar) {
  const double *common = row + of->count, place = row[of->place];
  const bool best = common[MEASURES_BEST] > 0;
  progress_line words = {0};
  char span[CLOCKS_SPAN_BYTES];
  progress_line_place(&words, bar, (int)place, of->whole ? epochs : 0);
  if (!of->whole) progress_line_add(&words, 10, TERMINAL_RESET, "epoch %.2f", place);
  for (int i = 0; i < of->count; i++) {
    const measure *m = &of->own[i];
    if (m->shown == NULL || isnan(row[i])) continue;
    progress_line_add(&words, m->importance,
                      best && i == of->decides ? TERMINAL_GOOD : TERMINAL_RESET, "%s %*.*f%s",
                      m->shown, m->width, m->decimals, measures_factor(of, i) * row[i],
                      measures_unit(of, i));
  }
  if (of->lr_shown) {
    progress_line_add(&words, 3, TERMINAL_RESET, "lr %.2g", common[MEASURES_LR]);
  }
  progress_line_rate(&words, bar, common[MEASURES_SPEED]);
  progress_line_add(&words, 2, TERMINAL_DIM, "%s", clocks_span(common[MEASURES_SECONDS], span));
  if (best) progress_line_add(&words, 3, TERMINAL_GOOD, "best");
  progress_show(bar, &words);
}
