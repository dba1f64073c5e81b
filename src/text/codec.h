#ifndef RECUR_CODEC_H
#define RECUR_CODEC_H

#include "bpe.h"
#include "words.h"

/* Normalised text (normalize.h) to a network's tokens and back, whatever a token is: the one seam
 * between the text of a translator and its network. Every kind has BPE_BEGIN and BPE_END, which
 * stand for no text. */

typedef struct text_range {
  int start, end; /* bytes of a text; white space at the ends of a token left out */
} text_range;

/* ids, ranges, out: what lies beyond the capacity is not written, and the whole is counted. ranges
 * may be NULL. */
typedef struct codec_kind {
  /* Returns the tokens of the text, without begin and end; ranges: what each is of the text. */
  size_t (*encode)(const void *vocabulary, utf8_text text, int *ids, text_range *ranges,
                   size_t capacity);
  /* Returns the bytes of the text; ranges: [count] what each token is of it. */
  size_t (*decode)(const void *vocabulary, const int *ids, size_t count, char *out, size_t capacity,
                   text_range *ranges);
  /* The token as the vocabulary writes it. */
  utf8_text (*name)(const void *vocabulary, int id);
  /* For learning: encode, cut in another way each time, the more the higher `dropout`. NULL where
   * there is only one way. */
  size_t (*vary)(const void *vocabulary, utf8_text text, float dropout, rc_rng *rng, int *ids,
                 size_t capacity);
  /* What encode left out as it has no token for it; returns how many ranges of the text there are.
   * NULL where nothing is ever left out. */
  size_t (*unknown)(const void *vocabulary, utf8_text text, text_range *ranges, size_t capacity);
} codec_kind;

/* Read only, and may be shared by threads; the vocabulary is the caller's. */
typedef struct codec {
  const codec_kind *kind;
  const void *vocabulary;
} codec;

codec codec_subwords(const bpe *vocabulary);
codec codec_words(const word_list *vocabulary);

/* Encodes a sentence as a translator reads it: at most `room` >= 1 ids, the last of them BPE_END.
 * Returns how many; *cut (may be NULL): whether some were left out. */
int codec_encode_sentence(codec c, utf8_text text, int *ids, text_range *ranges, int room,
                          bool *cut);

/* How a text is set for reading. */
typedef struct text_setting {
  bool french, typographic_apostrophe; /* typeset_french */
} text_setting;

/* Decodes `count` ids and sets what they say, into the arena; terminated. ranges: [count] or NULL.
 * Over a measuring arena only the space is counted, and *out is empty. RC_ERR_MEMORY if the arena
 * is too small. */
rc_status codec_write(codec c, text_setting setting, const int *ids, int count, rc_arena *arena,
                      utf8_text *out, text_range *ranges, rc_error *error);

#endif
