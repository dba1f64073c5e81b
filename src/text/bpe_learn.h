#ifndef RECUR_BPE_LEARN_H
#define RECUR_BPE_LEARN_H

#include "arena.h"
#include "utf8.h"

/* Learning the vocabulary of a byte-pair encoding (bpe.h): the most frequent pair of neighbouring
 * tokens within the words of the texts becomes a token, again and again. Of equally frequent pairs
 * the one of the lower left id, then of the lower right id, comes first, so the result depends on
 * the texts alone, and not on their order. */

typedef struct bpe_learning {
  int tokens;        /* at most; specials and bytes included */
  int character_min; /* a character has a token if it occurs at least that often; at least 1 */
  int pair_min;      /* no pair that is rarer becomes a token; at least 1 */
  bool marks;        /* the marks of a text layer (marks.h) have tokens, however rare */
} bpe_learning;

typedef struct bpe_vocabulary {
  utf8_text *tokens; /* [count], as bpe_open takes them; terminated too */
  int count;
  rc_arena block; /* holds them */
} bpe_vocabulary;

/* Learns from texts of valid or invalid UTF-8, each a whole text to bpe_encode; for a joint
 * vocabulary give those of both languages. Fewer tokens than asked for come out if no pair is left.
 * RC_ERR_ARGUMENT for options out of range, among them too few tokens for the characters;
 * RC_ERR_MEMORY. The caller ends it with bpe_vocabulary_free, which is harmless after a failure. */
rc_status bpe_learn(bpe_vocabulary *out, const utf8_text *texts, size_t count,
                    const bpe_learning *options, rc_error *error);
void bpe_vocabulary_free(bpe_vocabulary *vocabulary);

#endif
