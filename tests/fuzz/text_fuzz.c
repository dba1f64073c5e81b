#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alphabet.h"
#include "bleu.h"
#include "bpe.h"
#include "bpe_learn.h"
#include "examples.h"
#include "fuzz.h"
#include "normalize.h"
#include "sentences.h"

/* Any bytes are text of some kind: letters are in range and point into the text in order, a prefix
 * that fits is the same as the whole, normalising twice is normalising once, byte pairs decode to
 * what was encoded, sentences follow one another without a gap, a text scores fully against itself,
 * and files of examples and vocabularies are refused or read whole. */

static void fold(const char *text, size_t bytes, alphabet_case letter_case) {
  int *ids = malloc((bytes + 1) * sizeof *ids), *source = malloc((bytes + 1) * sizeof *source);
  FUZZ_CHECK(ids != NULL && source != NULL);
  size_t count = alphabet_encode(&alphabet_tutorial, text, bytes, letter_case, ids, source, bytes);
  FUZZ_CHECK(count <= bytes);
  for (size_t i = 0; i < count; i++) {
    FUZZ_CHECK(ids[i] >= 0 && ids[i] < ALPHABET_SIZE);
    FUZZ_CHECK(source[i] >= (i == 0 ? 0 : source[i - 1]) && (size_t)source[i] < bytes);
    if (ids[i] != ALPHABET_UNKNOWN && alphabet_letters[ids[i]] == ' ') {
      FUZZ_CHECK(i > 0 && i + 1 < count && ids[i - 1] != ids[i]); /* single and inside */
    }
  }
  size_t half = count / 2;
  int *part = malloc((half + 1) * sizeof *part);
  FUZZ_CHECK(part != NULL);
  part[half] = -1;
  FUZZ_CHECK(alphabet_encode(&alphabet_tutorial, text, bytes, letter_case, part, NULL, half) ==
             count);
  FUZZ_CHECK(memcmp(part, ids, half * sizeof *ids) == 0 && part[half] == -1);
  free(part);
  free(source);
  free(ids);
}

static void read_examples(const char *text, size_t bytes, const char *const *known, int count) {
  examples set;
  rc_error error;
  if (examples_read(&set, "f", text, bytes, known, count, &error) != RC_OK) {
    FUZZ_CHECK(strncmp(error.text, "f:", 2) == 0);
    FUZZ_CHECK(set.items == NULL && set.labels == NULL);
    return;
  }
  FUZZ_CHECK(set.count > 0);
  for (int i = 0; i < set.count; i++) {
    const example *item = &set.items[i];
    FUZZ_CHECK(item->text >= text && item->text + item->bytes < text + bytes);
    FUZZ_CHECK(item->text[item->bytes] == '\t' && item->label >= 0);
    FUZZ_CHECK(item->label < set.label_count);
    const char *label = set.labels[item->label], *tag = item->text + item->bytes + 1;
    uint32_t character;
    for (int length; tag < text + bytes; tag += length) { /* labels lose the blanks at their ends */
      length = utf8_next(tag, (size_t)(text + bytes - tag), &character);
      if (!utf8_is_space(character)) break;
    }
    FUZZ_CHECK((size_t)(text + bytes - tag) >= strlen(label));
    FUZZ_CHECK(memcmp(tag, label, strlen(label)) == 0);
    FUZZ_CHECK(utf8_check(item->text, item->bytes, NULL) == RC_OK);
    FUZZ_CHECK(item->line >= i + 1);
  }
  examples_free(&set);
}

/* Runs `normalize` in just the memory that it asks for. */
static utf8_text normal(rc_arena *arena, const char *text, size_t bytes) {
  utf8_text out;
  FUZZ_CHECK(arena_new(arena, normalize_bytes(bytes), NULL) == RC_OK);
  FUZZ_CHECK(normalize(text, bytes, arena, &out, NULL) == RC_OK);
  FUZZ_CHECK(out.bytes <= 3 * bytes && utf8_check(out.text, out.bytes, NULL) == RC_OK);
  return out;
}

