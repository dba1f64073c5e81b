#ifndef RECUR_TRANSLATE_INSPECT_H
#define RECUR_TRANSLATE_INSPECT_H

#include "json.h"
#include "translating.h"
#include "translator_file.h"
#include "translator_inspect.h"

/* Adds to the row of a sentence, as "inside", what is inside the network while it reads it and
 * writes the best translation: words, attention, gates and states as arrays in arrays. */
rc_status translate_inspect_add(json *row, const translator_model *model, const translated *result,
                                const layered_text *read, rc_error *error);

#endif
