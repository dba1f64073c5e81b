#ifndef RECUR_PREFIXES_H
#define RECUR_PREFIXES_H

#include <stdbool.h>

#include "utf8.h"

/* How good translations are while someone types: of each prefix of a source, word by word.
 *
 * A word of a source or of a translation stands between blanks (not French's no-break spaces, which
 * belong to the words beside them); what is neither a letter nor a digit at its ends does not
 * count, and what has neither is no word. Words beyond PREFIXES_WORDS_MAX do not count. */

enum {
  PREFIXES_MAX = 100,      /* of a source */
  PREFIXES_WORDS_MAX = 256 /* of a text */
};

/* The prefixes of a source, each one longer by what stands between two blanks: to
 * prefixes [PREFIXES_MAX], as parts of the source. How many there are. */
int prefixes_of(utf8_text source, utf8_text *prefixes);

typedef struct prefix_verdict {
  int source_words, words; /* of the prefix and of its translation */
  int repeats;             /* rows of three words that stood in the translation before; so many more
                            * than in the prefix */
  int shown, changed; /* words of the translation of the prefix before; how many of them are not
                       * in this one, in their order */
} prefix_verdict;

/* before: the translation of the prefix that is one word shorter; empty for the first. */
prefix_verdict prefixes_judge(utf8_text prefix, utf8_text translation, utf8_text before);

/* Whether it has more than twice the words of the prefix. */
bool prefix_is_long(const prefix_verdict *verdict);
/* Whether it repeats itself, or is long. */
bool prefix_is_poor(const prefix_verdict *verdict);
/* Whether a is the poorer one: less than 0 if so, more if b is. Poor ones come first, by how much
 * they repeat and then by how long they are; the others by how many words changed. */
int prefix_compare(const prefix_verdict *a, const prefix_verdict *b);

/* Counts, over all prefixes. */
typedef struct prefix_scores {
  long prefixes, repeated, longer, poor; /* poor: repeated, longer or both */
  long shown, changed;                   /* words */
} prefix_scores;

void prefix_scores_add(prefix_scores *scores, const prefix_verdict *verdict);

#endif
