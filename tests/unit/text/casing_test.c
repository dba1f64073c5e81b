#include "casing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "letters.h"
#include "marks.h"
#include "rng.h"

enum { ROOM = 4000 };

static utf8_text text_of(const char *text) {
  return (utf8_text){text, strlen(text)};
}

/* With ^ for MARK_CAPITAL and = for MARK_CAPITALS. */
static const char *marked(const char *text) {
  static char out[ROOM], raw[ROOM];
  const size_t bytes = casing_mark(text_of(text), casing_is_capitals(text_of(text)), raw);
  size_t length = 0;
  for (size_t at = 0; at < bytes;) {
    uint32_t c;
    at += (size_t)utf8_next(raw + at, bytes - at, &c);
    if (mark_is_case(c)) c = c == MARK_CAPITAL ? '^' : '=';
    length += (size_t)utf8_encode(c, out + length);
  }
  out[length] = '\0';
  return out;
}

static const char *restored(const char *text, size_t bytes, bool capitals) {
  static char out[ROOM];
  size_t length = 0;
  casing_reader reader = {.capitals = capitals};
  for (size_t at = 0; at < bytes;) {
    uint32_t c;
    at += (size_t)utf8_next(text + at, bytes - at, &c);
    if (casing_read(&reader, &c)) length += (size_t)utf8_encode(c, out + length);
  }
  out[length] = '\0';
  return out;
}

static void capitals_become_marks(void **state) {
  (void)state;
  static const struct {
    const char *text, *marked;
  } cases[] = {
      {"I love Paris.", "^i love^ paris."},
      {"(Paris)", "(^paris)"},
      {"l'Afrique", "l'^afrique"},
      {"Jean-Pierre", "^jean-^pierre"},
      {"NASA", "=nasa"},
      {"a NASA", "a= nasa"},
      {"A", "^a"},
      {"TVs", "^t^vs"},
      {"McDo", "^mc^do"},
      {"aBC", "a^b^c"},
      {"\u00C9t\u00E9 \u0152UVRE \u0178", "^\u00E9t\u00E9= \u0153uvre^ \u00FF"},
      {"\u0141\u00F3d\u017A", "^\u0142\u00F3d\u017A"},
      {"e\u0301E\u0301", "e\u0301^e\u0301"},
      {"IS THIS OK? 5 TIMES!", "^is this ok? 5 times!"},
      {"\"STOP IT\"", "\"^stop it\""},
      {"OK NO", "=ok= no"}, /* no word of three letters */
      {"STOP", "=stop"},
      {"THE END of it", "=the= end of it"},
      {"\u041F\u0440\u0438 \u0130", "\u041F\u0440\u0438 \u0130"}, /* as they are */
      {"", ""},
      {"12 %", "12 %"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_string_equal(marked(cases[i].text), cases[i].marked);
  }
}

static void sentences_in_capitals_are_told(void **state) {
  (void)state;
  assert_true(casing_is_capitals(text_of("THE END")));
  assert_false(casing_is_capitals(text_of("THE END.s")));
  assert_false(casing_is_capitals(text_of("END")));
  assert_false(casing_is_capitals(text_of("A B")));
  assert_true(casing_is_all_capitals(text_of("OK!")));
  assert_true(casing_is_all_capitals(text_of("THE \uE010 END")));
  assert_false(casing_is_all_capitals(text_of("A")));
  assert_false(casing_is_all_capitals(text_of("A B")));
  assert_false(casing_is_all_capitals(text_of("12")));
  assert_string_equal(restored("\uE000c'est tr\u00E8s \uE001\u00E9t\u00E9", 23, true),
                      "C'EST TR\u00C8S \u00C9T\u00C9");
}

static void what_marks_nothing_is_lost(void **state) {
  (void)state;
  static const struct {
    const char *marked, *text;
  } cases[] = {
      {"\uE000", ""},           {"\uE000, a", ", a"},           {"\uE000\uE001ab", "AB"},
      {"\uE001\uE000ab", "Ab"}, {"\uE000 ab", " Ab"},           {"\uE000\u00A0ab", "\u00A0Ab"},
      {"\uE001ab cd", "AB cd"}, {"\uE000\uE010ab", "\uE010ab"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_string_equal(restored(cases[i].marked, strlen(cases[i].marked), false), cases[i].text);
  }
}

static size_t random_text(rc_rng *rng, char *text) {
  static const char *const parts[] = {" ",      "a",      "B",      "the",       "THE",    "Mc",
                                      "'",      "-",      ".",      "7",         "\u00C9", "\u00E9",
                                      "\u0301", "\u0152", "\u1EA0", "\u0130",    "\u1E9E", "\u00DF",
                                      "\uE010", "\u03A9", "\u0178", "\U0001F600"};
  size_t bytes = 0;
  for (uint32_t n = rng_below(rng, 30); n > 0; n--) {
    const char *part = parts[rng_below(rng, sizeof parts / sizeof *parts)];
    memcpy(text + bytes, part, strlen(part));
    bytes += strlen(part);
  }
  text[bytes] = '\0';
  return bytes;
}

static void restoring_gives_back_what_was_marked(void **state) {
  (void)state;
  rc_rng rng = rng_make(1, 2, 3);
  for (int round = 0; round < 50000; round++) {
    char text[400], raw[ROOM];
    const size_t bytes = random_text(&rng, text);
    const bool sentence = casing_is_capitals(text_of(text));
    const size_t length = casing_mark(text_of(text), sentence, raw);
    assert_true(length <= CASING_GROWTH * bytes);
    assert_string_equal(restored(raw, length, sentence), text);
  }
}

static void lower_and_upper_are_partners(void **state) {
  (void)state;
  for (uint32_t c = 0; c < 0x30000; c++) {
    const uint32_t lower = letters_lower(c), upper = letters_upper(c);
    char one[UTF8_MAX], other[UTF8_MAX];
    assert_true(lower == c || upper == c);
    if (lower != c) assert_int_equal(letters_upper(lower), c);
    if (upper != c) assert_int_equal(letters_lower(upper), c);
    if (lower == c && upper == c) continue;
    assert_int_equal(letters_class(c), LETTER_LATIN);
    assert_int_equal(utf8_encode(c, one), utf8_encode(lower != c ? lower : upper, other));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(capitals_become_marks),
      cmocka_unit_test(sentences_in_capitals_are_told),
      cmocka_unit_test(what_marks_nothing_is_lost),
      cmocka_unit_test(restoring_gives_back_what_was_marked),
      cmocka_unit_test(lower_and_upper_are_partners),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
