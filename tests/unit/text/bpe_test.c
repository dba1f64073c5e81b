#include "bpe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bpe_learn.h"
#include "bpe_words.h"

enum { LINES_MAX = 2000, FILE_MAX = 1 << 16, IDS_MAX = 4096 };

/* What make_bpe_golden.py wrote, by kind; texts unescaped in place. */
typedef struct golden_lines {
  utf8_text items[LINES_MAX];
  size_t count;
} golden_lines;

static struct {
  char file[FILE_MAX];
  golden_lines corpus, tokens, merges, texts, ids;
} golden;

static const bpe_learning as_golden = {.tokens = 700, .character_min = 1, .pair_min = 2};
static bpe_vocabulary learnt;
static rc_arena arena;
static bpe codec;

static utf8_text text_of(const char *text) {
  return (utf8_text){text, strlen(text)};
}

static bool same(utf8_text a, utf8_text b) {
  return a.bytes == b.bytes && memcmp(a.text, b.text, a.bytes) == 0;
}

/* ---- the golden file ---- */

static void unescape(utf8_text *item) {
  char *text = (char *)item->text;
  size_t kept = 0;
  for (size_t i = 0; i < item->bytes; i++) {
    char c = text[i];
    if (c == '\\') c = text[++i] == 'n' ? '\n' : '\\';
    text[kept++] = c;
  }
  item->bytes = kept;
}

static void take_line(char *line, size_t bytes) {
  struct {
    const char *kind;
    golden_lines *lines;
  } kinds[] = {{"corpus ", &golden.corpus},
               {"token ", &golden.tokens},
               {"merge ", &golden.merges},
               {"text ", &golden.texts},
               {"ids", &golden.ids}};
  for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
    size_t skipped = strlen(kinds[k].kind);
    if (bytes < skipped || memcmp(line, kinds[k].kind, skipped) != 0) continue;
    utf8_text *item = &kinds[k].lines->items[kinds[k].lines->count++];
    *item = (utf8_text){line + skipped, bytes - skipped};
    if (kinds[k].lines == &golden.texts) unescape(item);
  }
}

static int open_golden(void **state) {
  (void)state;
  FILE *file = fopen("bpe_golden.txt", "rb");
  if (file == NULL) return 1;
  size_t size = fread(golden.file, 1, FILE_MAX - 1, file);
  fclose(file);
  char *end;
  for (char *line = golden.file; line < golden.file + size; line = end + 1) {
    end = strchr(line, '\n');
    if (end == NULL) return 1;
    *end = '\0';
    take_line(line, (size_t)(end - line));
  }
  rc_error error;
  return bpe_learn(&learnt, golden.corpus.items, golden.corpus.count, &as_golden, &error) !=
             RC_OK ||
         arena_new(&arena, bpe_open_bytes((size_t)learnt.count), NULL) != RC_OK ||
         bpe_open(&codec, learnt.tokens, (size_t)learnt.count, &arena, &error) != RC_OK;
}

static int close_golden(void **state) {
  (void)state;
  arena_free(&arena);
  bpe_vocabulary_free(&learnt);
  return 0;
}

/* ---- words ---- */

/* The words with their spaces, parted by |. */
static const char *cut(const char *text) {
  static char out[1000];
  size_t length = 0;
  bpe_words words = {.text = text, .bytes = strlen(text)};
  for (bpe_word word; bpe_next_word(&words, &word);) {
    if (length > 0) out[length++] = '|';
    if (word.spaced) out[length++] = '_';
    memcpy(out + length, word.text, word.bytes);
    length += word.bytes;
  }
  out[length] = '\0';
  return out;
}

