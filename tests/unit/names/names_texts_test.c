#include "names_texts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "alphabet_learn.h"
#include "names_splice.h"

enum { CLASSES = 3 };

/* Labels 0, 1 and 2 are A, B and C. */
static const char DATA[] =
    "Kristo\tA\n"
    "Kristó\tB\n"
    "Möller\tA\n"
    "Möller\tC\n"
    "Moller\tC\n"
    "Groß\tB\n"
    "Ito\tC\n";

typedef struct fixture {
  examples data;
  alphabet letters;
  rc_arena memory;
  name_set pairs;
} fixture;

static void fixture_open_data(fixture *f, bool learnt, const char *data) {
  assert_int_equal(examples_read(&f->data, "data", data, strlen(data), NULL, 0, NULL), RC_OK);
  utf8_text texts[16];
  for (int i = 0; i < f->data.count; i++) {
    texts[i] = (utf8_text){f->data.items[i].text, f->data.items[i].bytes};
  }
  f->memory = (rc_arena){0};
  f->letters = alphabet_tutorial;
  if (learnt) {
    assert_int_equal(alphabet_learn(&f->letters, texts, f->data.count, 1, &f->memory, NULL), RC_OK);
  }
  assert_int_equal(
      name_set_encode(&f->pairs, &f->data, "data", &f->letters, ALPHABET_CASE_TITLE, NULL), RC_OK);
}

static void fixture_open(fixture *f, bool learnt) {
  fixture_open_data(f, learnt, DATA);
}

static void fixture_close(fixture *f) {
  name_set_free(&f->pairs);
  examples_free(&f->data);
  arena_free(&f->memory);
}

/* The text that reads so, written in the fixture's letters; -1 if there is none. */
static int find(const fixture *f, const names_texts *texts, const char *name, int from, int to) {
  int ids[32];
  const int length =
      (int)alphabet_encode(&f->letters, name, strlen(name), ALPHABET_CASE_TITLE, ids, NULL, 32);
  for (int i = from; i < to; i++) {
    if (texts->lengths[i] == length &&
        memcmp(texts->ids[i], ids, (size_t)length * sizeof(int)) == 0) {
      return i;
    }
  }
  return -1;
}

static void check_target(const names_texts *texts, int text, double a, double b, double c) {
  const real *target = texts->targets + (size_t)text * CLASSES;
  const double expected[CLASSES] = {a, b, c};
  assert_true(text >= 0);
  for (int i = 0; i < CLASSES; i++) assert_float_equal((double)target[i], expected[i], 1e-6);
}

static void a_name_has_all_its_labels(void **state) {
  (void)state;
  fixture f;
  names_texts texts;
  fixture_open(&f, true);
  assert_int_equal(
      names_texts_make(&texts, &f.pairs, &f.letters, CLASSES, NAMES_TOGETHER, true, NULL), RC_OK);
  const int count = texts.count, all = count + texts.plain_count;
  assert_int_equal(count, 6);
  assert_int_equal(texts.plain_count, 3); /* kristo, moller, gross */
  /* Those that it has only in another spelling count half. */
  check_target(&texts, find(&f, &texts, "kristo", 0, count), 1 / 1.5, 0.5 / 1.5, 0);
  check_target(&texts, find(&f, &texts, "kristó", 0, count), 0.5 / 1.5, 1 / 1.5, 0);
  check_target(&texts, find(&f, &texts, "möller", 0, count), 0.5, 0, 0.5);
  check_target(&texts, find(&f, &texts, "moller", 0, count), 0.5 / 1.5, 0, 1 / 1.5);
  check_target(&texts, find(&f, &texts, "ito", 0, count), 0, 0, 1);
  /* Without marks it has those of all spellings. */
  const int kristo = find(&f, &texts, "kristo", count, all);
  const int moller = find(&f, &texts, "moller", count, all);
  const int gross = find(&f, &texts, "gross", count, all);
  check_target(&texts, kristo, 0.5, 0.5, 0);
  check_target(&texts, moller, 1 / 3.0, 0, 2 / 3.0);
  check_target(&texts, gross, 0, 1, 0);
  assert_int_equal(texts.plain[find(&f, &texts, "kristó", 0, count)], kristo);
  assert_int_equal(texts.plain[find(&f, &texts, "möller", 0, count)], moller);
  assert_int_equal(texts.plain[find(&f, &texts, "groß", 0, count)], gross);
  assert_int_equal(texts.plain[find(&f, &texts, "kristo", 0, count)], -1);
  assert_int_equal(texts.plain[find(&f, &texts, "ito", 0, count)], -1);
  names_texts_free(&texts);
  fixture_close(&f);
}

