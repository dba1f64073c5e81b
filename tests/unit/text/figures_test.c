#include "figures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rng.h"

enum { ROOM = 400 };

static figure read_at(const char *text, size_t at, uint32_t before, bool french) {
  figure f = {.kind = FIGURE_RAW};
  f.text.bytes = figure_read((utf8_text){text, strlen(text)}, at, before, french, &f);
  return f;
}

/* What is read of the text, and as French sets it: "3.5 = 3,5". */
static const char *french(const char *text) {
  static char out[ROOM];
  char set[ROOM];
  const figure f = read_at(text, 0, 0, false);
  if (f.text.bytes == 0) return "none";
  const size_t bytes = figure_set_french(&f, false, set, ROOM);
  assert_true(bytes <= FIGURE_GROWTH * f.text.bytes + FIGURE_MORE);
  snprintf(out, ROOM, "%.*s = %.*s", (int)f.text.bytes, text, (int)bytes, set);
  return out;
}

static void numbers_are_set_as_french_sets_them(void **state) {
  (void)state;
  static const struct {
    const char *text, *expected;
  } cases[] = {
      {"1,299.99 and", "1,299.99 = 1 299,99"},
      {"$1,299.99.", "$1,299.99 = 1 299,99 $"},
      {"-3.5", "-3.5 = -3,5"},
      {"\u22123", "\u22123 = \u22123"},
      {"+5", "+5 = +5"},
      {"50%", "50% = 50 %"},
      {"50 % of", "50 % = 50 %"},
      {"0.05%", "0.05% = 0,05 %"},
      {"\u20AC5", "\u20AC5 = 5 \u20AC"},
      {"5\u20AC", "5\u20AC = 5 \u20AC"},
      {"5$", "5$ = 5 $"},
      {"US$5", "US$5 = 5 $ US"},
      {"A$5.50", "A$5.50 = 5,50 $ A"},
      {"$12000", "$12000 = 12 000 $"},
      {"\u00A31,000.5", "\u00A31,000.5 = 1 000,5 \u00A3"},
      {".5", ".5 = 0,5"},
      {"1,000,000 people", "1,000,000 = 1 000 000"},
      {"1999", "1999 = 1999"},
      {"2kg of", "2kg = 2 kg"},
      {"2.5kg.", "2.5kg = 2,5 kg"},
      {"1,500m", "1,500m = 1 500 m"},
      {"90km/h", "90km/h = 90 km/h"},
      {"16GB", "16GB = 16 Go"},
      {"1ft", "1ft = 1 pied"},
      {"3ft tall", "3ft = 3 pieds"},
      {"150lbs", "150lbs = 150 livres"},
      {"2hrs", "2hrs = 2 h"},
      {"5G", "5 = 5"},
      {"80s", "80 = 80"},
      {"9.58s", "9.58s = 9,58 s"},
      {"4kids", "4 = 4"},
      {"7min30", "7 = 7"},
      {"$5m", "$5m = 5 millions de dollars"},
      {"12345", "12345 = 12345"},
      {"123456789012345678901234567890",
       "123456789012345678901234567890 = "
       "123456789012345678901234567890"},
      {"3rd", "3 = 3"},
      {"5kg", "5kg = 5 kg"},
      {"3.", "3 = 3"},
      {"192.168.0.1", "192.168.0.1 = 192.168.0.1"},
      {"1\u00BD", "1\u00BD = 1\u00BD"},
      {"$5k", "$5k = $5k"},
      {"$5m", "$5m = 5 millions de dollars"},
      {"\u00A34.2bn", "\u00A34.2bn = 4,2 milliards de livres"},
      {"\u20AC1B", "\u20AC1B = 1 milliard d'euros"},
      {"1,2,3", "1,2,3 = 1,2,3"},
      {"1,234,5678", "1,234,5678 = 1,234,5678"},
      {"$5 million", "$5 million = 5 millions de dollars"},
      {"$1.3 billion", "$1.3 billion = 1,3 milliard de dollars"},
      {"\u20AC2-trillion", "\u20AC2-trillion = 2 billions d'euros"},
      {"5 millions", "5 = 5"},
      {"-3.5\u00B0C to", "-3.5\u00B0C = -3,5 \u00B0C"},
      {"350 \u00B0F.", "350 \u00B0F = 350 \u00B0F"},
      {"45\u00B0 angle", "45\u00B0 = 45\u00B0"},
      {"45 \u00B0 angle", "45 = 45"},
      {"5\u00B0Celsius", "5 = 5"},
      {"10:30 CET and", "10:30 CET = 10 h 30 CET"},
      {"2:00 a.m. EST", "2:00 a.m. EST = 2 h 00 EST"},
      {"10:30 CETUS", "10:30 = 10 h 30"},
      {"10:30 AND", "10:30 = 10 h 30"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_string_equal(french(cases[i].text), cases[i].expected);
  }
}

static void clock_times_are_set_as_french_sets_them(void **state) {
  (void)state;
  static const struct {
    const char *text, *expected;
  } cases[] = {
      {"3:45 p.m. we", "3:45 p.m. = 15 h 45"},
      {"3:45pm", "3:45pm = 15 h 45"},
      {"10am", "10am = 10 h"},
      {"10 AM", "10 AM = 10 h"},
      {"12:30 a.m. and", "12:30 a.m. = 0 h 30"},
      {"12:30 a.m.", "12:30 a.m = 0 h 30"}, /* the point is the sentence's */
      {"3 p.m.\") ", "3 p.m = 15 h"},
      {"12pm", "12pm = 12 h"},
      {"15:05", "15:05 = 15 h 05"},
      {"09:30", "09:30 = 9 h 30"},
      {"10:30:15", "10:30:15 = 10:30:15"},
      {"25:61", "25:61 = 25:61"},
      {"13 pm", "13 = 13"},
      {"5 amps", "5 = 5"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_string_equal(french(cases[i].text), cases[i].expected);
  }
}

static void what_stands_in_any_language_stays(void **state) {
  (void)state;
  static const char *const cases[] = {
      "12/03/2024", "2024-03-12",        "555-0142", "1-800-555-0199",    "+33 6 12 34 56 78",
      "1/2",        "1990\u20131995",    "10-12",    "+1 (555) 555-0142", "(555) 123-4567",
      "24/7",       "978-3-16-148410-0", "6'2\""};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[ROOM], expected[ROOM];
    snprintf(text, ROOM, "%s. 30", cases[i]);
    snprintf(expected, ROOM, "%s = %s", cases[i], cases[i]);
    assert_string_equal(french(text), expected);
  }
  assert_string_equal(french("(5)"), "none");
  assert_string_equal(french("$ a"), "none");
  assert_string_equal(french("-a"), "none");
}

static void what_stands_before_counts(void **state) {
  (void)state;
  assert_int_equal(read_at("x5", 1, 'x', false).text.bytes, 0);
  assert_int_equal(read_at("1-5", 1, '1', false).text.bytes, 0);
  assert_int_equal(read_at("a:15:45", 2, ':', false).text.bytes, 2); /* no clock */
  assert_int_equal(read_at("x -5", 2, ' ', false).text.bytes, 2);
}

static void french_is_typeset(void **state) {
  (void)state;
  static const struct {
    const char *text, *set;
  } cases[] = {{"$1,299.99", "1\u202F299,99\u00A0$"},
               {"3:45 pm", "15\u00A0h\u00A045"},
               {"50%", "50\u202F%"},
               {"$5 million", "5\u00A0millions de dollars"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char set[ROOM];
    const figure f = read_at(cases[i].text, 0, 0, false);
    const size_t bytes = figure_set_french(&f, true, set, ROOM);
    assert_int_equal(bytes, strlen(cases[i].set));
    assert_memory_equal(set, cases[i].set, bytes);
  }
}

static bool same(const char *english, const char *french_text) {
  const figure a = read_at(english, 0, 0, false), b = read_at(french_text, 0, 0, true);
  assert_int_equal(a.text.bytes, strlen(english));
  assert_int_equal(b.text.bytes, strlen(french_text));
  return figure_equal(&a, &b);
}

static void both_languages_say_the_same(void **state) {
  (void)state;
  assert_true(same("1,299.99", "1 299,99"));
  assert_true(same("1,299.99", "1\u202F299,99"));
  assert_true(same("1,234,567", "1.234.567"));
  assert_true(same("$5", "5 $"));
  assert_true(same("\u20AC5.50", "5,50 \u20AC"));
  assert_true(same("50%", "50 %"));
  assert_true(same("3:45 p.m", "15 h 45"));
  assert_true(same("3 pm", "15h"));
  assert_true(same("15:45", "15h45"));
  assert_true(same("-3", "\u22123"));
  assert_true(same("1990-95", "1990\u201395"));
  assert_true(same("192.168.0.1", "192.168.0.1"));
  assert_true(same("$5 million", "5 millions de dollars"));
  assert_true(same("$1.3 billion", "1,3 milliard de dollars"));
  assert_false(same("3.5", "35"));
  assert_false(same("3", "-3"));
  assert_false(same("5%", "5"));
  assert_false(same("$5", "5 \u20AC"));
  assert_false(same("3:45", "15 h 45"));
  assert_false(same("$5 million", "5 milliards de dollars"));
}

/* What is set in French says in French what it said in English. */
static void setting_keeps_the_value(void **state) {
  (void)state;
  rc_rng rng = rng_make(4, 5, 6);
  for (int round = 0; round < 50000; round++) {
    char text[ROOM] = "", set[ROOM];
    static const char *const signs[] = {"", "", "-", "$", "\u20AC", "\u00A3"};
    strcat(text, signs[rng_below(&rng, 6)]);
    const bool grouped = rng_below(&rng, 2) == 0;
    snprintf(text + strlen(text), 20, "%u", 1 + rng_below(&rng, 999));
    for (uint32_t groups = rng_below(&rng, 3); groups > 0; groups--) {
      snprintf(text + strlen(text), 20, "%s%03u", grouped ? "," : "", rng_below(&rng, 1000));
    }
    if (rng_below(&rng, 2) == 0) snprintf(text + strlen(text), 20, ".%u", rng_below(&rng, 1000));
    if (rng_below(&rng, 4) == 0) strcat(text, "%");
    const figure f = read_at(text, 0, 0, false);
    assert_int_equal(f.text.bytes, strlen(text));
    for (int typeset = 0; typeset < 2; typeset++) {
      const size_t bytes = figure_set_french(&f, typeset == 1, set, ROOM);
      assert_true(bytes <= FIGURE_GROWTH * strlen(text) + FIGURE_MORE);
      set[bytes] = '\0';
      const figure back = read_at(set, 0, 0, true);
      if (f.currency != 0 && f.percent) continue; /* $5% */
      assert_int_equal(back.text.bytes, bytes);
      assert_true(figure_equal(&f, &back));
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers_are_set_as_french_sets_them),
      cmocka_unit_test(clock_times_are_set_as_french_sets_them),
      cmocka_unit_test(what_stands_in_any_language_stays),
      cmocka_unit_test(what_stands_before_counts),
      cmocka_unit_test(french_is_typeset),
      cmocka_unit_test(both_languages_say_the_same),
      cmocka_unit_test(setting_keeps_the_value),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
