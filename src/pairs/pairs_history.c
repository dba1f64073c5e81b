#include "pairs_history.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

rc_status pairs_history_add(pairs_history *history, const pairs_record *record, rc_error *error) {
  if (history->count == history->capacity) {
    size_t capacity = 2 * (size_t)history->capacity + 32;
    pairs_record *records = realloc(history->records, capacity * sizeof *records);
    if (records != NULL) history->records = records;
    char *(*samples)[PAIRS_SAMPLES] = realloc(history->samples, capacity * sizeof *samples);
    if (samples != NULL) history->samples = samples;
    if (records == NULL || samples == NULL) {
      return rc_fail(error, RC_ERR_MEMORY, "out of memory for the record of a run");
    }
    history->capacity = (int)capacity;
  }
  memset(&history->samples[history->count], 0, sizeof *history->samples);
  history->records[history->count++] = *record;
  return RC_OK;
}

void pairs_history_free(pairs_history *history) {
  for (int i = 0; i < history->count; i++) {
    for (int k = 0; k < PAIRS_SAMPLES; k++) free(history->samples[i][k]);
  }
  free(history->samples);
  free(history->records);
  *history = (pairs_history){0};
}

int pairs_history_best(const pairs_history *history) {
  for (int i = history->count - 1; i >= 0; i--) {
    if (history->records[i].best) return i;
  }
  return -1;
}

/* As torch's ReduceLROnPlateau: what is less counts as noise. */
#define LEAST_GAIN 1e-4

int pairs_history_stalled(const pairs_history *history) {
  double bleu = -INFINITY, loss = DBL_MAX;
  int stalled = 0;
  for (int i = 0; i < history->count; i++) {
    const pairs_record *r = &history->records[i];
    bool better = r->bleu > bleu || r->dev_loss < loss * (1 - LEAST_GAIN);
    stalled = better ? 0 : stalled + 1;
    if (r->bleu > bleu) bleu = r->bleu;
    if (r->dev_loss < loss) loss = r->dev_loss;
  }
  return stalled;
}

#define RECORD_FORMAT "%ld %.17g %.17g %.17g %.17g %.17g %.17g %.17g %.17g %d"

void pairs_record_to_text(const pairs_record *r, char text[PAIRS_RECORD_TEXT]) {
  snprintf(text, PAIRS_RECORD_TEXT, RECORD_FORMAT, r->step, r->epochs, r->loss, r->dev_loss,
           r->bleu, r->chrf, r->lr, r->seconds, r->tokens_per_s, r->best);
}

bool pairs_record_from_text(const char *text, pairs_record *r) {
  double *numbers[] = {&r->epochs, &r->loss, &r->dev_loss, &r->bleu,
                       &r->chrf,   &r->lr,   &r->seconds,  &r->tokens_per_s};
  char *end;
  r->step = strtol(text, &end, 10);
  bool good = end != text;
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers && good; i++) {
    text = end;
    *numbers[i] = strtod(text, &end);
    good = end != text;
  }
  text = end;
  if (good) r->best = (int)strtol(text, &end, 10);
  return good && end != text && *end == '\0';
}