static void words_keep_letters_together(void **state) {
  (void)state;
  assert_string_equal(cut(""), "");
  assert_string_equal(cut("I don't know."), "_I|_don't|_know|.");
  assert_string_equal(cut("Est-ce l'\u00E9t\u00E9 ?!"), "_Est-ce|_l'\u00E9t\u00E9|_?|!");
  assert_string_equal(cut("in 1995..."), "_in|_1|9|9|5|...");
  assert_string_equal(cut(" a  b "), "_|_a|_|_b|_");
  assert_string_equal(cut("-a- 'b' c--d"), "_-|a|-|_'|b|'|_c|--|d");
  assert_string_equal(cut("a\n\nb\t"), "_a|\n\n|b|\t");
  assert_string_equal(cut("\u00ABmot\u00BB\U0001F600\U0001F600"),
                      "_\u00AB|mot|\u00BB|\U0001F600\U0001F600");
}

/* \uE000 and \uE001 are marks of case, \uE010 to \uE02F placeholders. */
static void marks_of_case_leave_the_space_to_their_word(void **state) {
  (void)state;
  assert_string_equal(cut("\uE000the\uE000 paris"), "\uE000|_the|\uE000|_paris");
  assert_string_equal(cut("l'\uE001onu"), "_l|'|\uE001|onu");
  assert_string_equal(cut("a \uE000b"), "_a|_|\uE000|b");
  assert_string_equal(cut("\uE000\uE001 a"), "\uE000|\uE001|_|_a");
  assert_string_equal(cut(" \uE000"), "_|_|\uE000");
  assert_string_equal(cut("\uE010\uE010 \uE02Fkg"), "_\uE010|\uE010|_\uE02F|kg");
  assert_string_equal(cut("\uE002x"), "_\uE002x"); /* a letter as ever */
}

static void long_words_are_cut(void **state) {
  (void)state;
  char text[200];
  memset(text, 'a', sizeof text);
  bpe_words words = {.text = text, .bytes = sizeof text};
  bpe_word word;
  for (size_t i = 0, at = 0; bpe_next_word(&words, &word); i++, at += word.bytes) {
    assert_ptr_equal(word.text, text + at);
    size_t expected = i == 0 ? BPE_WORD_MAX - 1 : i < 3 ? BPE_WORD_MAX : 200 - 3 * BPE_WORD_MAX + 1;
    assert_int_equal(word.bytes, expected);
  }
}

/* ---- learning ---- */

static void learns_what_tokenizers_learns(void **state) {
  (void)state;
  assert_int_equal(learnt.count, golden.tokens.count);
  for (size_t i = 0; i < golden.tokens.count; i++) {
    if (!same(learnt.tokens[i], golden.tokens.items[i])) {
      fail_msg("token %zu: %s", i, learnt.tokens[i].text);
    }
  }
}

static void tokens_split_into_the_pairs_of_tokenizers(void **state) {
  (void)state;
  assert_true(golden.merges.count > 150);
  size_t first = golden.tokens.count - golden.merges.count;
  for (size_t i = 0; i < golden.merges.count; i++) {
    /* Encoded with the tokens before it alone, as a word that follows a line feed, its text must
     * give the two of the merge. */
    rc_arena own;
    bpe before;
    size_t count = first + i;
    assert_int_equal(arena_new(&own, bpe_open_bytes(count), NULL), RC_OK);
    assert_int_equal(bpe_open(&before, learnt.tokens, count, &own, NULL), RC_OK);
    char text[100], expected[100];
    int ids[10];
    size_t bytes = bpe_decode(&codec, (int[]){BPE_BYTES + '\n', (int)count}, 2, text, sizeof text);
    size_t split = bpe_encode(&before, text, bytes, 0, NULL, ids, 10);
    const int *pair = ids + split - 2;
    (void)snprintf(expected, sizeof expected, "%s %s", learnt.tokens[pair[0]].text,
                   learnt.tokens[pair[1]].text);
    assert_string_equal(expected, golden.merges.items[i].text);
    arena_free(&own);
  }
}

static void a_smaller_vocabulary_is_a_prefix(void **state) {
  (void)state;
  bpe_vocabulary smaller;
  bpe_learning options = as_golden;
  options.tokens = 400;
  assert_int_equal(bpe_learn(&smaller, golden.corpus.items, golden.corpus.count, &options, NULL),
                   RC_OK);
  assert_int_equal(smaller.count, 400);
  for (int i = 0; i < 400; i++) assert_true(same(smaller.tokens[i], learnt.tokens[i]));
  bpe_vocabulary_free(&smaller);
}

