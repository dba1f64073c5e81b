#ifndef RECUR_PASSAGE_H
#define RECUR_PASSAGE_H

#include "text_layer.h"

/* A text as the sentences that are translated one by one. */

typedef struct passage_sentence {
  size_t start, end; /* bytes of the text */
  layered_text text; /* as it was read; never empty */
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

/* Any bytes; what is no UTF-8 becomes U+FFFD. whole: see sentences.h. With a layer a sentence that
 * has more spans than there are placeholders is cut, and no word or span ever is. RC_ERR_RANGE for
 * a text of more than PASSAGE_BYTES_MAX bytes. Freed with passage_free, on failure too. */
rc_status passage_read(passage *out, utf8_text text, size_t whole, const text_layer *layer,
                       rc_error *error);
void passage_free(passage *p);

/* What stands between the translations of two sentences: of the index-th and the one before it;
 * with index 0 what stands before the first, and with count what stands behind the last. It is that
 * of the text, which is the one that was read: white space, and with a layer what a line begins
 * with that is no part of its sentence, "# ", "> ", "- [ ] "; or where nothing parts two sentences,
 * a space. Behind the last there is nothing, unless that is copied. */
utf8_text passage_gap(const passage *p, utf8_text text, int index);

#endif
