#ifndef RECUR_PAIR_WRITER_H
#define RECUR_PAIR_WRITER_H

#include "pair_filter.h"
#include "sentence_score.h"
#include "translate_lines.h"

/* Turns translated lines into pairs to train on: knowledge distillation (Kim and Rush 2016) and,
 * reversed, back-translation (Sennrich et al. 2016). */

/* Which of a line's n-best becomes its translation. */
typedef enum pair_choice {
  PAIR_BEST,
  PAIR_CONSENSUS, /* least expected loss against the others, by their probability (minimum Bayes
                   * risk: Kumar and Byrne 2004) */
  PAIR_REFERENCE, /* nearest to a reference (sequence-level interpolation: Kim and Rush 2016) */
} pair_choice;

typedef struct pair_writer {
  bool reversed; /* translation<TAB>source */
  pair_choice choice;
  sentence_metric metric;
  double ratio; /* pair_filter_check */
  int nbest, threads;
  bool french; /* normalise references so */
  /* So far. */
  long lines, written;
  long empty, incomplete, copied, unlike; /* left out */
} pair_writer;

/* Prints the pairs of lines to standard output, in order, as the data are learnt: normalised, not
 * typeset. Candidates that are no translation (pair_filter.h) or did not come to their end are not
 * chosen. references: [count], of each line, for PAIR_REFERENCE. RC_ERR_MEMORY. */
rc_status pair_writer_add(pair_writer *writer, const translated_lines *results,
                          const utf8_text *references, int count, rc_error *error);

/* "12,345 pairs of 12,400 lines; left out: 40 empty, 15 incomplete" */
void pair_writer_summary(const pair_writer *writer, text_buffer *out);

#endif