static void the_order_of_texts_does_not_matter(void **state) {
  (void)state;
  utf8_text turned[LINES_MAX];
  size_t count = golden.corpus.count;
  for (size_t i = 0; i < count; i++) turned[i] = golden.corpus.items[count - 1 - i];
  bpe_vocabulary other;
  assert_int_equal(bpe_learn(&other, turned, count, &as_golden, NULL), RC_OK);
  assert_int_equal(other.count, learnt.count);
  for (int i = 0; i < other.count; i++) assert_true(same(other.tokens[i], learnt.tokens[i]));
  bpe_vocabulary_free(&other);
}

static void rare_characters_and_pairs_are_left_out(void **state) {
  (void)state;
  utf8_text texts[] = {text_of("abab abab abab \u00E9\x01\x01\x01\xFF\u2581\u2581\u2581"),
                       text_of("abab")};
  bpe_vocabulary v;
  bpe_learning options = {.tokens = 1000, .character_min = 3, .pair_min = 4};
  assert_int_equal(bpe_learn(&v, texts, 2, &options, NULL), RC_OK);
  static const char *const expected[] = {"a", "b", "\u2581", "ab", "\u2581ab", "\u2581abab"};
  assert_int_equal(v.count, BPE_FIRST + 6);
  for (int i = 0; i < 6; i++) assert_string_equal(v.tokens[BPE_FIRST + i].text, expected[i]);
  bpe_vocabulary_free(&v);
}

static void marks_have_tokens_however_rare(void **state) {
  (void)state;
  utf8_text text = text_of("ab ab");
  bpe_vocabulary v;
  bpe_learning options = {.tokens = 300, .character_min = 2, .pair_min = 2, .marks = true};
  assert_int_equal(bpe_learn(&v, &text, 1, &options, NULL), RC_OK);
  static const char *const first[] = {"a", "b", "\u2581", "\uE000", "\uE001", "\uE010"};
  for (int i = 0; i < 6; i++) assert_string_equal(v.tokens[BPE_FIRST + i].text, first[i]);
  assert_string_equal(v.tokens[BPE_FIRST + 36].text, "\uE02F");
  assert_string_equal(v.tokens[v.count - 1].text, "\u2581ab");
  bpe_vocabulary_free(&v);
}

static void learning_without_texts_gives_bytes(void **state) {
  (void)state;
  bpe_vocabulary v;
  assert_int_equal(bpe_learn(&v, NULL, 0, &as_golden, NULL), RC_OK);
  assert_int_equal(v.count, BPE_FIRST + 1);
  assert_string_equal(v.tokens[BPE_BYTES + 0xAB].text, "<0xAB>");
  bpe_vocabulary_free(&v);
}

static void impossible_options_are_refused(void **state) {
  (void)state;
  static const bpe_learning wrong[] = {{0, 1, 1, false},
                                       {258, 1, 1, false},
                                       {65537, 1, 1, false},
                                       {700, 0, 1, false},
                                       {700, 1, 0, false}};
  bpe_vocabulary v;
  rc_error error;
  for (size_t i = 0; i < 5; i++) {
    assert_int_equal(bpe_learn(&v, golden.corpus.items, golden.corpus.count, &wrong[i], &error),
                     RC_ERR_ARGUMENT);
    bpe_vocabulary_free(&v);
  }
  bpe_learning few = {.tokens = 262, .character_min = 1, .pair_min = 1};
  utf8_text text = text_of("abcd");
  assert_int_equal(bpe_learn(&v, &text, 1, &few, &error), RC_ERR_ARGUMENT);
  assert_non_null(strstr(error.text, "need 263"));
  few.tokens = 263;
  assert_int_equal(bpe_learn(&v, &text, 1, &few, &error), RC_OK);
  bpe_vocabulary_free(&v);
}

/* ---- encoding ---- */

