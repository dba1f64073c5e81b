#ifndef RECUR_EPOCH_RECORD_H
#define RECUR_EPOCH_RECORD_H

#include "progress.h"

/* What one epoch of training came to. Shown on the terminal, logged, drawn in the report. */
typedef struct epoch_record {
  int epoch;          /* from 1 */
  double loss;        /* mean training loss, nats */
  double train_top1;  /* in [0, 1], as seen while training; NaN if unknown */
  double dev_loss;    /* NaN without dev data, as the two below */
  double dev_top1;    /* in [0, 1] */
  double dev_top3;    /* in [0, 1] */
  double lr;          /* learning rate at the end of the epoch */
  double seconds;     /* training, without evaluation */
  double names_per_s; /* examples trained per second, without evaluation */
  int best;           /* the best epoch on dev so far */
} epoch_record;

/* An epoch as text: every number reads back to the same bits. False for text that is none. */
enum { EPOCH_TEXT = 256 };
void epoch_record_to_text(const epoch_record *e, char text[EPOCH_TEXT]);
bool epoch_record_from_text(const char *text, epoch_record *e);

/* One line with the epoch's results, in place of the bar. */
void epoch_record_show(const epoch_record *e, int epochs, progress *bar);

/* The training loss in finer steps than epochs: a run is cut into so many parts of equal length. */
enum { LOSS_PARTS = 100 };
typedef struct loss_parts {
  double sum[LOSS_PARTS];  /* nats */
  double seen[LOSS_PARTS]; /* examples; 0 where the run has no step in that part */
} loss_parts;

#endif
