#ifndef RECUR_TERMINAL_H
#define RECUR_TERMINAL_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

/* What the reader's end of a stream can show. */

typedef struct terminal {
  FILE *stream;
  bool interactive; /* a terminal that can redraw a line: TERM is set and not "dumb" */
  bool colors;      /* interactive, and NO_COLOR is unset or empty */
  bool utf8;        /* the locale's encoding (LC_ALL, LC_CTYPE, LANG) is UTF-8 */
} terminal;

typedef enum terminal_style {
  TERMINAL_RESET,
  TERMINAL_BOLD,
  TERMINAL_DIM,
  TERMINAL_ACCENT,
  TERMINAL_GOOD,
  TERMINAL_WARNING
} terminal_style;

terminal terminal_of(FILE *stream);

/* Columns now (the window may have been resized): of the terminal, else of COLUMNS, else 80. */
int terminal_width(const terminal *term);

/* The escape sequence of a style, "" without colours. */
const char *terminal_style_of(const terminal *term, terminal_style style);

/* Background for a share in [0, 1] on a perceptually even ramp, with a legible foreground; printed
 * straight to the stream. Nothing without colours. End with TERMINAL_RESET. */
void terminal_heat(const terminal *term, double share);

/* Columns that UTF-8 text takes, marks that combine counted as none and wide East Asian
 * characters as two. */
int terminal_text_width(const char *text);

/* Prints text padded with spaces to `columns`, at the right end or (right) at the left; longer text
 * is cut and ends in "~". Control characters are shown as "?", so that a name cannot steer the
 * terminal. */
void terminal_pad(FILE *stream, const char *text, int columns, bool right);

/* A message as fprintf writes it, but that what could steer the terminal or break the line, from
 * whatever file it came, is shown as "?". */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void terminal_message(FILE *stream, const char *format, ...);
void terminal_message_of(FILE *stream, const char *format, va_list arguments);

/* Text as a field of a row for programs and people: control characters are spaces, all other bytes
 * as they are. */
void terminal_field(FILE *stream, const char *text, size_t bytes);

/* The same without a mark where the text is cut: for abbreviations. */
void terminal_abbreviate(FILE *stream, const char *text, int columns, bool right);

#endif