static void encodes_as_tokenizers_encodes(void **state) {
  (void)state;
  assert_true(golden.texts.count > 20 && golden.texts.count == golden.ids.count);
  for (size_t i = 0; i < golden.texts.count; i++) {
    int ids[IDS_MAX];
    size_t count = bpe_encode(&codec, golden.texts.items[i].text, golden.texts.items[i].bytes, 0,
                              NULL, ids, IDS_MAX);
    const char *at = golden.ids.items[i].text;
    for (size_t j = 0; j < count; j++) {
      char *end;
      assert_int_equal(ids[j], strtol(at, &end, 10));
      assert_true(end > at);
      at = end;
    }
    assert_string_equal(at, "");
  }
}

static void fits_in_what_room_there_is(void **state) {
  (void)state;
  int all[IDS_MAX], some[] = {-1, -1, -1, -1};
  size_t count = bpe_encode(&codec, "the \u6771 mill", 12, 0, NULL, all, IDS_MAX);
  assert_int_equal(bpe_encode(&codec, "the \u6771 mill", 12, 0, NULL, some, 3), count);
  assert_memory_equal(some, all, 3 * sizeof *all);
  assert_int_equal(some[3], -1);
}

/* A text of random characters: mostly those that matter, some of all Unicode. */
static size_t random_text(rc_rng *rng, char *text, size_t room) {
  static const char *const parts[] = {
      " ",        "  ",     "the",    "mill",   "\n",         "\t",      "'",
      "-",        ".",      "...",    "7",      "\u00E9",     "e\u0301", "\u2581",
      "\u00A0",   "\u202F", "<s>",    "<0x41>", "\U0001F600", "\uFFFD",  "a",
      "\xC2\x80", "\uE000", "\uE001", "\uE000", "\uE010",     "\uE02F"};
  size_t bytes = 0;
  for (uint32_t n = rng_below(rng, 30); n > 0; n--) {
    if (rng_below(rng, 4) > 0) {
      const char *part = parts[rng_below(rng, sizeof parts / sizeof *parts)];
      memcpy(text + bytes, part, strlen(part));
      bytes += strlen(part);
    } else {
      uint32_t c = rng_below(rng, rng_below(rng, 2) ? 0x110000 : 0x3000);
      if (c >= 0xD800 && c < 0xE000) c = 0;
      bytes += (size_t)utf8_encode(c, text + bytes);
    }
    assert_true(bytes + 10 < room);
  }
  return bytes;
}

static void decoding_gives_back_what_was_encoded(void **state) {
  (void)state;
  rc_rng rng = rng_make(1, 2, 3);
  static const float dropouts[] = {0, 0.1F, 0.5F, 1};
  for (int round = 0; round < 40000; round++) {
    char text[1000], back[1000];
    int ids[1000];
    size_t bytes = random_text(&rng, text, sizeof text);
    size_t count = bpe_encode(&codec, text, bytes, dropouts[round % 4], &rng, ids, 1000);
    assert_true(count <= bytes + 1);
    assert_int_equal(bpe_decode(&codec, ids, count, back, sizeof back), bytes);
    assert_memory_equal(back, text, bytes);
  }
}

/* Where the marks are tokens. */
static void decoding_gives_back_marks_that_are_tokens(void **state) {
  (void)state;
  utf8_text texts[] = {text_of("\uE000the \uE001mill\uE000 the \uE010the\uE020 '-.7the the")};
  bpe_vocabulary v;
  bpe_learning options = {.tokens = BPE_FIRST + 30, .character_min = 1, .pair_min = 1};
  assert_int_equal(bpe_learn(&v, texts, 1, &options, NULL), RC_OK);
  rc_arena own;
  bpe marked;
  assert_int_equal(arena_new(&own, bpe_open_bytes((size_t)v.count), NULL), RC_OK);
  assert_int_equal(bpe_open(&marked, v.tokens, (size_t)v.count, &own, NULL), RC_OK);
  for (int i = BPE_FIRST; i < v.count; i++) {
    bool mark = strncmp(v.tokens[i].text, "\xEE\x80\x80", 3) == 0;
    assert_true(!mark || v.tokens[i].bytes == 3); /* joined to nothing */
  }
  rc_rng rng = rng_make(3, 2, 1);
  for (int round = 0; round < 20000; round++) {
    char text[1000], back[1000];
    int ids[1000];
    size_t bytes = random_text(&rng, text, sizeof text);
    size_t count = bpe_encode(&marked, text, bytes, 0, NULL, ids, 1000);
    assert_int_equal(bpe_decode(&marked, ids, count, back, sizeof back), bytes);
    assert_memory_equal(back, text, bytes);
  }
  arena_free(&own);
  bpe_vocabulary_free(&v);
}

