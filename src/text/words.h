#ifndef RECUR_WORDS_H
#define RECUR_WORDS_H

#include "bpe_learn.h"

/* Whole words as tokens, the way PyTorch's sequence-to-sequence tutorial reads text: in lower case
 * and without accents; each of . ! ? is a word of its own, and all else that is no letter of a to z
 * stands between words. A letter with marks is its base letter; "œ", which has none, is no letter.
 *
 * A vocabulary is a list of token texts: "<s>" and "</s>" (BPE_BEGIN, BPE_END), then the words in
 * the order in which they first occur. A word that is not in it is unknown: it has no token. */

enum {
  WORDS_FIRST = 2,
  WORDS_LETTERS_MAX = 64, /* letters beyond do not count */
};

/* The words of any bytes, in order:
 *
 *   words_reader reader = {.text = text, .bytes = bytes};
 *   for (words_word word; words_next(&reader, &word);) ... */
typedef struct words_reader {
  const char *text;
  size_t bytes, at;
} words_reader;

typedef struct words_word {
  char letters[WORDS_LETTERS_MAX]; /* [bytes], ASCII */
  size_t bytes;
  size_t start, end; /* bytes of the text that it was */
} words_word;

bool words_next(words_reader *reader, words_word *word);

typedef struct word_list {
  int count;               /* tokens */
  const utf8_text *tokens; /* [count]; the caller's texts */
  int *slots;              /* [mask + 1] a hash table of tokens */
  uint32_t mask;
} word_list;

/* Arena space that words_open needs for that many tokens. */
size_t words_open_bytes(size_t count);

/* RC_ERR_FORMAT, saying which token, if the texts, which must outlive it, are no such list;
 * RC_ERR_MEMORY if the arena is too small. Read only once open, and may be shared by threads. */
rc_status words_open(word_list *out, const utf8_text *tokens, size_t count, rc_arena *arena,
                     rc_error *error);

/* The token of a word, or -1. */
int words_find(const word_list *vocabulary, const words_word *word);

/* The words of the texts. RC_ERR_ARGUMENT for more than BPE_TOKENS_MAX tokens; RC_ERR_MEMORY. Freed
 * with bpe_vocabulary_free, which is harmless after a failure. */
rc_status words_learn(bpe_vocabulary *out, const utf8_text *texts, size_t count, rc_error *error);

#endif
