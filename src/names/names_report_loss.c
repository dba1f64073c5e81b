#include <math.h>
#include <stdio.h>

#include "names_report_parts.h"
#include "report_curves.h"

enum { CHART_WIDTH = 520, CHART_HEIGHT = 320 };

static double mean_loss(const names_report_run *run, int part) {
  const loss_parts *loss = &run->of->loss;
  return loss->seen[part] > 0 ? loss->sum[part] / loss->seen[part] : NAN;
}

/* Where a part ends, in epochs. */
static double position(const names_report *page, int part) {
  int count = page->runs[0].of->run.history.count, epochs = count > 0 ? count : 1;
  return (double)(part + 1) * epochs / LOSS_PARTS;
}

static void add_curve(svg_plot *plot, const names_report *page, int index) {
  double x[LOSS_PARTS], y[LOSS_PARTS];
  int count = 0;
  for (int part = 0; part < LOSS_PARTS; part++) {
    double loss = mean_loss(&page->runs[index], part);
    if (!isfinite(loss)) continue; /* a short run has steps in some parts only */
    x[count] = position(page, part);
    y[count++] = loss;
  }
  char style[24];
  snprintf(style, sizeof style, "k%d", index);
  svg_line(plot, style, count, x, y);
}

static void add_labels(svg_plot *plot, const names_report *page) {
  double last[REPORT_RUNS_MAX];
  const char *names[REPORT_RUNS_MAX];
  for (int r = 0; r < page->run_count; r++) {
    names[r] = page->runs[r].name;
    last[r] = NAN;
    for (int part = 0; part < LOSS_PARTS; part++) {
      double loss = mean_loss(&page->runs[r], part);
      if (isfinite(loss)) last[r] = loss;
    }
  }
  report_add_end_labels(plot, names, page->run_count, last);
}

static void add_table(const names_report *page, text_buffer *out) {
  report_begin_table(out, "Table");
  text_add(out, "<thead><tr><th scope=\"col\">Epochs</th>");
  for (int r = 0; r < page->run_count; r++) {
    text_add(out, "<th scope=\"col\">");
    text_add_escaped(out, page->runs[r].name);
    text_add(out, "</th>");
  }
  text_add(out, "</tr></thead>\n<tbody>");
  for (int part = 0; part < LOSS_PARTS; part++) {
    text_addf(out, "<tr><th scope=\"row\">%.2f</th>", position(page, part));
    for (int r = 0; r < page->run_count; r++) {
      report_number_cell(out, 4, mean_loss(&page->runs[r], part), "");
    }
    text_add(out, "</tr>\n");
  }
  text_add(out, "</tbody>");
  report_end_table(out);
}

void names_report_add_training_loss(const names_report *page, text_buffer *out) {
  double low = INFINITY, high = -INFINITY;
  for (int r = 0; r < page->run_count; r++) {
    for (int part = 0; part < LOSS_PARTS; part++) {
      double loss = mean_loss(&page->runs[r], part);
      if (isfinite(loss)) low = fmin(low, loss), high = fmax(high, loss);
    }
  }
  if (!(high >= low)) return;
  svg_ticks up = svg_round_range(&low, &high, 7);
  svg_scale x = {.low = 0, .high = position(page, LOSS_PARTS - 1)};
  svg_scale y = {.low = low, .high = high};
  svg_ticks across = svg_ticks_of(x.low, x.high, 8);
  report_begin_figure(
      out, "Training loss",
      "Cross-entropy while training, in hundredths of the run: each the mean over its "
      "names.");
  svg_plot plot = svg_begin(out, CHART_WIDTH, CHART_HEIGHT, "Training loss", x, y);
  svg_axis_y(&plot, &up, 1, "", "nats");
  svg_axis_x(&plot, &across, "epochs");
  for (int r = 0; r < page->run_count; r++) add_curve(&plot, page, r);
  add_labels(&plot, page);
  svg_end(&plot);
  add_table(page, out);
  report_end_figure(out);
}
