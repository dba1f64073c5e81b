#ifndef RECUR_SPANS_H
#define RECUR_SPANS_H

#include "utf8.h"

/* What is not language and therefore not translated, as it stands in a text, byte for byte:
 *
 *   numbers   figures.h; what hangs on to one stays language: "3rd", "1990s", "5kg"
 *   others    links, addresses and domains, file paths, tags, character references, placeholders
 *             ("{name}", "%s", "${x}"), code-like words ("snake_case", "foo()", "camelCase", "A4",
 *             "--option", "Ctrl+V", "x=5", `in backticks`), hashtags and mentions, emoji with
 *             their joiners, symbols, smileys, the letters of other scripts, and characters of
 *             private use
 *
 * Words without end are none either: of more than SPANS_WORD_MAX letters, or SPANS_ROW_MAX bytes
 * without white space. */

enum {
  SPANS_WORD_MAX = 60, /* characters */
  SPANS_ROW_MAX = 300, /* bytes */
  SPANS_SPAN = 0xFFFC  /* the object replacement character */
};

typedef enum span_family { SPAN_NUMBER, SPAN_OTHER } span_family;

typedef struct found_span {
  size_t start, end; /* bytes of the text */
  span_family family;
} found_span;

/* The spans of valid UTF-8, in order, none empty and no two overlapping. Linear time.
 *
 *   spans_finder finder = {.text = text, .french = whether numbers are written as in French};
 *   for (found_span span; spans_next(&finder, &span);) ... */
typedef struct spans_finder {
  utf8_text text;
  bool french;
  size_t at;
  uint32_t before; /* the character in front of `at`: 0 at the start, SPANS_SPAN behind a span */
  size_t row_end;  /* where there is white space next */
} spans_finder;

bool spans_next(spans_finder *finder, found_span *span);

#endif
