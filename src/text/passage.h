#ifndef RECUR_PASSAGE_H
#define RECUR_PASSAGE_H

#include "arena.h"
#include "sentences.h"
#include "utf8.h"

/* A text as the sentences that are translated one by one. */

typedef struct passage_sentence {
  size_t start, end; /* bytes of the text */
  utf8_text text;    /* normalised (normalize.h), terminated; never empty */
} passage_sentence;

typedef struct passage {
  passage_sentence *sentences; /* [count] in order; what normalising leaves nothing of is missing */
  int count;
  rc_arena memory; /* owns them, and no part of the text */
} passage;

enum {
  PASSAGE_BYTES_MAX = 1 << 20,
  PASSAGE_WHOLE = 40, /* a line of so few bytes is best translated as it stands */
};

/* Any bytes; what is no UTF-8 becomes U+FFFD. whole: see sentences.h. RC_ERR_RANGE for a text of
 * more than PASSAGE_BYTES_MAX bytes. Freed with passage_free, on failure too. */
rc_status passage_read(passage *out, utf8_text text, size_t whole, rc_error *error);
void passage_free(passage *p);

#endif
