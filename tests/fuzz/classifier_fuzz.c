#include <math.h>
#include <stdlib.h>

#include "classifier_file.h"
#include "fuzz.h"
#include "predict.h"

/* Any bytes may be refused; what is read must classify, under every prior that it has. */

enum { STEPS = 4 };

static void check_shares(const float *shares, int count) {
  float sum = 0;
  for (int i = 0; i < count; i++) {
    FUZZ_CHECK(shares[i] >= 0 && shares[i] <= 1);
    sum += shares[i];
  }
  FUZZ_CHECK(fabsf(sum - 1) < 1e-3F);
}

static void classify(classifier_session *session, float *probabilities, float *steps) {
  const int labels = session->model->net.config.labels;
  answer out;
  rc_error error = {.text = ""};
  int ids[STEPS], sources[STEPS], count = 0;
  rc_status status =
      classifier_predict(session, "O'Neill \xD0\x96", 10, probabilities, &out, &error);
  FUZZ_CHECK(status == RC_OK || (status == RC_ERR_RANGE && error.text[0] != '\0'));
  if (status == RC_OK && out.basis != ANSWER_NONE) check_shares(probabilities, labels);
  status = classifier_predict_prefixes(session, "Ren\xC3\xA9", 5, STEPS, steps, ids, sources,
                                       &count, &error);
  FUZZ_CHECK(status == RC_OK || status == RC_ERR_RANGE);
  if (status != RC_OK) return;
  FUZZ_CHECK(count >= 0 && count <= STEPS);
  for (int i = 0; i < count; i++) check_shares(steps + (size_t)i * (size_t)labels, labels);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  classifier_model model;
  rc_error error = {.text = ""};
  if (classifier_model_read(&model, data, size, &error) != RC_OK) {
    FUZZ_CHECK(error.text[0] != '\0');
    return 0;
  }
  const size_t labels = (size_t)model.net.config.labels;
  float *probabilities = malloc((STEPS + 1) * labels * sizeof *probabilities);
  FUZZ_CHECK(probabilities != NULL);
  classifier_session session = classifier_session_begin(&model);
  classify(&session, probabilities, probabilities + labels);
  if (classifier_session_prior(&session, PRIOR_EQUAL, NULL, &error) == RC_OK) {
    classify(&session, probabilities, probabilities + labels);
  }
  classifier_session_end(&session);
  free(probabilities);
  classifier_model_free(&model);
  return 0;
}
