#include "fuzz.h"
#include "translator_file.h"

/* Any bytes may be refused; what is read must translate. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  translator_model model;
  rc_error error = {.text = ""};
  if (translator_model_read(&model, data, size, &error) != RC_OK) {
    FUZZ_CHECK(error.text[0] != '\0' && model.weights == NULL);
    return 0;
  }
  const int last = model.net.config.source_vocabulary - 1;
  const int length = translator_longest_source(&model.net) < 2 ? 1 : 2;
  const translator_sources sources = {
      .count = 2, .ids = (const int[]){last, 0, BPE_END}, .lengths = (const int[]){length, 1}};
  translator_options options = translator_options_default();
  options.nbest = 2;
  options.attention = true;
  options.coverage = 0.1f;
  const translation *results;
  translator_session session = translator_session_begin(model.weights);
  FUZZ_CHECK(translator_translate(&session, &sources, &options, &results, &error) == RC_OK);
  for (int i = 0; i < 4; i++) {
    for (int k = 0; k < results[i].length; k++) {
      FUZZ_CHECK(results[i].ids[k] > 0 && results[i].ids[k] < model.net.config.target_vocabulary);
    }
  }
  translator_session_end(&session);
  translator_model_free(&model);
  return 0;
}
