#include <math.h>
#include <stdio.h>
#include <string.h>

#include "clocks.h"
#include "names_report_parts.h"
#include "report_curves.h"
#include "svg.h"

enum { CHART_WIDTH = 520 };

/* A chart over the epochs of every run. */
static void add_epochs(const names_report *page, report_curves chart, text_buffer *out) {
  report_series series[REPORT_RUNS_MAX];
  for (int r = 0; r < page->run_count; r++) {
    const history *past = &page->runs[r].of->run.history;
    series[r] = (report_series){page->runs[r].name, past->rows, past->count};
  }
  chart.of = &names_measures;
  chart.series = series;
  chart.series_count = page->run_count;
  chart.factor = 1;
  report_add_curves(&chart, out);
}

/* Whether any epoch was scored on dev data. */
static bool has_dev(const names_report *page) {
  for (int r = 0; r < page->run_count; r++) {
    const history *past = &page->runs[r].of->run.history;
    for (int i = 0; i < past->count; i++) {
      if (isfinite(history_at(past, i, NAMES_DEV_LOSS))) return true;
    }
  }
  return false;
}

void names_report_add_loss(const names_report *page, text_buffer *out) {
  report_curves chart = {.title = "Loss",
                         .caption =
                             "Cross-entropy on the development data; dashed: while training, "
                             "with dropout. A dot marks the best epoch.",
                         .axis = "nats",
                         .main = NAMES_DEV_LOSS,
                         .other = NAMES_LOSS,
                         .decimals = 4};
  if (!has_dev(page)) {
    chart.caption = "Cross-entropy while training.";
    chart.main = NAMES_LOSS;
    chart.other = NAMES_DEV_LOSS;
  }
  add_epochs(page, chart, out);
}

void names_report_add_accuracy(const names_report *page, text_buffer *out) {
  const report_curves chart = {.title = "Accuracy",
                               .caption =
                                   "Share of development names whose label comes first; dashed: "
                                   "among the first three.",
                               .axis = "",
                               .main = NAMES_DEV_TOP1,
                               .other = NAMES_DEV_TOP3,
                               .decimals = 2};
  add_epochs(page, chart, out);
}

/* Time */

static double mean_rate(const names_report_run *run) {
  const history *past = &run->of->run.history;
  double names = 0, seconds = 0;
  for (int i = 0; i < past->count; i++) {
    double took = history_common(past, i, MEASURES_SECONDS);
    double n = history_common(past, i, MEASURES_SPEED) * took;
    if (!isfinite(n)) continue;
    names += n;
    seconds += took;
  }
  return seconds > 0 ? names / seconds : NAN;
}

static double seconds_of(const names_report_run *run) {
  return run->of->run.history.seconds;
}

static void add_time_bar(svg_plot *plot, const names_report_run *run, int index, double longest) {
  enum { NAME = 90, ROW = 52 };
  char span[CLOCKS_SPAN_BYTES], grouped[TEXT_GROUPED_BYTES], words[120], style[24];
  double y = index * ROW, width = (CHART_WIDTH - NAME - 8) * seconds_of(run) / longest;
  double rate = mean_rate(run);
  clocks_span(seconds_of(run), span);
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

void names_report_add_time(const names_report *page, text_buffer *out) {
  double longest = 0;
  for (int r = 0; r < page->run_count; r++) {
    longest = fmax(longest, seconds_of(&page->runs[r]));
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
    report_number_cell(out, 2, seconds_of(&page->runs[r]), "");
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

static void add_reliability(const names_report_run *run, int color, text_buffer *out) {
  const scores *s = &run->of->final;
  char caption[120];
  int length =
      snprintf(caption, sizeof caption, "Calibration error %.1f %%", 100 * s->calibration_error);
  if (run->of->temperature > 0) {
    snprintf(caption + length, sizeof caption - (size_t)length, ", temperature %.2f",
             run->of->temperature);
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

void names_report_add_calibration(const names_report *page, text_buffer *out) {
  text_add(out,
           "<h2>Calibration</h2>\n<p class=\"note\">Names in 15 bins by the probability of their "
           "first label. On the diagonal, of the names called with 70 % confidence 70 % are right. "
           "Larger dots stand for more names.</p>\n<div class=\"figures small\">\n");
  for (int r = 0; r < page->run_count; r++) {
    if (names_report_scored(&page->runs[r])) add_reliability(&page->runs[r], r, out);
  }
  text_add(out, "</div>\n");
}