static void decodes_a_token_at_a_time(void **state) {
  (void)state;
  rc_rng rng = rng_make(4, 5, 6);
  for (int round = 0; round < 20000; round++) {
    int ids[40], count = (int)rng_below(&rng, 40);
    for (int i = 0; i < count; i++) { /* any tokens, mostly bytes: few make characters */
      ids[i] = (int)rng_below(&rng, rng_below(&rng, 4) ? BPE_FIRST : (uint32_t)codec.count);
    }
    bpe_decoder decoder = {.codec = &codec};
    char all[4096], piece[BPE_PIECE_MAX], streamed[4096];
    size_t bytes = 0;
    for (int i = 0; i <= count; i++) {
      size_t got =
          i < count ? bpe_decode_next(&decoder, ids[i], piece) : bpe_decode_end(&decoder, piece);
      assert_true(got <= BPE_PIECE_MAX);
      assert_int_equal(utf8_check(piece, got, NULL), RC_OK);
      memcpy(streamed + bytes, piece, got);
      bytes += got;
    }
    assert_int_equal(bpe_decode(&codec, ids, (size_t)count, all, sizeof all), bytes);
    assert_memory_equal(all, streamed, bytes);
  }
}

/* Bytes decode as utf8_next reads them. */
static void loose_bytes_become_replacements(void **state) {
  (void)state;
  rc_rng rng = rng_make(7, 8, 9);
  for (int round = 0; round < 20000; round++) {
    char bytes[12], expected[64], got[64];
    int ids[12];
    size_t count = rng_below(&rng, 12), length = 0;
    for (size_t i = 0; i < count; i++) {
      static const unsigned char telling[] = {0x41, 0x80, 0x8F, 0x90, 0xA0, 0xBF, 0xC1, 0xC3,
                                              0xE0, 0xE2, 0xED, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF};
      bytes[i] = (char)telling[rng_below(&rng, 16)];
      ids[i] = BPE_BYTES + (unsigned char)bytes[i];
    }
    for (size_t at = 0; at < count;) {
      uint32_t c;
      at += (size_t)utf8_next(bytes + at, count - at, &c);
      length += (size_t)utf8_encode(c, expected + length);
    }
    assert_int_equal(bpe_decode(&codec, ids, count, got, sizeof got), length);
    assert_memory_equal(got, expected, length);
  }
  char piece[BPE_PIECE_MAX];
  bpe_decoder decoder = {.codec = &codec};
  assert_int_equal(bpe_decode_next(&decoder, BPE_BYTES + 0xC3, piece), 0);
  assert_int_equal(bpe_decode_next(&decoder, BPE_END, piece), 0);
  assert_int_equal(bpe_decode_next(&decoder, BPE_BYTES + 0xA9, piece), 2);
  assert_memory_equal(piece, "\u00E9", 2);
}

