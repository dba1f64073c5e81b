#ifndef RECUR_REPORT_CURVES_H
#define RECUR_REPORT_CURVES_H

#include <stdbool.h>
#include <stddef.h>

#include "svg.h"

/* A chart of one or two numbers over the course of training: the main one solid, with points and
 * labels, and the other, if any, thin and dashed; its table below. */

/* The records of one run, of any type. */
typedef struct report_series {
  const char *name;
  const void *records; /* [count] of record_bytes each */
  size_t record_bytes;
  int count;
} report_series;

typedef double (*report_value)(const void *record); /* NaN where unknown */

typedef struct report_curves {
  const char *title, *caption, *axis;
  const report_series *series; /* [series_count], at most REPORT_RUNS_MAX */
  int series_count;
  report_value x, main, other; /* other: may be NULL */
  bool (*best)(const void *record);
  const char *x_name, *x_title; /* "epoch", "Epoch" */
  int x_decimals;               /* 0: places are whole numbers */
  const char *main_name, *other_name;
  double factor; /* shown = value * factor */
  const char *unit;
  int decimals;
} report_curves;

/* Nothing where no value is finite. */
void report_add_curves(const report_curves *chart, text_buffer *out);

/* Names [count] at the right ends of curves, last [count] being where these end; none where that is
 * not finite. count at most REPORT_RUNS_MAX. */
void report_add_end_labels(svg_plot *plot, const char *const *names, int count, const double *last);

#endif
