#ifndef RECUR_CASING_H
#define RECUR_CASING_H

#include "utf8.h"

/* Capitals as marks beside the words, so that "apple", "Apple" and "APPLE" are one word.
 *
 * A run is a maximal row of Latin letters and combining marks (letters.h). It is written in lower
 * case, behind
 *   - MARK_CAPITALS, if it has two letters or more and all are capitals: "NASA";
 *   - otherwise MARK_CAPITAL in front of each capital, which begins a run of its own: "Paris",
 *     "McDo", "TVs".
 * A mark stands in front of the space that its run has before it: "in" MARK_CAPITAL " paris".
 *
 * A sentence in capitals has two runs or more, none with a letter that is no capital and one with
 * three letters or more. Only its first run has a mark, MARK_CAPITAL: that it was in capitals is
 * for the caller to remember. */

enum { CASING_GROWTH = 4 }; /* bytes of marked text for one of plain text, at most */

/* Whether the text is a sentence in capitals. */
bool casing_is_capitals(utf8_text text);

/* Whether all of its letters, two or more, are capitals: a sentence in capitals or such a word. */
bool casing_is_all_capitals(utf8_text text);

/* Valid UTF-8 with its capitals marked, to out [CASING_GROWTH * bytes]; returns how many bytes that
 * is. sentence: it is a sentence in capitals. Linear time. */
size_t casing_mark(utf8_text text, bool sentence, char *out);

/* Reads marked text a character at a time: gives each its capital back. What marks nothing is lost.
 *
 *   casing_reader reader = {.capitals = whether all of it is to be in capitals};
 *   for (...) if (casing_read(&reader, &character)) ... character is text ... */
typedef struct casing_reader {
  bool capitals;
  uint32_t mark; /* that holds, or 0 */
  bool begun;    /* its run has */
} casing_reader;

/* False for a mark, which is no text. */
bool casing_read(casing_reader *reader, uint32_t *character);

#endif
