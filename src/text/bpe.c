#include "bpe.h"

#include <string.h>

#include "bpe_words.h"
#include "checks.h"
#include "marks.h"

enum { SPACE_MARK = 0x2581, SPACE_MARK_BYTES = 3, NONE = -1, SYMBOLS_MAX = 4 * BPE_WORD_MAX };

/* A character's code, or a pair of token ids with the top bit set, and the token that it becomes.
 */
struct bpe_rule {
  uint64_t key;
  int token; /* NONE in an empty slot */
};

static uint64_t character_key(uint32_t character) {
  return character;
}

static uint64_t pair_key(int left, int right) {
  return (uint64_t)1 << 63 | (uint64_t)left << 32 | (uint64_t)right;
}

static struct bpe_rule *slot_of(const bpe *codec, uint64_t key) {
  uint64_t mixed = (key ^ key >> 29) * 0x9E3779B97F4A7C15u;
  uint32_t at = (uint32_t)(mixed >> 32) & codec->rule_mask;
  while (codec->rules[at].token != NONE && codec->rules[at].key != key) {
    at = (at + 1) & codec->rule_mask;
  }
  return &codec->rules[at];
}

static int find(const bpe *codec, uint64_t key) {
  return slot_of(codec, key)->token;
}

static bool begins_with_space(const char *text, size_t bytes) {
  return bytes >= SPACE_MARK_BYTES && memcmp(text, "\xE2\x96\x81", SPACE_MARK_BYTES) == 0;
}

/* ---- encoding ---- */

typedef struct symbols {
  int ids[SYMBOLS_MAX];
  int joined[SYMBOLS_MAX]; /* the token that this and the next become, or NONE */
  int count;
} symbols;

static void add_bytes(symbols *word, const char *text, int bytes) {
  for (int i = 0; i < bytes; i++) word->ids[word->count++] = BPE_BYTES + (unsigned char)text[i];
}

/* A word as the tokens of its characters, or of their bytes. */
static void spell(const bpe *codec, bool spaced, const char *text, size_t bytes, symbols *word) {
  word->count = 0;
  if (spaced) word->ids[word->count++] = codec->space;
  for (size_t at = 0; at < bytes;) {
    uint32_t character;
    int length = utf8_decode(text + at, bytes - at, &character);
    int id = length == 0 || character == SPACE_MARK ? NONE : find(codec, character_key(character));
    if (length == 0) length = utf8_next(text + at, bytes - at, &character);
    if (id == NONE) {
      add_bytes(word, text + at, length);
    } else {
      word->ids[word->count++] = id;
    }
    at += (size_t)length;
  }
}

static void look_up_join(const bpe *codec, symbols *word, int i) {
  bool pair = i >= 0 && i + 1 < word->count;
  if (pair) word->joined[i] = find(codec, pair_key(word->ids[i], word->ids[i + 1]));
}

/* The place of the lowest join, the first of equals; NONE if there is none, or none was kept. */
static int choose_join(const symbols *word, float dropout, rc_rng *rng) {
  int best = NONE;
  for (int i = 0; i + 1 < word->count; i++) {
    if (word->joined[i] == NONE) continue;
    if (dropout > 0 && rng_uniform(rng) < dropout) continue;
    if (best == NONE || word->joined[i] < word->joined[best]) best = i;
  }
  return best;
}

static void join(const bpe *codec, symbols *word, float dropout, rc_rng *rng) {
  for (int i = 0; i + 1 < word->count; i++) look_up_join(codec, word, i);
  for (int i; (i = choose_join(word, dropout, rng)) != NONE;) {
    word->ids[i] = word->joined[i];
    int after = word->count - i - 2;
    memmove(&word->ids[i + 1], &word->ids[i + 2], (size_t)after * sizeof *word->ids);
    memmove(&word->joined[i + 1], &word->joined[i + 2], (size_t)after * sizeof *word->joined);
    word->count--;
    look_up_join(codec, word, i - 1);
    look_up_join(codec, word, i);
  }
}

