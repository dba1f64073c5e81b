#include "alphabet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fold_golden.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { ROOM = 1000 };

static char letter_of(int id) {
  if (id == ALPHABET_UNKNOWN) return '?';
  return alphabet_letters[id];
}

/* The letters as text, ? for the unknown. */
static const char *encode(const char *text, size_t bytes, alphabet_case letter_case) {
  static char letters[ROOM + 1];
  int ids[ROOM];
  size_t count = alphabet_encode(&alphabet_tutorial, text, bytes, letter_case, ids, NULL, ROOM);
  assert_true(count <= ROOM);
  for (size_t i = 0; i < count; i++) {
    letters[i] = letter_of(ids[i]);
  }
  letters[count] = '\0';
  return letters;
}

static const char *fold(const char *text) {
  return encode(text, strlen(text), ALPHABET_CASE_KEEP);
}

static const char *title(const char *text) {
  return encode(text, strlen(text), ALPHABET_CASE_TITLE);
}

static size_t put_utf8(char *out, unsigned code) {
  if (code < 0x80) {
    out[0] = (char)code;
    return 1;
  }
  int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  static const unsigned lead[] = {0, 0xC0, 0xE0, 0xF0};
  out[0] = (char)(lead[more] | code >> (6 * more));
  for (int i = 1; i <= more; i++) out[i] = (char)(0x80 | (code >> (6 * (more - i)) & 0x3F));
  return (size_t)more + 1;
}

/* What an ASCII character is to become. */
static char ascii_fold(char c) {
  if (c != '\0' && strchr(alphabet_letters, c) != NULL) return c;
  if ((c >= '\t' && c <= '\r') || (c >= 0x1C && c <= 0x1F)) return ' ';
  return '?';
}

static void ascii_is_itself_or_unknown(void **state) {
  (void)state;
  assert_int_equal(strlen(alphabet_letters), ALPHABET_LETTERS);
  assert_int_equal(alphabet_letters[0], 'a');
  assert_int_equal(alphabet_letters[26], 'A');
  for (int c = 0; c < 128; c++) {
    char text[3] = {'x', (char)c, 'y'};
    const char expected[4] = {'x', ascii_fold((char)c), 'y', '\0'};
    if (c == '`') continue; /* an apostrophe, below */
    assert_string_equal(encode(text, 3, ALPHABET_CASE_KEEP), expected);
  }
}

static void ids_are_positions(void **state) {
  (void)state;
  int ids[ALPHABET_LETTERS];
  char text[ALPHABET_LETTERS + 1];
  memcpy(text, alphabet_letters, sizeof text);
  assert_int_equal(alphabet_encode(&alphabet_tutorial, text, ALPHABET_LETTERS, ALPHABET_CASE_KEEP,
                                   ids, NULL, 57),
                   57);
  for (int i = 0; i < ALPHABET_LETTERS; i++) assert_int_equal(ids[i], i);
}

static void decomposable_characters_fold_as_in_python(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(folded); i++) {
    for (const char *at = folded[i].characters; *at != '\0';) {
      uint32_t code;
      int length = utf8_decode(at, strlen(at), &code);
      assert_true(length > 0);
      const char *got = encode(at, (size_t)length, ALPHABET_CASE_KEEP);
      if (strcmp(got, folded[i].letters) != 0) {
        fail_msg("U+%04X is \"%s\", not \"%s\"", (unsigned)code, got, folded[i].letters);
      }
      at += length;
    }
  }
}

static void marks_belong_to_the_letter_before(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(marks); i++) {
    for (unsigned code = marks[i].first; code <= marks[i].last; code++) {
      char text[8] = "a";
      size_t bytes = 1 + put_utf8(text + 1, code);
      text[bytes++] = 'b';
      const char *got = encode(text, bytes, ALPHABET_CASE_KEEP);
      if (strcmp(got, "ab") != 0) fail_msg("U+%04X in ab gives %s", code, got);
    }
  }
  assert_string_equal(fold("a\xF3\xA0\x84\x80"), "a"); /* U+E0100 */
}

static void lone_marks_are_unknown(void **state) {
  (void)state;
  assert_string_equal(fold("\xCC\x81"), "?");
  assert_string_equal(fold("\xCC\x81\xCC\x82"
                           "a"),
                      "?a");
  assert_string_equal(fold("a \xCC\x81"
                           "b"),
                      "a ?b");
  assert_string_equal(fold("'\xCC\x81"), "'");
  assert_string_equal(fold("\xC2\xA8"), "?"); /* U+00A8 is a space with a mark */
}

