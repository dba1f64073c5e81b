#ifndef RECUR_WORD_LIST_H
#define RECUR_WORD_LIST_H

#include <stdbool.h>

#include "utf8.h"

/* Whether a word, which has no space in it, is one of those of a list, which spaces part. any_case:
 * also with capitals of ASCII, where those of the list have none. */
bool word_is_listed(const char *list, utf8_text word, bool any_case);

#endif
