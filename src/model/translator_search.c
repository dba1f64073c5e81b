#include "translator_search.h"

rc_status translator_weights_new(translator_weights **out, const translator *net,
                                 const real *values, translator_precision precision,
                                 rc_error *error) {
  (void)net, (void)values, (void)precision;
  *out = NULL;
  return rc_fail(error, RC_ERR_ARGUMENT, "translating is still to come");
}

void translator_weights_free(translator_weights *weights) {
  (void)weights;
}

const translator *translator_weights_net(const translator_weights *weights) {
  (void)weights;
  return NULL;
}

translator_options translator_options_default(void) {
  return (translator_options){
      .beam = 4, .nbest = 1, .alpha = 1, .length_ratio = 2, .length_extra = 10};
}

translator_session translator_session_begin(const translator_weights *weights) {
  return (translator_session){.weights = weights};
}

void translator_session_end(translator_session *session) {
  arena_free(&session->memory);
  *session = (translator_session){0};
}

rc_status translator_translate(translator_session *session, const translator_sources *sources,
                               const translator_options *options, const translation **results,
                               rc_error *error) {
  (void)session, (void)sources, (void)options;
  *results = NULL;
  return rc_fail(error, RC_ERR_ARGUMENT, "translating is still to come");
}
