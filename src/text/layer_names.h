#ifndef RECUR_LAYER_NAMES_H
#define RECUR_LAYER_NAMES_H

#include "spans.h"
#include "text_layer.h"

/* Unknown names in a sentence, which are copied.
 *
 * A word is unknown if it did not stand in what the network learnt from, as its file tells
 * (known_words.h), nor does the word without an "s" at its end; where the file does not tell, if
 * subwords cut it into many pieces for its letters. A name has a capital, or nothing else. Where
 * every word has one, at the start of a sentence and in headings, that says little: what ends as
 * English words do is none there. Names that stand side by side are one span. An acronym of a few
 * letters is copied as well if it is a known name that subwords cut into pieces: the network has
 * met it, but hardly learnt it. */

/* The spans of a sentence in order, with room for LAYER_SPANS_MAX. */
typedef struct span_list {
  found_span items[LAYER_SPANS_MAX];
  int count, families[2]; /* how many of each */
} span_list;

/* Adds the names that stand between the spans, as far as there are placeholders. Returns whether
 * the sentence has no letter to translate: outside of spans it has none, or it is a name alone. */
bool layer_names_find(const text_layer *layer, utf8_text sentence, span_list *spans);

#endif
