#include "sentence_score.h"

#include <math.h>

#include "checks.h"

size_t sentence_score_bytes(sentence_metric metric, size_t bytes) {
  return metric == SENTENCE_BLEU ? bleu_add_bytes(bytes, 1) : chrf_add_bytes(bytes, 1);
}

rc_status sentence_score(sentence_metric metric, utf8_text hypothesis, utf8_text reference,
                         rc_arena *scratch, double *score, rc_error *error) {
  if (metric == SENTENCE_BLEU) {
    bool effective_order = true;
    bleu_counts counts = {0};
    RC_TRY(bleu_add(&counts, hypothesis, &reference, 1, scratch, error));
    *score = bleu_from(&counts, effective_order).score / 100;
  } else {
    chrf_counts counts = {0};
    RC_TRY(chrf_add(&counts, hypothesis, &reference, 1, scratch, error));
    *score = chrf_from(&counts) / 100;
  }
  return RC_OK;
}

rc_status sentence_nearest(sentence_metric metric, const utf8_text *candidates, int count,
                           utf8_text reference, rc_arena *scratch, int *best, rc_error *error) {
  RC_ASSERT(count > 0);
  double highest = -1, score;
  for (int c = 0; c < count; c++) {
    RC_TRY(sentence_score(metric, candidates[c], reference, scratch, &score, error));
    if (score > highest) *best = c;
    highest = fmax(highest, score);
  }
  return RC_OK;
}

rc_status sentence_consensus(sentence_metric metric, const utf8_text *candidates,
                             const double *log_probability, int count, rc_arena *scratch, int *best,
                             rc_error *error) {
  RC_ASSERT(count > 0);
  double highest = -1, score;
  for (int c = 0; c < count; c++) {
    double sum = 0;
    for (int k = 0; k < count; k++) {
      RC_TRY(sentence_score(metric, candidates[c], candidates[k], scratch, &score, error));
      /* Up to a factor that all have. */
      sum += exp(log_probability[k] - log_probability[0]) * score;
    }
    if (sum > highest) *best = c;
    highest = fmax(highest, sum);
  }
  return RC_OK;
}
