#ifndef RECUR_PAIRS_MEASURE_H
#define RECUR_PAIRS_MEASURE_H

#include "codec.h"
#include "pairs.h"

/* How long pairs are in tokens, and which of them can be learnt from. */

/* What reads the texts; length: the most tokens of a side, the end counted. */
typedef struct pairs_reader {
  codec source, target;
  int length;
} pairs_reader;

/* Encodes text and its end into at most `length` ids; 0 if it does not fit. 1, the end alone, where
 * the vocabulary knows no word of it. */
int pairs_encode(codec c, utf8_text text, float dropout, rc_rng *rng, int *ids, int length);

/* Whether both sides fit and have a token; *wordless counts those of which one has none.
 * scratch: [length] */
bool pairs_is_usable(const pairs_reader *reader, const text_pair *pair, int *scratch,
                     int *wordless);

/* Tokens of both sides at most, however they are cut, with what noise may add. */
size_t pairs_most_tokens(const text_pair *pair, int length);

/* How often a pair is seen in an epoch: so many times as `weight` has wholes, and of so many usable
 * pairs as many once more as the rest comes to. The members of the epoch that this makes. */
int pairs_wholes(double weight);
int pairs_fraction(double weight, int usable);
long pairs_members(double weight, int usable);

#endif