static bool same(utf8_text a, utf8_text b) {
  return a.bytes == b.bytes && memcmp(a.text, b.text, a.bytes) == 0;
}

static void normalise(const char *text, size_t bytes) {
  rc_arena first, second;
  utf8_text once = normal(&first, text, bytes), twice = normal(&second, once.text, once.bytes);
  FUZZ_CHECK(same(once, twice));
  arena_free(&second);

  size_t room = 4 * once.bytes + 1;
  char *plain = malloc(room), *typeset = malloc(4 * room);
  FUZZ_CHECK(plain != NULL && typeset != NULL);
  size_t plain_bytes = normalize_french(once.text, once.bytes, plain, room);
  size_t typeset_bytes = typeset_french(plain, plain_bytes, true, typeset, 4 * room, NULL);
  FUZZ_CHECK(plain_bytes < room && typeset_bytes <= 4 * plain_bytes);
  utf8_text back = normal(&second, typeset, typeset_bytes);
  char *again = malloc(4 * back.bytes + 1);
  FUZZ_CHECK(again != NULL);
  size_t again_bytes = normalize_french(back.text, back.bytes, again, 4 * back.bytes);
  FUZZ_CHECK(same((utf8_text){again, again_bytes}, (utf8_text){plain, plain_bytes}));
  arena_free(&second);
  arena_free(&first);
  free(again);
  free(typeset);
  free(plain);
}

/* Learns from the text's lines, and encodes and decodes it by what came out. */
static void byte_pairs(const char *text, size_t bytes) {
  enum { LINES = 64 };
  utf8_text lines[LINES];
  size_t count = 0;
  for (size_t at = 0; at < bytes && count < LINES; count++) {
    const char *feed = memchr(text + at, '\n', bytes - at);
    size_t length = feed == NULL ? bytes - at : (size_t)(feed - text) - at;
    lines[count] = (utf8_text){text + at, length};
    at += length + 1;
  }
  bpe_vocabulary vocabulary;
  bpe_learning options = {.tokens = 600, .character_min = 2, .pair_min = 2};
  FUZZ_CHECK(bpe_learn(&vocabulary, lines, count, &options, NULL) == RC_OK);

  size_t tokens = (size_t)vocabulary.count;
  rc_arena arena;
  bpe codec;
  FUZZ_CHECK(arena_new(&arena, bpe_open_bytes(tokens), NULL) == RC_OK);
  FUZZ_CHECK(bpe_open(&codec, vocabulary.tokens, tokens, &arena, NULL) == RC_OK);
  int *ids = malloc((bytes + 1) * sizeof *ids);
  char *back = malloc(3 * bytes + 1);
  FUZZ_CHECK(ids != NULL && back != NULL);
  rc_rng rng = rng_make(bytes, 0, 0);
  bool valid = utf8_check(text, bytes, NULL) == RC_OK;
  for (int dropout = 0; dropout <= 1; dropout++) {
    size_t encoded = bpe_encode(&codec, text, bytes, (float)dropout / 2, &rng, ids, bytes + 1);
    FUZZ_CHECK(encoded <= bytes + 1);
    size_t length = bpe_decode(&codec, ids, encoded, back, 3 * bytes);
    FUZZ_CHECK(length <= 3 * bytes && utf8_check(back, length, NULL) == RC_OK);
    FUZZ_CHECK(!valid || (length == bytes && memcmp(back, text, bytes) == 0));
  }
  free(back);
  free(ids);
  arena_free(&arena);
  bpe_vocabulary_free(&vocabulary);
}

/* The text's lines as a vocabulary, after what every vocabulary begins with; and its bytes as ids
 * of that, if it is one. */
