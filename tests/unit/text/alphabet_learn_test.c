#include "alphabet_learn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "alphabet_build.h"
#include "fold.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { ROOM = 200, TEXTS_MAX = 32 };

static utf8_text text_of(const char *text) {
  return (utf8_text){text, strlen(text)};
}

static alphabet learn(const char *const *names, int count, int least, rc_arena *memory) {
  utf8_text texts[TEXTS_MAX];
  alphabet out;
  assert_true(count <= TEXTS_MAX);
  for (int i = 0; i < count; i++) texts[i] = text_of(names[i]);
  assert_int_equal(alphabet_learn(&out, texts, count, least, memory, NULL), RC_OK);
  return out;
}

/* The letters as UTF-8, ? for the unknown. */
static const char *read(const alphabet *a, const char *text) {
  static char letters[4 * ROOM];
  int ids[ROOM];
  const size_t count = alphabet_encode(a, text, strlen(text), ALPHABET_CASE_KEEP, ids, NULL, ROOM);
  size_t bytes = 0;
  assert_true(count <= ROOM);
  for (size_t i = 0; i < count; i++) {
    assert_in_range(ids[i], 0, alphabet_unknown(a));
    if (ids[i] == alphabet_unknown(a)) {
      letters[bytes++] = '?';
    } else {
      bytes += (size_t)utf8_encode(alphabet_character(a, ids[i]), letters + bytes);
    }
  }
  letters[bytes] = '\0';
  return letters;
}

static const char *const NAMES[] = {
    "Müller",  "Öztürk", "Nguyễn", "Łukasz",  "İpek",     "Işık", "Ó Briain",
    "O’Neill", "Groß",   "Dvořák", "Lê–Trần", "Γεωργίου", "Å",    "A\u030A",
    "हिन्दी",   "Ần ậ",   "Ιων",    "Chu",     "Lạc",      "Lân",
};

typedef struct fixture {
  alphabet letters;
  rc_arena memory;
} fixture;

static int open_fixture(void **state) {
  fixture *f = calloc(1, sizeof *f);
  f->letters = learn(NAMES, COUNT(NAMES), 1, &f->memory);
  *state = f;
  return 0;
}

static int close_fixture(void **state) {
  fixture *f = *state;
  arena_free(&f->memory);
  free(f);
  return 0;
}

