#include "spans.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rng.h"

enum { ROOM = 4000 };

/* The text with <...> around numbers and [...] around all else that is no language, in a font that
 * has other brackets: U+2039, U+203A and U+27E6, U+27E7 stand for themselves nowhere here. */
static const char *found(const char *text) {
  static char out[ROOM];
  spans_finder finder = {.text = {text, strlen(text)}};
  size_t at = 0, length = 0;
  for (found_span span; spans_next(&finder, &span);) {
    assert_true(span.start >= at && span.end > span.start && span.end <= strlen(text));
    const bool number = span.family == SPAN_NUMBER;
    memcpy(out + length, text + at, span.start - at);
    length += span.start - at;
    memcpy(out + length, number ? "\u2039" : "\u27E6", 3);
    length += 3;
    memcpy(out + length, text + span.start, span.end - span.start);
    length += span.end - span.start;
    memcpy(out + length, number ? "\u203A" : "\u27E7", 3);
    length += 3;
    at = span.end;
  }
  strcpy(out + length, text + at);
  return out;
}

typedef struct example {
  const char *text, *found;
} example;

static void assert_found(const example *examples, size_t count) {
  for (size_t i = 0; i < count; i++)
    assert_string_equal(found(examples[i].text), examples[i].found);
}

#define ASSERT_FOUND(...)                                       \
  do {                                                          \
    static const example examples[] = {__VA_ARGS__};            \
    assert_found(examples, sizeof examples / sizeof *examples); \
  } while (0)

static void links_and_addresses_are_found(void **state) {
  (void)state;
  ASSERT_FOUND({"Visit https://example.com.", "Visit ⟦https://example.com⟧."},
               {"10.0.0.1:8080/in?n=%2F or 10.0.0.1.", "⟦10.0.0.1:8080/in?n=%2F⟧ or ‹10.0.0.1›."},
               {"On localhost:3000 and localhost", "On ⟦localhost:3000⟧ and localhost"},
               {"(see http://a.b/c?d=e&f=g#h)", "(see ⟦http://a.b/c?d=e&f=g#h⟧)"},
               {"www.foo.org/bar_(baz), ok", "⟦www.foo.org/bar_(baz)⟧, ok"},
               {"\u201Chttps://x.y/z\u201D", "\u201C⟦https://x.y/z⟧\u201D"},
               {"l'https://x.y/z.", "l'⟦https://x.y/z⟧."},
               {"mail john.doe+x@example.co.uk!", "mail ⟦john.doe+x@example.co.uk⟧!"},
               {"on example.org or bbc.co.uk/news, ", "on ⟦example.org⟧ or ⟦bbc.co.uk/news⟧, "},
               {"localhost:8080", "⟦localhost:8080⟧"},
               {"The end.Then e.g. U.S. Ph.D.", "The end.Then e.g. U.S. Ph.D."},
               {"https://", "https://"});
}

static void paths_and_files_are_found(void **state) {
  (void)state;
  ASSERT_FOUND({"/etc/passwd, ~/notes and ./run.", "⟦/etc/passwd⟧, ⟦~/notes⟧ and ⟦./run⟧."},
               {"report (2).docx, (or) .no", "report (‹2›)⟦.docx⟧, (or) ⟦.no⟧"},
               {"C:\\Users\\Bob\\file.txt:", "⟦C:\\Users\\Bob\\file.txt⟧:"},
               {"\\\\server\\share", "⟦\\\\server\\share⟧"},
               {"see src/text/spans.c or REPORT.PDF", "see ⟦src/text/spans.c⟧ or ⟦REPORT.PDF⟧"},
               {".gitignore and Node.js", "⟦.gitignore⟧ and ⟦Node.js⟧"},
               {"and/or he/she km/h", "and/or he/she km/h"}, {"a / b", "a / b"});
}

