#ifndef RECUR_MEASURES_H
#define RECUR_MEASURES_H

#include "json.h"
#include "progress.h"

/* What is known of a training after each part of it: a row of numbers, and a table that says what
 * they are. From the table come the line on the terminal, the record of the log, the curves of the
 * report and the text of a checkpoint. */

typedef struct measure {
  const char *key;                 /* in the log: "dev_top1" */
  const char *shown;               /* on the terminal: "top-1"; NULL: not there */
  const char *curve;               /* in the report: "top-1" */
  const char *unit;                /* behind the number in both: " %", or NULL */
  double factor;                   /* by which the number is multiplied there; 0: 1 */
  int width, decimals, importance; /* on the terminal, see progress_line_add */
  /* 1: more is better, -1: less is; 0: a training is not judged by it. */
  int better;
} measure;

/* The columns of a row: the measures of its task, and behind them those of every training. */
typedef struct measures {
  const measure *own; /* [count] */
  int count;
  int place;        /* of these: the epochs that were done, */
  bool whole;       /* which are whole: each epoch has its row */
  int step;         /* of these: the updates that were done; only where not whole */
  int loss;         /* of these: of the training, nats */
  int decides;      /* of these: what the best row is the best of */
  bool lr_shown;    /* on the terminal */
  const char *unit; /* what is counted: "tokens" */
} measures;

/* Behind `count`: the learning rate at the end, seconds of training (evaluation is not counted),
 * what was trained on in a second, and whether the row was the best until then, 0 or 1. */
enum { MEASURES_LR, MEASURES_SECONDS, MEASURES_SPEED, MEASURES_BEST, MEASURES_COMMON };

enum { MEASURES_MAX = 12 }; /* columns */

int measures_columns(const measures *of);

/* What a curve of the column is called, what is drawn of it and what stands behind the number. */
const char *measures_curve(const measures *of, int column);
double measures_factor(const measures *of, int column);
const char *measures_unit(const measures *of, int column);

/* A row as text: every number reads back to the same bits. False for text that is none. */
enum { MEASURES_TEXT = 26 * MEASURES_MAX };
void measures_to_text(const measures *of, const double *row, char text[MEASURES_TEXT]);
bool measures_from_text(const measures *of, const char *text, double *row);

/* Members of a record of the log. */
void measures_log(const measures *of, const double *row, json *record);

/* One line in place of the bar, of a training over so many epochs; what is NaN is left out. */
void measures_show(const measures *of, const double *row, int epochs, progress *bar);

#endif
