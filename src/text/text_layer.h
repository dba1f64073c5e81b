#ifndef RECUR_TEXT_LAYER_H
#define RECUR_TEXT_LAYER_H

#include "codec.h"
#include "known_words.h"
#include "marks.h"

/* What is not language is not translated. Between a text and the tokens of a network lies this
 * layer, which gives the network only what it is to translate:
 *
 *   text      "It's $5 at https://a.b, Paris!"
 *   marked    "⇧it's ⓪ at ①,⇧ paris!"
 *
 * where ⓪ and ① are placeholders (marks.h) of the spans (spans.h), numbered in the order of the
 * source, each family by itself, and ⇧ is a mark of case (casing.h). What the network makes of it
 * is made a text again with the spans in the places of their placeholders, each exactly once:
 * numbers as French sets them, if wanted, and all else byte for byte. It begins
 * with a capital if the source does.
 *
 * Unknown names are spans too: words with a capital that the network has never seen. So are names
 * by themselves and lines without letters, which need no network.
 *
 * Typographic quotation marks become plain ones in what is read, or guillemets in French that is
 * learnt, and "…" three points. A network that learnt without this layer is given normalised text
 * (normalize.h) and nothing else. */

enum {
  LAYER_SPANS_MAX = 2 * MARK_FAMILY, /* of a sentence */
  LAYER_CUTTING = 4000
};

/* How a network's texts are read. Read only, and may be shared by threads. */
typedef struct text_layer {
  bool used;          /* whether it learnt with this layer */
  bool french_source; /* numbers in the source are written as in French */
  /* Which words the network knows; where neither tells, there are no names. */
  known_words known;
  codec source; /* cuts what is unknown into many pieces; with LAYER_CUTTING subwords or more */
} text_layer;

typedef struct layer_span {
  uint32_t mark;          /* its placeholder */
  int start, end;         /* bytes of the text that is shown, */
  int raw_start, raw_end; /* and of the sentence as it was given */
} layer_span;

/* A sentence as it was read. */
typedef struct layered_text layered_text;
struct layered_text {
  utf8_text marked;        /* what the network is given; nothing if the text is copied */
  utf8_text shown;         /* what people are told was read; terminated, as is `marked` */
  const layer_span *spans; /* [span_count] in order */
  int span_count;
  bool capitals; /* the sentence is in capitals, and its translation is to be */
  bool copied;   /* nothing in it is to be translated */
};

/* Arena space that reading a sentence of so many bytes needs. */
size_t text_layer_bytes(size_t bytes);

/* Reads a sentence, any bytes, into the arena. taken: how many of its bytes were read; less than
 * all where the rest, which begins with no white space, has to be a sentence of its own, as it has
 * more spans than there are placeholders. NULL: all is read, and spans beyond those are left as
 * they are. Linear time. RC_ERR_MEMORY. */
rc_status text_layer_read(const text_layer *layer, utf8_text sentence, size_t *taken,
                          rc_arena *arena, layered_text *out, rc_error *error);

/* A copy in another arena, over which a measuring one only counts. */
rc_status text_layer_keep(const layered_text *read, rc_arena *arena, layered_text *out,
                          rc_error *error);

/* Ranges in the marked text to those in what is shown, never falling; a mark of case has the empty
 * range in front of its word. */
void text_layer_show_ranges(const layered_text *text, text_range *ranges, int count);

/* How people are told of a token: as the vocabulary writes it, but "⇧" and "⇪" for the marks of
 * case, and for a placeholder its span; or "N0", "X0", ... where source is NULL or lacks it. out:
 * [capacity]; returns the bytes of the whole. */
size_t text_layer_name(utf8_text token, const layered_text *source, char *out, size_t capacity);

/* Makes marked text a text again, to the arena; terminated. source: whose spans take the places of
 * their placeholders, or NULL where there are none. What is missing at the end is put behind it,
 * unless the setting is unfinished. places: [marked.bytes + 1] where in it each character is now,
 * told at its first byte, and the end. spans: [source->span_count] where the spans are, empty where
 * they are missing; or NULL. Over a measuring arena only the space is counted. */
rc_status text_layer_restore(utf8_text marked, const layered_text *source, text_setting setting,
                             rc_arena *arena, utf8_text *out, int *places, text_range *spans,
                             rc_error *error);

/* A text that is copied as its translation. */
rc_status text_layer_copy(const layered_text *text, text_setting setting, rc_arena *arena,
                          utf8_text *out, text_range *spans, rc_error *error);

#endif
