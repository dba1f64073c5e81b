#include "elision.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rng.h"
#include "utf8.h"

#define CAPITAL "\xEE\x80\x80" /* MARK_CAPITAL */
#define NUMBER "\xEE\x80\x90"  /* a placeholder */

enum { ROOM = 200 };

static void check(const char *text, const char *wanted) {
  char set[ROOM];
  int places[ROOM];
  strcpy(set, text);
  const size_t bytes = elide_french(set, strlen(text), places);
  assert_string_equal(set, wanted);
  assert_int_equal(bytes, strlen(wanted));
  assert_int_equal(places[strlen(text)], bytes);
}

static void short_words_give_up_their_vowel(void **state) {
  (void)state;
  check("la ampoule du couloir", "l'ampoule du couloir");
  check("Je économise de argent", "J'économise d'argent");
  check("je y pense, ne est-ce pas", "j'y pense, n'est-ce pas");
  check("lorsque il parle de œuvres", "lorsqu'il parle d'œuvres");
  check("que à moi", "qu'à moi");
  check("il se en va parce que elle", "il s'en va parce qu'elle");
  check("« Le Été »", "« L'Été »");
  check("près de un lac", "près d'un lac");
}

static void all_else_stays(void **state) {
  (void)state;
  static const char *const texts[] = {
      "",
      "la",
      "la ",
      "le onze juin",
      "que oui",
      "le un et le deux",
      "la une",
      "le ou la",
      "de et vers",
      "le hôpital",
      "donne-le à Anne",
      "celle a",
      "de A à Z",
      "l'la ampoule",
      "la, ampoule",
      "le  été",
      "là est",
      "la \xFF",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) check(texts[i], texts[i]);
}

/* A mark of case stands in front of the space, and then in front of the word. */
static void marks_stay_with_their_words(void **state) {
  (void)state;
  check("de" CAPITAL " internet", "d'" CAPITAL "internet");
  check("de " CAPITAL "internet", "d'" CAPITAL "internet");
  check(CAPITAL "le été", CAPITAL "l'été");
  check("de " NUMBER " et", "de " NUMBER " et");
}

static void places_follow(void **state) {
  (void)state;
  char text[] = "que elle a";
  int places[sizeof text];
  assert_int_equal(elide_french(text, sizeof text - 1, places), 9);
  assert_string_equal(text, "qu'elle a");
  static const int wanted[] = {0, 1, 2, 3, 3, 4, 5, 6, 7, 8, 9};
  assert_memory_equal(places, wanted, sizeof wanted);
}

/* Of any text: valid UTF-8 stays so, twice is once, and places never fall. */
static void any_text_is_set_once(void **state) {
  (void)state;
  static const char *const parts[] = {"la", "de", "que", " ",     "a",  "été", "'",    "-",
                                      "y",  "œ",  "un",  CAPITAL, "\t", "é",   NUMBER, "Le"};
  rc_rng rng = rng_make(7, 1, 1);
  for (int round = 0; round < 20000; round++) {
    char text[ROOM] = "", again[ROOM];
    int places[ROOM];
    for (uint32_t n = rng_below(&rng, 20); n > 0; n--) strcat(text, parts[rng_below(&rng, 16)]);
    const size_t before = strlen(text);
    memset(places, 0, sizeof places);
    char copy[ROOM];
    strcpy(copy, text);
    const size_t bytes = elide_french(text, before, places);
    assert_int_equal(utf8_check(text, bytes, NULL), RC_OK);
    int last = 0;
    for (size_t at = 0; at <= before; at++) {
      if (((unsigned char)copy[at] & 0xC0) == 0x80) continue;
      assert_true(places[at] >= last);
      last = places[at];
    }
    assert_int_equal(last, bytes);
    strcpy(again, text);
    assert_int_equal(elide_french(again, bytes, places), bytes);
    assert_string_equal(again, text);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(short_words_give_up_their_vowel),
      cmocka_unit_test(all_else_stays),
      cmocka_unit_test(marks_stay_with_their_words),
      cmocka_unit_test(places_follow),
      cmocka_unit_test(any_text_is_set_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