static void letters_without_decomposition(void **state) {
  (void)state;
  static const char *const pairs[][2] = {
      {"\u00D8\u00F8\u01FE", "OoO"}, /* stroke */
      {"\u0141\u0142\u0110\u0111\u0126\u0127", "LlDdHh"},
      {"\u0166\u0167\u0180\u023A\u2C65", "TtbAa"},
      {"\u00C6\u00E6\u01FD", "AEaeae"}, /* ligatures */
      {"\u0152\u0153", "OEoe"},
      {"\u00DF\u1E9E", "ssSS"},                    /* sharp s */
      {"\u00DE\u00FE\u00D0\u00F0", "THthDd"},      /* thorn, eth */
      {"\u0131\u0237\u0130", "ijI"},               /* dotless, dotted */
      {"\u0181\u0253\u0187\u0188\u0198", "BbCcK"}, /* hook */
      {"\u014A\u014B\u018F\u0259", "NGngEe"},      /* eng, schwa */
      {"\u01B7\u0292\u0138\u017F", "Zzqs"},        /* ezh, kra, long s */
      {"\u0250\u0294\u03B1\u0416", "????"},        /* turned a, glottal stop, alpha, zhe */
  };
  for (size_t i = 0; i < COUNT(pairs); i++) assert_string_equal(fold(pairs[i][0]), pairs[i][1]);
}

static void apostrophes_are_one(void **state) {
  (void)state;
  assert_string_equal(fold("O\u2019a\u2018b\u02BC\u02BB`\u00B4\u2032c"), "O'a'b'''''c");
}

static void white_space_becomes_single_inner_spaces(void **state) {
  (void)state;
  assert_string_equal(fold(""), "");
  assert_string_equal(fold(" \t\r\n\u00A0\u1680\u2000\u200A\u2028\u2029\u202F\u205F\u3000\xC2\x85"),
                      "");
  assert_string_equal(fold("\u3000 a \t\u00A0 b\n"), "a b");
}

static void other_characters_are_one_unknown_each(void **state) {
  (void)state;
  assert_string_equal(fold("\u674E7-"), "???");
  assert_string_equal(fold("\U00020BB7\U0001D400\U0010FFFF"), "???"); /* ideograph, bold A */
  assert_string_equal(fold("\u33A1\u00BD\u2488"), "???");             /* m2, 1/2, 1. */
  assert_string_equal(fold("\u0939\u093F\u0928\u094D\u0926\u0940"), "???");
  assert_string_equal(fold("\u2764\uFE0F!"), "??");
  assert_true(strlen(fold("\U0001F468\u200D\U0001F469")) >= 1);
}

static void what_is_not_seen_is_nothing(void **state) {
  (void)state;
  static const char *const unseen[] = {"\u00AD", "\u200B", "\u200C",    "\u200D", "\u200E",
                                       "\u200F", "\u202A", "\u2060",    "\u2066", "\uFEFF",
                                       "\u061C", "\u180E", "\U000E0041"};
  for (size_t i = 0; i < COUNT(unseen); i++) {
    char text[32];
    snprintf(text, sizeof text, "%sA%sb c%s", unseen[i], unseen[i], unseen[i]);
    assert_string_equal(fold(text), "Ab c");
    assert_string_equal(title(text), "Ab C");
    assert_string_equal(fold(unseen[i]), "");
  }
}

static void composed_and_decomposed_are_equal(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(words); i++) {
    assert_string_equal(fold(words[i].nfc), words[i].letters);
    assert_string_equal(fold(words[i].nfd), words[i].letters);
  }
}

static void title_case_starts_each_word(void **state) {
  (void)state;
  assert_string_equal(title("o'NEILL"), "O'Neill");
  assert_string_equal(title("van der BERG"), "Van Der Berg");
  assert_string_equal(title("ST.JOHN,mary;ann"), "St.John,Mary;Ann");
  assert_string_equal(title("jean-LUC"), "Jean?Luc");
  assert_string_equal(title("\u00DEORL\u00C1KUR \u00E6sir \u00DF"), "Thorlakur Aesir Ss");
  assert_string_equal(title("e\xCC\x81LAN"), "Elan");
  assert_string_equal(title("\u00C9LAN"), "Elan");
  assert_string_equal(title("7up"), "?Up");
}

/* A copy in a block of just its size, with no terminator to stop at. */
static char *unterminated(const char *text, size_t bytes) {
  char *copy = malloc(bytes);
  assert_non_null(copy);
  memcpy(copy, text, bytes);
  return copy;
}

