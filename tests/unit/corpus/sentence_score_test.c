#include "sentence_score.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pair_filter.h"

static utf8_text text(const char *bytes) {
  return (utf8_text){bytes, strlen(bytes)};
}

static int open_scratch(void **state) {
  static rc_arena scratch;
  size_t bytes = sentence_score_bytes(SENTENCE_CHRF, 400);
  assert_int_equal(
      arena_new(&scratch, arena_larger(bytes, sentence_score_bytes(SENTENCE_BLEU, 400)), NULL),
      RC_OK);
  *state = &scratch;
  return 0;
}

static int close_scratch(void **state) {
  arena_free(*state);
  return 0;
}

static double score_of(sentence_metric metric, const char *hypothesis, const char *reference,
                       rc_arena *scratch) {
  double score;
  assert_int_equal(sentence_score(metric, text(hypothesis), text(reference), scratch, &score, NULL),
                   RC_OK);
  return score;
}

static void scores_are_shares(void **state) {
  for (int metric = SENTENCE_CHRF; metric <= SENTENCE_BLEU; metric++) {
    sentence_metric m = (sentence_metric)metric;
    assert_true(fabs(score_of(m, "La lampe est rouge.", "La lampe est rouge.", *state) - 1) <
                1e-12);
    assert_true(score_of(m, "xyz", "La lampe est rouge.", *state) == 0);
    double near = score_of(m, "La lampe est verte.", "La lampe est rouge.", *state);
    assert_true(near > 0.3 && near < 0.9);
  }
  /* Precisions 3/4, 1/3 and, without a match, half of 1/2 and a quarter of 1/1. */
  double bleu = score_of(SENTENCE_BLEU, "Ouvre la porte .", "Ouvre la fen\xC3\xAAtre .", *state);
  assert_true(fabs(bleu - pow(3.0 / 4 / 3 / 4 / 4, 0.25)) < 1e-12);
}

static void the_nearest_is_chosen(void **state) {
  const utf8_text candidates[] = {text("Le pont est vieux."), text("La lampe est verte."),
                                  text("La lampe est rouge."), text("La lampe est rouge.")};
  for (int metric = SENTENCE_CHRF; metric <= SENTENCE_BLEU; metric++) {
    int best = -1;
    assert_int_equal(sentence_nearest((sentence_metric)metric, candidates, 4,
                                      text("La lampe rouge."), *state, &best, NULL),
                     RC_OK);
    assert_int_equal(best, 2);
  }
  int best = -1;
  assert_int_equal(sentence_nearest(SENTENCE_CHRF, candidates, 1, text("xyz"), *state, &best, NULL),
                   RC_OK);
  assert_int_equal(best, 0);
}

static void the_consensus_weighs_by_probability(void **state) {
  const utf8_text candidates[] = {text("Le pont est vieux."), text("La lampe est verte."),
                                  text("La lampe est rouge."), text("La lampe est bleue.")};
  const double log_probability[][4] = {{log(0.1), log(0.3), log(0.4), log(0.2)},
                                       {log(0.97), log(0.01), log(0.01), log(0.01)},
                                       {log(0.31), log(0.23), log(0.23), log(0.23)},
                                       {-1000.31, -1000.23, -1000.23, -1000.23}};
  int best[4];
  for (int i = 0; i < 4; i++) {
    double highest = -1;
    int expected = -1;
    for (int c = 0; c < 4; c++) {
      double sum = 0;
      for (int k = 0; k < 4; k++) {
        sum += exp(log_probability[i][k] - log_probability[i][0]) *
               score_of(SENTENCE_CHRF, candidates[c].text, candidates[k].text, *state);
      }
      if (sum > highest) highest = sum, expected = c;
    }
    assert_int_equal(sentence_consensus(SENTENCE_CHRF, candidates, log_probability[i], 4, *state,
                                        &best[i], NULL),
                     RC_OK);
    assert_int_equal(best[i], expected);
  }
  assert_int_equal(best[0], 2);
  assert_int_equal(best[1], 0);
  assert_int_not_equal(best[2], 0); /* alone the most probable, but unlike the rest */
  assert_int_not_equal(best[3], 0); /* where a probability itself would be 0 */
}

static void bad_pairs_are_seen(void **state) {
  (void)state;
  assert_int_equal(pair_filter_check(text("Go."), text("Va !"), 2), PAIR_FINE);
  assert_int_equal(pair_filter_check(text(""), text("Va !"), 2), PAIR_EMPTY);
  assert_int_equal(pair_filter_check(text("Go."), text(""), 2), PAIR_EMPTY);
  assert_int_equal(pair_filter_check(text("Taxi!"), text("Taxi!"), 2), PAIR_COPIED);
  /* 3 characters, of 9 bytes: at most 16. */
  const char *accents = "\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC";
  assert_int_equal(pair_filter_check(text(accents), text("1234567890123456"), 2), PAIR_FINE);
  assert_int_equal(pair_filter_check(text(accents), text("12345678901234567"), 2), PAIR_UNLIKE);
  assert_int_equal(pair_filter_check(text("12345678901234567"), text(accents), 2), PAIR_UNLIKE);
  assert_int_equal(pair_filter_check(text("12345678901234567"), text(accents), 0), PAIR_FINE);
}

static text_pair pair_of(const char *source, const char *target) {
  return (text_pair){.source = text(source), .target = text(target)};
}

static void assert_sources(const text_pairs *pairs, const char *sources) {
  assert_int_equal(pairs->count, strlen(sources));
  for (int i = 0; i < pairs->count; i++)
    assert_int_equal(pairs->items[i].source.text[0], sources[i]);
}

static void bad_pairs_are_dropped(void **state) {
  (void)state;
  text_pair items[] = {pair_of("a", "b"), pair_of("c", "c"), pair_of("d", "1234567890123"),
                       pair_of("e", "f")};
  text_pairs pairs = {.items = items, .count = 4};
  assert_int_equal(pair_filter_faults(&pairs, 2), 2);
  assert_sources(&pairs, "ae");
  assert_int_equal(pair_filter_faults(&pairs, 2), 0);
}

static void repeated_pairs_are_dropped(void **state) {
  (void)state;
  text_pair first[] = {pair_of("c", "d"), pair_of("a", "b"), pair_of("c", "d"), pair_of("c", "e")};
  text_pair second[] = {pair_of("a", "bb"), pair_of("a", "b"), pair_of("x", "b")};
  text_pairs files[] = {{.items = first, .count = 4}, {.items = second, .count = 3}};
  int dropped;
  assert_int_equal(pair_filter_repeated(files, 2, &dropped, NULL), RC_OK);
  assert_int_equal(dropped, 2);
  assert_sources(&files[0], "cac");
  assert_sources(&files[1], "ax");
  assert_int_equal(files[1].items[0].target.bytes, 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(scores_are_shares, open_scratch, close_scratch),
      cmocka_unit_test_setup_teardown(the_nearest_is_chosen, open_scratch, close_scratch),
      cmocka_unit_test_setup_teardown(the_consensus_weighs_by_probability, open_scratch,
                                      close_scratch),
      cmocka_unit_test(bad_pairs_are_seen),
      cmocka_unit_test(bad_pairs_are_dropped),
      cmocka_unit_test(repeated_pairs_are_dropped),
  };
  return cmocka_run_group_tests_name("sentence score", tests, NULL, NULL);
}