static void each_line_by_itself(void **state) {
  (void)state;
  fixture f;
  names_texts texts;
  fixture_open(&f, false);
  assert_int_equal(names_texts_make(&texts, &f.pairs, &f.letters, CLASSES, NAMES_EACH, false, NULL),
                   RC_OK);
  assert_int_equal(texts.count, f.pairs.count);
  assert_int_equal(texts.plain_count, 0);
  for (int i = 0; i < texts.count; i++) {
    assert_ptr_equal(texts.ids[i], f.pairs.ids[i]);
    assert_int_equal(texts.labels[i], f.pairs.labels[i]);
    check_target(&texts, i, texts.labels[i] == 0, texts.labels[i] == 1, texts.labels[i] == 2);
  }
  names_texts_free(&texts);
  fixture_close(&f);
}

/* A name is learnt as often as it has lines, each time with its labels by their lines. */
static void lines_count_where_labels_are_weighed(void **state) {
  (void)state;
  fixture f;
  names_texts texts;
  fixture_open_data(&f, true, "Singh\tA\nLee\tB\nSingh\tB\nSingh\tA\nSingh\tA\nLee\tC\n");
  assert_int_equal(
      names_texts_make(&texts, &f.pairs, &f.letters, CLASSES, NAMES_WEIGHED, true, NULL), RC_OK);
  assert_int_equal(texts.count, 6);
  assert_int_equal(texts.plain_count, 0);
  int singhs = 0, lees = 0;
  for (int i = 0; i < texts.count; i++) {
    const bool singh = find(&f, &texts, "singh", i, i + 1) == i;
    if (singh) check_target(&texts, i, 0.75, 0.25, 0);
    if (!singh) check_target(&texts, i, 0, 0.5, 0.5);
    singhs += singh;
    lees += find(&f, &texts, "lee", i, i + 1) == i;
  }
  assert_int_equal(singhs, 4);
  assert_int_equal(lees, 2);
  names_texts_free(&texts);
  fixture_close(&f);
}

/* Every pseudo-name begins as one name and ends as another of its label, cut behind two letters
 * that both have, and is none of the names. */
static void pseudo_names_are_spliced_within_a_label(void **state) {
  (void)state;
  static const char data[] = "Petersen\tA\nAndersson\tA\nAnderberg\tA\nPeterka\tB\nBerkaž\tB\n";
  examples read;
  utf8_text texts[8];
  alphabet letters;
  rc_arena memory;
  name_set known, pseudo;
  assert_int_equal(examples_read(&read, "data", data, strlen(data), NULL, 0, NULL), RC_OK);
  for (int i = 0; i < read.count; i++) {
    texts[i] = (utf8_text){read.items[i].text, read.items[i].bytes};
  }
  assert_int_equal(alphabet_learn(&letters, texts, read.count, 1, &memory, NULL), RC_OK);
  assert_int_equal(name_set_encode(&known, &read, "data", &letters, ALPHABET_CASE_KEEP, NULL),
                   RC_OK);
  assert_int_equal(names_splice(&pseudo, &known, &letters, 500, 0.5, 1, NULL), RC_OK);
  bool peterberg = false, unmarked = false;
  for (int i = 0; i < pseudo.count; i++) {
    char text[64];
    size_t bytes = 0;
    for (int k = 0; k < pseudo.lengths[i]; k++) {
      bytes += (size_t)utf8_encode(alphabet_character(&letters, pseudo.ids[i][k]), text + bytes);
    }
    text[bytes] = '\0';
    for (int k = 0; k < known.count; k++) assert_string_not_equal(text, read.items[k].text);
    peterberg = peterberg || (strcmp(text, "peterberg") == 0 && pseudo.labels[i] == 0);
    unmarked = unmarked || (strcmp(text, "peterkaz") == 0 && pseudo.labels[i] == 1);
    if (pseudo.labels[i] == 1) assert_null(strstr(text, "sen"));
  }
  assert_true(peterberg);
  assert_true(unmarked);
  name_set_free(&pseudo);
  name_set_free(&known);
  examples_free(&read);
  arena_free(&memory);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_name_has_all_its_labels),
      cmocka_unit_test(each_line_by_itself),
      cmocka_unit_test(lines_count_where_labels_are_weighed),
      cmocka_unit_test(pseudo_names_are_spliced_within_a_label),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
