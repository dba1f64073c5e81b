#ifndef RECUR_REPORT_PARTS_H
#define RECUR_REPORT_PARTS_H

#include "report.h"
#include "svg.h"
#include "text_buffer.h"

/* The parts of a report, each added to the page as HTML. */

extern const char *const report_style[]; /* lines of CSS, NULL at the end */

void report_add_loss(const report *page, text_buffer *out);
void report_add_training_loss(const report *page, text_buffer *out);
void report_add_accuracy(const report *page, text_buffer *out); /* needs dev scores */
void report_add_time(const report *page, text_buffer *out);
void report_add_calibration(const report *page, text_buffer *out); /* needs dev scores */
void report_add_confusion(const report *page, text_buffer *out);   /* needs confusion matrices */

/* The page around the parts; date and command may be NULL. */
void report_begin_page(text_buffer *out, const char *title, const char *date, const char *command);
void report_add_facts(text_buffer *out, const report_fact *facts, int count);
/* The page's bytes; RC_ERR_MEMORY, and the buffer freed, if an addition failed. */
rc_status report_end_page(text_buffer *out, char **html, size_t *size, rc_error *error);

/* <figure> with a caption; what follows it up to report_end_figure is its table. */
void report_begin_figure(text_buffer *out, const char *title, const char *caption);
void report_begin_table(text_buffer *out, const char *summary);
void report_end_table(text_buffer *out);
void report_end_figure(text_buffer *out);

/* Names [count] at the right ends of curves, last [count] being where these end; none where that is
 * not finite. count at most REPORT_RUNS_MAX. */
void report_add_end_labels(svg_plot *plot, const char *const *names, int count, const double *last);

/* <td> with a number, or a dash for one that is not finite. */
void report_number_cell(text_buffer *out, int decimals, double value, const char *unit);

#endif
