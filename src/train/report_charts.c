#include <math.h>
#include <stdio.h>
#include <string.h>

#include "clocks.h"
#include "report_parts.h"
#include "svg.h"

enum { CHART_WIDTH = 520, CHART_HEIGHT = 320, MARKS_MAX = 120 };

/* One number of an epoch. */
typedef double (*epoch_value)(const epoch_record *);

static double loss_of(const epoch_record *e) {
  return e->loss;
}
static double dev_loss_of(const epoch_record *e) {
  return e->dev_loss;
}
static double top1_of(const epoch_record *e) {
  return e->dev_top1;
}
static double top3_of(const epoch_record *e) {
  return e->dev_top3;
}

static void widen(const report *page, epoch_value value, double *low, double *high) {
  for (int r = 0; r < page->run_count; r++) {
    for (int i = 0; i < page->runs[r].epoch_count; i++) {
      double y = value(&page->runs[r].epochs[i]);
      if (!isfinite(y)) continue;
      if (y < *low) *low = y;
      if (y > *high) *high = y;
    }
  }
}

static int last_epoch(const report *page) {
  int last = 1;
  for (int r = 0; r < page->run_count; r++) {
    for (int i = 0; i < page->runs[r].epoch_count; i++) {
      if (page->runs[r].epochs[i].epoch > last) last = page->runs[r].epochs[i].epoch;
    }
  }
  return last;
}

/* A chart of two numbers per epoch: the main one solid, with points and labels, and another thin
 * and dashed. */
typedef struct curve_chart {
  const char *title, *caption, *axis;
  epoch_value main, other;
  const char *main_name, *other_name;
  double factor; /* shown = value * factor */
  const char *unit;
  int decimals;
} curve_chart;

/* Consecutive points go to the page in pieces: no limit on the number of epochs. */
static void add_curve(svg_plot *plot, const report_run *run, epoch_value value, const char *style) {
  enum { PIECE = 64 };
  double x[PIECE], y[PIECE];
  for (int start = 0; start < run->epoch_count; start += PIECE - 1) {
    int count = 0;
    for (int i = start; i < run->epoch_count && count < PIECE; i++, count++) {
      x[count] = run->epochs[i].epoch;
      y[count] = value(&run->epochs[i]);
    }
    svg_line(plot, style, count, x, y);
  }
}

/* Index of the last epoch that was the best so far; -1 without any. */
static int best_epoch(const report_run *run) {
  int best = -1;
  for (int i = 0; i < run->epoch_count; i++) {
    if (run->epochs[i].best) best = i;
  }
  return best;
}

static void add_points(svg_plot *plot, const curve_chart *chart, const report_run *run, int color) {
  int every = run->epoch_count / MARKS_MAX + 1, best = best_epoch(run);
  for (int i = 0; i < run->epoch_count; i++) {
    if (i % every != 0 && i != best) continue;
    const epoch_record *e = &run->epochs[i];
    double y = chart->main(e), other = chart->other(e);
    char tooltip[200], style[24], more[64] = "";
    if (isfinite(other)) {
      snprintf(more, sizeof more, ", %s %.*f%s", chart->other_name, chart->decimals,
               chart->factor * other, chart->unit);
    }
    snprintf(tooltip, sizeof tooltip, "%.60s, epoch %d: %s %.*f%s%s", run->name, e->epoch,
             chart->main_name, chart->decimals, chart->factor * y, chart->unit, more);
    bool shown = run->epoch_count <= 1 || i == best;
    snprintf(style, sizeof style, shown ? "ring f%d" : "hit h%d", color);
    svg_point(plot, style, e->epoch, y, shown ? 4 : 6, tooltip);
    if (run->epoch_count > 1) continue;
    snprintf(style, sizeof style, "open k%d", color); /* no line shows a single value */
    svg_point(plot, style, e->epoch, other, 4, tooltip);
  }
}

