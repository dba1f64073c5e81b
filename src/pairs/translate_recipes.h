#ifndef RECUR_TRANSLATE_RECIPES_H
#define RECUR_TRANSLATE_RECIPES_H

#include "translate_settings.h"

/* What `train translate` starts from before it reads its options. */

typedef enum translate_recipe { TRANSLATE_BEST, TRANSLATE_TUTORIAL } translate_recipe;
extern const char *const translate_recipe_names[]; /* NULL at the end */

/* sample: without --data, on the few sentences that come along. */
translate_settings translate_recipe_settings(translate_recipe recipe, bool sample);

extern const char translate_sample[]; /* their path */

#endif