static void markup_and_placeholders_are_found(void **state) {
  (void)state;
  ASSERT_FOUND({"*Note*: do **not**, 2*3", "⟦*⟧Note⟦*⟧: do ⟦**⟧not⟦**⟧, ‹2›*‹3›"},
               {"See \u00A74.2, \u00A7 7 or \u00A7\u00A7 12-14.",
                "See ⟦\u00A74.2⟧, ⟦\u00A7 7⟧ or ⟦\u00A7\u00A7 12-14⟧."},
               {"Press <kbd>C</kbd>+<kbd>V</kbd>", "Press ⟦<kbd>⟧C⟦</kbd>⟧+⟦<kbd>⟧V⟦</kbd>⟧"},
               {":smile: or a:b: 10:30:", "⟦:smile:⟧ or a:b: ‹10:30›:"},
               {"set a='b c' now", "set ⟦a='b c'⟧ now"},
               {"a) yes (b) no iv) x (s), it(s)", "⟦a)⟧ yes ⟦(b)⟧ no ⟦iv)⟧ x (s), it(s)"},
               {"$5-$10, -$3", "‹$5›-‹$10›, ‹-$3›"},
               {"<b>bold</b> <a href=\"x y\">x</a>", "⟦<b>⟧bold⟦</b>⟧ ⟦<a href=\"x y\">⟧x⟦</a>⟧"},
               {"&amp; &#39;q&#x27; R&D;", "⟦&amp;⟧ ⟦&#39;⟧q⟦&#x27;⟧ R&D;"},
               {"{name} {{ x }} ${x} $(ARG1)", "⟦{name}⟧ ⟦{{ x }}⟧ ⟦${x}⟧ ⟦$(ARG1)⟧"},
               {"#{a}, %{b} @{c}: {first name} {1, 2}->{x}",
                "⟦#{a}⟧, ⟦%{b}⟧ ⟦@{c}⟧: ⟦{first name}⟧ ⟦{1, 2}⟧⟦->⟧⟦{x}⟧"},
               {"word} foo{ and", "word⟦}⟧ foo⟦{⟧ and"},
               {"%s %1$d %(name)s %.2f", "⟦%s⟧ ⟦%1$d⟧ ⟦%(name)s⟧ ⟦%.2f⟧"},
               {"100 % sure, 5% of", "‹100 %› sure, ‹5%› of"},
               {"7 %s, 3.5 %1$d 1 %(n)s 2 %.2f", "‹7› ⟦%s⟧, ‹3.5› ⟦%1$d⟧ ‹1› ⟦%(n)s⟧ ‹2› ⟦%.2f⟧"},
               {"7 %, 8 %. 9 %", "‹7 %›, ‹8 %›. ‹9 %›"}, {"a < b > c", "a ⟦<⟧ b ⟦>⟧ c"},
               {"`foo bar` and `", "⟦`foo bar`⟧ and `"});
}

static void code_is_found(void **state) {
  (void)state;
  ASSERT_FOUND({"H\u2082O, 10\u2075 and x\u00B2.", "⟦H\u2082O⟧, ⟦10\u2075⟧ and ⟦x\u00B2⟧."},
               {"TLS, HTTP, GDP, NOT and MR", "⟦TLS⟧, ⟦HTTP⟧, GDP, NOT and MR"},
               {"14:05:33.123 and 1:25,000", "‹14:05:33.123› and ‹1:25,000›"},
               {"9am-5pm, NZ$30, 6'2.5\"", "‹9am›-‹5pm›, ‹NZ$30›, ‹6'2.5\"›"},
               {"snake_case foo() obj.method() camelCase",
                "⟦snake_case⟧ ⟦foo()⟧ ⟦obj.method()⟧ ⟦camelCase⟧"},
               {"iPhone A4 COVID-19 MP3 v2.1.", "⟦iPhone⟧ ⟦A4⟧ ⟦COVID-19⟧ ⟦MP3⟧ ⟦v2.1⟧."},
               {"--option --a-b=c 3D 4K", "⟦--option⟧ ⟦--a-b=c⟧ ⟦3D⟧ ⟦4K⟧"},
               {"3rd 1990s 5kg 5 o'clock", "‹3›rd ‹1990›s ‹5kg› ‹5› o'clock"},
               {"x=5, name=\"foo bar\" a==b", "⟦x=5⟧, ⟦name=\"foo bar\"⟧ a⟦==⟧b"},
               {"C++ C# A+", "⟦C++⟧ ⟦C#⟧ A+"},
               {"Ctrl+V, Ctrl+Shift+T or Alt+F4.", "⟦Ctrl+V⟧, ⟦Ctrl+Shift+T⟧ or ⟦Alt+F4⟧."},
               {"Tom+ Tom+me", "Tom+ Tom+me"}, {"x^2, 10^-6 is", "⟦x^2⟧, ⟦10^-6⟧ is"},
               {"java.util.List", "⟦java.util.List⟧"},
               {"550e8400-e29b-41d4-a716-446655440000", "⟦550e8400-e29b-41d4-a716-446655440000⟧"},
               {"TVs, well-known, don't", "TVs, well-known, don't"},
               {"$HOME costs $5.", "⟦$HOME⟧ costs ‹$5›."});
}

static void tags_and_mentions_are_found(void **state) {
  (void)state;
  ASSERT_FOUND({"#tag #1 @you @a_b a@b", "⟦#tag⟧ #‹1› ⟦@you⟧ ⟦@a_b⟧ a@b"},
               {"I <3 it :-) ;) :D a:b", "I ⟦<3⟧ it ⟦:-)⟧ ⟦;)⟧ ⟦:D⟧ a:b"});
}

