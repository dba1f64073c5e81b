#ifndef RECUR_PROGRESS_H
#define RECUR_PROGRESS_H

#include "terminal.h"

/* Progress of a training run on one stream: a line redrawn in place on a terminal, a plain whole
 * line every few seconds elsewhere, so that `tail -f` reads well. Time is passed in. */

typedef struct progress_state {
  int epoch, epochs;  /* this one, from 1, of how many; both 0: no training, but done units */
  long done, total;   /* names of this epoch; total 0 if unknown */
  double loss;        /* mean of this epoch so far, nats; NaN if unknown */
  double top1;        /* in [0, 1], of this epoch so far; NaN if unknown */
  double names_per_s; /* lately; 0 if not known yet */
} progress_state;

typedef struct progress {
  terminal term;
  const char *label; /* "gru"; NULL for none */
  const char *unit;  /* what is counted: "tokens"; NULL for names */
  double interval;   /* seconds between plain lines */
  double last;       /* when something was last shown; negative at first */
  bool drawn;        /* a redrawn line stands on the terminal */
  bool quiet;        /* nothing but progress_message */
} progress;

/* interval: seconds between plain lines where the stream is no terminal (10 is good). */
progress progress_begin(FILE *stream, const char *label, double interval);

/* Shows the state if it is time: ten times a second on a terminal; elsewhere each `interval`
 * seconds. Cheap otherwise: call it after every step. now: clocks_now(). */
void progress_update(progress *bar, const progress_state *state, double now);

/* The same of units that are no training: so many done of so many, 0 if unknown, since `begun`. */
void progress_count(progress *bar, double done, double total, double begun, double now);

/* A line of results is put together from parts; where the window is too narrow the least important
 * go first. Starts as {0}. */
enum { PROGRESS_PARTS_MAX = 12, PROGRESS_PART_BYTES = 64 };

typedef struct progress_part {
  char text[PROGRESS_PART_BYTES];
  terminal_style style;
  int importance; /* the lowest is left out first; 0 is left out already */
} progress_part;

typedef struct progress_line {
  progress_part parts[PROGRESS_PARTS_MAX];
  int count;
} progress_line;

#if defined(__GNUC__)
__attribute__((format(printf, 4, 5)))
#endif
void progress_line_add(progress_line *to, int importance, terminal_style style, const char *format,
                       ...);

/* The bar's label and "epoch  3/20", without the latter where `epochs` is 0. */
void progress_line_place(progress_line *to, const progress *bar, int epoch, int epochs);

/* "41,230 names/s", nothing where the rate is not known. */
void progress_line_rate(progress_line *to, const progress *bar, double names_per_s);

/* Prints the line in place of the bar. */
void progress_show(progress *bar, progress_line *words);

/* Any other line, in place of the bar, as terminal_message; adds the newline, flushes at once. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void progress_message(progress *bar, const char *format, ...);

/* Takes the bar off the terminal. */
void progress_end(progress *bar);

#endif
