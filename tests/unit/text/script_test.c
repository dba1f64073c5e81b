#include "script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "surname.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void scripts_of_names(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"Müller", "Latn"},       {"Παπαδόπουλος", "Grek"}, {"Иванов", "Cyrl"}, {"Սարգսյան", "Armn"},
      {"כהן", "Hebr"},          {"محمد", "Arab"},         {"शर्मा", "Deva"},   {"রহমান", "Beng"},
      {"สมบูรณ์", "Thai"},        {"ბერიძე", "Geor"},       {"김", "Hang"},     {"田中", "Hani"},
      {"田なか", "Jpan"},       {"スズキ", "Jpan"},       {"አበበ", "Ethi"},    {"សុខ", "Khmr"},
      {"ແສງ", "Laoo"},          {"အောင်", "Mymr"},         {"Nguyễn", "Latn"}, {"ﾀﾅｶ", "Jpan"},
      {"Ｍｕｌｌｅｒ", "Latn"}, {"සිල්වා", "Sinh"},         {"குமார்", "Taml"},  {"ⵎⵓⵃ", "Tfng"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    char code[5];
    script_write(script_of_text(cases[i][0], strlen(cases[i][0])), code);
    if (strcmp(code, cases[i][1]) != 0)
      fail_msg("%s is %s, not %s", cases[i][0], code, cases[i][1]);
  }
}

static void what_has_no_script(void **state) {
  (void)state;
  static const char *const cases[] = {"", "7", "-", " ", "\xFF", "😀", "\u0301"};
  for (size_t i = 0; i < COUNT(cases); i++) {
    assert_int_equal(script_of_text(cases[i], strlen(cases[i])), SCRIPT_NONE);
  }
}

static void the_script_of_most_characters(void **state) {
  (void)state;
  assert_int_equal(script_of_text("Иван X", 10), script_parse((utf8_text){"Cyrl", 4}));
  assert_int_equal(script_of_text("x王", 4), SCRIPT_LATIN);
}

static void codes_and_names(void **state) {
  (void)state;
  char code[5];
  const script_code greek = script_parse((utf8_text){"Grek", 4});
  script_write(greek, code);
  assert_string_equal(code, "Grek");
  assert_string_equal(script_name(greek, code), "Greek");
  static const char *const wrong[] = {"", "Gre", "Greek", "grek", "GREK", "Gr k"};
  for (size_t i = 0; i < COUNT(wrong); i++) {
    assert_int_equal(script_parse((utf8_text){wrong[i], strlen(wrong[i])}), SCRIPT_NONE);
  }
}

static void surnames_of_full_names(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"Anna Kowalska", "Kowalska"},
      {"Kowalska", "Kowalska"},
      {"  Anna   Kowalska ", "Kowalska"},
      {"Vincent van der Berg", "van der Berg"},
      {"van der Berg", "van der Berg"},
      {"Van Gogh", "Van Gogh"},
      {"Juan de la Cruz", "de la Cruz"},
      {"Gabriel García Márquez", "Márquez"},
      {"Kowalska, Anna", "Kowalska"},
      {"García Márquez, Gabriel", "García Márquez"},
      {"Mohammed bin Salman", "bin Salman"},
      {"Saddam al-Tikriti", "al-Tikriti"},
      {"Zayed Al Nahyan", "Al Nahyan"},
      {"Sean O'Connor", "O'Connor"},
      {"Sean O\u2019 Connor", "O\u2019 Connor"},
      {"Ronald Mc Donald", "Mc Donald"},
      {"Caitríona Ní Dhomhnaill", "Ní Dhomhnaill"},
      {"Martin Luther King Jr.", "King"},
      {"Martin Luther King, Jr.", "King"},
      {"Koch II", "Koch"},
      {"Jr.", "Jr."},
      {"Ben Affleck", "Affleck"},
      {"Mohamed Ben Ali", "Ben Ali"},
      {"Mary-Kate Smith-Jones", "Smith-Jones"},
      {"de", "de"},
      {"de la", "de la"},
      {",", ","},
      {"a,", "a,"},
      {"Анна Каренина", "Анна Каренина"},
      {"毛泽东", "毛泽东"},
      {"", ""},
      {"Anna\u00A0Kowalska", "Kowalska"},
      {"\xFF\xFE x", "x"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    const utf8_text found = surname_of(cases[i][0], strlen(cases[i][0]));
    if (found.bytes != strlen(cases[i][1]) || memcmp(found.text, cases[i][1], found.bytes) != 0) {
      fail_msg("'%s' gives '%.*s'", cases[i][0], (int)found.bytes, found.text);
    }
    assert_true(found.text >= cases[i][0] &&
                found.text + found.bytes <= cases[i][0] + strlen(cases[i][0]));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(scripts_of_names),
      cmocka_unit_test(what_has_no_script),
      cmocka_unit_test(the_script_of_most_characters),
      cmocka_unit_test(codes_and_names),
      cmocka_unit_test(surnames_of_full_names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
