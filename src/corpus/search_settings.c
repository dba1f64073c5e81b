#include "search_settings.h"

const char *const numbers_names[] = {[NUMBERS_FRENCH] = "french", [NUMBERS_AS_IS] = "as-is", NULL};

search_settings search_settings_default(void) {
  const translator_options standard = translator_options_default();
  return (search_settings){.beam = standard.beam,
                           .no_repeat = standard.no_repeat,
                           .shortlist = standard.shortlist,
                           .alpha = (double)standard.alpha,
                           .coverage = (double)standard.coverage};
}

void search_settings_apply(const search_settings *settings, translator_options *options) {
  options->beam = settings->beam;
  options->no_repeat = settings->no_repeat;
  options->shortlist = settings->shortlist != 0;
  options->alpha = (float)settings->alpha;
  options->coverage = (float)settings->coverage;
}