void report_add_end_labels(svg_plot *plot, const report *page, const double *last) {
  double y[REPORT_RUNS_MAX];
  int run[REPORT_RUNS_MAX], count = 0;
  for (int r = 0; r < page->run_count; r++) {
    if (!isfinite(last[r])) continue;
    y[count] = svg_at(&plot->y, last[r]);
    run[count++] = r;
  }
  svg_spread_labels(y, count, 16, plot->y.end, plot->y.start);
  for (int i = 0; i < count; i++) {
    char style[24];
    snprintf(style, sizeof style, "label f%d", run[i]);
    svg_text(plot, style, plot->x.end + 10, y[i] + 4, "start", page->runs[run[i]].name);
  }
}

static void add_labels(svg_plot *plot, const curve_chart *chart, const report *page) {
  double last[REPORT_RUNS_MAX];
  for (int r = 0; r < page->run_count; r++) {
    const report_run *run = &page->runs[r];
    last[r] = run->epoch_count > 0 ? chart->main(&run->epochs[run->epoch_count - 1]) : NAN;
  }
  report_add_end_labels(plot, page, last);
}

static void add_curve_table(const report *page, const curve_chart *chart, text_buffer *out) {
  report_begin_table(out, "Table");
  text_add(out, "<thead><tr><th scope=\"col\">Epoch</th>");
  for (int r = 0; r < page->run_count; r++) {
    const char *names[] = {chart->main_name, chart->other_name};
    for (int k = 0; k < 2; k++) {
      text_add(out, "<th scope=\"col\">");
      text_add_escaped(out, page->runs[r].name);
      text_addf(out, ", %s</th>", names[k]);
    }
  }
  text_add(out, "</tr></thead>\n<tbody>");
  int rows = 0;
  for (int r = 0; r < page->run_count; r++) {
    if (page->runs[r].epoch_count > rows) rows = page->runs[r].epoch_count;
  }
  for (int i = 0; i < rows; i++) {
    text_addf(out, "<tr><th scope=\"row\">%d</th>", i + 1);
    for (int r = 0; r < page->run_count; r++) {
      const report_run *run = &page->runs[r];
      bool there = i < run->epoch_count;
      report_number_cell(out, chart->decimals,
                         there ? chart->factor * chart->main(&run->epochs[i]) : NAN, chart->unit);
      report_number_cell(out, chart->decimals,
                         there ? chart->factor * chart->other(&run->epochs[i]) : NAN, chart->unit);
    }
    text_add(out, "</tr>\n");
  }
  text_add(out, "</tbody>");
  report_end_table(out);
}

static void add_curve_chart(const report *page, const curve_chart *chart, text_buffer *out) {
  double low = INFINITY, high = -INFINITY;
  widen(page, chart->main, &low, &high);
  widen(page, chart->other, &low, &high);
  if (!(high >= low)) return;
  svg_ticks up = svg_round_range(&low, &high, 7);
  int last = last_epoch(page);
  svg_scale x = {.low = last > 1 ? 1 : 0, .high = last > 1 ? last : 2};
  svg_scale y = {.low = low, .high = high};
  svg_ticks across = svg_ticks_whole(x.low, x.high, 10);
  report_begin_figure(out, chart->title, chart->caption);
  svg_plot plot = svg_begin(out, CHART_WIDTH, CHART_HEIGHT, chart->title, x, y);
  svg_axis_y(&plot, &up, chart->factor, chart->unit, chart->axis);
  svg_axis_x(&plot, &across, "epoch");
  char style[24];
  for (int r = 0; r < page->run_count; r++) {
    snprintf(style, sizeof style, "thin k%d", r);
    add_curve(&plot, &page->runs[r], chart->other, style);
    snprintf(style, sizeof style, "k%d", r);
    add_curve(&plot, &page->runs[r], chart->main, style);
  }
  for (int r = 0; r < page->run_count; r++) add_points(&plot, chart, &page->runs[r], r);
  add_labels(&plot, chart, page);
  svg_end(&plot);
  add_curve_table(page, chart, out);
  report_end_figure(out);
}

