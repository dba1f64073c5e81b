#include "report_curves.h"

#include <math.h>
#include <stdio.h>

#include "report.h"

enum { CHART_WIDTH = 520, CHART_HEIGHT = 320, MARKS_MAX = 120 };

static const void *record_at(const report_series *series, int index) {
  return (const char *)series->records + (size_t)index * series->record_bytes;
}

static void widen(const report_curves *chart, report_value value, double *low, double *high) {
  for (int r = 0; r < chart->series_count; r++) {
    for (int i = 0; i < chart->series[r].count; i++) {
      double y = value(record_at(&chart->series[r], i));
      if (!isfinite(y)) continue;
      if (y < *low) *low = y;
      if (y > *high) *high = y;
    }
  }
}

static double other_of(const report_curves *chart, const void *record) {
  return chart->other == NULL ? NAN : chart->other(record);
}

/* Consecutive points go to the page in pieces: no limit on the number of records. */
static void add_curve(svg_plot *plot, const report_curves *chart, const report_series *series,
                      report_value value, const char *style) {
  enum { PIECE = 64 };
  double x[PIECE], y[PIECE];
  for (int start = 0; start < series->count; start += PIECE - 1) {
    int count = 0;
    for (int i = start; i < series->count && count < PIECE; i++, count++) {
      x[count] = chart->x(record_at(series, i));
      y[count] = value(record_at(series, i));
    }
    svg_line(plot, style, count, x, y);
  }
}

/* Index of the last record that was the best so far; -1 without any. */
static int best_record(const report_curves *chart, const report_series *series) {
  int best = -1;
  for (int i = 0; i < series->count; i++) {
    if (chart->best(record_at(series, i))) best = i;
  }
  return best;
}

static void add_points(svg_plot *plot, const report_curves *chart, int color) {
  const report_series *series = &chart->series[color];
  int every = series->count / MARKS_MAX + 1, best = best_record(chart, series);
  for (int i = 0; i < series->count; i++) {
    if (i % every != 0 && i != best) continue;
    const void *record = record_at(series, i);
    double x = chart->x(record), y = chart->main(record), other = other_of(chart, record);
    char tooltip[200], style[24], more[64] = "";
    if (isfinite(other)) {
      snprintf(more, sizeof more, ", %s %.*f%s", chart->other_name, chart->decimals,
               chart->factor * other, chart->unit);
    }
    snprintf(tooltip, sizeof tooltip, "%.60s, %s %.*f: %s %.*f%s%s", series->name, chart->x_name,
             chart->x_decimals, x, chart->main_name, chart->decimals, chart->factor * y,
             chart->unit, more);
    bool shown = series->count <= 1 || i == best;
    snprintf(style, sizeof style, shown ? "ring f%d" : "hit h%d", color);
    svg_point(plot, style, x, y, shown ? 4 : 6, tooltip);
    if (series->count > 1) continue;
    snprintf(style, sizeof style, "open k%d", color); /* no line shows a single value */
    svg_point(plot, style, x, other, 4, tooltip);
  }
}

void report_add_end_labels(svg_plot *plot, const char *const *names, int count,
                           const double *last) {
  double y[REPORT_RUNS_MAX];
  int run[REPORT_RUNS_MAX], shown = 0;
  for (int r = 0; r < count; r++) {
    if (!isfinite(last[r])) continue;
    y[shown] = svg_at(&plot->y, last[r]);
    run[shown++] = r;
  }
  svg_spread_labels(y, shown, 16, plot->y.end, plot->y.start);
  for (int i = 0; i < shown; i++) {
    char style[24];
    snprintf(style, sizeof style, "label f%d", run[i]);
    svg_text(plot, style, plot->x.end + 10, y[i] + 4, "start", names[run[i]]);
  }
}

static void add_labels(svg_plot *plot, const report_curves *chart) {
  double last[REPORT_RUNS_MAX];
  const char *names[REPORT_RUNS_MAX];
  for (int r = 0; r < chart->series_count; r++) {
    const report_series *series = &chart->series[r];
    names[r] = series->name;
    last[r] = series->count > 0 ? chart->main(record_at(series, series->count - 1)) : NAN;
  }
  report_add_end_labels(plot, names, chart->series_count, last);
}

