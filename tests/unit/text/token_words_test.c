/* Which words tokens are in. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "token_words.h"

/* tokens: their texts in the order of `text`, with `|` between them; words: a digit for each. */
static void check(const char *text, const char *tokens, const char *words, int count) {
  text_range ranges[64];
  int found[64], tokens_found = 0, at = 0;
  for (const char *token = tokens;; token++) {
    const size_t bytes = strcspn(token, "|");
    while (text[at] == ' ') at++;
    assert_memory_equal(text + at, token, bytes);
    ranges[tokens_found++] = (text_range){at, at + (int)bytes};
    at += (int)bytes;
    token += bytes;
    if (*token == '\0') break;
  }
  assert_int_equal(token_words((utf8_text){text, strlen(text)}, ranges, tokens_found, found),
                   count);
  assert_int_equal(tokens_found, strlen(words));
  for (int i = 0; i < tokens_found; i++) assert_int_equal(found[i], words[i] - '0');
}

static void pieces_make_words(void **state) {
  (void)state;
  check("He takes it.", "He|t|ak|es|it|.", "011123", 4);
  check("He takes it.", "He|takes|it|.", "0123", 4);
  check("don't", "don|'|t", "000", 1);
  check("aujourd'hui, oui", "aujourd'|hui|,|oui", "0012", 3);
  check("\xC3\xA9t\xC3\xA9 !", "\xC3\xA9|t|\xC3\xA9|!", "0001", 2);
}

static void figures_stay_together(void **state) {
  (void)state;
  check("12 a34", "1|2|a|3|4", "00122", 3);
}

/* A copied span is one token, whatever it is made of. */
static void a_span_is_a_word(void **state) {
  (void)state;
  check("see https://a.org/b, ok", "see|https://a.org/b|,|ok", "0123", 4);
}

static void nothing_leans_on_what_follows(void **state) {
  (void)state;
  const utf8_text text = {"aa bb", 5};
  const text_range ranges[] = {{0, 0}, {0, 1}, {1, 1}, {1, 2}, {3, 3}, {3, 5}, {5, 5}};
  int words[7];
  assert_int_equal(token_words(text, ranges, 7, words), 2);
  static const int expected[] = {0, 0, 0, 0, 1, 1, 1};
  assert_memory_equal(words, expected, sizeof expected);
  assert_int_equal(token_words(text, ranges, 1, words), 1);
  assert_int_equal(words[0], 0);
  assert_int_equal(token_words((utf8_text){"", 0}, NULL, 0, NULL), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pieces_make_words),
      cmocka_unit_test(figures_stay_together),
      cmocka_unit_test(a_span_is_a_word),
      cmocka_unit_test(nothing_leans_on_what_follows),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
