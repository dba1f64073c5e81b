#include "report.h"

#include <math.h>

#include "clocks.h"
#include "report_style.h"

void report_begin_figure(text_buffer *out, const char *title, const char *caption) {
  text_add(out, "<figure><figcaption><strong>");
  text_add_escaped(out, title);
  text_add(out, "</strong><span>");
  text_add_escaped(out, caption);
  text_add(out, "</span></figcaption>\n");
}

void report_begin_table(text_buffer *out, const char *summary) {
  text_add(out, "<details><summary>");
  text_add_escaped(out, summary);
  text_add(out, "</summary><div class=\"scroll\"><table>\n");
}

void report_end_table(text_buffer *out) {
  text_add(out, "</table></div></details>\n");
}

void report_end_figure(text_buffer *out) {
  text_add(out, "</figure>\n");
}

void report_result_cell(text_buffer *out, int decimals, double value, const char *unit, bool best) {
  if (isfinite(value)) {
    text_addf(out, "<td%s>%.*f%s</td>", best ? " class=\"best\"" : "", decimals, value, unit);
  } else {
    text_add(out, "<td>\xE2\x80\x93</td>");
  }
}

void report_number_cell(text_buffer *out, int decimals, double value, const char *unit) {
  report_result_cell(out, decimals, value, unit, false);
}

void report_add_facts(text_buffer *out, const report_fact *facts, int count) {
  if (count == 0) return;
  text_add(out, "<h2>Data and settings</h2>\n<dl>\n");
  for (int i = 0; i < count; i++) {
    text_add(out, "<dt>");
    text_add_escaped(out, facts[i].name);
    text_add(out, "</dt><dd>");
    text_add_escaped(out, facts[i].value);
    text_add(out, "</dd>\n");
  }
  text_add(out, "</dl>\n");
}

void report_begin_page(text_buffer *out, const char *title, const char *date, const char *command) {
  text_add(out,
           "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>");
  text_add_escaped(out, title);
  text_add(out, "</title>\n<style>\n");
  for (int i = 0; report_style[i] != NULL; i++) {
    text_add(out, report_style[i]);
    text_add(out, "\n");
  }
  text_add(out, "</style></head>\n<body><main>\n<h1>");
  text_add_escaped(out, title);
  text_add(out, "</h1>\n");
  if (date != NULL) {
    text_add(out, "<p class=\"when\"><time>");
    text_add_escaped(out, date);
    text_add(out, "</time></p>\n");
  }
  if (command != NULL) {
    text_add(out, "<pre><code>");
    text_add_escaped(out, command);
    text_add(out, "</code></pre>\n");
  }
}

rc_status report_end_page(text_buffer *out, char **html, size_t *size, rc_error *error) {
  text_add(out, "</main><footer>Made by recur.</footer></body></html>\n");
  if (out->failed) {
    text_free(out);
    return rc_fail(error, RC_ERR_MEMORY, "out of memory for the report");
  }
  *html = out->text;
  *size = out->size;
  return RC_OK;
}

void report_run_cells(text_buffer *out, int evaluations, double seconds, long parameters,
                      size_t file_bytes) {
  char grouped[TEXT_GROUPED_BYTES], span[CLOCKS_SPAN_BYTES];
  text_addf(out, "<td>%d</td><td>%s</td><td>%s</td><td>%.1f kB</td></tr>\n", evaluations,
            clocks_span(seconds, span), text_grouped(parameters, grouped),
            (double)file_bytes / 1000);
}
