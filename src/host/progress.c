#include "progress.h"

#include <math.h>
#include <stdarg.h>

#include "clocks.h"
#include "text_buffer.h"

enum { BAR_MIN = 8, BAR_MAX = 36 };

void progress_line_add(progress_line *to, int importance, terminal_style style, const char *format,
                       ...) {
  progress_part *part = &to->parts[to->count++];
  part->importance = importance;
  part->style = style;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(part->text, sizeof part->text, format, arguments);
  va_end(arguments);
}

/* Columns with two spaces between parts. */
static int line_width(const progress_line *from) {
  int width = 0;
  for (int i = 0; i < from->count; i++) {
    if (from->parts[i].importance > 0) width += terminal_text_width(from->parts[i].text) + 2;
  }
  return width > 0 ? width - 2 : 0;
}

static void fit(progress_line *to, int width) {
  while (line_width(to) > width) {
    progress_part *least = NULL;
    for (int i = 0; i < to->count; i++) {
      progress_part *part = &to->parts[i];
      if (part->importance > 0 && (least == NULL || part->importance < least->importance)) {
        least = part;
      }
    }
    if (least == NULL) return;
    least->importance = 0;
  }
}

static void print_part(const terminal *term, const progress_part *part, bool *first) {
  if (part->importance == 0) return;
  if (!*first) fputs("  ", term->stream);
  *first = false;
  fprintf(term->stream, "%s%s%s", terminal_style_of(term, part->style), part->text,
          part->style == TERMINAL_RESET ? "" : terminal_style_of(term, TERMINAL_RESET));
}

static void erase(progress *bar) {
  if (bar->drawn) fputs("\r\x1B[K", bar->term.stream);
  bar->drawn = false;
}

progress progress_begin(FILE *stream, const char *label, double interval) {
  return (progress){.term = terminal_of(stream), .label = label, .interval = interval, .last = -1};
}

void progress_line_place(progress_line *to, const progress *bar, int epoch, int epochs) {
  int digits = snprintf(NULL, 0, "%d", epochs);
  if (bar->label != NULL) progress_line_add(to, 6, TERMINAL_BOLD, "%s", bar->label);
  if (epochs == 0) return;
  progress_line_add(to, 10, TERMINAL_RESET, "epoch %*d/%d", digits, epoch, epochs);
}

void progress_line_rate(progress_line *to, const progress *bar, double names_per_s) {
  char grouped[TEXT_GROUPED_BYTES];
  if (!(names_per_s > 0 && names_per_s < 1e12)) return;
  progress_line_add(to, 1, TERMINAL_DIM, "%s %s/s",
                    text_grouped((long)(names_per_s + 0.5), grouped),
                    bar->unit == NULL ? "names" : bar->unit);
}

static void add_state(progress_line *to, const progress *bar, const progress_state *state) {
  if (state->epochs == 0) {
    char grouped[TEXT_GROUPED_BYTES];
    progress_line_add(to, 10, TERMINAL_RESET, "%s %s", text_grouped(state->done, grouped),
                      bar->unit);
  }
  if (state->total > 0) {
    double share = (double)state->done / (double)state->total;
    progress_line_add(to, 9, TERMINAL_RESET, "%3.0f %%", 100 * share);
  }
  bool learnt = state->done > 0 && !isnan(state->loss);
  if (learnt) progress_line_add(to, 7, TERMINAL_RESET, "loss %.4f", state->loss);
  if (!isnan(state->top1)) {
    progress_line_add(to, 4, TERMINAL_RESET, "acc %.1f %%", 100 * state->top1);
  }
  progress_line_rate(to, bar, state->names_per_s);
  if (state->names_per_s > 0 && state->total > 0) {
    double left = (double)(state->total - state->done) +
                  (double)(state->epochs - state->epoch) * (double)state->total;
    char span[CLOCKS_SPAN_BYTES];
    progress_line_add(to, 5, TERMINAL_RESET, "%s left",
                      clocks_span(left / state->names_per_s, span));
  }
}

static void print_bar(const terminal *term, double share, int columns) {
  const char *full = term->utf8 ? "\xE2\x94\x81" : "#", *rest = term->utf8 ? "\xE2\x94\x80" : "-";
  int filled = (int)(share * columns + 0.5);
  fprintf(term->stream, "  %s", terminal_style_of(term, TERMINAL_ACCENT));
  for (int i = 0; i < filled; i++) fputs(full, term->stream);
  fprintf(term->stream, "%s%s", terminal_style_of(term, TERMINAL_RESET),
          terminal_style_of(term, TERMINAL_DIM));
  for (int i = filled; i < columns; i++) fputs(rest, term->stream);
  fputs(terminal_style_of(term, TERMINAL_RESET), term->stream);
}

/* The bar stands after the place and takes what the words leave. */
static void redraw(progress *bar, const progress_state *state) {
  const terminal *term = &bar->term;
  progress_line words = {0};
  progress_line_place(&words, bar, state->epoch, state->epochs);
  int place = words.count;
  add_state(&words, bar, state);
  int width = terminal_width(term) - 1;
  fit(&words, width - 2 - BAR_MIN);
  int columns = width - 2 - line_width(&words);
  if (columns > BAR_MAX) columns = BAR_MAX;
  if (state->total == 0) columns = 0;
  double share = state->total > 0 ? (double)state->done / (double)state->total : 0;

  fputs("\r", term->stream);
  bool first = true;
  for (int i = 0; i < words.count; i++) {
    if (i == place && columns > 0) print_bar(term, share < 1 ? share : 1, columns);
    print_part(term, &words.parts[i], &first);
  }
  fputs("\x1B[K", term->stream);
  bar->drawn = true;
}

static void print_plain(progress *bar, const progress_state *state) {
  progress_line words = {0};
  progress_line_place(&words, bar, state->epoch, state->epochs);
  add_state(&words, bar, state);
  bool first = true;
  for (int i = 0; i < words.count; i++) print_part(&bar->term, &words.parts[i], &first);
  fputc('\n', bar->term.stream);
}

void progress_update(progress *bar, const progress_state *state, double now) {
  if (bar->quiet) return;
  bool begun = bar->last >= 0;
  if (!begun) bar->last = now;
  if (begun && now - bar->last < (bar->term.interactive ? 0.1 : bar->interval)) return;
  if (!begun && !bar->term.interactive) return;
  bar->last = now;
  if (bar->term.interactive) {
    redraw(bar, state);
  } else {
    print_plain(bar, state);
  }
  fflush(bar->term.stream);
}

void progress_count(progress *bar, double done, double total, double begun, double now) {
  const progress_state state = {.done = (long)done,
                                .total = (long)total,
                                .loss = NAN,
                                .top1 = NAN,
                                .names_per_s = now > begun ? done / (now - begun) : 0};
  progress_update(bar, &state, now);
}

void progress_show(progress *bar, progress_line *words) {
  if (bar->quiet) return;
  if (bar->term.interactive) fit(words, terminal_width(&bar->term) - 1);
  erase(bar);
  bool first = true;
  for (int i = 0; i < words->count; i++) print_part(&bar->term, &words->parts[i], &first);
  fputc('\n', bar->term.stream);
  fflush(bar->term.stream);
}

void progress_message(progress *bar, const char *format, ...) {
  erase(bar);
  va_list arguments;
  va_start(arguments, format);
  terminal_message_of(bar->term.stream, format, arguments);
  va_end(arguments);
  fputc('\n', bar->term.stream);
  fflush(bar->term.stream);
}

void progress_end(progress *bar) {
  erase(bar);
  fflush(bar->term.stream);
}