static void letters_keep_their_marks_and_lose_their_case(void **state) {
  const fixture *f = *state;
  static const char *const cases[][2] = {
      {"Müller", "müller"},           {"MÜLLER", "müller"},     {"ÖZTÜRK", "öztürk"},
      {"NGUYỄN", "nguyễn"},           {"ŁUKASZ", "łukasz"},     {"dvořák", "dvořák"},
      {"ΓΕΩΡΓΙΟΥ", "γεωργιου"},       {"Γεωργίου", "γεωργίου"}, {"हिन्दी", "हिन्दी"},
      {"  Ó \t Briain ", "ó briain"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    assert_string_equal(read(&f->letters, cases[i][0]), cases[i][1]);
  }
}

/* A capital i with a dot is Turkish, and no i; a dotless one in capitals cannot be told from i. */
static void the_turkish_letters_i(void **state) {
  const fixture *f = *state;
  assert_string_equal(read(&f->letters, "İpek"), "İpek");
  assert_string_equal(read(&f->letters, "I\u0307pek"), "İpek");
  assert_string_equal(read(&f->letters, "i\u0307pek"), "İpek"); /* how JavaScript lowers it */
  assert_string_equal(read(&f->letters, "Işık"), "işık");
  assert_string_equal(read(&f->letters, "IŞIK"), "işik");
}

static void decomposed_is_composed(void **state) {
  const fixture *f = *state;
  static const char *const cases[][2] = {
      {"Mu\u0308ller", "müller"},
      {"MU\u0308LLER", "müller"},
      {"Nguye\u0302\u0303n", "nguyễn"},
      {"Nguy\u00EA\u0303n", "nguyễn"},
      {"a\u0323\u0302", "ậ"},
      {"a\u0302\u0323", "ậ"}, /* not in canonical order */
      {"\u1EA1\u0302", "ậ"},
      {"\u00E2\u0323", "ậ"},
      {"A\u030Angstro\u0308m", "ångström"},
      {"\u212Bngstr\u00F6m", "ångström"}, /* the sign of the unit */
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    assert_string_equal(read(&f->letters, cases[i][0]), cases[i][1]);
  }
}

/* Letters that no name had are what they fold to. */
static void other_letters_are_read_as_what_they_fold_to(void **state) {
  const fixture *f = *state;
  static const char *const cases[][2] = {
      {"\u01D8", "ü"},
      {"\u1EC3", "ê"},
      {"\u1EC2", "ê"},
      {"\u00E7\u00E1", "cá"},
      {"\u00E6", "ae"},
      {"\uFF2D\uFF21", "ma"},
      {"u\u0330", "u"},
      {"ü\u0330", "ü"},
      {"\u00DF", "ß"},
      {"\u1E9E", "ß"},
      {"o\u2019neill", "o'neill"},
      {"l\u00EA\u2014tr", "lê-tr"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    assert_string_equal(read(&f->letters, cases[i][0]), cases[i][1]);
  }
}

static void what_is_no_letter_is_unknown(void **state) {
  const fixture *f = *state;
  assert_string_equal(read(&f->letters, "李7\xFF"), "???");
  assert_string_equal(read(&f->letters, "\u0301a"), "?a");
  assert_string_equal(read(&f->letters, "a \u0301z"), "a ?z");
  assert_string_equal(read(&f->letters, ""), "");
  assert_string_equal(read(&f->letters, "\uFEFFMu\u00ADl\u200Bler\u200E"), "muller");
}

static void rare_letters_are_none(void **state) {
  (void)state;
  static const char *const names[] = {"añb", "cñd", "eøf", "øøøø g", "ḱ"};
  rc_arena memory;
  const alphabet two = learn(names, COUNT(names), 2, &memory);
  assert_string_equal(read(&two, "ñøḱ"), "ñøk");
  arena_free(&memory);
  const alphabet three = learn(names, COUNT(names), 3, &memory);
  assert_string_equal(read(&three, "ñøḱ"), "nok");
  /* only what these fold to, and none of the other letters of ASCII */
  assert_string_equal(read(&three, "abcdefgz"), "abcdefg?");
  arena_free(&memory);
}

static void offsets_and_capacity(void **state) {
  const fixture *f = *state;
  int ids[4], source[4];
  const char *text = "u\u0308 \u00DFa";
  assert_int_equal(
      alphabet_encode(&f->letters, text, strlen(text), ALPHABET_CASE_KEEP, ids, source, 4), 4);
  static const int expected[] = {0, 3, 4, 6};
  assert_memory_equal(source, expected, sizeof expected);
  /* a mark for a letter that had no room */
  ids[1] = -1;
  assert_int_equal(alphabet_encode(&f->letters, "au\u0308", 4, ALPHABET_CASE_KEEP, ids, NULL, 1),
                   2);
  assert_int_equal(ids[1], -1);
}

/* What a weight file keeps gives the same alphabet back. */
static void described_and_built_again(void **state) {
  const fixture *f = *state;
  const int count = f->letters.letters;
  char(*described)[2][ALPHABET_TEXT_MAX] = calloc((size_t)count, sizeof *described);
  utf8_text *letters = calloc((size_t)count, sizeof *letters);
  utf8_text *spellings = calloc((size_t)count, sizeof *spellings);
  for (int i = 0; i < count; i++) {
    alphabet_describe(&f->letters, i, described[i][0], described[i][1]);
    letters[i] = text_of(described[i][0]);
    spellings[i] = text_of(described[i][1]);
  }
  rc_arena need = arena_measure(), memory;
  alphabet again;
  assert_int_equal(alphabet_build(&again, letters, spellings, count, &need, NULL), RC_OK);
  assert_int_equal(arena_new(&memory, need.used, NULL), RC_OK);
  assert_int_equal(alphabet_build(&again, letters, spellings, count, &memory, NULL), RC_OK);
  assert_int_equal(again.letters, count);
  assert_int_equal(again.form_count, f->letters.form_count);
  assert_memory_equal(again.forms, f->letters.forms,
                      (size_t)again.form_count * sizeof *again.forms);
  assert_int_equal(again.spelling_count, f->letters.spelling_count);
  assert_memory_equal(again.spellings, f->letters.spellings,
                      (size_t)again.spelling_count * sizeof *again.spellings);
  arena_free(&memory);
  free(described);
  free(letters);
  free(spellings);
}

static void check_refused(const char *const (*letters)[2], int count) {
  utf8_text texts[2][4];
  rc_arena memory;
  rc_error error = {0};
  alphabet out;
  for (int i = 0; i < count; i++) {
    texts[0][i] = text_of(letters[i][0]);
    texts[1][i] = text_of(letters[i][1]);
  }
  assert_int_equal(arena_new(&memory, 65536, NULL), RC_OK);
  assert_int_equal(alphabet_build(&out, texts[0], texts[1], count, &memory, &error), RC_ERR_FORMAT);
  assert_true(error.text[0] != '\0');
  arena_free(&memory);
}

static void hostile_alphabets_are_refused(void **state) {
  (void)state;
  check_refused((const char *const[][2]){{"", ""}}, 1);
  check_refused((const char *const[][2]){{"abcdefghijklmnopqrstuvwxyzABCDEFG", ""}}, 1);
  check_refused((const char *const[][2]){{"aAa", ""}}, 1);
  check_refused((const char *const[][2]){{"\xC3", ""}}, 1);
  check_refused((const char *const[][2]){{"aA", ""}, {"bA", ""}}, 2);
  check_refused((const char *const[][2]){{"aA", ""}, {"á", "a"}}, 2);
  check_refused((const char *const[][2]){{"aA", ""}, {"á", "b\u0301"}}, 2);
  check_refused((const char *const[][2]){{"aA", ""}, {"á", "a\u0301\u0302\u0303\u0304"}}, 2);
  check_refused((const char *const[][2]){{"aA", "a\u0301"}}, 1);
  check_refused((const char *const[][2]){{"a", ""}}, 0);
}

static void texts_without_marks(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"Ślusàrski", "slusarski"},
      {"Müller-Lüdenscheidt", "muller-ludenscheidt"},
      {"Muller\u2010Ludenscheidt", "muller-ludenscheidt"},
      {"  Groß \u00A0 Ærø ", "gross aero"},
      {"O\u2019Brien", "o'brien"},
      {"Nguye\u0302\u0303n", "nguyen"},
      {"\uFEFFA\u200Bb", "ab"},
      {"李 Иван\xFF", "李 Иван\xFF"},
      {"", ""},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    char out[ROOM];
    const size_t bytes = fold_text(cases[i][0], strlen(cases[i][0]), out);
    assert_true(bytes <= strlen(cases[i][0]));
    out[bytes] = '\0';
    assert_string_equal(out, cases[i][1]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(letters_keep_their_marks_and_lose_their_case),
      cmocka_unit_test(the_turkish_letters_i),
      cmocka_unit_test(decomposed_is_composed),
      cmocka_unit_test(other_letters_are_read_as_what_they_fold_to),
      cmocka_unit_test(what_is_no_letter_is_unknown),
      cmocka_unit_test(rare_letters_are_none),
      cmocka_unit_test(offsets_and_capacity),
      cmocka_unit_test(described_and_built_again),
      cmocka_unit_test(hostile_alphabets_are_refused),
      cmocka_unit_test(texts_without_marks),
  };
  return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
