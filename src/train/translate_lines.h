#ifndef RECUR_TRANSLATE_LINES_H
#define RECUR_TRANSLATE_LINES_H

#include "text_buffer.h"
#include "translating.h"

/* Translating lines of any text: normalised, cut into sentences where they are long, translated and
 * put together again. */

typedef struct line_translator {
  translating sentences;
  int split;                /* lines of more bytes are cut into sentences */
  bool french, typographic; /* set the result as French is (typeset_french) */
} line_translator;

typedef struct line_sentence {
  utf8_text source; /* normalised */
  translated result;
} line_sentence;

/* A line that gave no sentence was empty. */
typedef struct translated_line {
  const line_sentence *sentences; /* [count], in order */
  int count;
  const char **texts;   /* [nbest] the whole line, terminated, best first */
  const double *scores; /* [nbest] sums over the sentences */
} translated_line;

typedef struct translated_lines {
  translated_line *lines;   /* [as many as were given] */
  line_sentence *sentences; /* of all lines */
  int sentence_count;
  utf8_text *sources;
  translated *results;
  text_buffer normalized, texts;
  const char **text_list;
  double *score_list;
} translated_lines;

/* The k-th best of a line is made of the k-th best of each sentence. Freed with
 * translated_lines_free, on failure too. first: the number of the first line, for messages.
 * RC_ERR_MEMORY; RC_ERR_FORMAT for a line of more than TRANSLATE_LINE_MAX bytes. */
enum { TRANSLATE_LINE_MAX = 1 << 20 };
rc_status translate_lines(const line_translator *how, const utf8_text *lines, int count, long first,
                          translated_lines *out, rc_error *error);
void translated_lines_free(translated_lines *t);

#endif