static void add_heading(const report_curves *chart, const char *x_title, text_buffer *out) {
  text_addf(out, "<thead><tr><th scope=\"col\">%s</th>", x_title);
  const char *names[] = {chart->main_name, chart->other == NULL ? NULL : chart->other_name};
  for (int r = 0; r < chart->series_count; r++) {
    for (int k = 0; k < 2 && names[k] != NULL; k++) {
      text_add(out, "<th scope=\"col\">");
      text_add_escaped(out, chart->series[r].name);
      text_addf(out, ", %s</th>", names[k]);
    }
  }
  text_add(out, "</tr></thead>\n<tbody>");
}

/* The series with the most records, whose places are those of the rows. */
static const report_series *longest_series(const report_curves *chart) {
  const report_series *longest = &chart->series[0];
  for (int r = 1; r < chart->series_count; r++) {
    if (chart->series[r].count > longest->count) longest = &chart->series[r];
  }
  return longest;
}

static void add_table(const report_curves *chart, text_buffer *out) {
  report_begin_table(out, "Table");
  add_heading(chart, chart->x_title, out);
  const report_series *rows = longest_series(chart);
  for (int i = 0; i < rows->count; i++) {
    text_addf(out, "<tr><th scope=\"row\">%.*f</th>", chart->x_decimals,
              chart->x(record_at(rows, i)));
    for (int r = 0; r < chart->series_count; r++) {
      const report_series *series = &chart->series[r];
      const void *record = i < series->count ? record_at(series, i) : NULL;
      double main = record == NULL ? NAN : chart->main(record);
      report_number_cell(out, chart->decimals, chart->factor * main, chart->unit);
      if (chart->other == NULL) continue;
      double other = record == NULL ? NAN : chart->other(record);
      report_number_cell(out, chart->decimals, chart->factor * other, chart->unit);
    }
    text_add(out, "</tr>\n");
  }
  text_add(out, "</tbody>");
  report_end_table(out);
}

/* From the first whole place to the last, or from 0 where places are no whole numbers. */
static svg_scale scale_across(const report_curves *chart) {
  double low = INFINITY, last = -INFINITY;
  widen(chart, chart->x, &low, &last);
  if (chart->x_decimals > 0) return (svg_scale){.low = 0, .high = last > 0 ? last : 1};
  return (svg_scale){.low = last > 1 ? 1 : 0, .high = last > 1 ? last : 2};
}

void report_add_curves(const report_curves *chart, text_buffer *out) {
  double low = INFINITY, high = -INFINITY;
  widen(chart, chart->main, &low, &high);
  if (chart->other != NULL) widen(chart, chart->other, &low, &high);
  if (!(high >= low)) return;
  svg_ticks up = svg_round_range(&low, &high, 7);
  svg_scale x = scale_across(chart), y = {.low = low, .high = high};
  svg_ticks across =
      chart->x_decimals > 0 ? svg_ticks_of(x.low, x.high, 10) : svg_ticks_whole(x.low, x.high, 10);
  report_begin_figure(out, chart->title, chart->caption);
  svg_plot plot = svg_begin(out, CHART_WIDTH, CHART_HEIGHT, chart->title, x, y);
  svg_axis_y(&plot, &up, chart->factor, chart->unit, chart->axis);
  svg_axis_x(&plot, &across, chart->x_name);
  char style[24];
  for (int r = 0; r < chart->series_count; r++) {
    snprintf(style, sizeof style, "thin k%d", r);
    if (chart->other != NULL) add_curve(&plot, chart, &chart->series[r], chart->other, style);
    snprintf(style, sizeof style, "k%d", r);
    add_curve(&plot, chart, &chart->series[r], chart->main, style);
  }
  for (int r = 0; r < chart->series_count; r++) add_points(&plot, chart, r);
  add_labels(&plot, chart);
  svg_end(&plot);
  add_table(chart, out);
  report_end_figure(out);
}
