#ifndef RECUR_SENTENCES_H
#define RECUR_SENTENCES_H

#include <stdbool.h>
#include <stddef.h>

/* Cuts English text into sentences, each to be translated by itself.
 *
 * A sentence ends
 *   - at a line end or a tab: paragraphs stay apart, and every line and cell is one;
 *   - after . ! ? or … (any number of them, and closing quotes, brackets and emoji behind) where
 *     white space follows, unless the next word begins in lower case. Emoji, smileys and closing
 *     quotes that stand alone go with what is before them, and a sentence ends behind emoji, too,
 *     before a word that usually begins one. A single . is no end after
 *       - a title or another abbreviation that never ends a sentence ("Mr.", "e.g.", "vs.");
 *       - one that may ("U.S.", "a.m.", "etc."), nor after an initial ("J. S. Bach"), unless a word
 *         follows that usually begins a sentence ("He", "The", "But", ...);
 *       - "No." and the like before a digit, nor the number of a list item ("1. Salt");
 *   - after 。！？ wherever they stand;
 *   - at the latest after SENTENCES_MAX bytes: then behind the last comma, semicolon, colon or dash
 *     that has white space after it, else at the last white space, else between two characters. */

enum { SENTENCES_MAX = 800 };

/* A sentence and the white space that follows it. At the start of the text the sentence may be
 * empty, with the white space that the text begins with. */
typedef struct sentence {
  size_t start, end, next; /* text[start, end) is the sentence, text[end, next) white space */
  bool ends_line;          /* a line end or a tab is in the white space */
  size_t whole;    /* given: lines of at most so many bytes, and SENTENCES_MAX, stay whole */
  bool unbroken;   /* given: is never cut but at white space, however long it becomes */
  size_t line_end; /* where the line ends in which the next sentence begins */
  bool uncut;      /* whether that line stays whole */
} sentence;

/* The next sentence; begin with {0}, or {.whole = n}. False after the last. The pieces follow one
 * another without a gap, so what is put together again is the text. Any bytes are accepted; bytes
 * that are no valid UTF-8 count as letters. Linear time.
 *
 *   for (sentence s = {0}; sentences_next(text, bytes, &s);) ... */
bool sentences_next(const char *text, size_t bytes, sentence *s);

#endif
