#ifndef RECUR_BPE_H
#define RECUR_BPE_H

#include <stdbool.h>

#include "arena.h"
#include "rng.h"
#include "utf8.h"

/* Byte-pair encoding (Sennrich, Haddow and Birch 2016, "Neural Machine Translation of Rare Words
 * with Subword Units") within the words of bpe_words.h, with bytes for what the vocabulary lacks.
 *
 * A vocabulary is a list of token texts, and nothing else:
 *
 *   0, 1        "<s>" and "</s>", begin and end of a sequence
 *   2 to 257    "<0x00>" to "<0xFF>", the bytes
 *   from 258    characters, and tokens that each join two earlier ones. "▁" (U+2581) stands for
 *               the space in front of a word.
 *
 * The order is the rank: of the pairs in a word that join to a token, the one of the lowest id is
 * joined first, from the left. Which two a token joins need not be stored: its text, split by the
 * tokens before it, gives them. That holds for every vocabulary that was learnt (bpe_learn.h), as
 * nothing had been joined across the ends of a pair where it was counted: what lies between them
 * was split as if it stood alone.
 *
 * A character without a token, and U+2581 itself, becomes the tokens of its bytes. So nothing is
 * unknown, and for all valid UTF-8, decoding gives back what was encoded. */

enum {
  BPE_BEGIN = 0,
  BPE_END = 1,
  BPE_BYTES = 2,   /* the token of byte 0 */
  BPE_FIRST = 258, /* the first token that is neither special nor a byte */
  BPE_TOKENS_MAX = 65536,
  BPE_PIECE_MAX = 260 /* bytes that decoding one more token can give */
};

typedef struct bpe {
  int count;               /* tokens */
  const utf8_text *tokens; /* [count]; the caller's texts */
  struct bpe_rule *rules;  /* [rule_mask + 1] a hash table: characters and pairs to tokens */
  uint32_t rule_mask;
  int space; /* the token of U+2581 */
} bpe;

/* Arena space that bpe_open needs for that many tokens. */
size_t bpe_open_bytes(size_t count);

/* Builds an encoder from token texts, which must outlive it. RC_ERR_FORMAT, saying which token, if
 * they are not such a list: specials and bytes in their places, U+2581 among the others, each of
 * valid UTF-8, at most BPE_WORD_MAX characters, none twice, each one character or made of two
 * earlier tokens. RC_ERR_MEMORY if the arena is too small. The encoder is read only and may be
 * shared by threads. */
rc_status bpe_open(bpe *out, const utf8_text *tokens, size_t count, rc_arena *arena,
                   rc_error *error);

/* Encodes any bytes into at most `capacity` ids, without begin and end. Returns the number of ids
 * that the whole text has, at most bytes + 1; what does not fit is not written. Linear time.
 *
 * With dropout in (0, 1], every possible join is left out with that probability whenever the next
 * one is chosen, and a word ends as it is when all are (BPE-dropout: Provilkov, Emelianenko and
 * Voita 2020); rng may be NULL with dropout 0. */
size_t bpe_encode(const bpe *codec, const char *text, size_t bytes, float dropout, rc_rng *rng,
                  int *ids, size_t capacity);

/* Decodes a token at a time:
 *
 *   bpe_decoder decoder = {.codec = &codec};
 *   while (...) fwrite(piece, 1, bpe_decode_next(&decoder, id, piece), stdout);
 *   fwrite(piece, 1, bpe_decode_end(&decoder, piece), stdout);
 *
 * piece: [BPE_PIECE_MAX]. The pieces make valid UTF-8, each by itself: bytes wait until their
 * character is complete, and those that never form one become U+FFFD as in utf8_next. Specials give
 * nothing. Ids lie in [0, codec->count). */
typedef struct bpe_decoder {
  const bpe *codec;
  bool begun; /* what has the space in front of the text has passed */
  char waiting[UTF8_MAX];
  int waiting_count;
} bpe_decoder;

size_t bpe_decode_next(bpe_decoder *decoder, int id, char *piece);
size_t bpe_decode_end(bpe_decoder *decoder, char *piece);

/* All of `ids` at once. Returns the bytes of the whole text; what does not fit is not written. */
size_t bpe_decode(const bpe *codec, const int *ids, size_t count, char *out, size_t capacity);

#endif
