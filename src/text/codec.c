#include "codec.h"

#include "checks.h"
#include "elision.h"
#include "normalize.h"
#include "text_layer.h"

/* ---- subwords ---- */

/* Where a piece goes that begins at `start`: without the space in front of a word. */
static text_range piece_range(size_t start, const char *piece, size_t bytes) {
  size_t skipped = bytes > 0 && piece[0] == ' ' ? 1 : 0;
  return (text_range){(int)(start + skipped), (int)(start + bytes)};
}

static size_t put_piece(char *out, size_t capacity, size_t at, const char *piece, size_t bytes) {
  for (size_t i = 0; i < bytes; i++) {
    if (at + i < capacity) out[at + i] = piece[i];
  }
  return at + bytes;
}

/* Tokens whose bytes wait for the rest of their character share the range of the piece that they
 * become. */
static size_t decode_subwords(const void *vocabulary, const int *ids, size_t count, char *out,
                              size_t capacity, text_range *ranges) {
  bpe_decoder decoder = {.codec = vocabulary};
  char piece[BPE_PIECE_MAX];
  size_t at = 0, told = 0; /* tokens that have their range */
  for (size_t i = 0; i <= count; i++) {
    if (i == count || ids[i] >= BPE_FIRST) {
      size_t bytes = bpe_decode_end(&decoder, piece);
      for (; told < i && ranges != NULL; told++) ranges[told] = piece_range(at, piece, bytes);
      at = put_piece(out, capacity, at, piece, bytes);
    }
    if (i == count) return at;
    size_t bytes = bpe_decode_next(&decoder, ids[i], piece);
    if (decoder.waiting_count == 0) {
      for (; told <= i && ranges != NULL; told++) ranges[told] = piece_range(at, piece, bytes);
    }
    at = put_piece(out, capacity, at, piece, bytes);
  }
  return at;
}

/* Decoding gives back what was encoded, so it also tells which token is what of it. */
static size_t encode_subwords(const void *vocabulary, utf8_text text, int *ids, text_range *ranges,
                              size_t capacity) {
  size_t count = bpe_encode(vocabulary, text.text, text.bytes, 0, NULL, ids, capacity);
  if (ranges != NULL) {
    decode_subwords(vocabulary, ids, count < capacity ? count : capacity, NULL, 0, ranges);
  }
  return count;
}

static utf8_text name_subword(const void *vocabulary, int id) {
  return ((const bpe *)vocabulary)->tokens[id];
}

static size_t vary_subwords(const void *vocabulary, utf8_text text, float dropout, rc_rng *rng,
                            int *ids, size_t capacity) {
  return bpe_encode(vocabulary, text.text, text.bytes, dropout, rng, ids, capacity);
}

codec codec_subwords(const bpe *vocabulary) {
  static const codec_kind subwords = {.encode = encode_subwords,
                                      .decode = decode_subwords,
                                      .name = name_subword,
                                      .vary = vary_subwords};
  return (codec){&subwords, vocabulary};
}

/* ---- words ---- */

/* The known words and their ids, or the unknown ones. */
static size_t read_words(const word_list *vocabulary, utf8_text text, bool known, int *ids,
                         text_range *ranges, size_t capacity) {
  size_t count = 0;
  words_reader reader = {.text = text.text, .bytes = text.bytes};
  for (words_word word; words_next(&reader, &word);) {
    const int id = words_find(vocabulary, &word);
    if ((id >= 0) != known) continue;
    if (count < capacity) {
      if (known) ids[count] = id;
      if (ranges != NULL) ranges[count] = (text_range){(int)word.start, (int)word.end};
    }
    count++;
  }
  return count;
}

static size_t encode_words(const void *vocabulary, utf8_text text, int *ids, text_range *ranges,
                           size_t capacity) {
  return read_words(vocabulary, text, true, ids, ranges, capacity);
}

static size_t unknown_words(const void *vocabulary, utf8_text text, text_range *ranges,
                            size_t capacity) {
  return read_words(vocabulary, text, false, NULL, ranges, capacity);
}

/* With a space between two words. */
static size_t decode_words(const void *vocabulary, const int *ids, size_t count, char *out,
                           size_t capacity, text_range *ranges) {
  const word_list *w = vocabulary;
  size_t at = 0;
  for (size_t i = 0; i < count; i++) {
    const utf8_text token = ids[i] < WORDS_FIRST ? (utf8_text){0} : w->tokens[ids[i]];
    if (at > 0 && token.bytes > 0) at = put_piece(out, capacity, at, " ", 1);
    if (ranges != NULL) ranges[i] = (text_range){(int)at, (int)(at + token.bytes)};
    at = put_piece(out, capacity, at, token.text, token.bytes);
  }
  return at;
}

static utf8_text name_word(const void *vocabulary, int id) {
  return ((const word_list *)vocabulary)->tokens[id];
}

