#include "words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bpe.h"
#include "codec.h"

enum { IDS_MAX = 16, ROOM = 400 };

static utf8_text text_of(const char *text) {
  return (utf8_text){text, strlen(text)};
}

/* The words with a space between two, as the tutorial's normalizeString gives them, and what of the
 * text each was. */
static const char *read(const char *text, bool places) {
  static char out[ROOM];
  words_reader reader = {.text = text, .bytes = strlen(text)};
  size_t length = 0;
  out[0] = '\0';
  for (words_word word; words_next(&reader, &word);) {
    const char *from = places ? text + word.start : word.letters;
    size_t bytes = places ? word.end - word.start : word.bytes;
    if (length > 0) out[length++] = places ? '|' : ' ';
    memcpy(out + length, from, bytes);
    length += bytes;
    out[length] = '\0';
  }
  return out;
}

static void text_is_read_the_tutorials_way(void **state) {
  (void)state;
  assert_string_equal(read("", false), "");
  assert_string_equal(read(" \n3 %", false), "");
  assert_string_equal(read("I'm OK.", false), "i m ok .");
  assert_string_equal(read("Ça va ?!", false), "ca va ? !");
  assert_string_equal(read("J\u2019ai 19\u00A0ans\u2026 d\u00E9j\u00E0", false), "j ai ans deja");
  assert_string_equal(read("ma s\u0153ur \u0130stanbul \u00C5", false), "ma s ur istanbul a");
  assert_string_equal(read("e\u0301te\u0301 \u0301 \u4E2Da\xFF"
                           "b",
                           false),
                      "ete a b");
}

static void words_know_their_place(void **state) {
  (void)state;
  assert_string_equal(read("J\u2019ai  E\u0301te\u0301!", true), "J|ai|E\u0301te\u0301|!");
  assert_string_equal(read("a.b", true), "a|.|b");
}

/* Of a word that never ends as many letters as there is room for. */
static void long_words_end(void **state) {
  (void)state;
  char text[300];
  memset(text, 'x', sizeof text);
  words_reader reader = {.text = text, .bytes = sizeof text};
  words_word word;
  assert_true(words_next(&reader, &word));
  assert_int_equal(word.bytes, WORDS_LETTERS_MAX);
  assert_int_equal(word.end, sizeof text);
  assert_false(words_next(&reader, &word));
}

static struct {
  bpe_vocabulary learnt;
  word_list vocabulary;
  rc_arena arena;
} fixture;

static int learn(void **state) {
  (void)state;
  const utf8_text texts[] = {text_of("He is tall."), text_of("Is HE \u00E9t\u00E9?")};
  return words_learn(&fixture.learnt, texts, 2, NULL) != RC_OK ||
         arena_new(&fixture.arena, words_open_bytes((size_t)fixture.learnt.count), NULL) != RC_OK ||
         words_open(&fixture.vocabulary, fixture.learnt.tokens, (size_t)fixture.learnt.count,
                    &fixture.arena, NULL) != RC_OK;
}

static int forget(void **state) {
  (void)state;
  bpe_vocabulary_free(&fixture.learnt);
  arena_free(&fixture.arena);
  return 0;
}

static void words_are_numbered_as_they_come(void **state) {
  (void)state;
  static const char *const want[] = {"<s>", "</s>", "he", "is", "tall", ".", "ete", "?"};
  assert_int_equal(fixture.learnt.count, sizeof want / sizeof *want);
  for (int i = 0; i < fixture.learnt.count; i++) {
    assert_string_equal(fixture.learnt.tokens[i].text, want[i]);
    assert_int_equal(fixture.learnt.tokens[i].bytes, strlen(want[i]));
  }
}

static void the_unknown_is_left_out_and_told(void **state) {
  (void)state;
  const codec c = codec_words(&fixture.vocabulary);
  const char *text = "He, Bob, is \u00C9t\u00E9 so?";
  int ids[IDS_MAX];
  text_range ranges[IDS_MAX];
  char said[ROOM];
  bool cut;
  assert_int_equal(codec_encode_sentence(c, text_of(text), ids, ranges, IDS_MAX, &cut), 5);
  assert_false(cut);
  const int want[] = {2, 3, 6, 7, BPE_END};
  assert_memory_equal(ids, want, sizeof want);
  assert_memory_equal(text + ranges[2].start, "\u00C9t\u00E9", 5);
  size_t bytes = c.kind->decode(c.vocabulary, ids, 5, said, sizeof said, ranges);
  assert_int_equal(bytes, strlen("he is ete ?"));
  assert_memory_equal(said, "he is ete ?", bytes);
  assert_int_equal(ranges[3].start, 10);
  assert_int_equal(ranges[3].end, 11);
  assert_int_equal(c.kind->unknown(c.vocabulary, text_of(text), ranges, 1), 2);
  assert_memory_equal(text + ranges[0].start, "Bob", 3);
  assert_int_equal(c.kind->name(c.vocabulary, 6).bytes, 3);
  assert_int_equal(codec_encode_sentence(c, text_of(text), ids, NULL, 3, &cut), 3);
  assert_true(cut);
}

static void assert_refused(const char *const *texts, size_t count, const char *about) {
  utf8_text tokens[8];
  rc_arena arena;
  word_list vocabulary;
  rc_error error = {0};
  for (size_t i = 0; i < count; i++) tokens[i] = text_of(texts[i]);
  assert_int_equal(arena_new(&arena, words_open_bytes(count), NULL), RC_OK);
  assert_int_equal(words_open(&vocabulary, tokens, count, &arena, &error), RC_ERR_FORMAT);
  assert_non_null(strstr(error.text, about));
  arena_free(&arena);
}

static void lists_that_are_none_are_refused(void **state) {
  (void)state;
  assert_refused((const char *const[]){"<s>", "</s>"}, 2, "2 tokens");
  assert_refused((const char *const[]){"</s>", "<s>", "a"}, 3, "begin");
  assert_refused((const char *const[]){"<s>", "</s>", "a", "b", "a"}, 5, "token 4");
  assert_refused((const char *const[]){"<s>", "</s>", ""}, 3, "no word");
  assert_refused((const char *const[]){"<s>", "</s>", "a b"}, 3, "no word");
  assert_refused((const char *const[]){"<s>", "</s>", "\u00E9"}, 3, "no word");
  assert_refused((const char *const[]){"<s>", "</s>", "a", "A"}, 4, "token 3");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(text_is_read_the_tutorials_way),
      cmocka_unit_test(words_know_their_place),
      cmocka_unit_test(long_words_end),
      cmocka_unit_test(words_are_numbered_as_they_come),
      cmocka_unit_test(the_unknown_is_left_out_and_told),
      cmocka_unit_test(lists_that_are_none_are_refused),
  };
  return cmocka_run_group_tests(tests, learn, forget);
}
