#include "history.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"

static rc_status no_memory(rc_error *error) {
  return rc_fail(error, RC_ERR_MEMORY, "out of memory for the record of a run");
}

const double *history_row(const history *h, int row) {
  RC_ASSERT(row >= 0 && row < h->count);
  return h->rows + (size_t)row * (size_t)measures_columns(h->of);
}

rc_status history_add(history *h, const double *row, rc_error *error) {
  const size_t width = (size_t)measures_columns(h->of);
  if (h->count == h->capacity) {
    size_t capacity = 2 * (size_t)h->capacity + 32;
    double *rows = realloc(h->rows, capacity * width * sizeof *rows);
    if (rows != NULL) h->rows = rows;
    char *(*texts)[HISTORY_TEXTS_MAX] = realloc(h->texts, capacity * sizeof *texts);
    if (texts != NULL) h->texts = texts;
    if (rows == NULL || texts == NULL) return no_memory(error);
    h->capacity = (int)capacity;
  }
  memset(&h->texts[h->count], 0, sizeof *h->texts);
  memcpy(h->rows + (size_t)h->count++ * width, row, width * sizeof *row);
  return RC_OK;
}

void history_free(history *h) {
  for (int i = 0; i < h->count; i++) {
    for (int k = 0; k < HISTORY_TEXTS_MAX; k++) free(h->texts[i][k]);
  }
  free(h->texts);
  free(h->rows);
  *h = (history){0};
}

double history_at(const history *h, int row, int column) {
  RC_ASSERT(column >= 0 && column < measures_columns(h->of));
  return history_row(h, row)[column];
}

double history_common(const history *h, int row, int which) {
  return history_at(h, row, h->of->count + which);
}

int history_best(const history *h) {
  int i = h->count - 1;
  while (i >= 0 && !(history_common(h, i, MEASURES_BEST) > 0)) i--;
  return i;
}

bool history_would_be_best(const history *h, const double *row) {
  const int best = history_best(h), column = h->of->decides;
  const double sign = h->of->own[column].better, value = sign * row[column];
  return best < 0 ? !isnan(value) : value > sign * history_at(h, best, column);
}

/* As torch's ReduceLROnPlateau: what is less counts as noise where less is better. */
#define LEAST_GAIN 1e-4

int history_stalled(const history *h) {
  double best[MEASURES_MAX];
  int stalled = 0;
  for (int c = 0; c < h->of->count; c++) best[c] = h->of->own[c].better > 0 ? -DBL_MAX : DBL_MAX;
  for (int i = 0; i < h->count; i++) {
    const double *row = history_row(h, i);
    bool gain = false;
    for (int c = 0; c < h->of->count; c++) {
      const int better = h->of->own[c].better;
      if (better > 0 ? row[c] > best[c] : better < 0 && row[c] < best[c] * (1 - LEAST_GAIN))
        gain = true;
      if (better > 0 ? row[c] > best[c] : better < 0 && row[c] < best[c]) best[c] = row[c];
    }
    stalled = gain ? 0 : stalled + 1;
  }
  return stalled;
}

int history_lines(const history *h) {
  return h->count * (1 + h->texts_each);
}

const char *history_line(const history *h, int index, char text[MEASURES_TEXT]) {
  const int row = index / (1 + h->texts_each), line = index % (1 + h->texts_each);
  if (line == 0) {
    measures_to_text(h->of, history_row(h, row), text);
    return text;
  }
  const char *kept = h->texts[row][line - 1];
  return kept == NULL ? "" : kept;
}

rc_status history_read_line(history *h, int index, const char *line, rc_error *error) {
  const int at = index % (1 + h->texts_each);
  if (at == 0) {
    double row[MEASURES_MAX];
    if (!measures_from_text(h->of, line, row)) {
      return rc_fail(error, RC_ERR_FORMAT, "checkpoint.epochs has a line that is no evaluation");
    }
    return history_add(h, row, error);
  }
  char *text = strdup(line);
  h->texts[h->count - 1][at - 1] = text;
  return text == NULL ? no_memory(error) : RC_OK;
}
