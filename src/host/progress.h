#ifndef RECUR_PROGRESS_H
#define RECUR_PROGRESS_H

#include "epoch_record.h"
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

/* One line with the epoch's results, in place of the bar. */
void progress_epoch(progress *bar, const epoch_record *record, int epochs);

/* Any other line, in place of the bar; adds the newline, flushes at once. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void progress_message(progress *bar, const char *format, ...);

/* Takes the bar off the terminal. */
void progress_end(progress *bar);

#endif
