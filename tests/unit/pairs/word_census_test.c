#include "word_census.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LINE_ROOM = 64 };

static utf8_text text_of(const char *text) {
  return (utf8_text){text, strlen(text)};
}

/* How often a word stands in the sources as it is given here and in the targets beside it. */
typedef struct occurrence {
  const char *source, *target;
  int times;
} occurrence;

static const occurrence occurrences[] = {
    {"Ikea", "Ikea", 7},
    {"ikea", "ikea", 3}, /* typed carelessly, never translated */
    {"Paris", "Paris", 7},
    {"Paris", "capitale", 3}, /* left out by free translations */
    {"message", "message", 9},
    {"Message", "message", 1}, /* a word of both languages */
    {"Menu", "Menu", 5},
    {"menu", "menu", 5},                     /* as often without a capital */
    {"Monday", "lundi", 10},                 /* translated */
    {"Ellingsby", "Ellingsby", CENSUS_RARE}, /* rare */
    {"Okafor", "Okafor", 2},
    {"okafor", "okafor", 1}, /* rare, but not always a name */
};
enum { OCCURRENCES = sizeof occurrences / sizeof *occurrences };

/* What a network learns from these, among other words enough. */
static void take_census(word_census *census) {
  static char lines[CENSUS_TELLING][LINE_ROOM];
  static text_pair items[CENSUS_TELLING + 100];
  int count = 0;
  for (int i = 0; i < CENSUS_TELLING; i++) {
    char *line = lines[i];
    snprintf(line, LINE_ROOM, "w%c%c%c", 'a' + i / 676, 'a' + i / 26 % 26, 'a' + i % 26);
    items[count++] = (text_pair){.written = text_of(line), .reference = text_of("mot")};
  }
  for (int i = 0; i < OCCURRENCES; i++) {
    for (int k = 0; k < occurrences[i].times; k++) {
      items[count++] = (text_pair){.written = text_of(occurrences[i].source),
                                   .reference = text_of(occurrences[i].target)};
    }
  }
  const text_pairs pairs = {.items = items, .count = count};
  assert_int_equal(word_census_take(census, &pairs, 1, NULL), RC_OK);
}

static void names_are_told_from_words(void **state) {
  (void)state;
  static const struct {
    const char *word;
    bool known, name;
  } cases[] = {
      {"IKEA", true, true},   {"paris", true, true},   {"message", true, false},
      {"menu", true, false},  {"Monday", true, false}, {"Ellingsby", false, false},
      {"okafor", true, true}, {"waaa", true, false},   {"Ottowell", false, false},
  };
  word_census census;
  known_words known;
  uint8_t *bits;
  take_census(&census);
  assert_int_equal(word_census_known(&census, &known, &bits, NULL), RC_OK);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const utf8_text word = text_of(cases[i].word);
    assert_int_equal(known_words_has(&known, word, KNOWN_WORD), cases[i].known);
    assert_int_equal(known_words_has(&known, word, KNOWN_NAME), cases[i].name);
  }
  free(bits);
  word_census_free(&census);
}

static void rare_names_always_have_a_capital(void **state) {
  (void)state;
  word_census census;
  take_census(&census);
  assert_true(word_census_is_rare_name(&census, text_of("Ellingsby")));
  assert_false(word_census_is_rare_name(&census, text_of("Okafor")));
  assert_false(word_census_is_rare_name(&census, text_of("Paris")));
  assert_false(word_census_is_rare_name(&census, text_of("Ottowell")));
  census.sampled = true; /* what it has not seen is rare */
  assert_true(word_census_is_rare_name(&census, text_of("Ottowell")));
  assert_false(word_census_is_rare_name(&census, text_of("ottowell")));
  word_census_free(&census);
}

static void few_words_say_nothing(void **state) {
  (void)state;
  text_pair item = {.written = text_of("Paris"), .reference = text_of("Paris")};
  const text_pairs pairs = {.items = &item, .count = 1};
  word_census census;
  known_words known;
  uint8_t *bits;
  assert_int_equal(word_census_take(&census, &pairs, 1, NULL), RC_OK);
  assert_int_equal(word_census_known(&census, &known, &bits, NULL), RC_OK);
  assert_null(bits);
  assert_int_equal(known.bytes, 0);
  word_census_free(&census);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(names_are_told_from_words),
      cmocka_unit_test(rare_names_always_have_a_capital),
      cmocka_unit_test(few_words_say_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
