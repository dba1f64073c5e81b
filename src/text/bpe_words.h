#ifndef RECUR_BPE_WORDS_H
#define RECUR_BPE_WORDS_H

#include <stdbool.h>

#include "utf8.h"

/* Where byte-pair encoding may not merge: text is cut into words first. A word is
 *
 *   - letters, with an apostrophe or hyphen between two of them: "don't", "est-ce", "aujourd'hui";
 *   - or one digit or placeholder (marks.h); or one punctuation mark, symbol or control character,
 *     as often as it repeats;
 *   - with the space before it, if there is one. The first word of a text has one in front of it
 *     that is not in the text, so that a word is the same there and elsewhere.
 *   - A mark of case is a word of its own and never has a space in front: the word that it tells of
 *     keeps its own, and so does the first word of a text that begins with such marks.
 *   - A space that is followed by another, by a mark of case or by nothing is a word of its own.
 *
 * Only U+0020 is a space; what is no other class is a letter. A word that is longer than
 * BPE_WORD_MAX characters, its space included, is cut there, so that the work on one is bounded. */

enum { BPE_WORD_MAX = 64 };

typedef struct bpe_words {
  const char *text;
  size_t bytes, at;
  bool begun;
} bpe_words;

typedef struct bpe_word {
  bool spaced;      /* there is a space in front */
  const char *text; /* what follows that space; may be empty */
  size_t bytes;
} bpe_word;

/* The words of `text`, in order and without gaps; an empty text has none.
 *
 *   bpe_words words = {.text = text, .bytes = bytes};
 *   for (bpe_word word; bpe_next_word(&words, &word);) ... */
bool bpe_next_word(bpe_words *words, bpe_word *word);

#endif
