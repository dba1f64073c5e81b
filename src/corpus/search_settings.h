#ifndef RECUR_SEARCH_SETTINGS_H
#define RECUR_SEARCH_SETTINGS_H

#include "options.h"
#include "translator_search.h"

/* How to search for translations, as options of the programs that do. */
typedef struct search_settings {
  int beam, no_repeat, shortlist;
  double alpha, coverage;
} search_settings;

/* translator_options_default, as far as there are options for it. */
search_settings search_settings_default(void);

void search_settings_apply(const search_settings *settings, translator_options *options);

/* How numbers are set in French translations, as an option. */
enum { NUMBERS_FRENCH, NUMBERS_AS_IS };
extern const char *const numbers_names[];

/* Rows of a program's table of options. s: a search_settings. */
#define SEARCH_OPTIONS(s)                                                                         \
  OPTION_INT("beam", 'b', &(s).beam, 1, TRANSLATOR_BEAM_MAX, "width of the search; 1 is greedy"), \
      OPTION_REAL("alpha", 0, &(s).alpha, 0, 10, "weight of the length in a score; 0 for none"),  \
      OPTION_REAL("coverage", 0, &(s).coverage, 0, 10,                                            \
                  "weight of what the attention left out; 0 for none"),                           \
      OPTION_INT("no-repeat", 0, &(s).no_repeat, 0, 100,                                          \
                 "so many tokens in a row never come twice in a translation; 0: they may"),       \
      OPTION_CHOICE("shortlist", 0, &(s).shortlist, option_no_yes,                                \
                    "keep to the tokens that the weight file lists for those of the source, "     \
                    "where it does (train convert --shortlist): twice as fast")

#endif
