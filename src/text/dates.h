#ifndef RECUR_DATES_H
#define RECUR_DATES_H

#include "utf8.h"

/* Days of a month: English has them on both sides of it ("April 10", "1 December"), French in front
 * and the first as an ordinal ("10 avril", "1er décembre"). */

/* Bytes of the French month in lower case, whole or cut short ("déc."), that the text begins with
 * as a word; 0 if it begins with none. */
size_t dates_french_month(utf8_text text);

/* The day, 1 to 31, that a text of digits alone is; 0 if it is none. */
int dates_day(utf8_text digits);

#endif
