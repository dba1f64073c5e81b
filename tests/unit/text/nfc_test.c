#include "nfc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TEXT_MAX = 256, COLUMNS = 5, LINE_MAX_BYTES = 1024 };

typedef struct conformance { /* what the running test remembers of the file */
  int lines, ideographs;
  bool listed[0x110000]; /* in part 1, which names every character that a form changes */
} conformance;

static rc_arena arena;

/* The form, terminated; valid until the next call. */
static const char *form_of(const char *text) {
  utf8_text out;
  arena_reset(&arena);
  assert_true(nfc_bytes(strlen(text)) <= arena.size);
  assert_int_equal(nfc(text, strlen(text), &arena, &out, NULL), RC_OK);
  assert_int_equal(strlen(out.text), out.bytes);
  assert_true(arena.used <= nfc_bytes(strlen(text)));
  return out.text;
}

static void append(char *text, uint32_t character) {
  size_t bytes = strlen(text);
  assert_true(bytes + UTF8_MAX < TEXT_MAX);
  text[bytes + (size_t)utf8_encode(character, text + bytes)] = '\0';
}

static bool is_ideograph(uint32_t c) {
  return (c >= 0xF900 && c < 0xFB00) || (c >= 0x2F800 && c < 0x2FA20);
}

/* Reads "1E0A 0323;..." into columns; whether a compatibility ideograph is among them. */
static bool read_columns(const char *line, char columns[COLUMNS][TEXT_MAX]) {
  bool ideograph = false;
  for (int i = 0; i < COLUMNS; i++) {
    columns[i][0] = '\0';
    for (; *line != ';'; line += *line == ' ') {
      char *end;
      uint32_t character = (uint32_t)strtoul(line, &end, 16);
      assert_true(end > line);
      ideograph = ideograph || is_ideograph(character);
      append(columns[i], character);
      line = end;
    }
    line++;
  }
  return ideograph;
}

/* The form of the first three columns is the second, of the last two the fourth. */
static void check_line(const char *line, char columns[COLUMNS][TEXT_MAX]) {
  for (int i = 0; i < COLUMNS; i++) {
    const char *expected = columns[i < 3 ? 1 : 3];
    if (strcmp(form_of(columns[i]), expected) != 0) {
      fail_msg("column %d of %.60s", i + 1, line);
    }
  }
}

static void read_conformance_test(conformance *seen) {
  FILE *file = fopen(CONFORMANCE_TEST, "r");
  assert_non_null(file);
  char line[LINE_MAX_BYTES], columns[COLUMNS][TEXT_MAX];
  int part = 0;
  while (fgets(line, sizeof line, file) != NULL) {
    if (line[0] == '@') part = line[5] - '0';
    if (line[0] == '#' || line[0] == '@' || line[0] == '\n') continue;
    if (part == 1) seen->listed[strtoul(line, NULL, 16)] = true;
    if (read_columns(line, columns)) {
      seen->ideographs++;
      continue;
    }
    check_line(line, columns);
    seen->lines++;
  }
  fclose(file);
}

/* Every character that the file does not list is its own form: some in each text, kept apart. */
static void check_others(const conformance *seen) {
  uint32_t c = 1;
  while (c < 0x110000) {
    char text[TEXT_MAX] = "";
    uint32_t from = c;
    for (; c < 0x110000 && strlen(text) + 3 * UTF8_MAX < TEXT_MAX; c++) {
      if (seen->listed[c] || (c >= 0xD800 && c < 0xE000)) continue;
      append(text, c);
      append(text, '-');
    }
    if (strcmp(form_of(text), text) != 0) fail_msg("from U+%04X on", (unsigned)from);
  }
}

static void unicode_conformance_test_passes(void **state) {
  (void)state;
  conformance *seen = calloc(1, sizeof *seen);
  assert_non_null(seen);
  read_conformance_test(seen);
  assert_true(seen->lines > 17000);
  assert_in_range(seen->ideographs, 1000, 1020); /* 1,002 in part 1 */
  check_others(seen);
  free(seen);
}

static void plain_characters_are_their_form_in_any_text(void **state) {
  (void)state;
  static const uint32_t starters[] = {'A', 'e', 0x3B1, 0x415, 0x2190, 0x1100};
  for (uint32_t c = 1; c < 0x20000; c++) {
    if (!nfc_is_plain(c)) continue;
    for (size_t i = 0; i < sizeof starters / sizeof *starters; i++) {
      char text[TEXT_MAX] = "";
      append(text, starters[i]);
      append(text, c);
      if (strcmp(form_of(text), text) != 0) fail_msg("U+%04X after a starter", (unsigned)c);
    }
  }
  assert_true(nfc_is_plain(0xE9) && nfc_is_plain(0x2019) && nfc_is_plain(0x1F600));
  assert_false(nfc_is_plain(0x301) || nfc_is_plain(0x212B) || nfc_is_plain(0x1161));
}

static void compatibility_ideographs_stay(void **state) {
  (void)state;
  assert_string_equal(form_of("\uF900\U0002F800"), "\uF900\U0002F800");
}

/* A heap of marks takes no square of its size: 100,000 in the worst order. */
static void marks_are_sorted_however_many(void **state) {
  (void)state;
  enum { MARKS = 50000 };
  size_t bytes = 1 + 4 * MARKS;
  char *text = malloc(bytes), *expected = malloc(bytes);
  assert_true(text != NULL && expected != NULL);
  text[0] = 'q';
  memcpy(expected, text, 1);
  for (size_t i = 0; i < MARKS; i++) {
    memcpy(text + 1 + 4 * i, "\u0316\u031B", 4); /* classes 220, 216 */
    memcpy(expected + 1 + 2 * i, "\u031B", 2);
    memcpy(expected + 1 + 2 * (MARKS + i), "\u0316", 2);
  }
  utf8_text out;
  rc_arena own;
  assert_int_equal(arena_new(&own, nfc_bytes(bytes), NULL), RC_OK);
  assert_int_equal(nfc(text, bytes, &own, &out, NULL), RC_OK);
  assert_int_equal(out.bytes, bytes);
  assert_memory_equal(out.text, expected, bytes);
  arena_free(&own);
  free(expected);
  free(text);
}

static void a_small_arena_is_told(void **state) {
  (void)state;
  rc_error error;
  utf8_text out;
  static const char text[] = "e\u0301";
  for (size_t size = 0; size < nfc_bytes(3); size += ARENA_ALIGNMENT) {
    rc_arena small = arena_over(arena.base, size);
    rc_status status = nfc(text, 3, &small, &out, &error);
    assert_true(status == RC_ERR_MEMORY || size + 4 * ARENA_ALIGNMENT > nfc_bytes(3));
  }
}

static int make_arena(void **state) {
  (void)state;
  return arena_new(&arena, nfc_bytes(TEXT_MAX), NULL) != RC_OK;
}

static int free_arena(void **state) {
  (void)state;
  arena_free(&arena);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(unicode_conformance_test_passes),
      cmocka_unit_test(plain_characters_are_their_form_in_any_text),
      cmocka_unit_test(compatibility_ideographs_stay),
      cmocka_unit_test(marks_are_sorted_however_many),
      cmocka_unit_test(a_small_arena_is_told),
  };
  return cmocka_run_group_tests(tests, make_arena, free_arena);
}
