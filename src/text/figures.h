#ifndef RECUR_FIGURES_H
#define RECUR_FIGURES_H

#include "utf8.h"

/* Numbers as they stand in texts: with separators, decimals, sign, currency, per cent or degrees,
 * clock times with their zone, measures ("2kg"), dates, telephone numbers, fractions, ranges. What
 * they say, and how French sets it. */

typedef enum figure_kind {
  FIGURE_RAW,       /* stands as it is in any language: 2024-03-12, 555-0142, 1/2, 192.168.0.1 */
  FIGURE_NUMBER,    /* 1,299.99  -3.5  $5  50% */
  FIGURE_TIME,      /* 3:45 p.m.  15 h 45 */
  FIGURE_MAGNITUDE, /* $5 million: a number, its currency and its power of ten */
} figure_kind;

typedef struct figure {
  figure_kind kind;
  utf8_text text;   /* all of it, as it stands */
  bool french;      /* written as in French: 1 299,99 */
  utf8_text number; /* the digits with their separators, of FIGURE_NUMBER and FIGURE_MAGNITUDE */
  char sign;        /* '-', '+' or 0 */
  bool percent;
  char degrees;         /* 'C', 'F', 'd' for degrees alone, 0: none */
  char currency;        /* '$', 'e' for the euro, 'l' for the pound, 'y', 'r'; 0: none */
  utf8_text dollars_of; /* "US" of "US$" */
  utf8_text unit;       /* "kg" of "2kg", behind English numbers, from the first letter on */
  int power;            /* of ten: 6, 9, 12 */
  int minutes;          /* of the day, or of the hour after midnight that the text has */
  bool hours_alone;     /* no minutes were written */
  utf8_text zone;       /* "CET" behind a time */
} figure;

/* The figure that begins at `at` < bytes, of which it returns the length; 0 if none does. before:
 * the character in front of it. Looks at no more than it takes and some bytes. */
size_t figure_read(utf8_text text, size_t at, uint32_t before, bool french, figure *out);

/* Whether both say the same, each in its own language. */
bool figure_equal(const figure *a, const figure *b);

/* Sets it as French does: "1 299,99 $", "15 h 45". typeset: with U+202F and U+00A0 instead of
 * plain spaces. A raw figure, or one that is French already, stays as it is. out: [capacity];
 * returns the bytes of the whole, at most FIGURE_GROWTH times those of the text and FIGURE_MORE. */
enum { FIGURE_GROWTH = 2, FIGURE_MORE = 40 };
size_t figure_set_french(const figure *f, bool typeset, char *out, size_t capacity);

#endif