static void invalid_bytes_are_one_unknown_each(void **state) {
  (void)state;
  static const struct {
    const char *text, *letters;
  } cases[] = {
      {"a\x80z", "a?z"},              /* continuation alone */
      {"a\xFFz\xFEz", "a?z?z"},       /* never in UTF-8 */
      {"\xC0\x80z", "??z"},           /* overlong NUL */
      {"\xC1\xA1z", "??z"},           /* overlong a */
      {"\xE0\x81\xA1z", "???z"},      /* in three bytes */
      {"\xF0\x80\x81\xA1z", "????z"}, /* in four */
      {"\xED\xA0\x80z", "???z"},      /* surrogate */
      {"\xED\xBF\xBFz", "???z"},      /* surrogate */
      {"\xF4\x90\x80\x80z", "????z"}, /* U+110000 */
      {"\xF5\x80\x80\x80z", "????z"}, /* beyond */
      {"\xC3z", "?z"},                /* cut short by a letter */
      {"\xE2\x82z", "??z"},           /* cut short by a letter */
      {"z\xE2\x82", "z??"},           /* by the end */
      {"z\xF0\x9F\x98", "z???"},      /* by the end */
      {"z\xC3", "z?"},                /* by the end */
      {"\xC3\xC3\xA9", "?e"},         /* by a character */
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    size_t bytes = strlen(cases[i].text);
    char *copy = unterminated(cases[i].text, bytes);
    assert_string_equal(encode(copy, bytes, ALPHABET_CASE_KEEP), cases[i].letters);
    assert_int_equal(utf8_check(copy, bytes, NULL), RC_ERR_FORMAT);
    free(copy);
  }
}

static void utf8_check_names_the_byte(void **state) {
  (void)state;
  rc_error error;
  assert_int_equal(utf8_check("h\xC3\xA9\xF0\x9F\x98\x80\xEF\xBF\xBD", 10, &error), RC_OK);
  assert_int_equal(utf8_check("h\xC3\xA9\xFF", 4, &error), RC_ERR_FORMAT);
  assert_string_equal(error.text, "invalid UTF-8 at byte 3 (0xFF)");
}

static void sources_are_byte_offsets(void **state) {
  (void)state;
  static const char text[] = "  \u0141\u00F3\u017A \u3000 \u00DFe\xCC\x81\uFB03";
  static const char letters[] = "Loz sseffi";
  static const int offsets[] = {2, 4, 6, 8, 13, 13, 15, 18, 18, 18};
  int ids[10], source[10];
  assert_int_equal(alphabet_encode(&alphabet_tutorial, text, sizeof text - 1, ALPHABET_CASE_KEEP,
                                   ids, source, 10),
                   10);
  for (int i = 0; i < 10; i++) {
    assert_int_equal(alphabet_letters[ids[i]], letters[i]);
    assert_int_equal(source[i], offsets[i]);
  }
}

static void what_does_not_fit_is_counted(void **state) {
  (void)state;
  int ids[4] = {-1, -1, -1, -1}, source[4] = {-1, -1, -1, -1};
  assert_int_equal(
      alphabet_encode(&alphabet_tutorial, "\u00DFtring", 7, ALPHABET_CASE_KEEP, ids, source, 3), 7);
  assert_int_equal(ids[2], 't' - 'a');
  assert_int_equal(ids[3], -1);
  assert_int_equal(source[3], -1);
  assert_int_equal(alphabet_encode(&alphabet_tutorial, "abc", 3, ALPHABET_CASE_KEEP, NULL, NULL, 0),
                   3);
}

static void long_texts_are_read_whole(void **state) {
  (void)state;
  enum { LENGTH = 10000 };
  char *text = malloc(2 * LENGTH);
  int *ids = malloc(2 * LENGTH * sizeof *ids), *source = malloc(2 * LENGTH * sizeof *source);
  assert_true(text != NULL && ids != NULL && source != NULL);
  for (size_t i = 0; i < LENGTH; i++) put_utf8(text + 2 * i, 0xE9);
  assert_int_equal(alphabet_encode(&alphabet_tutorial, text, 2 * LENGTH, ALPHABET_CASE_TITLE, ids,
                                   source, 2 * LENGTH),
                   LENGTH);
  for (int i = 0; i < LENGTH; i++) {
    assert_int_equal(ids[i], i == 0 ? 26 + 4 : 4);
    assert_int_equal(source[i], 2 * i);
  }
  free(source);
  free(ids);
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ascii_is_itself_or_unknown),
      cmocka_unit_test(ids_are_positions),
      cmocka_unit_test(decomposable_characters_fold_as_in_python),
      cmocka_unit_test(marks_belong_to_the_letter_before),
      cmocka_unit_test(lone_marks_are_unknown),
      cmocka_unit_test(letters_without_decomposition),
      cmocka_unit_test(apostrophes_are_one),
      cmocka_unit_test(white_space_becomes_single_inner_spaces),
      cmocka_unit_test(other_characters_are_one_unknown_each),
      cmocka_unit_test(what_is_not_seen_is_nothing),
      cmocka_unit_test(composed_and_decomposed_are_equal),
      cmocka_unit_test(title_case_starts_each_word),
      cmocka_unit_test(invalid_bytes_are_one_unknown_each),
      cmocka_unit_test(utf8_check_names_the_byte),
      cmocka_unit_test(sources_are_byte_offsets),
      cmocka_unit_test(what_does_not_fit_is_counted),
      cmocka_unit_test(long_texts_are_read_whole),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
