#ifndef RECUR_ELISION_H
#define RECUR_ELISION_H

#include <stdbool.h>
#include <stddef.h>

#include "utf8.h"

/* French elides the vowel of a short word in front of one that begins with a vowel: "la ampoule"
 * is "l'ampoule", "de Internet" "d'Internet", "je y pense" "j'y pense". What takes no elision stays
 * as it is: onze, oui, et, ou, "le un", single letters, what follows a hyphen ("donne-le à"); and
 * words that begin with h, where only a dictionary knows.
 *
 * Sets `text`, plain or marked (marks.h), in place; returns its bytes, which are never more.
 * places: [bytes + 1] where in it each character of `text` is now, told at its first byte, and the
 * end. */
size_t elide_french(char *text, size_t bytes, int *places);

/* Whether the word that `before` ends with gives up its vowel in front of `behind`, plain text,
 * once they stand together. */
bool elides_french(utf8_text before, utf8_text behind);

#endif
