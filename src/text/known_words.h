#ifndef RECUR_KNOWN_WORDS_H
#define RECUR_KNOWN_WORDS_H

#include "utf8.h"

/* Which words stood in the sentences that a network learnt from, and which of those are names, that
 * is, are written alike in both languages: a Bloom filter (Bloom 1970, "Space/Time Trade-offs in
 * Hash Coding with Allowable Errors"), which takes 12 bits a word and finds one in 300 of the words
 * that it does not have.
 *
 * A word is a run of letters (casing.h) in lower case. */

typedef enum known_kind { KNOWN_WORD, KNOWN_NAME } known_kind;

typedef struct known_words {
  const uint8_t *bits; /* [bytes]; NULL: nothing is known of any word */
  size_t bytes;
} known_words;

/* The bytes of a filter for that many entries, a name being two. */
size_t known_words_bytes(size_t entries);

/* Letters of any case. */
void known_words_add(uint8_t *bits, size_t bytes, utf8_text word, known_kind kind);
bool known_words_has(const known_words *known, utf8_text word, known_kind kind);

#endif
