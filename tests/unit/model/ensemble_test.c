/* Networks that answer together, against the mean computed from their single answers. */

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ensemble.h"

enum { MEMBERS = 3, LABELS = 4, TEXTS = 5 };

static rc_arena arena;
static real shares[MEMBERS][LABELS] = {
    {0.5F, 0.25F, 0.2F, 0.05F}, {0.5F, 0.25F, 0.2F, 0.05F}, {0.1F, 0.3F, 0.3F, 0.3F}};
static script_label greek[] = {{0, 2}, {0, 3}}; /* the script is set below */

/* Fresh networks of other cells, temperatures and shares of their data. */
static void open_models(classifier_model *models) {
  static const char *const labels[LABELS] = {"one", "two", "three", "four"};
  static const recurrent_cell *const cells[MEMBERS] = {&rnn_cell, &lstm_cell, &gru_cell};
  arena_reset(&arena);
  for (int m = 0; m < MEMBERS; m++) {
    const classifier_config config = {.cell = cells[m],
                                      .layers = 1,
                                      .hidden = 9,
                                      .directions = 2,
                                      .embedding = 5,
                                      .pooling = POOLING_ALL,
                                      .letter_case = ALPHABET_CASE_TITLE,
                                      .labels = LABELS};
    models[m] = (classifier_model){.letters = alphabet_tutorial,
                                   .labels = labels,
                                   .temperature = 0.2F + 0.3F * (real)m,
                                   .prior = shares[m]};
    assert_int_equal(classifier_build(&models[m].net, &config, NULL), RC_OK);
    models[m].values = ARENA_ARRAY(&arena, real, models[m].net.params.total);
    assert_non_null(models[m].values);
    classifier_init(&models[m].net, (uint64_t)m + 1, models[m].values);
  }
}

static const char *const names[TEXTS] = {"Kowalczyk", "", "Müller",
                                         "\u0391\u03b8\u03ae\u03bd\u03b1", "O'Neill"};

static void list_texts(utf8_text *texts) {
  for (int i = 0; i < TEXTS; i++) texts[i] = (utf8_text){names[i], strlen(names[i])};
}

/* p(c) = exp(mean log p_m(c)), normalised */
static void mean_by_hand(int members, float p[][LABELS], double *out) {
  double sum = 0;
  for (int c = 0; c < LABELS; c++) {
    double product = 1;
    for (int m = 0; m < members; m++) product *= (double)p[m][c];
    sum += out[c] = pow(product, 1.0 / members);
  }
  for (int c = 0; c < LABELS; c++) out[c] /= sum;
}

static void check_prior(const classifier_model *models, prior_kind kind, const real *weights) {
  classifier_ensemble networks;
  utf8_text texts[TEXTS];
  float together[TEXTS][LABELS], alone[MEMBERS][LABELS], once[LABELS];
  answer answers[TEXTS], given;
  list_texts(texts);
  assert_int_equal(classifier_ensemble_begin(&networks, models, MEMBERS, NULL), RC_OK);
  assert_int_equal(classifier_ensemble_prior(&networks, kind, weights, NULL), RC_OK);
  assert_int_equal(
      classifier_ensemble_predict_texts(&networks, TEXTS, texts, together[0], answers, NULL),
      RC_OK);
  for (int i = 0; i < TEXTS; i++) {
    for (int m = 0; m < MEMBERS; m++) {
      assert_int_equal(classifier_predict(&networks.members[m], texts[i].text, texts[i].bytes,
                                          alone[m], &given, NULL),
                       RC_OK);
      assert_int_equal(given.basis, answers[i].basis);
      assert_int_equal(given.letters, answers[i].letters);
    }
    if (answers[i].basis == ANSWER_NONE) continue;
    double golden[LABELS];
    mean_by_hand(MEMBERS, alone, golden);
    for (int c = 0; c < LABELS; c++) assert_float_equal((double)together[i][c], golden[c], 1e-6);
    assert_int_equal(
        classifier_ensemble_predict(&networks, texts[i].text, texts[i].bytes, once, &given, NULL),
        RC_OK);
    for (int c = 0; c < LABELS; c++) assert_float_equal(once[c], together[i][c], 1e-6);
  }
  classifier_ensemble_end(&networks);
}

static void the_mean_of_what_each_says(void **state) {
  (void)state;
  static const real weights[LABELS] = {1, 0, 3, 6};
  classifier_model models[MEMBERS];
  open_models(models);
  check_prior(models, PRIOR_DATA, NULL);
  check_prior(models, PRIOR_EQUAL, NULL);
  check_prior(models, PRIOR_BALANCED, NULL);
  check_prior(models, PRIOR_GIVEN, weights);
}