static void dropout_splits_more(void **state) {
  (void)state;
  static const char text[] = "The miller walks to the mill every morning.";
  enum { BYTES = sizeof text - 1, ROUNDS = 200 };
  int plain[100], ids[100], again[100];
  size_t whole = bpe_encode(&codec, text, BYTES, 0, NULL, plain, 100), sum[2] = {0, 0};
  rc_rng rng = rng_make(1, 1, 1), same_rng = rng;
  int differing = 0;
  for (int round = 0; round < ROUNDS; round++) {
    size_t count = bpe_encode(&codec, text, BYTES, 0.1F, &rng, ids, 100);
    assert_int_equal(bpe_encode(&codec, text, BYTES, 0.1F, &same_rng, again, 100), count);
    assert_memory_equal(ids, again, count * sizeof *ids);
    differing += count != whole || memcmp(ids, plain, count * sizeof *ids) != 0;
    sum[0] += count;
    sum[1] += bpe_encode(&codec, text, BYTES, 0.5F, &rng, ids, 100);
    (void)rng_u32(&rng);
    same_rng = rng;
  }
  assert_true(differing > ROUNDS / 2);
  assert_true(whole * ROUNDS < sum[0] && sum[0] < sum[1]);
  assert_int_equal(bpe_encode(&codec, text, BYTES, 1, &rng, ids, 100), BYTES + 1);
}

/* With two joins possible and the better one dropped half the time, each step draws afresh:
 * "hehe" has joins at 0 and 2 only. P(nothing) = 1/4; P(all joined) = 3/4 * 1/2. */
static void dropout_draws_at_every_step(void **state) {
  (void)state;
  utf8_text texts[] = {text_of("hehe hehe"), text_of("-he-he")};
  bpe_vocabulary v;
  bpe_learning options = {.tokens = BPE_FIRST + 5, .character_min = 1, .pair_min = 1};
  assert_int_equal(bpe_learn(&v, texts, 2, &options, NULL), RC_OK);
  rc_arena own;
  bpe small;
  assert_int_equal(arena_new(&own, bpe_open_bytes((size_t)v.count), NULL), RC_OK);
  assert_int_equal(bpe_open(&small, v.tokens, (size_t)v.count, &own, NULL), RC_OK);
  enum { ROUNDS = 20000 };
  int lengths[10] = {0}, ids[10];
  rc_rng rng = rng_make(2, 2, 2);
  for (int i = 0; i < ROUNDS; i++) lengths[bpe_encode(&small, "hehe", 4, 0.5F, &rng, ids, 10)]++;
  assert_int_equal(lengths[5] + lengths[4] + lengths[3], ROUNDS); /* the space stays apart */
  assert_in_range(lengths[5], 0.235 * ROUNDS, 0.265 * ROUNDS);
  assert_in_range(lengths[3], 0.360 * ROUNDS, 0.390 * ROUNDS);
  arena_free(&own);
  bpe_vocabulary_free(&v);
}

static void long_texts_take_linear_time(void **state) {
  (void)state;
  enum { BYTES = 1 << 20 };
  char *text = malloc(BYTES), *back = malloc(BYTES);
  int *ids = malloc((BYTES + 1) * sizeof *ids);
  assert_true(text != NULL && back != NULL && ids != NULL);
  static const char kinds[] = {'a', '.', ' ', '\x80', '-'};
  for (size_t k = 0; k < sizeof kinds; k++) {
    memset(text, kinds[k], BYTES);
    size_t count = bpe_encode(&codec, text, BYTES, 0, NULL, ids, BYTES + 1);
    assert_true(count <= BYTES + 1);
    size_t bytes = bpe_decode(&codec, ids, count, back, BYTES);
    assert_int_equal(bytes, kinds[k] == '\x80' ? 3 * BYTES : BYTES);
  }
  free(ids);
  free(back);
  free(text);
}

/* ---- opening ---- */

