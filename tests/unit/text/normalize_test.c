#include "normalize.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rng.h"

enum { ROOM = 1 << 16 };

#define COUNT(array) (sizeof(array) / sizeof *(array))

static rc_arena arena;

static const char *normal_of(const char *text, size_t bytes) {
  utf8_text out;
  arena_reset(&arena);
  assert_int_equal(normalize(text, bytes, &arena, &out, NULL), RC_OK);
  assert_int_equal(out.text[out.bytes], '\0');
  assert_true(out.bytes <= 3 * bytes && arena.used <= normalize_bytes(bytes));
  return out.text;
}

static const char *normal(const char *text) {
  return normal_of(text, strlen(text));
}

static const char *french(const char *text) {
  static char out[ROOM];
  size_t bytes = normalize_french(text, strlen(text), out, ROOM - 1);
  assert_true(bytes <= 4 * strlen(text));
  out[bytes] = '\0';
  return out;
}

static const char *typeset(const char *text, bool apostrophe) {
  static char out[ROOM];
  size_t bytes = typeset_french(text, strlen(text), apostrophe, out, ROOM - 1, NULL);
  assert_true(bytes <= 4 * strlen(text));
  out[bytes] = '\0';
  return out;
}

static void spaces_are_one(void **state) {
  (void)state;
  assert_string_equal(normal(""), "");
  assert_string_equal(normal(" \t\r\n\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
                             "\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000\xC2\x85\v\f"),
                      "");
  assert_string_equal(normal("\u3000 a \t\u00A0 b\u202F!\n"), "a b !");
}

static void apostrophes_are_one(void **state) {
  (void)state;
  assert_string_equal(normal("a\u2019b\u2018c\u201Bd\u02BCe\u2032f\uFF07g`h\u00B4i'j"),
                      "a'b'c'd'e'f'g'h'i'j");
  assert_string_equal(normal("\u201Cl\u2019\u00E9t\u00E9\u201D"), "\u201Cl'\u00E9t\u00E9\u201D");
}

static void control_and_layout_characters_go(void **state) {
  (void)state;
  assert_string_equal(normal_of("a\0b\x01\x1F\x7F\xC2\x80\xC2\x9F"
                                "c",
                                11),
                      "abc");
  assert_string_equal(normal("\uFEFFa\u00ADb\u200B\u200E\u202A\u2066\u2060c"), "abc");
  assert_string_equal(normal("\U0001F468\u200D\U0001F469"), "\U0001F468\u200D\U0001F469");
  assert_string_equal(normal("a\x01 \x02 b"), "a b"); /* spaces meet where something went */
  assert_string_equal(normal("e\x01\u0301"), "\u00E9");
}

static void characters_are_composed(void **state) {
  (void)state;
  assert_string_equal(normal("e\u0301te\u0301 c\u0327a A\u030A \u212B"),
                      "\u00E9t\u00E9 \u00E7a \u00C5 \u00C5");
  assert_string_equal(normal("\u03B1\u0301 \u0438\u0306 \u1112\u1161\u11AB"),
                      "\u03AC \u0439 \uD55C");
}

static void invalid_bytes_are_replaced(void **state) {
  (void)state;
#define R "\uFFFD"
  static const char *const cases[][2] = {
      /* the example of the Unicode Standard, table 3-8, and of others in 3-9 to 3-11 */
      {"\x61\xF1\x80\x80\xE1\x80\xC2\x62\x80\x63\x80\xBF\x64", "a" R R R "b" R "c" R R "d"},
      {"\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", R R R R R R R R "A"},
      {"\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41", R R R R R R R R "A"},
      {"\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42", R R R R R "A" R R "B"},
      {"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", R R R R "A"},
      {"a\xC3", "a" R},
      {"a\xF0\x9F\x98", "a" R},
  };
#undef R
  for (size_t i = 0; i < COUNT(cases); i++) assert_string_equal(normal(cases[i][0]), cases[i][1]);
}

