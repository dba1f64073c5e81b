#include "translator_vocabulary.h"

#include <string.h>

bool translator_vocabulary_equal(const translator_vocabulary *a, const translator_vocabulary *b) {
  if (a->text != b->text || a->count != b->count) return false;
  for (size_t i = 0; i < a->count; i++) {
    const utf8_text x = a->tokens[i], y = b->tokens[i];
    if (x.bytes != y.bytes || memcmp(x.text, y.text, x.bytes) != 0) return false;
  }
  return true;
}

size_t translator_vocabulary_bytes(translator_text text, size_t count) {
  const size_t tables = text == TRANSLATOR_WORDS ? words_open_bytes(count) : bpe_open_bytes(count);
  return tables + sizeof(bpe) + sizeof(word_list) + (size_t)(2 * ARENA_MORE);
}

static rc_status open_words(const translator_vocabulary *v, rc_arena *arena, codec *out,
                            rc_error *error) {
  word_list *vocabulary = ARENA_ARRAY(arena, word_list, 1);
  RC_TRY(arena_check(arena, "the vocabulary", error));
  *out = codec_words(vocabulary);
  return words_open(vocabulary, v->tokens, v->count, arena, error);
}

rc_status translator_vocabulary_open(const translator_vocabulary *vocabulary, rc_arena *arena,
                                     codec *out, rc_error *error) {
  const translator_vocabulary *v = vocabulary;
  if (v->text == TRANSLATOR_WORDS) return open_words(v, arena, out, error);
  bpe *subwords = ARENA_ARRAY(arena, bpe, 1);
  RC_TRY(arena_check(arena, "the vocabulary", error));
  *out = codec_subwords(subwords);
  return bpe_open(subwords, v->tokens, v->count, arena, error);
}
