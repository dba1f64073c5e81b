#ifndef RECUR_PAIRS_RECIPES_H
#define RECUR_PAIRS_RECIPES_H

#include "pairs_settings.h"

/* What `train translate` starts from before it reads its options. */

typedef enum pairs_recipe { PAIRS_BEST, PAIRS_TUTORIAL } pairs_recipe;
extern const char *const pairs_recipe_names[]; /* NULL at the end */

/* sample: without --data, on the few sentences that come along. */
pairs_settings pairs_recipe_settings(pairs_recipe recipe, bool sample);

extern const char pairs_sample[]; /* their path */

#endif
