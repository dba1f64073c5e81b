#include "names_report.h"

#include <math.h>

#include "names_report_parts.h"

typedef struct summary_column {
  const char *title;
  double (*value)(const scores *);
  double sign; /* 1: more is better, -1: less is */
  double factor;
  int decimals;
  const char *unit;
} summary_column;

static double top1(const scores *s) {
  return s->top1;
}
static double top3(const scores *s) {
  return s->top3;
}
static double macro_f1(const scores *s) {
  return s->macro_f1;
}
static double calibration(const scores *s) {
  return s->calibration_error;
}
static double nll(const scores *s) {
  return s->nll;
}

static const summary_column columns[] = {
    {"Top-1", top1, 1, 100, 1, " %"},
    {"Top-3", top3, 1, 100, 1, " %"},
    {"Macro F1", macro_f1, 1, 100, 1, " %"},
    {"NLL", nll, -1, 1, 3, ""},
    {"Calibration error", calibration, -1, 100, 1, " %"},
};
enum { COLUMNS = sizeof columns / sizeof columns[0] };

/* Better than some and worse than none. */
static bool is_best(const names_report *page, int run, const summary_column *column) {
  if (!names_report_scored(&page->runs[run])) return false;
  double own = column->sign * column->value(&page->runs[run].of->final);
  bool better = false;
  for (int i = 0; i < page->run_count; i++) {
    if (!names_report_scored(&page->runs[i])) continue;
    double other = column->sign * column->value(&page->runs[i].of->final);
    if (other > own) return false;
    if (other < own) better = true;
  }
  return better;
}

bool names_report_scored(const names_report_run *run) {
  return run->of->confusion != NULL;
}

static bool has_scores(const names_report *page) {
  for (int i = 0; i < page->run_count; i++) {
    if (names_report_scored(&page->runs[i])) return true;
  }
  return false;
}

static void add_summary_row(const names_report *page, int index, bool scored, text_buffer *out) {
  const names_report_run *run = &page->runs[index];
  text_addf(out, "<tr><th scope=\"row\"><span class=\"key b%d\"></span>", index);
  text_add_escaped(out, run->name);
  text_add(out, "</th>");
  for (int c = 0; scored && c < COLUMNS; c++) {
    double value = names_report_scored(run) ? columns[c].value(&run->of->final) : NAN;
    report_result_cell(out, columns[c].decimals, columns[c].factor * value, columns[c].unit,
                       is_best(page, index, &columns[c]));
  }
  const run_result *of = &run->of->run;
  report_run_cells(out, of->history.count, of->history.seconds, of->parameters, of->file_bytes);
}

static void add_summary(const names_report *page, text_buffer *out) {
  bool scored = has_scores(page);
  text_add(out, "<h2>Results</h2>\n");
  if (scored) {
    text_add(out,
             "<p class=\"note\">On the development data, by the weights that were kept.</p>\n");
  }
  text_add(out, "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Network</th>");
  for (int c = 0; scored && c < COLUMNS; c++) {
    text_addf(out, "<th scope=\"col\">%s</th>", columns[c].title);
  }
  text_add(out, "<th scope=\"col\">Epochs</th>" REPORT_RUN_HEADINGS "</tr></thead>\n<tbody>");
  for (int i = 0; i < page->run_count; i++) add_summary_row(page, i, scored, out);
  text_add(out, "</tbody></table></div>\n");
}

rc_status names_report_html(const names_report *page, char **html, size_t *size, rc_error *error) {
  *html = NULL;
  *size = 0;
  if (page->run_count < 1 || page->run_count > REPORT_RUNS_MAX) {
    return rc_fail(error, RC_ERR_ARGUMENT, "a report shows 1 to %d runs, not %d", REPORT_RUNS_MAX,
                   page->run_count);
  }
  text_buffer out = {0};
  report_begin_page(&out, page->title, page->date, page->command);
  add_summary(page, &out);
  text_add(&out, "<h2>Learning</h2>\n<div class=\"figures\">\n");
  names_report_add_loss(page, &out);
  if (has_scores(page)) names_report_add_accuracy(page, &out);
  names_report_add_training_loss(page, &out);
  names_report_add_time(page, &out);
  text_add(&out, "</div>\n");
  if (has_scores(page)) names_report_add_confusion(page, &out);
  if (has_scores(page)) names_report_add_calibration(page, &out);
  report_add_facts(&out, page->facts, page->fact_count);
  return report_end_page(&out, html, size, error);
}