size_t bpe_encode(const bpe *codec, const char *text, size_t bytes, float dropout, rc_rng *rng,
                  int *ids, size_t capacity) {
  size_t count = 0;
  bpe_words words = {.text = text, .bytes = bytes};
  for (bpe_word word; bpe_next_word(&words, &word);) {
    symbols split;
    spell(codec, word.spaced, word.text, word.bytes, &split);
    join(codec, &split, dropout, rng);
    for (int i = 0; i < split.count; i++, count++) {
      if (count < capacity) ids[count] = split.ids[i];
    }
  }
  return count;
}

/* ---- opening ---- */

static uint32_t slots_for(size_t count) {
  uint32_t slots = 64;
  while (slots < count + count / 2) slots *= 2;
  return slots;
}

size_t bpe_open_bytes(size_t count) {
  rc_arena measure = arena_measure();
  (void)ARENA_ARRAY(&measure, struct bpe_rule, slots_for(count));
  return measure.used;
}

static bool text_equals(utf8_text text, const char *expected) {
  return text.bytes == strlen(expected) && memcmp(text.text, expected, text.bytes) == 0;
}

static rc_status refuse(size_t token, const char *why, rc_error *error) {
  return rc_fail(error, RC_ERR_FORMAT, "token %zu of the vocabulary %s", token, why);
}

static rc_status check_fixed(const utf8_text *tokens, rc_error *error) {
  if (!text_equals(tokens[BPE_BEGIN], "<s>") || !text_equals(tokens[BPE_END], "</s>")) {
    return rc_fail(error, RC_ERR_FORMAT, "the vocabulary does not begin with <s> and </s>");
  }
  for (unsigned byte = 0; byte < 256; byte++) {
    char name[] = "<0x00>";
    name[3] = "0123456789ABCDEF"[byte >> 4];
    name[4] = "0123456789ABCDEF"[byte & 15];
    if (!text_equals(tokens[BPE_BYTES + byte], name)) {
      return refuse(BPE_BYTES + byte, "is not the byte that belongs there", error);
    }
  }
  return RC_OK;
}

/* Characters of a text, or 0 if it has more than BPE_WORD_MAX or is empty or invalid. */
static int count_characters(utf8_text text) {
  int count = 0;
  uint32_t character;
  for (size_t at = 0; at < text.bytes; count++) {
    int length = utf8_decode(text.text + at, text.bytes - at, &character);
    if (length == 0 || count == BPE_WORD_MAX) return 0;
    at += (size_t)length;
  }
  return count;
}

/* Enters a token into the rules: its character, or the pair that its text splits into. */
static rc_status add_token(bpe *codec, size_t token, rc_error *error) {
  utf8_text text = codec->tokens[token];
  int characters = count_characters(text);
  if (characters == 0) return refuse(token, "is empty, too long or not valid UTF-8", error);
  uint64_t key;
  if (characters == 1) {
    uint32_t character = 0;
    (void)utf8_decode(text.text, text.bytes, &character);
    key = character_key(character);
    if (find(codec, key) != NONE) return refuse(token, "occurs twice", error);
    if (character == SPACE_MARK) codec->space = (int)token;
  } else {
    symbols split;
    bool spaced = begins_with_space(text.text, text.bytes);
    size_t skipped = spaced ? SPACE_MARK_BYTES : 0;
    if (spaced && codec->space == NONE) return refuse(token, "comes before its U+2581", error);
    spell(codec, spaced, text.text + skipped, text.bytes - skipped, &split);
    join(codec, &split, 0, NULL);
    if (split.count == 1) return refuse(token, "occurs twice", error);
    if (split.count != 2 || split.ids[0] < BPE_FIRST || split.ids[1] < BPE_FIRST) {
      return refuse(token, "is not made of two before it", error);
    }
    key = pair_key(split.ids[0], split.ids[1]);
  }
  *slot_of(codec, key) = (struct bpe_rule){key, (int)token};
  return RC_OK;
}

