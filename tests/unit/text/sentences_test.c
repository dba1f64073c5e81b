#include "sentences.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rng.h"
#include "utf8.h"

enum { ROOM = 4000 };

/* The sentences, parted by | and, where a line ends, by ||; checks that the pieces make the text.
 */
static const char *split(const char *text) {
  static char out[ROOM];
  size_t bytes = strlen(text), at = 0, length = 0;
  for (sentence s = {0}; sentences_next(text, bytes, &s);) {
    assert_int_equal(s.start, at);
    assert_true(s.start <= s.end && s.end <= s.next && s.next > s.start && s.next <= bytes);
    memcpy(out + length, text + s.start, s.end - s.start);
    length += s.end - s.start;
    if (s.next < bytes || s.ends_line) out[length++] = '|';
    if (s.ends_line) out[length++] = '|';
    at = s.next;
  }
  assert_int_equal(at, bytes);
  out[length] = '\0';
  return out;
}

static void plain_sentences_are_parted(void **state) {
  (void)state;
  assert_string_equal(split(""), "");
  assert_string_equal(split("One"), "One");
  assert_string_equal(split("One. Two! Three? Four\u2026 Five."),
                      "One.|Two!|Three?|Four\u2026|Five.");
  assert_string_equal(split("Really?! Yes!!! \u00C9mile came. \u00AB Oui. \u00BB"),
                      "Really?!|Yes!!!|\u00C9mile came.|\u00AB Oui. \u00BB");
  assert_string_equal(split("No space.Here. It ends"), "No space.Here.|It ends");
  assert_string_equal(split("Yes. \u2013 No. 42 is right. (Fine.)"),
                      "Yes.|\u2013 No. 42 is right.|(Fine.)");
}

static void closing_quotes_and_brackets_belong_to_the_end(void **state) {
  (void)state;
  assert_string_equal(split("He said \"Stop.\" Then he left."), "He said \"Stop.\"|Then he left.");
  assert_string_equal(split("\u201CGo!\u201D She went. (It rained.) [So?] 'Yes.' Fine."),
                      "\u201CGo!\u201D|She went.|(It rained.)|[So?]|'Yes.'|Fine.");
  assert_string_equal(split("\"Why?\" he asked. \"Because!\" she said."),
                      "\"Why?\" he asked.|\"Because!\" she said.");
  assert_string_equal(split("It ended. \"And then?\" (Nothing.)"),
                      "It ended.|\"And then?\"|(Nothing.)");
  assert_string_equal(split("\u201EHalt!\u201C Er ging. \u2039Non.\u203A \u300EOui.\u300F Bien."),
                      "\u201EHalt!\u201C|Er ging.|\u2039Non.\u203A|\u300EOui.\u300F|Bien.");
  assert_string_equal(split("\u00AB Oui. \u00BB Elle part."), "\u00AB Oui. \u00BB|Elle part.");
}

static void emoji_go_with_what_is_before_them(void **state) {
  (void)state;
  assert_string_equal(split("Hello! \U0001F600 How are you? \U0001F44D\U0001F3FD\U0001F389 Fine."),
                      "Hello! \U0001F600|How are you? \U0001F44D\U0001F3FD\U0001F389|Fine.");
  assert_string_equal(split("Great!\U0001F600 Thanks. \u2764\uFE0F Bye"),
                      "Great!\U0001F600|Thanks. \u2764\uFE0F|Bye");
  assert_string_equal(split("I am home \U0001F600 How are you?"),
                      "I am home \U0001F600|How are you?");
  assert_string_equal(split("I love \U0001F600 and \U0001F44D. Paris \U0001F600 Rome"),
                      "I love \U0001F600 and \U0001F44D.|Paris \U0001F600 Rome");
  assert_string_equal(split("Thanks! :-) See you. <3 Tom"), "Thanks! :-)|See you. <3|Tom");
  assert_string_equal(split("Yes! \U0001F600 and no"), "Yes! \U0001F600 and no");
}

static void abbreviations_do_not_end(void **state) {
  (void)state;
  static const char *const whole[] = {
      "Mr. Smith met Mrs. Jones and Dr. Brown on St. Mary's Street.",
      "Use tools, e.g. Hammers, i.e. Things vs. Ideas.",
      "The U.S. Army and the U.K. Parliament met at 5 p.m. Monday.",
      "J. S. Bach and George W. Bush never met.",
      "It costs 3.14 dollars, or No. 5 in Fig. 2 on p. 7.",
      "Apple Inc. Announced it.",
      "apples, pears etc. are fruit.",
      "1. Salt",
      "(Mr. Smith)",
      "He was... not sure.",
      "Wait . . . what?",
      "Cpl. Hicks, Fr. Brown, Adm. Nelson, Supt. Chalmers, Capt. Hook, Sgt. Pepper and Gen. Lee.",
      "Ellen Price, Ph.D. Candidate, and Jane Q. Public, M.Sc. Student",
      "The total is 12 pounds incl. VAT, excl. Postage; tel. 020 7946, ext. 12.",
  };
  for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
    assert_string_equal(split(whole[i]), whole[i]);
  }
}