void report_add_loss(const report *page, text_buffer *out) {
  double low = INFINITY, high = -INFINITY;
  widen(page, dev_loss_of, &low, &high);
  curve_chart chart = {.title = "Loss",
                       .caption =
                           "Cross-entropy on the development data; dashed: while training, "
                           "with dropout. A dot marks the best epoch.",
                       .axis = "nats",
                       .main = dev_loss_of,
                       .other = loss_of,
                       .main_name = "dev",
                       .other_name = "training",
                       .factor = 1,
                       .unit = "",
                       .decimals = 4};
  if (!(high >= low)) { /* no dev data */
    chart.caption = "Cross-entropy while training.";
    chart.main = loss_of;
    chart.other = dev_loss_of;
    chart.main_name = "training";
    chart.other_name = "dev";
  }
  add_curve_chart(page, &chart, out);
}

void report_add_accuracy(const report *page, text_buffer *out) {
  curve_chart chart = {.title = "Accuracy",
                       .caption =
                           "Share of development names whose label comes first; dashed: "
                           "among the first three.",
                       .axis = "",
                       .main = top1_of,
                       .other = top3_of,
                       .main_name = "top-1",
                       .other_name = "top-3",
                       .factor = 100,
                       .unit = " %",
                       .decimals = 2};
  add_curve_chart(page, &chart, out);
}

/* Time */

static double mean_rate(const report_run *run) {
  double names = 0, seconds = 0;
  for (int i = 0; i < run->epoch_count; i++) {
    double n = run->epochs[i].names_per_s * run->epochs[i].seconds;
    if (!isfinite(n)) continue;
    names += n;
    seconds += run->epochs[i].seconds;
  }
  return seconds > 0 ? names / seconds : NAN;
}

static void add_time_bar(svg_plot *plot, const report_run *run, int index, double longest) {
  enum { NAME = 90, ROW = 52 };
  char span[CLOCKS_SPAN_BYTES], grouped[TEXT_GROUPED_BYTES], words[120], style[24];
  double y = index * ROW, width = (CHART_WIDTH - NAME - 8) * run->seconds / longest;
  double rate = mean_rate(run);
  clocks_span(run->seconds, span);
  snprintf(words, sizeof words, "%s", span);
  if (isfinite(rate)) {
    snprintf(words, sizeof words, "%s, %s names/s", span, text_grouped((long)rate, grouped));
  }
  snprintf(style, sizeof style, "label f%d", index);
  svg_text(plot, style, NAME - 12, y + 15, "end", run->name);
  snprintf(style, sizeof style, "f%d", index);
  svg_rect(plot, style, NAME, y, width > 1 ? width : 1, 20, words);
  svg_text(plot, "tick", NAME, y + 37, "start", words);
}

void report_add_time(const report *page, text_buffer *out) {
  double longest = 0;
  for (int r = 0; r < page->run_count; r++) {
    if (page->runs[r].seconds > longest) longest = page->runs[r].seconds;
  }
  if (!(longest > 0)) return;
  report_begin_figure(out, "Time", "Training in all, without evaluation.");
  svg_plot plot =
      svg_begin(out, CHART_WIDTH, page->run_count * 52, "Time", (svg_scale){0}, (svg_scale){0});
  for (int r = 0; r < page->run_count; r++) add_time_bar(&plot, &page->runs[r], r, longest);
  svg_end(&plot);
  report_begin_table(out, "Table");
  text_add(out,
           "<thead><tr><th scope=\"col\">Network</th><th scope=\"col\">Seconds</th>"
           "<th scope=\"col\">Names/s</th></tr></thead>\n<tbody>");
  for (int r = 0; r < page->run_count; r++) {
    text_add(out, "<tr><th scope=\"row\">");
    text_add_escaped(out, page->runs[r].name);
    text_add(out, "</th>");
    report_number_cell(out, 2, page->runs[r].seconds, "");
    report_number_cell(out, 0, mean_rate(&page->runs[r]), "");
    text_add(out, "</tr>\n");
  }
  text_add(out, "</tbody>");
  report_end_table(out);
  report_end_figure(out);
}

