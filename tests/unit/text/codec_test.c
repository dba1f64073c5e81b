#include "codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "passage.h"

enum { IDS_MAX = 64, ROOM = 400 };

static const char *const own_tokens[] = {"\u2581", "o",        "u",         "i",      "?",
                                         "\u00AB", "\u00BB",   ":",         "'",      "l",
                                         "ou",     "\u2581ou", "\u2581oui", "\u2581?"};
enum { OWN = sizeof own_tokens / sizeof *own_tokens, TOKENS = BPE_FIRST + OWN };

static struct {
  char bytes[256][8];
  utf8_text tokens[TOKENS];
  bpe vocabulary;
  rc_arena arena, text;
} fixture;

static int make_vocabulary(void **state) {
  (void)state;
  fixture.tokens[BPE_BEGIN] = (utf8_text){"<s>", 3};
  fixture.tokens[BPE_END] = (utf8_text){"</s>", 4};
  for (int i = 0; i < 256; i++) {
    snprintf(fixture.bytes[i], sizeof fixture.bytes[i], "<0x%02X>", (unsigned)i);
    fixture.tokens[BPE_BYTES + i] = (utf8_text){fixture.bytes[i], 6};
  }
  for (int i = 0; i < OWN; i++) {
    fixture.tokens[BPE_FIRST + i] = (utf8_text){own_tokens[i], strlen(own_tokens[i])};
  }
  return arena_new(&fixture.arena, bpe_open_bytes(TOKENS), NULL) != RC_OK ||
         arena_new(&fixture.text, 1 << 16, NULL) != RC_OK ||
         bpe_open(&fixture.vocabulary, fixture.tokens, TOKENS, &fixture.arena, NULL) != RC_OK;
}

static int free_vocabulary(void **state) {
  (void)state;
  arena_free(&fixture.arena);
  arena_free(&fixture.text);
  return 0;
}

static codec subwords(void) {
  return codec_subwords(&fixture.vocabulary);
}

/* The tokens' texts, parted by |. */
static const char *cut(const char *text, const text_range *ranges, int count) {
  static char out[ROOM];
  int length = 0;
  out[0] = '\0';
  for (int i = 0; i < count; i++) {
    int bytes = ranges[i].end - ranges[i].start;
    assert_true(bytes >= 0 && (i == 0 || ranges[i].start >= ranges[i - 1].start));
    length += snprintf(out + length, sizeof out - (size_t)length, "%s%.*s", i > 0 ? "|" : "", bytes,
                       text + ranges[i].start);
  }
  return out;
}

static const char *cut_source(const char *text) {
  int ids[IDS_MAX];
  text_range ranges[IDS_MAX];
  bool left;
  int count = codec_encode_sentence(subwords(), (utf8_text){text, strlen(text)}, ids, ranges,
                                    IDS_MAX, &left);
  assert_false(left);
  assert_int_equal(ids[count - 1], BPE_END);
  return cut(text, ranges, count);
}

static void source_tokens_know_their_place(void **state) {
  (void)state;
  assert_string_equal(cut_source(""), "");
  assert_string_equal(cut_source("oui"), "oui|");
  assert_string_equal(cut_source("oui ?"), "oui|?|");
  assert_string_equal(cut_source("ou oui"), "ou|oui|");
  /* Spaces by themselves are no part of a token; bytes share the character that they make. */
  assert_string_equal(cut_source("ou  i"), "ou|||i|");
  assert_string_equal(cut_source("\u00E9i"), "|\u00E9|\u00E9|i|");
}

static void long_sentences_are_cut(void **state) {
  (void)state;
  int ids[4] = {0, 0, 0, -1};
  text_range ranges[4];
  bool left;
  assert_int_equal(
      codec_encode_sentence(subwords(), (utf8_text){"oui oui oui", 11}, ids, ranges, 3, &left), 3);
  assert_true(left);
  assert_int_equal(ids[2], BPE_END);
  assert_int_equal(ids[3], -1);
  assert_int_equal(ranges[1].end, 7);
}

static const char *cut_target(text_setting setting, const char *plain) {
  static char out[ROOM];
  int ids[IDS_MAX];
  text_range ranges[IDS_MAX];
  const text_places places = {.tokens = ranges};
  utf8_text text;
  int count = codec_encode_sentence(subwords(), (utf8_text){plain, strlen(plain)}, ids, NULL,
                                    IDS_MAX, NULL) -
              1;
  arena_reset(&fixture.text);
  assert_int_equal(
      codec_write(subwords(), setting, NULL, ids, count, &fixture.text, &text, &places, NULL),
      RC_OK);
  assert_int_equal(strlen(text.text), text.bytes);
  snprintf(out, sizeof out, "%s = %s", text.text, cut(text.text, ranges, count));

  rc_arena need = arena_measure();
  assert_int_equal(codec_write(subwords(), setting, NULL, ids, count, &need, &text, &places, NULL),
                   RC_OK);
  assert_true(need.used >= fixture.text.used);
  return out;
}

