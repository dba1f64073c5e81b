#ifndef RECUR_REPORT_CURVES_H
#define RECUR_REPORT_CURVES_H

#include "measures.h"
#include "svg.h"

/* A chart of one or two numbers over the course of training: the main one solid, with points and
 * labels, and the other, if any, thin and dashed; its table below. Places are epochs. */

/* The rows of one run. */
typedef struct report_series {
  const char *name;
  const double *rows; /* [count, columns of the chart's measures] */
  int count;
} report_series;

typedef struct report_curves {
  const char *title, *caption, *axis;
  const measures *of;
  const report_series *series; /* [series_count], at most REPORT_RUNS_MAX */
  int series_count;
  int main, other; /* columns; other: -1 for none */
  double factor;   /* shown = value * factor, on top of that of the measure */
  int decimals;
} report_curves;

/* Nothing where no value is finite. */
void report_add_curves(const report_curves *chart, text_buffer *out);

/* Names [count] at the right ends of curves, last [count] being where these end; none where that is
 * not finite. count at most REPORT_RUNS_MAX. */
void report_add_end_labels(svg_plot *plot, const char *const *names, int count, const double *last);

#endif
