#ifndef RECUR_SURNAME_H
#define RECUR_SURNAME_H

#include "utf8.h"

/* The surname in a full name: the last word, and the particles before it that belong to it.
 *
 *   Anna Kowalska             Kowalska
 *   Vincent van der Berg      van der Berg
 *   Juan de la Cruz           de la Cruz
 *   Kowalska, Anna            Kowalska: what stands before a comma
 *   Mohammed bin Salman       bin Salman
 *   Sean O' Brien             O' Brien
 *   de la Cruz                de la Cruz
 *
 * It is where Latin letters put it; a name in another script is taken whole, and so is one of more
 * than one line. Hyphens join words. What follows the surname and is none ("Jr.", "II") is left out
 * where something else is left. */
utf8_text surname_of(const char *text, size_t bytes);

#endif