static void target_tokens_know_their_place(void **state) {
  (void)state;
  const text_setting plain = {0}, french = {.french = true};
  assert_string_equal(cut_target(plain, ""), " = ");
  assert_string_equal(cut_target(plain, "ou oui ?"), "ou oui ? = ou|oui|?");
  assert_string_equal(cut_target(french, "ou oui ?"), "ou oui\u202F? = ou|oui|?");
  assert_string_equal(cut_target(french, "oui?"), "oui\u202F? = oui|?");
  assert_string_equal(cut_target(french, "\u00ABi\u00BB :"),
                      "\u00AB\u00A0i\u00A0\u00BB\u00A0: = |\u00AB|i|\u00BB||:");
  assert_string_equal(
      cut_target((text_setting){.french = true, .typographic_apostrophe = true}, "l'ou"),
      "l\u2019ou = |l|\u2019|ou");
}

/* A character that never ends becomes U+FFFD, and so do its tokens. */
static void broken_bytes_are_replaced(void **state) {
  (void)state;
  const int ids[] = {BPE_BYTES + 0xE2, BPE_BYTES + 0x96, BPE_FIRST + 1, BPE_BYTES + 0xC3};
  text_range ranges[4];
  const text_places places = {.tokens = ranges};
  utf8_text text;
  arena_reset(&fixture.text);
  assert_int_equal(
      codec_write(subwords(), (text_setting){0}, NULL, ids, 4, &fixture.text, &text, &places, NULL),
      RC_OK);
  assert_string_equal(text.text, "\uFFFDo\uFFFD");
  assert_string_equal(cut(text.text, ranges, 4), "\uFFFD|\uFFFD|o|\uFFFD");
}

/* The sentences of a passage as they were and as they are. */
static const char *read(const char *text, size_t whole) {
  static char out[ROOM];
  passage p;
  int length = 0;
  assert_int_equal(passage_read(&p, (utf8_text){text, strlen(text)}, whole, &(text_layer){0}, NULL),
                   RC_OK);
  out[0] = '\0';
  for (int i = 0; i < p.count; i++) {
    const passage_sentence *s = &p.sentences[i];
    length += snprintf(out + length, sizeof out - (size_t)length, "[%.*s>%s]",
                       (int)(s->end - s->start), text + s->start, s->text.shown.text);
  }
  passage_free(&p);
  return out;
}

/* Whatever a network writes is one line, and ends where its text does. */
static void control_characters_are_spaces(void **state) {
  (void)state;
  const int ids[] = {BPE_BYTES + 'a',  BPE_BYTES,        BPE_BYTES + '\n',
                     BPE_BYTES + 0x1B, BPE_BYTES + 0x7F, BPE_BYTES + 'b'};
  utf8_text text;
  arena_reset(&fixture.text);
  assert_int_equal(
      codec_write(subwords(), (text_setting){0}, NULL, ids, 6, &fixture.text, &text, NULL, NULL),
      RC_OK);
  assert_int_equal(text.bytes, 6);
  assert_string_equal(text.text, "a    b");
}

static void passages_are_read(void **state) {
  (void)state;
  assert_string_equal(read("", 0), "");
  assert_string_equal(read(" \n\u200B\n ", 0), "");
  assert_string_equal(read("One.  Two\u2019s.\n\n e\u0301", 0),
                      "[One.>One.][Two\u2019s.>Two's.][e\u0301>\u00E9]");
  assert_string_equal(read("\xFF", 0), "[\xFF>\uFFFD]");
  /* Short lines stay whole, long ones are cut. */
  assert_string_equal(read("One.  Two.\nThree. Four\u3002Five.", 12),
                      "[One.  Two.>One. Two.][Three.>Three.][Four\u3002>Four\u3002][Five.>Five.]");
  rc_error error;
  passage p;
  const text_layer none = {0};
  assert_int_equal(passage_read(&p, (utf8_text){"", PASSAGE_BYTES_MAX + 1}, 0, &none, &error),
                   RC_ERR_RANGE);
  assert_non_null(strstr(error.text, "1048577 bytes"));
  passage_free(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(source_tokens_know_their_place), cmocka_unit_test(long_sentences_are_cut),
      cmocka_unit_test(target_tokens_know_their_place), cmocka_unit_test(broken_bytes_are_replaced),
      cmocka_unit_test(control_characters_are_spaces),  cmocka_unit_test(passages_are_read),
  };
  return cmocka_run_group_tests(tests, make_vocabulary, free_vocabulary);
}
