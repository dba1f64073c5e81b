#ifndef RECUR_FOLD_H
#define RECUR_FOLD_H

#include <stddef.h>

#include "utf8.h"

/* What a character is among the letters of ASCII, through a table that the build makes from Unicode
 * data (fold_table.awk says how): "Ś" is S, "ß" is ss, a typographic apostrophe is "'". */

typedef enum fold_kind {
  FOLDS_TO_LETTERS, /* one or more of "a-zA-Z.,;'" */
  FOLDS_TO_SPACE,
  FOLDS_TO_MARK,    /* belongs to the character before it */
  FOLDS_TO_NOTHING, /* is not seen: a soft hyphen, a byte order mark, a mark of direction, ... */
  FOLDS_TO_UNKNOWN,
} fold_kind;

enum { FOLD_LETTERS_MAX = 3 };

typedef struct fold {
  fold_kind kind;
  char letters[FOLD_LETTERS_MAX + 1]; /* terminated */
} fold;

fold fold_character(uint32_t character);

/* Whether it is a hyphen or a dash that is written for one. */
bool fold_is_hyphen(uint32_t character);

/* Writes `text` to out [bytes] as it is without marks, in lower case where the table has letters:
 * "Ślusàrski" is "slusarski", "Müller-Lüdenscheidt" "muller-ludenscheidt". Characters that fold to
 * nothing known stay, white space at the ends goes, inside it becomes one space. Returns how many
 * bytes it wrote. */
size_t fold_text(const char *text, size_t bytes, char *out);

#endif
