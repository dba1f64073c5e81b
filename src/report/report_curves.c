#include "report_curves.h"

#include <math.h>
#include <stdio.h>

#include "checks.h"
#include "report.h"

enum { CHART_WIDTH = 520, CHART_HEIGHT = 320, MARKS_MAX = 120 };

/* Of a row; NaN where there is no such column. */
static double value_at(const report_curves *chart, const report_series *series, int row,
                       int column) {
  const size_t width = (size_t)measures_columns(chart->of);
  return column < 0 ? NAN : series->rows[(size_t)row * width + (size_t)column];
}

static double place_at(const report_curves *chart, const report_series *series, int row) {
  return value_at(chart, series, row, chart->of->place);
}

/* Digits behind the point of a place. */
static int place_decimals(const report_curves *chart) {
  return chart->of->whole ? 0 : 2;
}

static double factor_of(const report_curves *chart) {
  return chart->factor * measures_factor(chart->of, chart->main);
}

static void widen(const report_curves *chart, int column, double *low, double *high) {
  for (int r = 0; r < chart->series_count; r++) {
    for (int i = 0; i < chart->series[r].count; i++) {
      double y = value_at(chart, &chart->series[r], i, column);
      if (!isfinite(y)) continue;
      if (y < *low) *low = y;
      if (y > *high) *high = y;
    }
  }
}

/* Consecutive points go to the page in pieces: no limit on the number of records. */
static void add_curve(svg_plot *plot, const report_curves *chart, const report_series *series,
                      int column, const char *style) {
  enum { PIECE = 64 };
  double x[PIECE], y[PIECE];
  for (int start = 0; start < series->count; start += PIECE - 1) {
    int count = 0;
    for (int i = start; i < series->count && count < PIECE; i++, count++) {
      x[count] = place_at(chart, series, i);
      y[count] = value_at(chart, series, i, column);
    }
    svg_line(plot, style, count, x, y);
  }
}

/* Index of the last record that was the best so far; -1 without any. */
static int best_record(const report_curves *chart, const report_series *series) {
  int best = -1;
  for (int i = 0; i < series->count; i++) {
    if (value_at(chart, series, i, chart->of->count + MEASURES_BEST) > 0) best = i;
  }
  return best;
}

static void add_points(svg_plot *plot, const report_curves *chart, int color) {
  const report_series *series = &chart->series[color];
  int every = series->count / MARKS_MAX + 1, best = best_record(chart, series);
  const double factor = factor_of(chart);
  const char *unit = measures_unit(chart->of, chart->main);
  for (int i = 0; i < series->count; i++) {
    if (i % every != 0 && i != best) continue;
    double x = place_at(chart, series, i), y = value_at(chart, series, i, chart->main);
    double other = value_at(chart, series, i, chart->other);
    char tooltip[200], style[24], more[64] = "";
    if (isfinite(other)) {
      snprintf(more, sizeof more, ", %s %.*f%s", measures_curve(chart->of, chart->other),
               chart->decimals, factor * other, unit);
    }
    snprintf(tooltip, sizeof tooltip, "%.60s, epoch %.*f: %s %.*f%s%s", series->name,
             place_decimals(chart), x, measures_curve(chart->of, chart->main), chart->decimals,
             factor * y, unit, more);
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
  RC_ASSERT(count <= REPORT_RUNS_MAX);
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
    last[r] = series->count > 0 ? value_at(chart, series, series->count - 1, chart->main) : NAN;
  }
  report_add_end_labels(plot, names, chart->series_count, last);
}

static void add_heading(const report_curves *chart, text_buffer *out) {
  text_add(out, "<thead><tr><th scope=\"col\">Epoch</th>");
  const char *names[] = {measures_curve(chart->of, chart->main),
                         chart->other < 0 ? NULL : measures_curve(chart->of, chart->other)};
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
  add_heading(chart, out);
  const report_series *rows = longest_series(chart);
  for (int i = 0; i < rows->count; i++) {
    text_addf(out, "<tr><th scope=\"row\">%.*f</th>", place_decimals(chart),
              place_at(chart, rows, i));
    for (int r = 0; r < chart->series_count; r++) {
      const report_series *series = &chart->series[r];
      for (int k = 0; k < (chart->other < 0 ? 1 : 2); k++) {
        const int column = k == 0 ? chart->main : chart->other;
        double value = i < series->count ? value_at(chart, series, i, column) : NAN;
        report_number_cell(out, chart->decimals, factor_of(chart) * value,
                           measures_unit(chart->of, chart->main));
      }
    }
    text_add(out, "</tr>\n");
  }
  text_add(out, "</tbody>");
  report_end_table(out);
}

/* From the first whole place to the last, or from 0 where places are no whole numbers. */
static svg_scale scale_across(const report_curves *chart) {
  double low = INFINITY, last = -INFINITY;
  widen(chart, chart->of->place, &low, &last);
  if (!chart->of->whole) return (svg_scale){.low = 0, .high = last > 0 ? last : 1};
  return (svg_scale){.low = last > 1 ? 1 : 0, .high = last > 1 ? last : 2};
}

void report_add_curves(const report_curves *chart, text_buffer *out) {
  double low = INFINITY, high = -INFINITY;
  widen(chart, chart->main, &low, &high);
  if (chart->other >= 0) widen(chart, chart->other, &low, &high);
  if (!(high >= low)) return;
  svg_ticks up = svg_round_range(&low, &high, 7);
  svg_scale x = scale_across(chart), y = {.low = low, .high = high};
  svg_ticks across =
      chart->of->whole ? svg_ticks_whole(x.low, x.high, 10) : svg_ticks_of(x.low, x.high, 10);
  report_begin_figure(out, chart->title, chart->caption);
  svg_plot plot = svg_begin(out, CHART_WIDTH, CHART_HEIGHT, chart->title, x, y);
  svg_axis_y(&plot, &up, factor_of(chart), measures_unit(chart->of, chart->main), chart->axis);
  svg_axis_x(&plot, &across, "epoch");
  char style[24];
  for (int r = 0; r < chart->series_count; r++) {
    snprintf(style, sizeof style, "thin k%d", r);
    if (chart->other >= 0) add_curve(&plot, chart, &chart->series[r], chart->other, style);
    snprintf(style, sizeof style, "k%d", r);
    add_curve(&plot, chart, &chart->series[r], chart->main, style);
  }
  for (int r = 0; r < chart->series_count; r++) add_points(&plot, chart, r);
  add_labels(&plot, chart);
  svg_end(&plot);
  add_table(chart, out);
  report_end_figure(out);
}