/* Calibration */

enum { SQUARE = 340 };

static void add_bin(svg_plot *plot, const scores *s, int bin, int most, int color) {
  int count = s->bin_count[bin];
  if (count == 0) return;
  double left = svg_at(&plot->x, (double)bin / CALIBRATION_BINS);
  double right = svg_at(&plot->x, (bin + 1.0) / CALIBRATION_BINS);
  double top = svg_at(&plot->y, s->bin_accuracy[bin]);
  char tooltip[120], style[24];
  snprintf(tooltip, sizeof tooltip, "%d names with mean confidence %.1f %%: %.1f %% right", count,
           100 * s->bin_confidence[bin], 100 * s->bin_accuracy[bin]);
  snprintf(style, sizeof style, "bin f%d", color);
  svg_rect(plot, style, left + 1, top, right - left - 2, plot->y.start - top, tooltip);
  snprintf(style, sizeof style, "ring f%d", color);
  svg_point(plot, style, s->bin_confidence[bin], s->bin_accuracy[bin],
            3 + 6 * sqrt((double)count / most), tooltip);
}

static void add_calibration_table(const scores *s, text_buffer *out) {
  report_begin_table(out, "Table");
  text_add(out,
           "<thead><tr><th scope=\"col\">Bin</th><th scope=\"col\">Names</th>"
           "<th scope=\"col\">Confidence</th><th scope=\"col\">Right</th></tr></thead>\n<tbody>");
  for (int b = 0; b < CALIBRATION_BINS; b++) {
    bool there = s->bin_count[b] > 0;
    text_addf(out, "<tr><th scope=\"row\">%.0f to %.0f %%</th><td>%d</td>",
              100.0 * b / CALIBRATION_BINS, 100.0 * (b + 1) / CALIBRATION_BINS, s->bin_count[b]);
    report_number_cell(out, 1, there ? 100 * s->bin_confidence[b] : NAN, " %");
    report_number_cell(out, 1, there ? 100 * s->bin_accuracy[b] : NAN, " %");
    text_add(out, "</tr>\n");
  }
  text_add(out, "</tbody>");
  report_end_table(out);
}

static void add_reliability(const report_run *run, int color, text_buffer *out) {
  const scores *s = run->final;
  char caption[120];
  int length =
      snprintf(caption, sizeof caption, "Calibration error %.1f %%", 100 * s->calibration_error);
  if (run->temperature > 0) {
    snprintf(caption + length, sizeof caption - (size_t)length, ", temperature %.2f",
             run->temperature);
  }
  int most = 1;
  for (int b = 0; b < CALIBRATION_BINS; b++) {
    if (s->bin_count[b] > most) most = s->bin_count[b];
  }
  report_begin_figure(out, run->name, caption);
  svg_scale unit = {.low = 0, .high = 1};
  svg_plot plot = svg_begin(out, SQUARE + SVG_RIGHT, SQUARE, "Reliability", unit, unit);
  svg_ticks ticks = svg_ticks_of(0, 1, 6);
  svg_axis_y(&plot, &ticks, 100, " %", "right");
  svg_axis_x(&plot, &ticks, "confidence");
  svg_line(&plot, "diagonal", 2, (double[]){0, 1}, (double[]){0, 1});
  for (int b = 0; b < CALIBRATION_BINS; b++) add_bin(&plot, s, b, most, color);
  svg_end(&plot);
  add_calibration_table(s, out);
  report_end_figure(out);
}

void report_add_calibration(const report *page, text_buffer *out) {
  text_add(out,
           "<h2>Calibration</h2>\n<p class=\"note\">Names in 15 bins by the probability of their "
           "first label. On the diagonal, of the names called with 70 % confidence 70 % are right. "
           "Larger dots stand for more names.</p>\n<div class=\"figures small\">\n");
  for (int r = 0; r < page->run_count; r++) {
    if (page->runs[r].final != NULL) add_reliability(&page->runs[r], r, out);
  }
  text_add(out, "</div>\n");
}