static void hostile_vocabularies_are_refused(void **state) {
  (void)state;
  static const struct {
    int token;
    const char *text, *why;
  } wrong[] = {
      {0, "<S>", "does not begin with"},
      {1, "", "does not begin with"},
      {BPE_BYTES + 10, "<0x0a>", "not the byte"},
      {BPE_FIRST, "", "empty, too long"},
      {BPE_FIRST, "\xFF", "not valid UTF-8"},
      {BPE_FIRST, "\xED\xA0\x80", "not valid UTF-8"},
      {BPE_FIRST + 1, "!", "occurs twice"},
      {BPE_FIRST + 3, "\u0416\u0416", "not made of two"}, /* of characters that have no token */
      {-1, "ae", NULL},                                   /* fine: both are tokens, this is none */
      {-1, "he", "occurs twice"},
      {-1, "qzqz", "not made of two"},
      {-1, "a\u2581", "not made of two"},
      {-1, "a b", "not made of two"},
      {-1, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "too long"},
  };
  size_t count = (size_t)learnt.count;
  utf8_text *tokens = malloc(count * sizeof *tokens);
  assert_non_null(tokens);
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    memcpy(tokens, learnt.tokens, count * sizeof *tokens);
    tokens[wrong[i].token < 0 ? count - 1 : (size_t)wrong[i].token] = text_of(wrong[i].text);
    rc_arena own;
    bpe opened;
    rc_error error;
    assert_int_equal(arena_new(&own, bpe_open_bytes(count), NULL), RC_OK);
    rc_status status = bpe_open(&opened, tokens, count, &own, &error);
    if (wrong[i].why == NULL) {
      assert_int_equal(status, RC_OK);
    } else {
      assert_int_equal(status, RC_ERR_FORMAT);
      assert_non_null(strstr(error.text, wrong[i].why));
    }
    arena_free(&own);
  }
  free(tokens);
}

static void counts_and_memory_are_checked(void **state) {
  (void)state;
  bpe opened;
  rc_error error;
  rc_arena small = arena_over(arena.base, ARENA_ALIGNMENT);
  assert_int_equal(bpe_open(&opened, NULL, 0, &arena, &error), RC_ERR_FORMAT);
  assert_int_equal(bpe_open(&opened, NULL, BPE_FIRST, &arena, &error), RC_ERR_FORMAT);
  assert_int_equal(bpe_open(&opened, NULL, BPE_TOKENS_MAX + 1, &arena, &error), RC_ERR_FORMAT);
  assert_int_equal(bpe_open(&opened, learnt.tokens, (size_t)learnt.count, &small, &error),
                   RC_ERR_MEMORY);
  utf8_text *tokens = malloc((BPE_FIRST + 1) * sizeof *tokens);
  assert_non_null(tokens);
  memcpy(tokens, learnt.tokens, (BPE_FIRST + 1) * sizeof *tokens);
  rc_arena own;
  assert_int_equal(arena_new(&own, bpe_open_bytes(BPE_FIRST + 1), NULL), RC_OK);
  assert_int_equal(bpe_open(&opened, tokens, BPE_FIRST + 1, &own, &error), RC_ERR_FORMAT);
  assert_non_null(strstr(error.text, "lacks U+2581"));
  arena_free(&own);
  free(tokens);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(words_keep_letters_together),
      cmocka_unit_test(marks_of_case_leave_the_space_to_their_word),
      cmocka_unit_test(long_words_are_cut),
      cmocka_unit_test(learns_what_tokenizers_learns),
      cmocka_unit_test(tokens_split_into_the_pairs_of_tokenizers),
      cmocka_unit_test(a_smaller_vocabulary_is_a_prefix),
      cmocka_unit_test(the_order_of_texts_does_not_matter),
      cmocka_unit_test(rare_characters_and_pairs_are_left_out),
      cmocka_unit_test(marks_have_tokens_however_rare),
      cmocka_unit_test(learning_without_texts_gives_bytes),
      cmocka_unit_test(impossible_options_are_refused),
      cmocka_unit_test(encodes_as_tokenizers_encodes),
      cmocka_unit_test(fits_in_what_room_there_is),
      cmocka_unit_test(decoding_gives_back_what_was_encoded),
      cmocka_unit_test(decoding_gives_back_marks_that_are_tokens),
      cmocka_unit_test(decodes_a_token_at_a_time),
      cmocka_unit_test(loose_bytes_become_replacements),
      cmocka_unit_test(dropout_splits_more),
      cmocka_unit_test(dropout_draws_at_every_step),
      cmocka_unit_test(long_texts_take_linear_time),
      cmocka_unit_test(hostile_vocabularies_are_refused),
      cmocka_unit_test(counts_and_memory_are_checked),
  };
  return cmocka_run_group_tests(tests, open_golden, close_golden);
}
