#include "layer_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "layer_noise.h"

enum { ROOM = 4000 };

static rc_arena arena;

static utf8_text text_of(const char *text) {
  return (utf8_text){text, strlen(text)};
}

static int open_arena(void **state) {
  (void)state;
  return arena_new(&arena, layer_pair_bytes(ROOM), NULL);
}

static int close_arena(void **state) {
  (void)state;
  arena_free(&arena);
  return 0;
}

static bool is_name(const void *context, utf8_text word) {
  (void)context;
  return word.bytes == 5 && memcmp(word.text, "Wanda", 5) == 0;
}

static marked_pair mark(const char *source, const char *target, rc_rng *rng) {
  const layer_pairing how = {.french_target = true, .is_name = is_name};
  marked_pair out;
  arena_reset(&arena);
  assert_int_equal(layer_pair_mark(text_of(source), text_of(target), &how, rng, &arena, &out, NULL),
                   RC_OK);
  return out;
}

/* Both sides, parted by |, with ^ and = for the marks of case and N0 ... X0 ... for placeholders.
 */
static const char *spell(const marked_pair *pair) {
  static char out[ROOM];
  size_t length = 0;
  const utf8_text sides[] = {pair->source, pair->target};
  for (int side = 0; side < 2; side++) {
    for (size_t at = 0; at < sides[side].bytes;) {
      uint32_t c;
      at += (size_t)utf8_next(sides[side].text + at, sides[side].bytes - at, &c);
      if (mark_is_placeholder(c)) {
        const int number = (int)(c < MARK_OTHER ? c - MARK_NUMBER : c - MARK_OTHER);
        length += (size_t)sprintf(out + length, "%c%d", c < MARK_OTHER ? 'N' : 'X', number);
        continue;
      }
      if (mark_is_case(c)) c = c == MARK_CAPITAL ? '^' : '=';
      length += (size_t)utf8_encode(c, out + length);
    }
    out[length++] = side == 0 ? '|' : '\0';
  }
  return out;
}