rc_status bpe_open(bpe *out, const utf8_text *tokens, size_t count, rc_arena *arena,
                   rc_error *error) {
  *out = (bpe){0};
  if (count <= BPE_FIRST || count > BPE_TOKENS_MAX) {
    return rc_fail(error, RC_ERR_FORMAT, "a vocabulary of %zu tokens; %d to %d are possible", count,
                   BPE_FIRST + 1, BPE_TOKENS_MAX);
  }
  RC_TRY(check_fixed(tokens, error));
  bpe codec = {.count = (int)count, .tokens = tokens, .space = NONE};
  codec.rule_mask = slots_for(count) - 1;
  codec.rules = ARENA_ARRAY(arena, struct bpe_rule, codec.rule_mask + 1);
  RC_TRY(arena_check(arena, "a vocabulary", error));
  for (uint32_t i = 0; i <= codec.rule_mask; i++) codec.rules[i] = (struct bpe_rule){0, NONE};
  for (size_t i = BPE_FIRST; i < count; i++) RC_TRY(add_token(&codec, i, error));
  if (codec.space == NONE) return rc_fail(error, RC_ERR_FORMAT, "the vocabulary lacks U+2581");
  *out = codec;
  return RC_OK;
}

/* ---- decoding ---- */

static size_t put_replacement(char *piece) {
  return (size_t)utf8_encode(UTF8_REPLACEMENT, piece);
}

/* Whether more bytes could make a character of those that wait. */
static bool may_grow(const bpe_decoder *d) {
  uint32_t character;
  unsigned lead = (unsigned char)d->waiting[0];
  int needed = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  return lead >= 0xC2 && lead <= 0xF4 && d->waiting_count < needed &&
         utf8_next(d->waiting, (size_t)d->waiting_count, &character) == d->waiting_count;
}

static size_t decode_byte(bpe_decoder *d, int byte, char *piece) {
  size_t written = 0;
  d->waiting[d->waiting_count++] = (char)byte;
  while (d->waiting_count > 0 && !may_grow(d)) {
    uint32_t character;
    int taken = utf8_next(d->waiting, (size_t)d->waiting_count, &character);
    written += (size_t)utf8_encode(character, piece + written);
    d->waiting_count -= taken;
    memmove(d->waiting, d->waiting + taken, (size_t)d->waiting_count);
  }
  return written;
}

/* Marks of case, as tokens or as bytes, leave the space in front of the text to what follows. */
static size_t begin(bpe_decoder *d, const char *piece, size_t bytes) {
  for (size_t at = 0; at < bytes && !d->begun;) {
    uint32_t character;
    at += (size_t)utf8_next(piece + at, bytes - at, &character);
    d->begun = !mark_is_case(character);
  }
  return bytes;
}

size_t bpe_decode_end(bpe_decoder *d, char *piece) {
  if (d->waiting_count == 0) return 0;
  d->waiting_count = 0;
  d->begun = true;
  return put_replacement(piece);
}

size_t bpe_decode_next(bpe_decoder *d, int id, char *piece) {
  RC_ASSERT(id >= 0 && id < d->codec->count);
  if (id < BPE_BYTES) return 0;
  if (id < BPE_FIRST) return begin(d, piece, decode_byte(d, id - BPE_BYTES, piece));
  size_t written = bpe_decode_end(d, piece);
  utf8_text token = d->codec->tokens[id];
  for (size_t at = 0; at < token.bytes;) {
    if (!begins_with_space(token.text + at, token.bytes - at)) {
      piece[written++] = token.text[at++];
      continue;
    }
    if (d->begun || at > 0) piece[written++] = ' ';
    d->begun = true;
    at += SPACE_MARK_BYTES;
  }
  return begin(d, piece, written);
}

size_t bpe_decode(const bpe *codec, const int *ids, size_t count, char *out, size_t capacity) {
  bpe_decoder decoder = {.codec = codec};
  char piece[BPE_PIECE_MAX] = {0};
  size_t bytes = 0;
  for (size_t i = 0; i <= count; i++) {
    size_t length =
        i < count ? bpe_decode_next(&decoder, ids[i], piece) : bpe_decode_end(&decoder, piece);
    for (size_t j = 0; j < length; j++, bytes++) {
      if (bytes < capacity) out[bytes] = piece[j];
    }
  }
  return bytes;
}
