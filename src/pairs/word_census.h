#ifndef RECUR_WORD_CENSUS_H
#define RECUR_WORD_CENSUS_H

#include "known_words.h"
#include "pairs.h"

/* The words of the sources of pairs: how often each occurs, with a capital, and as it is in the
 * target too. A word is a run of Latin letters, whatever their case. */

enum {
  CENSUS_RARE = 5,      /* times at most, of a name that is learnt to be copied */
  CENSUS_TELLING = 2000 /* different words; fewer say nothing of others */
};

typedef struct word_census {
  struct census_word *words; /* [mask + 1] a hash table */
  size_t mask, count;
  text_buffer letters; /* of all words, in lower case */
  bool sampled;        /* there are more pairs: words that it has not seen are rare */
} word_census;

/* RC_ERR_MEMORY. Freed with word_census_free, on failure too. */
rc_status word_census_take(word_census *out, const text_pairs *files, int count, rc_error *error);
void word_census_free(word_census *census);

/* Whether it is rare and always has a capital: what a network can learn to copy, but not to know.
 * context: a word_census. */
bool word_census_is_rare_name(const void *context, utf8_text word);

/* What a network that learns from these pairs knows (known_words.h): all words but rare names that
 * are always as they are in the target; names that mostly are. Nothing where there are fewer words
 * than CENSUS_TELLING. *bits: the caller's to free. */
rc_status word_census_known(const word_census *census, known_words *out, uint8_t **bits,
                            rc_error *error);

#endif