static void abbreviations_end_before_a_usual_first_word(void **state) {
  (void)state;
  assert_string_equal(split("He lives in the U.S. He likes it."),
                      "He lives in the U.S.|He likes it.");
  assert_string_equal(split("We land at 6:45 a.m. Can you come? It was 5 p.m. The sun set. I left "
                            "Acme Inc. They closed etc. It\u2019s over."),
                      "We land at 6:45 a.m.|Can you come?|It was 5 p.m.|The sun set.|I left Acme "
                      "Inc.|They closed etc.|It\u2019s over.");
  assert_string_equal(split("We chose plan B. It failed. So did I. Tom too."),
                      "We chose plan B.|It failed.|So did I.|Tom too.");
  assert_string_equal(split("Did he? No. I did. The year was 1999. Snow fell."),
                      "Did he?|No.|I did.|The year was 1999.|Snow fell.");
  assert_string_equal(split("We waited... Nobody came."), "We waited...|Nobody came.");
}

static void every_line_ends_a_sentence(void **state) {
  (void)state;
  assert_string_equal(split("A title\nOne. Two\r\n\r\nThree\n"), "A title||One.|Two||Three||");
  assert_string_equal(split("Mr.\nSmith"), "Mr.||Smith");
  assert_string_equal(split("\n\n  First."), "||First.");
  assert_string_equal(split("  "), "");
  assert_string_equal(split("a\u2028b"), "a||b");
}

static void wide_terminators_need_no_space(void **state) {
  (void)state;
  assert_string_equal(split("\u4F60\u597D\u3002\u518D\u89C1\uFF01\u300D\u55EF"),
                      "\u4F60\u597D\u3002|\u518D\u89C1\uFF01\u300D|\u55EF");
}

static size_t longest(const char *text, size_t bytes, size_t *count) {
  size_t most = 0;
  *count = 0;
  for (sentence s = {0}; sentences_next(text, bytes, &s); ++*count) {
    if (s.end - s.start > most) most = s.end - s.start;
  }
  return most;
}

static void long_sentences_are_cut(void **state) {
  (void)state;
  char text[ROOM];
  sentence s = {0};
  for (size_t i = 0; i < ROOM; i++) text[i] = i % 8 == 7 ? ' ' : 'a'; /* words alone */
  assert_true(sentences_next(text, ROOM, &s));
  assert_int_equal(s.end, SENTENCES_MAX - 1);
  assert_int_equal(s.next, SENTENCES_MAX);
  text[SENTENCES_MAX - 18] = ','; /* a pause, with white space after it */
  s = (sentence){0};
  assert_true(sentences_next(text, ROOM, &s));
  assert_int_equal(s.next, SENTENCES_MAX - 16);
  size_t count;
  assert_true(longest(text, ROOM, &count) <= SENTENCES_MAX);
  for (size_t i = 0; i + 1 < ROOM; i += 2) memcpy(text + i, "\u00E9", 2); /* no space at all */
  assert_int_equal(longest(text, ROOM, &count), SENTENCES_MAX);
  assert_int_equal(count, ROOM / SENTENCES_MAX);
  memset(text, 'a', ROOM);
  text[3] = text[SENTENCES_MAX + 2] = ' ';
  s = (sentence){0};
  assert_true(sentences_next(text, ROOM, &s) && s.end == 3);
  s = (sentence){.unbroken = true};
  assert_true(sentences_next(text, ROOM, &s) && s.end == 3);
  assert_true(sentences_next(text, ROOM, &s) && s.end == SENTENCES_MAX + 2);
  assert_true(sentences_next(text, ROOM, &s) && s.end == ROOM);
}

/* A text that would be slow if anything were looked at again and again. */
static void long_texts_take_linear_time(void **state) {
  (void)state;
  enum { BYTES = 1 << 22 };
  char *text = malloc(BYTES);
  assert_non_null(text);
  static const char *const kinds[] = {" ",   ".",  ". ",  "(",    "\"",   "a ",
                                      ".) ", "( ", "a. ", "\x80", "A. ( "};
  for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
    for (size_t i = 0; i < BYTES; i++) text[i] = kinds[k][i % strlen(kinds[k])];
    size_t count;
    assert_true(longest(text, BYTES, &count) <= SENTENCES_MAX);
  }
  memset(text, ' ', BYTES);
  text[0] = text[BYTES - 1] = 'a';
  size_t count;
  assert_int_equal(longest(text, BYTES, &count), 1);
  assert_int_equal(count, 2);
  free(text);
}

static void pieces_make_any_text(void **state) {
  (void)state;
  static const char *const parts[] = {
      "a",      "B",    " ",        "  ",     ".",   "!",      "?",         "\u2026", "\"",
      ")",      "(",    "\n",       "\r\n",   "Mr",  "U.S",    "No",        "5",      ",",
      "\u3002", "\xFF", "\xE2\x80", "\u00A0", "The", "\u2014", "\U0001F600"};
  rc_rng rng = rng_make(1, 2, 3);
  for (int round = 0; round < 20000; round++) {
    char text[200] = "";
    for (uint32_t i = rng_below(&rng, 30); i > 0; i--) {
      strcat(text, parts[rng_below(&rng, sizeof parts / sizeof *parts)]);
    }
    (void)split(text);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(plain_sentences_are_parted),
      cmocka_unit_test(closing_quotes_and_brackets_belong_to_the_end),
      cmocka_unit_test(emoji_go_with_what_is_before_them),
      cmocka_unit_test(abbreviations_do_not_end),
      cmocka_unit_test(abbreviations_end_before_a_usual_first_word),
      cmocka_unit_test(every_line_ends_a_sentence),
      cmocka_unit_test(wide_terminators_need_no_space),
      cmocka_unit_test(long_sentences_are_cut),
      cmocka_unit_test(long_texts_take_linear_time),
      cmocka_unit_test(pieces_make_any_text),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
