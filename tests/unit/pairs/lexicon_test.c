/* Model 1 on the example by which Koehn explains it (Statistical Machine Translation, 2010, figure
 * 4.4): "das Haus", "das Buch", "ein Buch" and "the house", "the book", "a book", with the
 * probabilities that the book prints for the first iterations. */

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lexicon.h"

enum { DAS, HAUS, BUCH, EIN, GERMAN };
enum { THE, HOUSE, BOOK, A };

static const int GERMAN_PAIRS[][2] = {{DAS, HAUS}, {DAS, BUCH}, {EIN, BUCH}};
static const int ENGLISH_PAIRS[][2] = {{THE, HOUSE}, {THE, BOOK}, {A, BOOK}};

static lexicon learn(int iterations) {
  lexicon_pairs pairs = {0};
  lexicon l;
  for (int i = 0; i < 3; i++) {
    assert_int_equal(lexicon_pairs_add(&pairs, GERMAN_PAIRS[i], 2, ENGLISH_PAIRS[i], 2, NULL),
                     RC_OK);
  }
  assert_int_equal(lexicon_learn(&l, &pairs, GERMAN, iterations, NULL), RC_OK);
  lexicon_pairs_free(&pairs);
  return l;
}

static double probability(const lexicon *l, uint32_t source, uint32_t target) {
  for (size_t i = 0; i <= l->mask; i++) {
    const lexicon_entry *entry = &l->entries[i];
    if (entry->probability > 0 && entry->source == source && entry->target == target) {
      return (double)entry->probability;
    }
  }
  return 0;
}

static void probabilities_are_the_books(void **state) {
  (void)state;
  static const struct {
    uint32_t source, target;
    double after[3];
  } printed[] = {
      {DAS, THE, {0.5, 0.6364, 0.7479}},    {DAS, BOOK, {0.25, 0.1818, 0.1208}},
      {DAS, HOUSE, {0.25, 0.1818, 0.1313}}, {BUCH, THE, {0.25, 0.1818, 0.1208}},
      {BUCH, BOOK, {0.5, 0.6364, 0.7479}},  {BUCH, A, {0.25, 0.1818, 0.1313}},
      {EIN, BOOK, {0.5, 0.4286, 0.3466}},   {EIN, A, {0.5, 0.5714, 0.6534}},
      {HAUS, THE, {0.5, 0.4286, 0.3466}},   {HAUS, HOUSE, {0.5, 0.5714, 0.6534}},
  };
  for (int iterations = 1; iterations <= 3; iterations++) {
    lexicon l = learn(iterations);
    assert_int_equal(l.count, sizeof printed / sizeof *printed);
    for (size_t i = 0; i < sizeof printed / sizeof *printed; i++) {
      const double got = probability(&l, printed[i].source, printed[i].target);
      assert_true(fabs(got - printed[i].after[iterations - 1]) < 1e-4);
    }
    lexicon_free(&l);
  }
}

static void the_most_probable_come_first(void **state) {
  (void)state;
  lexicon l = learn(3);
  uint16_t best[GERMAN * 2], counts[GERMAN];
  assert_int_equal(lexicon_best(&l, GERMAN, 2, 0.13, best, counts, NULL), RC_OK);
  assert_int_equal(counts[DAS], 2); /* the third, "book", is below 0.13 */
  assert_int_equal(best[2 * DAS], THE);
  assert_int_equal(best[2 * DAS + 1], HOUSE);
  assert_int_equal(best[2 * EIN], A);
  assert_int_equal(lexicon_best(&l, GERMAN, 1, 0, best, counts, NULL), RC_OK);
  assert_int_equal(counts[BUCH], 1);
  assert_int_equal(best[BUCH], BOOK);
  assert_int_equal(lexicon_best(&l, GERMAN, 2, 0.7, best, counts, NULL), RC_OK);
  assert_int_equal(counts[HAUS], 0);
  lexicon_free(&l);
}

/* More pairs than the first tables hold: a thousand words, each with one of its own. */
static void tables_grow(void **state) {
  (void)state;
  enum { WORDS = 1000, REST = WORDS };
  lexicon_pairs pairs = {0};
  lexicon l;
  for (int i = 0; i < 3 * WORDS; i++) {
    const int source[] = {i % WORDS, (i + i / WORDS + 1) % WORDS, REST};
    const int target[] = {source[1], source[0]};
    assert_int_equal(lexicon_pairs_add(&pairs, source, 3, target, 2, NULL), RC_OK);
  }
  assert_int_equal(lexicon_learn(&l, &pairs, WORDS + 1, 4, NULL), RC_OK);
  uint16_t best[WORDS + 1], counts[WORDS + 1];
  assert_int_equal(lexicon_best(&l, WORDS + 1, 1, 0, best, counts, NULL), RC_OK);
  for (int i = 0; i < WORDS; i++) assert_int_equal(best[i], i);
  lexicon_free(&l);
  lexicon_pairs_free(&pairs);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(probabilities_are_the_books),
      cmocka_unit_test(the_most_probable_come_first),
      cmocka_unit_test(tables_grow),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