/* Random texts over characters of every kind: valid, idempotent, spaces single and inside. */
static void normalising_twice_is_normalising_once(void **state) {
  (void)state;
  static const char *const parts[] = {
      "e",      "\u0301", "\u0327", " ",      "\u00A0", "\u2019", "\xFF",   "\xE2",   "\x01",
      "\u00AB", "\u00BB", "?",      "\u0390", "\u1100", "\u1161", "\u11A8", "\u0344", "\u212B",
      "\uFEFF", "\n",     "\u0958", "\u0338", "=",      "&",      "lt",     "#7",     ";"};
  rc_rng rng = rng_make(1, 2, 3);
  for (int round = 0; round < 20000; round++) {
    char text[64] = "", once[256];
    for (uint32_t i = rng_below(&rng, 12); i > 0; i--) {
      strcat(text, parts[rng_below(&rng, COUNT(parts))]);
    }
    strcpy(once, normal(text));
    assert_int_equal(utf8_check(once, strlen(once), NULL), RC_OK);
    assert_null(strstr(once, "  "));
    assert_true(once[0] != ' ' && (once[0] == '\0' || once[strlen(once) - 1] != ' '));
    assert_string_equal(normal(once), once);
    char plain[256];
    strcpy(plain, french(once));
    assert_string_equal(french(plain), plain);
    strcpy(once, typeset(plain, true));
    assert_string_equal(french(normal(once)), plain); /* what goes out comes back */
  }
}

static void long_texts_fit_the_space_stated(void **state) {
  (void)state;
  enum { COUNT_OF_EACH = 5000 };
  static const char *const worst[] = {"\xFF", "\u0390", "\u1F82", "\U0001D160", "\u0344", "\uAC01"};
  for (size_t i = 0; i < COUNT(worst); i++) {
    size_t part = strlen(worst[i]), bytes = part * COUNT_OF_EACH;
    char *text = malloc(bytes);
    assert_non_null(text);
    for (size_t n = 0; n < COUNT_OF_EACH; n++) memcpy(text + n * part, worst[i], part);
    rc_arena exact;
    utf8_text out;
    assert_int_equal(arena_new(&exact, normalize_bytes(bytes), NULL), RC_OK);
    assert_int_equal(normalize(text, bytes, &exact, &out, NULL), RC_OK);
    assert_true(out.bytes > 0 && out.bytes <= 3 * bytes);
    arena_free(&exact);
    free(text);
  }
}

static void a_small_arena_is_told(void **state) {
  (void)state;
  rc_arena small = arena_over(arena.base, ARENA_ALIGNMENT);
  utf8_text out;
  rc_error error;
  assert_int_equal(normalize("e\u0301", 3, &small, &out, &error), RC_ERR_MEMORY);
}

