#ifndef RECUR_HISTORY_H
#define RECUR_HISTORY_H

#include "measures.h"

/* What the evaluations of a run came to, one after the other. */

enum { HISTORY_TEXTS_MAX = 4 };

typedef struct history {
  const measures *of;
  double *rows;                      /* [count, columns of `of`] */
  char *(*texts)[HISTORY_TEXTS_MAX]; /* [count] beside the numbers, malloc'd, or NULL */
  int texts_each;                    /* so many of a row are remembered */
  int count, capacity;
  double seconds; /* of training, up to the last evaluation */
} history;

/* Appends a row without texts. RC_ERR_MEMORY. */
rc_status history_add(history *h, const double *row, rc_error *error);
void history_free(history *h);

/* A row; a column of it; of the common ones (MEASURES_LR and so on). */
const double *history_row(const history *h, int row);
double history_at(const history *h, int row, int column);
double history_common(const history *h, int row, int which);

/* Index of the last row that was the best, -1 without any. */
int history_best(const history *h);
/* Whether a row to append would be: better than that one. NaN is not. */
bool history_would_be_best(const history *h, const double *row);

/* How many rows in a row, up to the last, were in nothing by which a training is judged (measure's
 * `better`) better than all before. */
int history_stalled(const history *h);

/* As lines of text, of each row its numbers and then its texts. */
int history_lines(const history *h);
/* Line `index`; numbers are written to `text`, which may be what is returned. */
const char *history_line(const history *h, int index, char text[MEASURES_TEXT]);
/* Takes the lines in order. RC_ERR_FORMAT, RC_ERR_MEMORY. */
rc_status history_read_line(history *h, int index, const char *line, rc_error *error);

#endif
