#include "prefixes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static utf8_text text(const char *bytes) {
  return (utf8_text){bytes, strlen(bytes)};
}

static prefix_verdict judge(const char *prefix, const char *translation, const char *before) {
  return prefixes_judge(text(prefix), text(translation), text(before));
}

static void prefixes_grow_by_words(void **state) {
  (void)state;
  const char *const source = " Wait,  what\tis 3 \xE2\x80\x94 😀 ? ";
  const size_t ends[] = {6, 12, 15, 17, 21, 26, 28};
  utf8_text prefixes[PREFIXES_MAX];
  assert_int_equal(prefixes_of(text(source), prefixes), 7);
  for (int i = 0; i < 7; i++) {
    assert_ptr_equal(prefixes[i].text, source);
    assert_int_equal(prefixes[i].bytes, ends[i]);
  }
  assert_int_equal(prefixes_of(text("  \t "), prefixes), 0);
  assert_int_equal(prefixes_of(text(""), prefixes), 0);

  char many[2 * PREFIXES_MAX + 100];
  memset(many, ' ', sizeof many);
  for (size_t i = 0; i < sizeof many; i += 2) many[i] = 'a';
  assert_int_equal(prefixes_of((utf8_text){many, sizeof many}, prefixes), PREFIXES_MAX);
}

static void repeated_rows(void **state) {
  (void)state;
  static const struct {
    const char *source, *translation;
    int repeats;
  } cases[] = {
      {"The old man", "Le vieil homme", 0},
      {"", "", 0},
      {"The old man", "le vieil le vieil", 0}, /* two words */
      {"The old man", "un deux trois un deux trois", 1},
      {"The old man", "un, deux trois ! un deux (trois)", 1}, /* signs do not count */
      {"The old man", "un deux trois Un deux trois", 0},      /* letters do */
      {"The old man", "oui oui oui oui oui", 2},
      {"no no no no no", "non non non non non", 0}, /* nor does what the source has */
      {"no no no no", "non non non non non", 1},
      {"one two three four", "a b c d a b c d", 2},
      {"one two three four", "a b c d x a b c", 1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_int_equal(judge(cases[i].source, cases[i].translation, "").repeats, cases[i].repeats);
  }
}

static void lengths(void **state) {
  (void)state;
  static const struct {
    const char *source, *translation;
    int source_words, words;
    bool is_long;
  } cases[] = {
      {"Goodbye", "Au revoir", 1, 2, false},
      {"Cannot", "Ne peut pas", 1, 3, true},
      {"What is \xE2\x80\x94", "Qu'est-ce que c'est \xE2\x80\x94 ?", 2, 3, false},
      {"Go!", "Va\xC2\xA0!", 1, 1, false},
      {"Go!", "Va !", 1, 1, false},
      {"$1,299.99",
       "1\xE2\x80\xAF"
       "299,99\xC2\xA0$",
       1, 1, false},
      {"😀", "😀", 0, 0, false},
      {"…", "Oui", 0, 1, true},
      {"Привет 你好", "Привет 你好 3", 2, 3, false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const prefix_verdict verdict = judge(cases[i].source, cases[i].translation, "");
    assert_int_equal(verdict.source_words, cases[i].source_words);
    assert_int_equal(verdict.words, cases[i].words);
    assert_int_equal(prefix_is_long(&verdict), cases[i].is_long);
    assert_int_equal(prefix_is_poor(&verdict), cases[i].is_long);
  }
}

static void changed_words(void **state) {
  (void)state;
  static const struct {
    const char *before, *after;
    int shown, changed;
  } cases[] = {
      {"", "Le vieil homme", 0, 0},
      {"Le vieil homme.", "Le vieil homme qui", 3, 0},
      {"Le vieil homme", "Un vieil homme qui", 3, 1},
      {"Le vieil homme", "Hier, Le vieil homme", 3, 0},       /* moved, not changed */
      {"un deux trois quatre", "quatre un deux trois", 4, 1}, /* out of order */
      {"a b c d e", "", 5, 5},
      {"a b c d e", "e d c b a", 5, 4},
      {"a x b y c", "a b c", 5, 2},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const prefix_verdict verdict = judge("a", cases[i].after, cases[i].before);
    assert_int_equal(verdict.shown, cases[i].shown);
    assert_int_equal(verdict.changed, cases[i].changed);
  }
}

/* The outputs of a made-up translator for the prefixes of "I see a cat". */
static void sums_and_order(void **state) {
  (void)state;
  static const char *const outputs[] = {"Je", "Je vois la mer et le ciel",
                                        "un deux trois un deux trois", "Je vois un chat"};
  utf8_text prefixes[PREFIXES_MAX];
  prefix_verdict verdicts[4];
  prefix_scores scores = {0};
  assert_int_equal(prefixes_of(text("I see a cat"), prefixes), 4);
  for (int i = 0; i < 4; i++) {
    verdicts[i] = prefixes_judge(prefixes[i], text(outputs[i]), text(i == 0 ? "" : outputs[i - 1]));
    prefix_scores_add(&scores, &verdicts[i]);
  }
  assert_int_equal(scores.prefixes, 4);
  assert_int_equal(scores.repeated, 1);
  assert_int_equal(scores.longer, 1); /* six of three are just not too many, seven of two are */
  assert_int_equal(scores.poor, 2);
  assert_int_equal(scores.shown, 0 + 1 + 7 + 6);
  assert_int_equal(scores.changed, 0 + 0 + 7 + 5);

  assert_true(prefix_compare(&verdicts[2], &verdicts[1]) < 0); /* repeats before long */
  assert_true(prefix_compare(&verdicts[1], &verdicts[3]) < 0); /* long before changed */
  assert_true(prefix_compare(&verdicts[0], &verdicts[3]) > 0); /* changed before good */
  assert_int_equal(prefix_compare(&verdicts[0], &verdicts[0]), 0);
}

static void long_texts_are_bounded(void **state) {
  (void)state;
  static char many[8 * PREFIXES_WORDS_MAX];
  for (size_t i = 0; i < sizeof many; i++) many[i] = i % 2 == 0 ? 'a' : ' ';
  const utf8_text all = {many, sizeof many};
  const prefix_verdict verdict = prefixes_judge(text("a"), all, all);
  assert_int_equal(verdict.words, PREFIXES_WORDS_MAX);
  assert_int_equal(verdict.changed, 0);
  assert_int_equal(verdict.repeats, PREFIXES_WORDS_MAX - 3);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(prefixes_grow_by_words),
      cmocka_unit_test(repeated_rows),
      cmocka_unit_test(lengths),
      cmocka_unit_test(changed_words),
      cmocka_unit_test(sums_and_order),
      cmocka_unit_test(long_texts_are_bounded),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
