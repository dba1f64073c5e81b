#ifndef RECUR_TRANSLATE_LINES_H
#define RECUR_TRANSLATE_LINES_H

#include "passage.h"
#include "text_buffer.h"
#include "translating.h"

/* Translating lines of any text: each is read as a passage, its sentences are translated and put
 * together again. */

typedef struct line_translator {
  translating sentences;
  int split; /* lines of more bytes are cut into sentences */
} line_translator;

/* A line that gave no sentence was empty. */
typedef struct translated_line {
  const translated *sentences;  /* [count], in order */
  const passage_sentence *read; /* [count] what was read for them */
  int count;
  const char **texts;   /* [nbest] the whole line, terminated, best first */
  const size_t *starts; /* [count] where each sentence begins in the best */
  const double *scores; /* [nbest] sums over the sentences */
} translated_line;

typedef struct translated_lines {
  int count;                 /* translated: all, or those before one that could not be read */
  translated_line *lines;    /* [as many as were given] */
  passage *passages;         /* likewise */
  passage_sentence *sources; /* of all lines */
  translated *results;
  int sentence_count;
  size_t *starts; /* of all sentences */
  text_buffer texts;
  const char **text_list;
  double *score_list;
} translated_lines;

/* The k-th best of a line is made of the k-th best of each sentence. Freed with
 * translated_lines_free of as many lines, on failure too. first: the number of the first line, for
 * messages. RC_ERR_MEMORY; RC_ERR_RANGE for a line of more than PASSAGE_BYTES_MAX bytes, with the
 * lines before it translated. */
rc_status translate_lines(const line_translator *how, const utf8_text *lines, int count, long first,
                          translated_lines *out, rc_error *error);
void translated_lines_free(translated_lines *t, int count);

#endif
