#ifndef RECUR_BLEU_H
#define RECUR_BLEU_H

#include <stdbool.h>

#include "arena.h"
#include "utf8.h"

/* BLEU (Papineni et al. 2002, "BLEU: a Method for Automatic Evaluation of Machine Translation") and
 * chrF2 (Popovic 2015, "chrF: character n-gram F-score for automatic MT evaluation") with the
 * numbers of sacreBLEU's defaults. Both add up counts over sentences; scores come from the sums. */

enum { BLEU_ORDER = 4, CHRF_ORDER = 6 };

typedef struct bleu_counts {                      /* zero to begin with */
  int64_t correct[BLEU_ORDER], total[BLEU_ORDER]; /* n-grams of the hypotheses; the matched ones */
  int64_t length, reference_length; /* tokens; of the references that come closest in length */
} bleu_counts;

typedef struct bleu_score {
  double score;                  /* 0 to 100 */
  double precisions[BLEU_ORDER]; /* 0 to 100, smoothed */
  double brevity_penalty;        /* 0 to 1 */
} bleu_score;

typedef struct chrf_counts { /* zero to begin with; by order */
  int64_t hypothesis[CHRF_ORDER], reference[CHRF_ORDER], matched[CHRF_ORDER];
} chrf_counts;

/* Arena space for adding a sentence whose hypothesis and references have that many bytes. */
size_t bleu_add_bytes(size_t bytes, size_t references);
size_t chrf_add_bytes(size_t bytes, size_t references);

/* Add a sentence with its references, at least one; `scratch` is reset. BLEU counts tokens of
 * tokenize_13a.h, case as it is; chrF counts characters without white space, against the reference
 * that scores best. RC_ERR_ARGUMENT without a reference; RC_ERR_MEMORY if the arena is too small;
 * the counts are as before then. */
rc_status bleu_add(bleu_counts *counts, utf8_text hypothesis, const utf8_text *references,
                   size_t count, rc_arena *scratch, rc_error *error);
rc_status chrf_add(chrf_counts *counts, utf8_text hypothesis, const utf8_text *references,
                   size_t count, rc_arena *scratch, rc_error *error);

/* BLEU with exponential smoothing: of the orders without a match, the k-th counts as 1 / 2^k
 * matches. effective_order: leave out the orders of which there are no n-grams, as is usual for a
 * single sentence. */
bleu_score bleu_from(const bleu_counts *counts, bool effective_order);

/* chrF2, 0 to 100: the F-score, recall weighing twice, of the means over the orders that both have.
 */
double chrf_from(const chrf_counts *counts);

/* How the scores were made, as sacreBLEU writes it: "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|
 * version:...". references: of each sentence, 0 where they differ in number. out: [capacity],
 * terminated and cut where it is too long. */
void bleu_signature(int references, const char *version, char *out, size_t capacity);
void chrf_signature(int references, const char *version, char *out, size_t capacity);

#endif