codec codec_words(const word_list *vocabulary) {
  static const codec_kind kind = {
      .encode = encode_words, .decode = decode_words, .name = name_word, .unknown = unknown_words};
  return (codec){&kind, vocabulary};
}

/* ---- any kind ---- */

int codec_encode_sentence(codec c, utf8_text text, int *ids, text_range *ranges, int room,
                          bool *cut) {
  RC_ASSERT(room > 0);
  size_t capacity = (size_t)room - 1;
  size_t count = c.kind->encode(c.vocabulary, text, ids, ranges, capacity);
  if (cut != NULL) *cut = count > capacity;
  if (count > capacity) count = capacity;
  ids[count] = BPE_END;
  if (ranges != NULL) ranges[count] = (text_range){(int)text.bytes, (int)text.bytes};
  return (int)count + 1;
}

/* A range in a text to the same in what it was set as, without the spaces that were put around it
 * or became narrow and unbreakable. */
static text_range set_range(text_range range, const int *places, utf8_text set) {
  range = (text_range){places[range.start], places[range.end]};
  int kept = range.start;
  for (int at = range.start, next; at < range.end; at = next) {
    uint32_t character;
    next = at + utf8_next(set.text + at, (size_t)(range.end - at), &character);
    if (!utf8_is_space(character)) {
      kept = next;
    } else if (at == range.start) {
      range.start = kept = next;
    }
  }
  range.end = kept;
  /* A mark of case belongs to the word behind the space. */
  uint32_t next = 0;
  const size_t at = (size_t)range.end;
  const int bytes = at < set.bytes ? utf8_next(set.text + at, set.bytes - at, &next) : 0;
  if (range.start == range.end && utf8_is_space(next)) range.start = range.end += bytes;
  return range;
}

static void set_ranges(text_range *ranges, int count, const int *places, utf8_text set) {
  for (int i = 0; i < count && ranges != NULL; i++) ranges[i] = set_range(ranges[i], places, set);
}

static utf8_text set_french(text_setting setting, utf8_text plain, int count, rc_arena *arena,
                            text_range *ranges) {
  enum { GROWTH = 4 }; /* typeset_french's at most */
  size_t room = GROWTH * plain.bytes;
  char *set = ARENA_ARRAY(arena, char, room + 1);
  int *places = ARENA_ARRAY(arena, int, plain.bytes + 1);
  if (set == NULL || places == NULL) return (utf8_text){NULL, room};
  size_t bytes =
      typeset_french(plain.text, plain.bytes, setting.typographic_apostrophe, set, room, places);
  set[bytes] = '\0';
  const utf8_text text = {set, bytes};
  set_ranges(ranges, count, places, text);
  return text;
}

static utf8_text elide(utf8_text plain, char *text, int count, rc_arena *arena,
                       text_range *ranges) {
  int *places = ARENA_ARRAY(arena, int, plain.bytes + 1);
  if (text == NULL || places == NULL) return plain;
  const utf8_text elided = {text, elide_french(text, plain.bytes, places)};
  set_ranges(ranges, count, places, elided);
  return elided;
}

/* A translation is one line of text, whatever bytes a network makes: control characters, a line's
 * or a string's end among them, are spaces. */
static void clear_controls(char *text, size_t bytes) {
  for (size_t i = 0; i < bytes; i++) {
    const unsigned char c = (unsigned char)text[i];
    if (c < ' ' || c == 0x7F) text[i] = ' ';
  }
}

rc_status codec_write(codec c, text_setting setting, const layered_text *source, const int *ids,
                      int count, rc_arena *arena, utf8_text *out, const text_places *places,
                      rc_error *error) {
  const text_places wanted = places == NULL ? (text_places){NULL, NULL} : *places;
  if (setting.layer && source != NULL && source->copied) {
    return text_layer_copy(source, setting, arena, out, wanted.spans, error);
  }
  size_t tokens = (size_t)count, bytes = c.kind->decode(c.vocabulary, ids, tokens, NULL, 0, NULL);
  char *plain = ARENA_ARRAY(arena, char, bytes + 1);
  *out = (utf8_text){0};
  if (plain != NULL) {
    c.kind->decode(c.vocabulary, ids, tokens, plain, bytes, wanted.tokens);
    clear_controls(plain, bytes);
    plain[bytes] = '\0';
  }
  utf8_text text = {plain, bytes};
  if (setting.elided) text = elide(text, plain, count, arena, wanted.tokens);
  if (setting.french) text = set_french(setting, text, count, arena, wanted.tokens);
  if (setting.layer) {
    const utf8_text marked = text;
    int *moved = ARENA_ARRAY(arena, int, marked.bytes + 1);
    RC_TRY(text_layer_restore(marked, source, setting, arena, &text, moved, wanted.spans, error));
    if (text.text != NULL) set_ranges(wanted.tokens, count, moved, text);
  }
  if (text.text != NULL) *out = text;
  return arena_check(arena, "a translation", error);
}