static void symbols_and_scripts_are_found(void **state) {
  (void)state;
  ASSERT_FOUND(
      {"\U0001F468\u200D\U0001F469\u200D\U0001F467\U0001F44D\U0001F3FD ok \U0001F1EB\U0001F1F7",
       "⟦\U0001F468\u200D\U0001F469\u200D\U0001F467\U0001F44D\U0001F3FD⟧ ok "
       "⟦\U0001F1EB\U0001F1F7⟧"},
      {"1\uFE0F\u20E3 \u2122 \u2192 \u20AC.", "⟦1\uFE0F\u20E3⟧ ⟦\u2122⟧ ⟦\u2192⟧ ⟦\u20AC⟧."},
      {"a = b -> c === *** -- -", "a ⟦=⟧ b ⟦->⟧ c ⟦===⟧ ⟦***⟧ -- -"},
      {"\u041F\u0440\u0438, \u043A\u0430\u043A? ok",
       "⟦\u041F\u0440\u0438, \u043A\u0430\u043A⟧? ok"},
      {"\u4F60\u597D\uE000x\uF8FF", "⟦\u4F60\u597D⟧⟦\uE000⟧x⟦\uF8FF⟧"},
      {"\u00E9t\u00E9 \u2026 \u00ABoui\u00BB \u2013 \u201Ca\u201D",
       "\u00E9t\u00E9 \u2026 \u00ABoui\u00BB \u2013 \u201Ca\u201D"});
}

static void endless_words_are_found(void **state) {
  (void)state;
  char text[ROOM] = "it ", expected[ROOM] = "it ⟦";
  for (int i = 0; i < SPANS_WORD_MAX + 1; i++) strcat(text, "a");
  strcat(expected, text + 3);
  strcat(strcat(text, " is"), "");
  strcat(expected, "⟧ is");
  assert_string_equal(found(text), expected);
  strcpy(text, "");
  for (int i = 0; i < SPANS_ROW_MAX / 2; i++) strcat(text, "a,");
  assert_string_equal(found(text), text); /* just so many */
  strcat(text, "b");
  spans_finder finder = {.text = {text, strlen(text)}};
  found_span span;
  assert_true(spans_next(&finder, &span) && span.start == 0 && span.end == strlen(text));
}

/* Whatever is looked at: in order, without overlaps, within the text. */
static void any_text_is_parted(void **state) {
  (void)state;
  static const char *const parts[] = {
      " ",      "a",      "B",      "1",      ".",          ",",      "/",       "\\",
      "@",      "#",      "$",      "%",      "{",          "}",      "<",       ">",
      "&",      ";",      "-",      "_",      "'",          "`",      ":",       "(",
      ")",      "=",      "+",      "*",      "~",          "pm",     "www.",    "http://",
      "com",    "\u20AC", "\u00E9", "\u00BD", "\U0001F600", "\u200D", "\u041F",  "\u4F60",
      "\uFE0F", "\u20E3", "\n",     "\u00A0", "\xFF",       "\uE010", "million", "s"};
  rc_rng rng = rng_make(7, 8, 9);
  for (int round = 0; round < 100000; round++) {
    char text[300] = "";
    for (uint32_t n = rng_below(&rng, 24); n > 0; n--) {
      strcat(text, parts[rng_below(&rng, sizeof parts / sizeof *parts)]);
    }
    for (int french = 0; french < 2; french++) {
      spans_finder finder = {.text = {text, strlen(text)}, .french = french == 1};
      size_t at = 0;
      for (found_span span; spans_next(&finder, &span); at = span.end) {
        assert_true(at <= span.start && span.start < span.end && span.end <= strlen(text));
      }
    }
  }
}

static void long_texts_take_linear_time(void **state) {
  (void)state;
  enum { BYTES = 1 << 18 };
  static const char *const kinds[] = {
      "a",     "1",          "<a",       "1-",     "a.", "a-a ", "1,111,", "{",     "{a ",
      "%(a",   "@a",         "&a",       "`a ",    "a/", "/a",   "a@ ",    "$",     "1/",
      "+1 ",   "- ",         "\xFF",     ":-",     "_",  "a_",   "=",      "a= ",   "http://",
      "1:11:", "\U0001F600", "\u041F. ", "(555) ", "#",  "--a",  "~/",     "a=\" ", "1 111 "};
  char *text = malloc(BYTES);
  assert_non_null(text);
  for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
    for (size_t i = 0; i < BYTES; i++) text[i] = kinds[k][i % strlen(kinds[k])];
    /* Once as one row, once with white space now and then, so that it is looked at. */
    for (int spaced = 0; spaced < 2; spaced++) {
      for (size_t i = 100; i < BYTES && spaced == 1; i += 251) text[i] = ' ';
      spans_finder finder = {.text = {text, BYTES}};
      size_t at = 0;
      for (found_span span; spans_next(&finder, &span); at = span.end) assert_true(span.end > at);
    }
  }
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(links_and_addresses_are_found),
      cmocka_unit_test(paths_and_files_are_found),
      cmocka_unit_test(markup_and_placeholders_are_found),
      cmocka_unit_test(code_is_found),
      cmocka_unit_test(tags_and_mentions_are_found),
      cmocka_unit_test(symbols_and_scripts_are_found),
      cmocka_unit_test(endless_words_are_found),
      cmocka_unit_test(any_text_is_parted),
      cmocka_unit_test(long_texts_take_linear_time),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