static void open_vocabulary(const char *text, size_t bytes) {
  enum { LINES = 400 };
  utf8_text tokens[BPE_FIRST + 1 + LINES] = {{"<s>", 3}, {"</s>", 4}};
  char names[256][8];
  for (unsigned byte = 0; byte < 256; byte++) {
    (void)snprintf(names[byte], sizeof names[byte], "<0x%02X>", byte);
    tokens[BPE_BYTES + byte] = (utf8_text){names[byte], 6};
  }
  tokens[BPE_FIRST] = (utf8_text){"\u2581", 3};
  size_t count = BPE_FIRST + 1;
  for (size_t at = 0; at < bytes && count < BPE_FIRST + 1 + LINES; count++) {
    const char *feed = memchr(text + at, '\n', bytes - at);
    size_t length = feed == NULL ? bytes - at : (size_t)(feed - text) - at;
    tokens[count] = (utf8_text){text + at, length};
    at += length + 1;
  }
  rc_arena arena;
  bpe codec;
  rc_error error;
  FUZZ_CHECK(arena_new(&arena, bpe_open_bytes(count), NULL) == RC_OK);
  if (bpe_open(&codec, tokens, count, &arena, &error) == RC_OK) {
    bpe_decoder decoder = {.codec = &codec};
    char piece[BPE_PIECE_MAX];
    for (size_t i = 0; i < bytes; i++) {
      int id = (int)((unsigned char)text[i] * 3u % count);
      size_t length = bpe_decode_next(&decoder, id, piece);
      FUZZ_CHECK(length <= BPE_PIECE_MAX && utf8_check(piece, length, NULL) == RC_OK);
    }
  }
  arena_free(&arena);
}

static void split(const char *text, size_t bytes) {
  size_t at = 0;
  for (sentence s = {0}; sentences_next(text, bytes, &s); at = s.next) {
    FUZZ_CHECK(s.start == at && s.start <= s.end && s.end <= s.next);
    FUZZ_CHECK(s.next > at && s.next <= bytes && s.end - s.start <= SENTENCES_MAX);
    if (utf8_check(text, bytes, NULL) == RC_OK) { /* never cut inside a character */
      FUZZ_CHECK(utf8_check(text + s.start, s.end - s.start, NULL) == RC_OK);
    }
  }
  FUZZ_CHECK(at == bytes);
}

static void score(const char *text, size_t bytes) {
  size_t half = bytes / 2;
  utf8_text hypothesis = {text, half}, references[] = {{text + half, bytes - half}, {text, half}};
  rc_arena arena;
  bleu_counts bleu = {0};
  chrf_counts chrf = {0};
  size_t total = half + bytes;
  size_t of_bleu = bleu_add_bytes(total, 2), of_chrf = chrf_add_bytes(total, 2);
  FUZZ_CHECK(arena_new(&arena, of_bleu > of_chrf ? of_bleu : of_chrf, NULL) == RC_OK);
  FUZZ_CHECK(bleu_add(&bleu, hypothesis, references, 2, &arena, NULL) == RC_OK);
  FUZZ_CHECK(chrf_add(&chrf, hypothesis, references, 2, &arena, NULL) == RC_OK);
  /* The hypothesis is among its references. */
  FUZZ_CHECK(memcmp(bleu.correct, bleu.total, sizeof bleu.total) == 0);
  FUZZ_CHECK(chrf.matched[0] == chrf.hypothesis[0]);
  arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char *const known[] = {"b", "a", "French"};
  const char *text = (const char *)data;
  fold(text, size, ALPHABET_CASE_KEEP);
  fold(text, size, ALPHABET_CASE_TITLE);
  normalise(text, size);
  split(text, size);
  score(text, size);
  if (size % 16 == 8) byte_pairs(text, size); /* learning takes its milliseconds */
  open_vocabulary(text, size);
  read_examples(text, size, NULL, 0);
  read_examples(text, size, known, 3);
  return 0;
}
