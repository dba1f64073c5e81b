#ifndef RECUR_TOKEN_WORDS_H
#define RECUR_TOKEN_WORDS_H

#include "codec.h"

/* Which word of a text each of its tokens is in: words as people count them, that is those of
 * bpe_words.h, but figures that stand together as one.
 *
 * ranges: [count] of the tokens, in order. A token of nothing, as a mark of case is, belongs to the
 * token behind it, and at the end to the last. words: [count], from 0. Returns how many words there
 * are. */
int token_words(utf8_text text, const text_range *ranges, int count, int *words);

#endif
