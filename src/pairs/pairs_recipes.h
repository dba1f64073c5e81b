#ifndef RECUR_PAIRS_RECIPES_H
#define RECUR_PAIRS_RECIPES_H

#include "pairs_settings.h"

/* What `train translate` starts from before it reads its options. */

typedef enum pairs_recipe { PAIRS_BEST, PAIRS_SMALL, PAIRS_TUTORIAL } pairs_recipe;
extern const char *const pairs_recipe_names[]; /* NULL at the end */

/* own: without --data, on the pairs that come along. */
pairs_settings pairs_recipe_settings(pairs_recipe recipe, bool own);

/* Without --data: gives the settings the files that come along, those written for the project or,
 * for PAIRS_SMALL, a few sample sentences; and what they are scored on, unless there is a --dev or
 * the recipe does without. What is wrong, or NULL. */
const char *pairs_recipe_use_own(pairs_settings *settings);

#endif
