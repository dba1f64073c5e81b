#ifndef RECUR_SPAN_WORDS_H
#define RECUR_SPAN_WORDS_H

#include "scan.h"

/* Spans (spans.h) that are like words: links, addresses, paths, and what is code rather than
 * language. Each takes what begins there; false, and anywhere, where it is none. */

/* What begins with a letter, a digit or a low line, at the start of a word. */
bool span_words_take(scan *s, uint32_t before);

/* What begins with \ / ~ or a point. */
bool span_words_path(scan *s, uint32_t before);

/* "--option", "--option=value" */
bool span_words_option(scan *s);

/* "#tag", from its sign on; "name", behind the sign of a variable; "somebody", behind an @. */
bool span_words_hashtag(scan *s);
bool span_words_name(scan *s);
bool span_words_mention(scan *s);

#endif
