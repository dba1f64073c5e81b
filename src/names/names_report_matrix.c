#include <math.h>
#include <stdio.h>

#include "names_report_parts.h"
#include "svg.h"

enum {
  LABEL_ROOM = 96,
  CONFUSIONS_NAMED = 5,
  LABELS_BESIDE = 24, /* more make a matrix too wide to stand beside another */
  LABELS_DRAWN = 100  /* more make a page that no browser likes */
};

/* Pixels of a cell's side: few labels need not fill the page, many must fit on it. */
static int cell_size(int labels) {
  int size = 560 / labels;
  return size > 44 ? 44 : size < 12 ? 12 : size;
}

static int row_total(const int *row, int count) {
  int total = 0;
  for (int j = 0; j < count; j++) total += row[j];
  return total;
}

static void add_axis_labels(svg_plot *plot, const names_report *page, int cell) {
  for (int i = 0; i < page->label_count; i++) {
    double middle = LABEL_ROOM + (i + 0.5) * cell;
    text_addf(plot->out, "<text class=\"tick\" text-anchor=\"end\" x=\"%d\" y=\"%.1f\">",
              LABEL_ROOM - 6, middle + 4);
    text_add_escaped(plot->out, page->labels[i]);
    text_addf(plot->out,
              "</text>\n<text class=\"tick\" transform=\"translate(%.1f %d) rotate(-60)\">",
              middle + 4, LABEL_ROOM - 6);
    text_add_escaped(plot->out, page->labels[i]);
    text_add(plot->out, "</text>\n");
  }
}

static void add_cell(svg_plot *plot, const names_report *page, const int *row, int i, int j,
                     int cell, int total) {
  double share = total > 0 ? (double)row[j] / total : 0;
  double x = LABEL_ROOM + j * cell, y = LABEL_ROOM + i * cell;
  text_addf(plot->out, "<rect class=\"%s\" x=\"%.0f\" y=\"%.0f\" width=\"%d\" height=\"%d\"",
            row[j] > 0 ? "heat" : "cell", x, y, cell - 1, cell - 1);
  /* The square root lets rare confusions be seen. */
  if (row[j] > 0) text_addf(plot->out, " fill-opacity=\"%.2f\"", 0.04 + 0.96 * sqrt(share));
  text_add(plot->out, "><title>");
  text_add_escaped(plot->out, page->labels[i]);
  text_add(plot->out, " taken for ");
  text_add_escaped(plot->out, page->labels[j]);
  text_addf(plot->out, ": %d of %d</title></rect>\n", row[j], total);
  if (row[j] == 0 || cell < 18) return;
  /* Where a cell is dark enough for light digits (or, on a dark page, light enough for dark ones).
   */
  const char *ink = sqrt(share) > 0.87 ? " full" : sqrt(share) > 0.6 ? " half" : "";
  text_addf(plot->out, "<text class=\"count%s\" x=\"%.1f\" y=\"%.1f\">%d</text>\n", ink,
            x + cell / 2.0 - 0.5, y + cell / 2.0 + 3.5, row[j]);
}

static void add_matrix(const names_report *page, const names_report_run *run, text_buffer *out) {
  int labels = page->label_count, cell = cell_size(labels), side = LABEL_ROOM + labels * cell;
  char title[120];
  snprintf(title, sizeof title, "Confusion matrix of %.80s", run->name);
  const char *least_width = labels > LABELS_BESIDE ? " wide" : labels > 8 ? " matrix" : "";
  text_addf(out, "<div class=\"scroll%s\">", least_width);
  svg_plot plot = svg_begin(out, side + 44, side, title, (svg_scale){0}, (svg_scale){0});
  add_axis_labels(&plot, page, cell);
  for (int i = 0; i < labels; i++) {
    const int *row = run->of->confusion + i * labels;
    int total = row_total(row, labels);
    for (int j = 0; j < labels; j++) add_cell(&plot, page, row, i, j, cell, total);
  }
  svg_end(&plot);
  text_add(out, "</div>\n");
}

static void add_matrix_table(const names_report *page, const int *confusion, text_buffer *out) {
  report_begin_table(out, "Table");
  text_add(out, "<thead><tr><th scope=\"col\">Label</th>");
  for (int j = 0; j < page->label_count; j++) {
    text_add(out, "<th scope=\"col\">");
    text_add_escaped(out, page->labels[j]);
    text_add(out, "</th>");
  }
  text_add(out, "<th scope=\"col\">Right</th></tr></thead>\n<tbody>");
  for (int i = 0; i < page->label_count; i++) {
    const int *row = confusion + i * page->label_count;
    int total = row_total(row, page->label_count);
    text_add(out, "<tr><th scope=\"row\">");
    text_add_escaped(out, page->labels[i]);
    text_add(out, "</th>");
    for (int j = 0; j < page->label_count; j++) text_addf(out, "<td>%d</td>", row[j]);
    report_number_cell(out, 1, total > 0 ? 100.0 * row[i] / total : NAN, " %");
    text_add(out, "</tr>\n");
  }
  text_add(out, "</tbody>");
  report_end_table(out);
}

/* The largest counts off the diagonal, largest first; returns how many there are. */
static int commonest(const int *confusion, int labels, int *at) {
  int found = 0;
  for (int k = 0; k < labels * labels; k++) {
    if (k / labels == k % labels || confusion[k] == 0) continue;
    int place = found;
    while (place > 0 && confusion[at[place - 1]] < confusion[k]) place--;
    if (place == CONFUSIONS_NAMED) continue;
    if (found < CONFUSIONS_NAMED) found++;
    for (int i = found - 1; i > place; i--) at[i] = at[i - 1];
    at[place] = k;
  }
  return found;
}

static void add_matrix_figure(const names_report *page, const names_report_run *run,
                              text_buffer *out) {
  int at[CONFUSIONS_NAMED], labels = page->label_count;
  int count = commonest(run->of->confusion, labels, at);
  text_buffer caption = {0};
  text_add(&caption, count > 0 ? "Commonest: " : "No name was taken for another label.");
  for (int i = 0; i < count; i++) {
    text_addf(&caption, "%s%s \xE2\x86\x92 %s (%d)", i > 0 ? ", " : "",
              page->labels[at[i] / labels], page->labels[at[i] % labels],
              run->of->confusion[at[i]]);
  }
  report_begin_figure(out, run->name, caption.failed ? "" : caption.text);
  text_free(&caption);
  if (labels <= LABELS_DRAWN) {
    add_matrix(page, run, out);
    add_matrix_table(page, run->of->confusion, out);
  } else {
    text_addf(out,
              "<p class=\"note\">The matrix of %d labels is too large to be drawn; "
              "<code>evaluate names --confusion --json</code> has it whole.</p>\n",
              labels);
  }
  report_end_figure(out);
}

void names_report_add_confusion(const names_report *page, text_buffer *out) {
  text_add(
      out,
      "<h2>What is taken for what</h2>\n<p class=\"note\">Rows are the labels that names have, "
      "columns what the network says. Colour shows the share of the row, numbers count "
      "names.</p>\n");
  text_addf(out, "<div class=\"figures%s\">\n", page->label_count > LABELS_BESIDE ? " single" : "");
  for (int r = 0; r < page->run_count; r++) {
    if (names_report_scored(&page->runs[r])) add_matrix_figure(page, &page->runs[r], out);
  }
  text_add(out, "</div>\n");
}
