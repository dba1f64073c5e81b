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
  bool elided;                         /* elide_french */
  bool french, typographic_apostrophe; /* typeset_french */
  bool layer;                          /* what is decoded is marked text (text_layer.h) */
  bool french_numbers;                 /* numbers are set as French sets them */
  bool unfinished;                     /* more will come: no span is missing yet */
} text_setting;

/* Where things are in a text that is written. */
typedef struct text_places {
  text_range *tokens; /* [count] of each token, or NULL */
  text_range *spans;  /* [source->span_count] of each of the source's spans, or NULL */
} text_places;

/* Decodes `count` ids and sets what they say, into the arena; terminated. Control characters become
 * spaces, so that it is a line of text. source: what was
 * translated, whose spans it has, or NULL. places: to be filled, or NULL. Over a measuring arena
 * only the space is counted, and *out is empty. RC_ERR_MEMORY if the arena is too small. */
struct layered_text; /* text_layer.h */
rc_status codec_write(codec c, text_setting setting, const struct layered_text *source,
                      const int *ids, int count, rc_arena *arena, utf8_text *out,
                      const text_places *places, rc_error *error);

#endif
