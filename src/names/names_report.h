#ifndef RECUR_NAMES_REPORT_H
#define RECUR_NAMES_REPORT_H

#include "names_run.h"
#include "report.h"

/* One or more training runs as a single HTML page: curves, times, confusion matrices, calibration,
 * each with its table. SVG and CSS only: no script, nothing fetched, light and dark, fit for paper
 * and for a phone. */

typedef struct names_report_run {
  const char *name; /* "LSTM" */
  const names_result *of;
} names_report_run;

typedef struct names_report {
  const char *title;         /* "Three cells on names.train.tsv" */
  const char *command;       /* the command line that makes it again */
  const char *date;          /* clocks_utc; NULL leaves it out */
  const char *const *labels; /* [label_count] = C */
  int label_count;
  const report_fact *facts; /* [fact_count] about the data and the settings, in order */
  int fact_count;
  const names_report_run *runs; /* [run_count], 1 to REPORT_RUNS_MAX */
  int run_count;
} names_report;

/* *html: malloc'd by this call, the caller frees. Every name and label is escaped. RC_ERR_ARGUMENT
 * for a number of runs out of range; RC_ERR_MEMORY. */
rc_status names_report_html(const names_report *page, char **html, size_t *size, rc_error *error);

#endif
