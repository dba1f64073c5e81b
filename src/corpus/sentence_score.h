#ifndef RECUR_SENTENCE_SCORE_H
#define RECUR_SENTENCE_SCORE_H

#include "bleu.h"

/* How alike one translation is to a reference: what a choice between translations goes by. */

typedef enum sentence_metric {
  SENTENCE_CHRF, /* chrF2 */
  SENTENCE_BLEU, /* smoothed as for a corpus, of the orders that the sentence has */
} sentence_metric;

/* Arena space for a hypothesis and a reference that have so many bytes together. */
size_t sentence_score_bytes(sentence_metric metric, size_t bytes);

/* *score in [0, 1]; scratch: reset. RC_ERR_MEMORY if it is too small. */
rc_status sentence_score(sentence_metric metric, utf8_text hypothesis, utf8_text reference,
                         rc_arena *scratch, double *score, rc_error *error);

/* Of candidates [count], at least one, which is most like the reference: argmax_c s(c, r). Of
 * equals the first. */
rc_status sentence_nearest(sentence_metric metric, const utf8_text *candidates, int count,
                           utf8_text reference, rc_arena *scratch, int *best, rc_error *error);

/* Which is most like all of them, each as probable as it is: argmax_c sum_k p(k) s(c, k). */
rc_status sentence_consensus(sentence_metric metric, const utf8_text *candidates,
                             const double *log_probability, int count, rc_arena *scratch, int *best,
                             rc_error *error);

#endif
