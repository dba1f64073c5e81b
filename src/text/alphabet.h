#ifndef RECUR_ALPHABET_H
#define RECUR_ALPHABET_H

#include <stdbool.h>
#include <stddef.h>

#include "utf8.h"

/* The letters that a classifier reads: the tutorial's 57, or those that data is written with.
 *
 * The 57 letters of the classic character-RNN tutorial are "a-zA-Z .,;'". UTF-8 is folded to them
 * (fold.h): "Ślusàrski" is "Slusarski", "ß" is "ss", a typographic apostrophe is "'". Whatever
 * folds to no letter ("李", "7", "-", an invalid byte) is the unknown letter, never silently
 * another or nothing. Only what belongs to the character before it yields nothing of its own: a
 * combining mark, a vowel or final consonant of a decomposed Hangul syllable. With no character to
 * belong to, at the start of the text or after white space, it is unknown too.
 *
 * A learnt alphabet has letters of any script, each with all the characters that are read as it:
 * its lower and upper case, and the same with marks that no letter has ("ǘ" is "ü"). Letters with
 * marks are letters of their own: "ü" is not "u". A character that is none of them is read as what
 * it folds to, where the alphabet has that, or is unknown. Dashes are hyphens.
 *
 * In both, composed and decomposed spellings of a text give the same letters, and characters that
 * are not seen (a soft hyphen, a zero-width space, a byte order mark) give none. */

/* ALPHABET_UNKNOWN and ALPHABET_SIZE are of the tutorial's alone. */
enum { ALPHABET_LETTERS = 57, ALPHABET_UNKNOWN = 57, ALPHABET_SIZE = 58 };

/* The tutorial's letters in id order, ALPHABET_LETTERS characters. */
extern const char alphabet_letters[ALPHABET_LETTERS + 1];

enum {
  ALPHABET_LEARNT_MAX = 4095, /* letters of a learnt alphabet */
  ALPHABET_FORMS_MAX = 32,    /* characters that are read as one letter */
  ALPHABET_MARKS_MAX = 3,     /* combining marks in the spelling of a letter */
};

/* A character that is read as the letter `id`. */
typedef struct alphabet_form {
  uint32_t character;
  int id;
} alphabet_form;

/* The letter `id` can be written as another with combining marks behind it. */
typedef struct alphabet_spelling {
  int id, base;
  uint32_t marks[ALPHABET_MARKS_MAX];
  int mark_count; /* at least 1 */
} alphabet_spelling;

/* Ids below `letters` are letters, `letters` itself is the unknown. Plain data over the owner's
 * arrays; read only, and may be shared by threads. */
typedef struct alphabet {
  int letters;
  const uint32_t *characters;         /* [letters] what stands for each; NULL: the tutorial's */
  const alphabet_form *forms;         /* [form_count] by character */
  const alphabet_spelling *spellings; /* [spelling_count] by id */
  int form_count, spelling_count;
} alphabet;

extern const alphabet alphabet_tutorial;

static inline int alphabet_unknown(const alphabet *a) {
  return a->letters;
}

static inline int alphabet_size(const alphabet *a) {
  return a->letters + 1;
}

/* The character that shows a letter, UTF8_REPLACEMENT for the unknown. */
uint32_t alphabet_character(const alphabet *a, int id);

/* The letter that a character is read as in a learnt alphabet, or the unknown. */
int alphabet_find(const alphabet *a, uint32_t character);

typedef enum alphabet_case {
  ALPHABET_CASE_KEEP, /* letters as written */
  ALPHABET_CASE_TITLE /* the first letter of each word upper, the others lower; a word is a run of
                         letters, so "o'NEILL" is "O'Neill" */
} alphabet_case;

/* Writes the letters of `bytes` of UTF-8, at most `capacity` ids. Any bytes are accepted; each byte
 * that is no part of a valid character is one unknown. Leading and trailing white space is dropped,
 * an inner run of white space becomes one space. The case is the tutorial's: in a learnt alphabet
 * the letters say themselves what is one. source (may be NULL): [capacity] byte offset of the
 * character that each id came from (of a run of spaces, the first), never falling; a character may
 * give several ids. Returns the number of ids the whole text has, which may exceed `capacity`; what
 * does not fit is not written. A text never has more ids than bytes. ids may be NULL with capacity
 * 0. `bytes` at most INT_MAX. */
size_t alphabet_encode(const alphabet *a, const char *text, size_t bytes, alphabet_case letter_case,
                       int *ids, int *source, size_t capacity);

#endif
