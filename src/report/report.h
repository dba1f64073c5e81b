#ifndef RECUR_REPORT_H
#define RECUR_REPORT_H

#include <stddef.h>

#include "epoch_record.h"
#include "scores.h"

/* One or more training runs as a single HTML page: curves, times, confusion matrices, calibration,
 * each with its table. SVG and CSS only: no script, nothing fetched, light and dark, fit for paper
 * and for a phone. */

typedef struct report_run {
  const char *name;           /* "LSTM" */
  const epoch_record *epochs; /* [epoch_count] */
  int epoch_count;
  const loss_parts *loss; /* NULL: not known */
  long parameters;
  double seconds;       /* of training in all, without evaluation */
  size_t file_bytes;    /* of the weight file; 0 if none was written */
  double temperature;   /* of the calibration; 0 if not calibrated */
  const scores *final;  /* on dev, of the weights that were kept; NULL without dev data */
  const int *confusion; /* [C, C] counts on dev, row = label, column = prediction; NULL likewise */
} report_run;

typedef struct report_fact {
  const char *name, *value;
} report_fact;

typedef struct report {
  const char *title;         /* "Three cells on names.train.tsv" */
  const char *command;       /* the command line that makes it again */
  const char *date;          /* clocks_utc; NULL leaves it out */
  const char *const *labels; /* [label_count] = C */
  int label_count;
  const report_fact *facts; /* [fact_count] about the data and the settings, in order */
  int fact_count;
  const report_run *runs; /* [run_count], 1 to REPORT_RUNS_MAX */
  int run_count;
} report;

enum { REPORT_RUNS_MAX = 7 }; /* colours that can be told apart */

/* *html: malloc'd by this call, the caller frees. Every name and label is escaped. RC_ERR_ARGUMENT
 * for a number of runs out of range; RC_ERR_MEMORY. */
rc_status report_html(const report *page, char **html, size_t *size, rc_error *error);

#endif
