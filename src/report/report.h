#ifndef RECUR_REPORT_H
#define RECUR_REPORT_H

#include "status.h"
#include "text_buffer.h"

/* A run as a single HTML page: facts, figures with their tables. SVG and CSS only: no script,
 * nothing fetched, light and dark, fit for paper and for a phone. */

enum { REPORT_RUNS_MAX = 7 }; /* colours that can be told apart */

typedef struct report_fact {
  const char *name, *value;
} report_fact;

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

/* <td> with a number, or a dash for one that is not finite. */
void report_number_cell(text_buffer *out, int decimals, double value, const char *unit);
/* The same, `best`: marked as the best of its column. */
void report_result_cell(text_buffer *out, int decimals, double value, const char *unit, bool best);

/* What every run comes to: <td>s for so many evaluations, their seconds, the parameters and the
 * file, and </tr>; the headings are those behind the first. */
#define REPORT_RUN_HEADINGS                                          \
  "<th scope=\"col\">Training</th><th scope=\"col\">Parameters</th>" \
  "<th scope=\"col\">File</th>"
void report_run_cells(text_buffer *out, int evaluations, double seconds, long parameters,
                      size_t file_bytes);

#endif