static void one_alone_answers_as_ever(void **state) {
  (void)state;
  classifier_model models[MEMBERS];
  classifier_ensemble networks;
  float p[LABELS], alone[LABELS];
  answer given;
  open_models(models);
  assert_int_equal(classifier_ensemble_begin(&networks, models + 1, 1, NULL), RC_OK);
  assert_int_equal(classifier_ensemble_predict(&networks, "Nowak", 5, p, &given, NULL), RC_OK);
  assert_int_equal(classifier_predict(&networks.members[0], "Nowak", 5, alone, &given, NULL),
                   RC_OK);
  assert_memory_equal(p, alone, sizeof p);
  classifier_ensemble_end(&networks);
}

/* The second alone knows the script, which is better than nothing and worse than letters. */
static void who_can_read_it_decides(void **state) {
  (void)state;
  classifier_model models[MEMBERS];
  classifier_ensemble networks;
  float p[LABELS], alone[LABELS];
  answer given;
  open_models(models);
  greek[0].script = greek[1].script = script_of_text(names[3], strlen(names[3]));
  models[1].scripts = greek;
  models[1].script_count = 2;
  assert_int_equal(classifier_ensemble_begin(&networks, models, MEMBERS, NULL), RC_OK);
  assert_int_equal(
      classifier_ensemble_predict(&networks, names[3], strlen(names[3]), p, &given, NULL), RC_OK);
  assert_int_equal(given.basis, ANSWER_SCRIPT);
  assert_float_equal(p[0] + p[1], 0, 1e-9);
  assert_float_equal((double)p[2], 0.8, 1e-6); /* 0.2 to 0.05, their shares */
  assert_int_equal(classifier_ensemble_predict(&networks, "Nowak", 5, p, &given, NULL), RC_OK);
  assert_int_equal(given.basis, ANSWER_LETTERS);
  assert_int_equal(classifier_predict(&networks.members[0], "Nowak", 5, alone, &given, NULL),
                   RC_OK);
  assert_memory_not_equal(p, alone, sizeof p);
  classifier_ensemble_end(&networks);
}

/* What each rules out is ruled out; where that is everything there are still numbers. */
static void impossible_labels(void **state) {
  (void)state;
  const float a[] = {0, 0.25F, 0.75F, 0}, b[] = {0.5F, 0, 0.5F, 0}, c[] = {0, 0, 0, 1};
  float sum[LABELS] = {0}, all[LABELS] = {0}, total = 0;
  classifier_ensemble_add(LABELS, a, sum);
  classifier_ensemble_add(LABELS, b, sum);
  classifier_ensemble_mean(1, LABELS, 2, sum);
  assert_float_equal(sum[2], 1, 1e-6);
  for (int i = 0; i < LABELS; i++) assert_true(i == 2 || sum[i] == 0);
  classifier_ensemble_add(LABELS, a, all);
  classifier_ensemble_add(LABELS, c, all);
  classifier_ensemble_mean(1, LABELS, 2, all);
  for (int i = 0; i < LABELS; i++) {
    assert_true(isfinite(all[i]));
    total += all[i];
  }
  assert_float_equal(total, 1, 1e-6);
}

static void others_are_refused(void **state) {
  (void)state;
  static const char *const turned[LABELS] = {"two", "one", "three", "four"};
  classifier_model models[MEMBERS];
  classifier_ensemble networks;
  rc_error error = {0};
  open_models(models);
  assert_int_equal(classifier_ensemble_begin(&networks, models, 0, &error), RC_ERR_ARGUMENT);
  assert_int_equal(
      classifier_ensemble_begin(&networks, models, CLASSIFIER_ENSEMBLE_MAX + 1, &error),
      RC_ERR_ARGUMENT);
  models[2].labels = turned;
  assert_int_equal(classifier_ensemble_begin(&networks, models, MEMBERS, &error), RC_ERR_ARGUMENT);
  assert_non_null(strstr(error.text, "network 3"));
  classifier_ensemble_end(&networks);
  models[2].labels = models[0].labels;
  models[1].prior = NULL; /* knows that of its data alone */
  assert_int_equal(classifier_ensemble_begin(&networks, models, MEMBERS, &error), RC_OK);
  assert_int_equal(classifier_ensemble_prior(&networks, PRIOR_EQUAL, NULL, &error),
                   RC_ERR_ARGUMENT);
  static char longest[CLASSIFIER_LETTERS_MAX + 1];
  float p[LABELS];
  answer given;
  memset(longest, 'a', sizeof longest);
  assert_int_equal(
      classifier_ensemble_predict(&networks, longest, sizeof longest, p, &given, &error),
      RC_ERR_RANGE);
  classifier_ensemble_end(&networks);
}

static int set_up(void **state) {
  (void)state;
  return arena_new(&arena, 1 << 20, NULL) == RC_OK ? 0 : -1;
}

static int tear_down(void **state) {
  (void)state;
  arena_free(&arena);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_mean_of_what_each_says), cmocka_unit_test(one_alone_answers_as_ever),
      cmocka_unit_test(who_can_read_it_decides),    cmocka_unit_test(impossible_labels),
      cmocka_unit_test(others_are_refused),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
