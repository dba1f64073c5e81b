#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "classifier.h"
#include "predict.h"

enum { CLASSES = 4, ROWS = 3 };

static const real prior[CLASSES] = {0.5F, 0.25F, 0.2F, 0.05F};
static const real logits[ROWS * CLASSES] = {2, 1, 0.5F, -1, 0, 0, 0, 0, -3, 4, 3.5F, 3};
static const real temperature = 1.25F;

static classifier network(void) {
  const classifier_config config = {.cell = &rnn_cell,
                                    .layers = 1,
                                    .hidden = 3,
                                    .directions = 1,
                                    .pooling = POOLING_LAST,
                                    .labels = CLASSES};
  classifier net;
  assert_int_equal(classifier_build(&net, &config, NULL), RC_OK);
  return net;
}

static void check(const real *q, bool corrected, const double *golden) {
  const classifier net = network();
  real bias[CLASSES], p[ROWS * CLASSES];
  classifier_prior_bias(CLASSES, prior, q, bias);
  classifier_probabilities(&net, temperature, corrected ? bias : NULL, ROWS, logits, p);
  for (int i = 0; i < ROWS * CLASSES; i++) assert_float_equal((double)p[i], golden[i], 1e-6);
}

/* Golden values from prior_golden.py. */
static const double data_golden[] = {
    0.543111917, 0.244035915, 0.163582166, 0.049270002, 0.250000000, 0.250000000,
    0.250000000, 0.250000000, 0.001741526, 0.470954611, 0.315690316, 0.211613547,
};

static void the_data_s_prior_is_as_it_was_learnt(void **state) {
  (void)state;
  check(NULL, false, data_golden);
  check(prior, true, data_golden);
}

static void an_equal_prior(void **state) {
  (void)state;
  static const double golden[] = {
      0.280991778, 0.252515489, 0.211582743, 0.254909990, 0.064516129, 0.129032258,
      0.161290323, 0.645161290, 0.000452461, 0.244714545, 0.205046331, 0.549786664,
  };
  static const real sevens[CLASSES] = {7, 7, 7, 7};
  check(NULL, true, golden);
  check(sevens, true, golden); /* of any sum */
}

static void a_given_prior(void **state) {
  (void)state;
  static const double golden[] = {
      0.114915665, 0.000000000, 0.259589499, 0.625494836, 0.014598540, 0.000000000,
      0.109489051, 0.875912409, 0.000115591, 0.000000000, 0.157151265, 0.842733144,
  };
  static const real q[CLASSES] = {0.1F, 0, 0.3F, 0.6F};
  check(q, true, golden);
}

static classifier_model model_with(real *shares) {
  static const char *const labels[CLASSES] = {"a", "b", "c", "d"};
  return (classifier_model){.net = network(), .labels = labels, .prior = shares};
}

static void sessions_take_priors(void **state) {
  (void)state;
  real shares[CLASSES], bias[CLASSES];
  memcpy(shares, prior, sizeof shares);
  const classifier_model model = model_with(shares);
  classifier_session session = classifier_session_begin(&model);
  assert_int_equal(classifier_session_prior(&session, PRIOR_EQUAL, NULL, NULL), RC_OK);
  classifier_prior_bias(CLASSES, prior, NULL, bias);
  assert_memory_equal(session.bias, bias, sizeof bias);
  assert_int_equal(classifier_session_prior(&session, PRIOR_BALANCED, NULL, NULL), RC_OK);
  for (int c = 0; c < CLASSES; c++) { /* log sqrt(p) - log p */
    const double p = (double)prior[c];
    assert_float_equal((double)session.bias[c], log(sqrt(p)) - log(p), 1e-6);
  }
  static const real q[CLASSES] = {1, 0, 3, 6};
  assert_int_equal(classifier_session_prior(&session, PRIOR_GIVEN, q, NULL), RC_OK);
  classifier_prior_bias(CLASSES, prior, q, bias);
  assert_memory_equal(session.bias, bias, sizeof bias);

  static const real wrong[][CLASSES] = {{1, -1, 0, 0}, {0, 0, 0, 0}, {1, 1, 1, (real)NAN}};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    rc_error error = {0};
    assert_int_equal(classifier_session_prior(&session, PRIOR_GIVEN, wrong[i], &error),
                     RC_ERR_ARGUMENT);
    assert_true(error.text[0] != '\0');
    assert_memory_equal(session.bias, bias, sizeof bias); /* the one before holds */
  }
  assert_int_equal(classifier_session_prior(&session, PRIOR_DATA, NULL, NULL), RC_OK);
  assert_null(session.bias);
  classifier_session_end(&session);
}

static void without_the_data_s_prior_there_is_no_other(void **state) {
  (void)state;
  const classifier_model model = model_with(NULL);
  classifier_session session = classifier_session_begin(&model);
  assert_int_equal(classifier_session_prior(&session, PRIOR_EQUAL, NULL, NULL), RC_ERR_ARGUMENT);
  assert_int_equal(classifier_session_prior(&session, PRIOR_DATA, NULL, NULL), RC_OK);
  classifier_session_end(&session);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_data_s_prior_is_as_it_was_learnt),
      cmocka_unit_test(an_equal_prior),
      cmocka_unit_test(a_given_prior),
      cmocka_unit_test(sessions_take_priors),
      cmocka_unit_test(without_the_data_s_prior_there_is_no_other),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