static void french_spaces_are_put_where_due(void **state) {
  (void)state;
  static const struct {
    const char *from, *plain, *typeset;
  } cases[] = {
      {"Salut !", "Salut !", "Salut\u202F!"},
      {"Salut!", "Salut !", "Salut\u202F!"},
      {"Quoi ?!", "Quoi ?!", "Quoi\u202F?!"},
      {"Quoi? Non; si: l\u00E0!", "Quoi ? Non ; si : l\u00E0 !",
       "Quoi\u202F? Non\u202F; si\u00A0: l\u00E0\u202F!"},
      {"\u00ABOui\u00BB", "\u00AB Oui \u00BB", "\u00AB\u00A0Oui\u00A0\u00BB"},
      {"Il dit : \u00AB Viens! \u00BB.", "Il dit : \u00AB Viens ! \u00BB.",
       "Il dit\u00A0: \u00AB\u00A0Viens\u202F!\u00A0\u00BB."},
      {"\u00ABViens!\u00BB?", "\u00AB Viens ! \u00BB ?",
       "\u00AB\u00A0Viens\u202F!\u00A0\u00BB\u202F?"},
      {"Vraiment...?", "Vraiment... ?", "Vraiment...\u202F?"},
      {"\"Ah!\" (Non!) (?) [!]", "\"Ah !\" (Non !) (?) [!]", "\"Ah\u202F!\" (Non\u202F!) (?) [!]"},
      {"10:30 http://a.fr/?b;c :) ;-) a::b", "10:30 http://a.fr/?b;c :) ;-) a::b",
       "10:30 http://a.fr/?b;c :) ;-) a::b"},
      {"? ! a", "? ! a", "?\u202F! a"},
      {"&lt; &amp; &#39; a&gt; &#x27;", "&lt; &amp; &#39; a&gt; &#x27;",
       "&lt; &amp; &#39; a&gt; &#x27;"},
      {"&quot;Non!&quot;; R&B; &lt;?", "&quot;Non!&quot; ; R&B ; &lt; ?",
       "&quot;Non!&quot;\u202F; R&B\u202F; &lt;\u202F?"},
      {"lt; &; &#; #1;", "lt ; & ; &# ; #1 ;", "lt\u202F; &\u202F; &#\u202F; #1\u202F;"},
      /* marks of case and placeholders */
      {"Quoi?\uE000 non;\uE001 si!", "Quoi ?\uE000 non ;\uE001 si !",
       "Quoi\u202F?\uE000 non\u202F;\uE001 si\u202F!"},
      {"\u00AB\uE000oui \uE010\u00BB", "\u00AB\uE000 oui \uE010 \u00BB",
       "\u00AB\uE000\u00A0oui \uE010\u00A0\u00BB"},
      {"\u00AB\uE000 oui\u00BB", "\u00AB\uE000 oui \u00BB", "\u00AB\uE000\u00A0oui\u00A0\u00BB"},
      {"\uE010\uE020? a:\uE000b", "\uE010\uE020 ? a:\uE000b", "\uE010\uE020\u202F? a:\uE000b"},
      {"", "", ""},
      {"\u00AB", "\u00AB", "\u00AB"},
      {"\u00AB \u00BB", "\u00AB \u00BB", "\u00AB\u00A0\u00BB"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    assert_string_equal(french(cases[i].from), cases[i].plain);
    assert_string_equal(typeset(cases[i].from, false), cases[i].typeset);
    assert_string_equal(typeset(cases[i].plain, false), cases[i].typeset);
  }
  assert_string_equal(typeset("l'eau n'est", true), "l\u2019eau n\u2019est");
  assert_string_equal(typeset("l'eau n'est", false), "l'eau n'est");
}

static void what_does_not_fit_is_counted(void **state) {
  (void)state;
  char out[4] = {'x', 'x', 'x', 'x'};
  assert_int_equal(typeset_french("ab!", 3, false, out, 3, NULL), 6);
  assert_memory_equal(out, "ab\xE2x", 4);
  assert_int_equal(normalize_french("ab!", 3, NULL, 0), 4);
}

static int make_arena(void **state) {
  (void)state;
  return arena_new(&arena, normalize_bytes(1000), NULL) != RC_OK;
}

static int free_arena(void **state) {
  (void)state;
  arena_free(&arena);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(spaces_are_one),
      cmocka_unit_test(apostrophes_are_one),
      cmocka_unit_test(control_and_layout_characters_go),
      cmocka_unit_test(characters_are_composed),
      cmocka_unit_test(invalid_bytes_are_replaced),
      cmocka_unit_test(normalising_twice_is_normalising_once),
      cmocka_unit_test(long_texts_fit_the_space_stated),
      cmocka_unit_test(a_small_arena_is_told),
      cmocka_unit_test(french_spaces_are_put_where_due),
      cmocka_unit_test(what_does_not_fit_is_counted),
  };
  return cmocka_run_group_tests(tests, make_arena, free_arena);
}
