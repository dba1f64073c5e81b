#ifndef RECUR_TRANSLATOR_VOCABULARY_H
#define RECUR_TRANSLATOR_VOCABULARY_H

#include "text_layer.h"

/* The tokens of one language of a translator. */

typedef enum translator_text {
  TRANSLATOR_SUBWORDS, /* bpe.h */
  TRANSLATOR_WORDS,    /* words.h, the tutorial's */
} translator_text;

typedef struct translator_vocabulary {
  const utf8_text *tokens; /* [count] */
  size_t count;
  translator_text text; /* what they are */
  bool layer;           /* of marked text (text_layer.h); subwords only */
  known_words known;    /* with it, of the source: which words were learnt, or nothing */
} translator_vocabulary;

bool translator_vocabulary_equal(const translator_vocabulary *a, const translator_vocabulary *b);

/* Arena space that translator_vocabulary_open needs for that many tokens. */
size_t translator_vocabulary_bytes(translator_text text, size_t count);

/* Makes a codec of the tokens, which must outlive it, in the arena. As bpe_open or words_open. */
rc_status translator_vocabulary_open(const translator_vocabulary *vocabulary, rc_arena *arena,
                                     codec *out, rc_error *error);

#endif