static void spans_are_matched_by_what_they_say(void **state) {
  (void)state;
  static const struct {
    const char *source, *target, *marked;
  } cases[] = {
      {"It costs $5.", "\u00C7a co\u00FBte 5 $.", "^it costs N0.|^\u00E7a co\u00FBte N0."},
      {"1,299.99 in https://a.b", "https://a.b en 1 299,99", "N0 in X0|X0 en N0"},
      {"at 3:45 p.m.", "\u00E0 15 h 45.", "at N0.|\u00E0 N0."},
      {"at 5 o'clock", "\u00E0 5 h", "at N0 o'clock|\u00E0 N0 h"},
      {"3 and 4", "4 et 3", "N0 and N1|N1 et N0"},
      {"3 or 3", "3 ou 3", "N0 or N1|N0 ou N1"},
      {"3 or 3", "3 fois", "3 or 3|3 fois"}, /* not as often */
      {"7 times", "sept fois", "7 times|sept fois"},
      {"See Foo_Bar.", "Voyez foo_bar.", "^see^ foo_^bar.|^voyez foo_bar."},
      {"\u201CYes?\u201D", "\u00AB Oui ? \u00BB", "\"^yes?\"|\u00AB^ oui ? \u00BB"},
      {"Why? Say \"no\".", "Pourquoi? Dis \u201Cnon\u201D.",
       "^why?^ say \"no\".|^pourquoi ?^ dis \u00AB non \u00BB."},
      {"STOP IT NOW 5", "ARR\u00CATE \u00C7A 5", "^stop it now N0|^arr\u00EAte \u00E7a N0"},
      {"STOP IT NOW", "Arr\u00EAte", "=stop= it= now|^arr\u00EAte"},
      {"a $ % \uE010", "b $ % \uE010", "a X0 % X1|b X0 % X1"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const marked_pair pair = mark(cases[i].source, cases[i].target, NULL);
    assert_true(pair.usable);
    assert_string_equal(spell(&pair), cases[i].marked);
  }
}

static void pairs_with_too_many_spans_are_not_usable(void **state) {
  (void)state;
  char text[ROOM] = "a";
  for (int i = 0; i < MARK_FAMILY; i++) sprintf(text + strlen(text), "; %d", 100 + i);
  assert_true(mark(text, text, NULL).usable);
  strcat(text, "; 7");
  assert_false(mark(text, text, NULL).usable);
  assert_false(mark("\u200B", "a", NULL).usable);
}

/* Any of the placeholders, ascending, in every other pair; the same for the same numbers. */
static void all_placeholders_are_drawn(void **state) {
  (void)state;
  enum { ROUNDS = 4000 };
  int first = 0, seen[MARK_FAMILY] = {0};
  for (int round = 0; round < ROUNDS; round++) {
    rc_rng rng = rng_make(1, 2, (uint64_t)round), again = rng;
    char text[100];
    strcpy(text, spell(&(marked_pair[]){mark("3, 4 and 5", "5, 4 et 3", &rng)}[0]));
    int a, b, c, d, e, f;
    assert_int_equal(sscanf(text, "N%d, N%d and N%d|N%d, N%d et N%d", &a, &b, &c, &d, &e, &f), 6);
    assert_true(a < b && b < c && a == f && b == e && c == d && a >= 0 && c < MARK_FAMILY);
    first += c == 2;
    seen[a]++;
    seen[b]++;
    seen[c]++;
    const marked_pair repeated = mark("3, 4 and 5", "5, 4 et 3", &again);
    assert_string_equal(spell(&repeated), text);
  }
  assert_in_range(first, 0.45 * ROUNDS, 0.55 * ROUNDS);
  for (int i = 3; i < MARK_FAMILY; i++) {
    assert_in_range(seen[i], 0.07 * ROUNDS, 0.12 * ROUNDS); /* 3 / 32 */
  }
}

static void names_are_copied_mostly(void **state) {
  (void)state;
  enum { ROUNDS = 2000 };
  int copied = 0;
  for (int round = 0; round < ROUNDS; round++) {
    rc_rng rng = rng_make(1, 2, (uint64_t)round);
    const marked_pair pair = mark("Wanda met Tom.", "Tom a vu Wanda.", &rng);
    const char *text = spell(&pair);
    const bool plain = strcmp(text, "^wanda met^ tom.|^tom a vu^ wanda.") == 0;
    copied += !plain;
    if (!plain) assert_non_null(strstr(text, " met^ tom.|^tom a vu X"));
  }
  assert_in_range(copied, 0.66 * ROUNDS, 0.74 * ROUNDS);
  rc_rng rng = rng_make(1, 1, 1);
  for (int round = 0; round < 20; round++) { /* not on both sides */
    const marked_pair pair = mark("Wanda met.", "Vanda a vu.", &rng);
    assert_string_equal(spell(&pair), "^wanda met.|^vanda a vu.");
  }
}

static void noise_is_as_people_type(void **state) {
  (void)state;
  enum { ROUNDS = 20000 };
  const utf8_text source = text_of("\uE000don't see\uE000 paris \uE010."),
                  target = text_of("\uE000ne vois pas\uE000 paris \uE010.");
  rc_rng rng = rng_make(1, 2, 3), same = rng;
  int lower = 0, apostrophe = 0, stop = 0, slipped = 0;
  for (int round = 0; round < ROUNDS; round++) {
    char a[100], b[100], c[100], d[100];
    noisy_text s = {a, 0}, t = {b, 0}, again_s = {c, 0}, again_t = {d, 0};
    layer_noise_add(source, target, &rng, &s, &t);
    layer_noise_add(source, target, &same, &again_s, &again_t);
    assert_true(s.bytes == again_s.bytes && memcmp(a, c, s.bytes) == 0);
    assert_true(s.bytes <= source.bytes + NOISE_MORE && t.bytes <= target.bytes);
    assert_int_equal(utf8_check(a, s.bytes, NULL), RC_OK);
    a[s.bytes] = b[t.bytes] = '\0';
    const bool without_capitals = strstr(a, "\uE000") == NULL;
    assert_true(without_capitals == (strncmp(b, "ne", 2) == 0));
    assert_non_null(strstr(a, "\uE010"));
    assert_non_null(strstr(b, "vois pas\uE000 paris \uE010"));
    const bool without_stop = a[s.bytes - 1] != '.';
    assert_true(without_stop == (b[t.bytes - 1] != '.'));
    lower += without_capitals;
    apostrophe += strchr(a, '\'') == NULL;
    stop += without_stop;
    slipped += strstr(a, " see") == NULL || strstr(a, " paris") == NULL ||
               (strstr(a, "don't ") == NULL && strstr(a, "dont ") == NULL);
  }
  assert_in_range(lower, 0.58 * ROUNDS, 0.62 * ROUNDS);
  assert_in_range(apostrophe, 0.68 * ROUNDS, 0.72 * ROUNDS);
  assert_in_range(stop, 0.68 * ROUNDS, 0.72 * ROUNDS);
  assert_in_range(slipped, 0.05 * ROUNDS, 0.25 * ROUNDS);
}

static void noise_takes_any_text(void **state) {
  (void)state;
  static const char *const parts[] = {"\uE000", "\uE001", "\uE010", "a", "\u00E9",
                                      "'",      ".",      " ",      "b'"};
  rc_rng rng = rng_make(3, 2, 1);
  for (int round = 0; round < 50000; round++) {
    char text[100] = "", a[100], b[100];
    for (uint32_t n = rng_below(&rng, 10); n > 0; n--) strcat(text, parts[rng_below(&rng, 9)]);
    noisy_text s = {a, 0}, t = {b, 0};
    layer_noise_add(text_of(text), text_of(text), &rng, &s, &t);
    assert_true(s.bytes <= strlen(text) + NOISE_MORE);
    assert_int_equal(utf8_check(a, s.bytes, NULL), RC_OK);
    assert_int_equal(utf8_check(b, t.bytes, NULL), RC_OK);
  }
}

static void known_words_are_found(void **state) {
  (void)state;
  enum { WORDS = 20000 };
  const size_t bytes = known_words_bytes(WORDS);
  uint8_t *bits = calloc(bytes, 1);
  assert_non_null(bits);
  const known_words known = {bits, bytes};
  char word[20];
  for (int i = 0; i < WORDS; i++) {
    sprintf(word, "word%d", i);
    known_words_add(bits, bytes, text_of(word), i % 2 == 0 ? KNOWN_WORD : KNOWN_NAME);
  }
  int wrong = 0;
  for (int i = 0; i < WORDS; i++) {
    sprintf(word, "WORD%d", i);
    assert_true(known_words_has(&known, text_of(word), i % 2 == 0 ? KNOWN_WORD : KNOWN_NAME));
    wrong += known_words_has(&known, text_of(word), i % 2 == 0 ? KNOWN_NAME : KNOWN_WORD);
    sprintf(word, "other%d", i);
    wrong += known_words_has(&known, text_of(word), KNOWN_WORD);
  }
  assert_in_range(wrong, 0, 2 * WORDS / 150);
  free(bits);
}

/* "dear" as a name is not "gear" as a word: short words, of which most that there could be are
 * known. */
static void short_words_are_no_names(void **state) {
  (void)state;
  enum { LETTERS = 26, WORDS = LETTERS * LETTERS * LETTERS };
  const size_t bytes = known_words_bytes(WORDS);
  uint8_t *bits = calloc(bytes, 1);
  assert_non_null(bits);
  const known_words known = {bits, bytes};
  int wrong = 0;
  for (int round = 0; round < 2; round++) {
    for (int i = 0; i < WORDS; i++) {
      const char word[] = {(char)('a' + i % LETTERS), (char)('a' + i / LETTERS % LETTERS),
                           (char)('a' + i / LETTERS / LETTERS), '\0'};
      if (round == 0) known_words_add(bits, bytes, text_of(word), KNOWN_WORD);
      if (round == 1) wrong += known_words_has(&known, text_of(word), KNOWN_NAME);
    }
  }
  assert_in_range(wrong, 0, WORDS / 100);
  free(bits);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(spans_are_matched_by_what_they_say),
      cmocka_unit_test(pairs_with_too_many_spans_are_not_usable),
      cmocka_unit_test(all_placeholders_are_drawn),
      cmocka_unit_test(names_are_copied_mostly),
      cmocka_unit_test(noise_is_as_people_type),
      cmocka_unit_test(noise_takes_any_text),
      cmocka_unit_test(known_words_are_found),
      cmocka_unit_test(short_words_are_no_names),
  };
  return cmocka_run_group_tests(tests, open_arena, close_arena);
}
