#include "layer_names.h"

#include <string.h>

#include "letters.h"

/* A word of a sentence, outside of spans. */
typedef struct word {
  size_t start, end;
  int letters, capitals;
  bool capital; /* begins with one */
  bool first;   /* of a sentence, or of what may be one */
} word;

/* Reads the words between the spans. */
typedef struct word_reader {
  utf8_text text;
  const span_list *spans;
  size_t at;
  int next;   /* span */
  bool first; /* the next word is */
} word_reader;

/* Whether a sentence, a heading or something quoted may begin behind it. */
static bool is_break(uint32_t c) {
  return (c < 0x80 && c != 0 && strchr(".!?:\"([*-", (int)c) != NULL) || c == 0xAB || c == 0x2013 ||
         c == 0x2014 || c == 0x2026 || (c >= 0x201C && c <= 0x201F);
}

static bool next_word(word_reader *r, word *out) {
  *out = (word){.start = 0};
  while (r->at < r->text.bytes) {
    if (r->next < r->spans->count && r->at == r->spans->items[r->next].start) {
      if (out->letters > 0) return true;
      r->at = r->spans->items[r->next++].end;
      continue;
    }
    uint32_t c;
    const size_t length = (size_t)utf8_next(r->text.text + r->at, r->text.bytes - r->at, &c);
    const letter_class class = letters_class(c);
    if (class == LETTER_LATIN) {
      if (out->letters++ == 0) {
        out->start = r->at;
        out->capital = letters_is_upper(c);
        out->first = r->first;
        r->first = false;
      }
      out->capitals += letters_is_upper(c);
    } else if (class != LETTER_MARK) {
      if (out->letters > 0) return true;
      r->first = r->first || is_break(c);
    }
    r->at += length;
    out->end = r->at;
  }
  return out->letters > 0;
}

/* ---- what is known ---- */

/* Into how many pieces subwords cut it; 0 where they do not tell. */
static size_t count_pieces(const text_layer *layer, utf8_text text) {
  enum { BYTES_MAX = SPANS_WORD_MAX * UTF8_MAX };
  char lower[BYTES_MAX];
  size_t bytes = 0;
  if (layer->source.kind == NULL || text.bytes > BYTES_MAX) return 0;
  for (size_t at = 0; at < text.bytes;) {
    uint32_t c;
    at += (size_t)utf8_next(text.text + at, text.bytes - at, &c);
    bytes += (size_t)utf8_encode(letters_lower(c), lower + bytes);
  }
  return layer->source.kind->encode(layer->source.vocabulary, (utf8_text){lower, bytes}, NULL, NULL,
                                    0);
}

/* Whether they are so many that it can hardly have been learnt. */
static bool is_cut_up(const text_layer *layer, utf8_text text, int letters) {
  enum { PIECES_MIN = 4 };
  const size_t pieces = count_pieces(layer, text);
  return pieces >= PIECES_MIN && 2 * (size_t)letters <= 5 * pieces;
}

/* Whether a word that is known may be part of a name with one that is not: an initial, or a rare
 * word, as it is no piece by itself. */
static bool goes_with_names(const text_layer *layer, utf8_text text, int letters) {
  if (letters == 1) return *text.text != 'I' && *text.text != 'A';
  const size_t pieces = count_pieces(layer, text);
  return pieces >= 2 && 2 * (size_t)letters <= 5 * pieces;
}

static bool is_unknown(const text_layer *layer, utf8_text text, int letters) {
  const known_words *known = &layer->known;
  if (known->bytes == 0) return is_cut_up(layer, text, letters);
  if (known_words_has(known, text, KNOWN_WORD)) return false;
  const bool plural = letters > 3 && (text.text[text.bytes - 1] | 0x20) == 's';
  return !plural || !known_words_has(known, (utf8_text){text.text, text.bytes - 1}, KNOWN_WORD);
}

/* Whether it ends as English words do. */
static bool ends_like_a_word(utf8_text text) {
  static const char *const endings[] = {"ing",  "ings", "ed",   "ly",    "ness", "ion", "ions",
                                        "able", "ible", "ment", "ments", "less", "ful", "ous",
                                        "ism",  "ity",  "ive",  "ers",   "ies",  "ize"};
  for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
    const size_t bytes = strlen(endings[i]);
    if (text.bytes > bytes + 2 && memcmp(text.text + text.bytes - bytes, endings[i], bytes) == 0) {
      return true;
    }
  }
  return false;
}

/* ---- the sentence ---- */

typedef struct census {
  int words, long_words, long_capital; /* of four letters or more; with a capital in front */
  int lower;                           /* that begin without one */
  int unknown, named, beside;          /* these, names, and what may go with an unknown one */
  int plain;                           /* of the unknown, how many end like a word */
  bool capitals;                       /* there is nothing else */
} census;

static utf8_text text_of(utf8_text sentence, const word *w) {
  return (utf8_text){sentence.text + w->start, w->end - w->start};
}

static word_reader read_words(utf8_text sentence, const span_list *spans) {
  return (word_reader){.text = sentence, .spans = spans, .first = true};
}

static census count_words(const text_layer *layer, utf8_text sentence, const span_list *spans) {
  enum { LONG = 4 };
  census all = {.capitals = true};
  word_reader reader = read_words(sentence, spans);
  for (word w; next_word(&reader, &w);) {
    const utf8_text text = text_of(sentence, &w);
    all.words++;
    all.long_words += w.letters >= LONG;
    all.long_capital += w.letters >= LONG && w.capital;
    all.lower += !w.capital;
    all.capitals = all.capitals && w.capitals == w.letters;
    const bool unknown = is_unknown(layer, text, w.letters);
    const bool name = w.letters > 1 && known_words_has(&layer->known, text, KNOWN_NAME);
    if (unknown) all.plain += ends_like_a_word(text);
    all.unknown += unknown;
    all.named += !unknown && name;
    all.beside += !unknown && !name && goes_with_names(layer, text, w.letters);
  }
  return all;
}

/* All of its words, of which there are few, are names, and not all of them known ones. */
static bool is_name(const census *all) {
  enum { WORDS_MAX = 5 };
  return all->unknown > 0 && all->words <= WORDS_MAX && all->lower == 0 &&
         all->unknown + all->named + all->beside == all->words && all->plain < all->words;
}

/* Whether headings are written so. */
static bool is_heading(const census *all) {
  enum { WORDS_MIN = 3 };
  return all->long_words >= WORDS_MIN && all->long_capital == all->long_words;
}

static bool is_rare_acronym(const text_layer *layer, utf8_text text, const word *w) {
  enum { LETTERS_MIN = 3, LETTERS_MAX = 6 };
  return w->capitals == w->letters && w->letters >= LETTERS_MIN && w->letters <= LETTERS_MAX &&
         known_words_has(&layer->known, text, KNOWN_NAME) &&
         goes_with_names(layer, text, w->letters);
}

static bool may_be_name(const text_layer *layer, utf8_text text, const word *w, bool weak) {
  enum { LETTERS_MIN = 2 };
  if (is_rare_acronym(layer, text, w)) return true;
  const bool written_so = w->capital && (w->capitals == 1 || w->capitals == w->letters);
  return written_so && w->letters >= LETTERS_MIN && is_unknown(layer, text, w->letters) &&
         !(weak && ends_like_a_word(text));
}

/* Whether a single space or hyphen stands between. */
static bool is_beside(utf8_text sentence, size_t end, size_t start) {
  return start == end + 1 && (sentence.text[end] == ' ' || sentence.text[end] == '-');
}

bool layer_names_find(const text_layer *layer, utf8_text sentence, span_list *spans) {
  const census all = count_words(layer, sentence, spans);
  if (all.words == 0 || is_name(&all)) return true;
  if (all.capitals && all.words > 1) return false;
  const bool heading = is_heading(&all);
  const span_list found = *spans;
  span_list merged = {.families = {found.families[0], found.families[1]}};
  word_reader reader = read_words(sentence, &found);
  int taken = 0; /* of the spans found before */
  for (word w; next_word(&reader, &w);) {
    if (!may_be_name(layer, text_of(sentence, &w), &w, w.first || heading)) continue;
    while (taken < found.count && found.items[taken].start < w.start) {
      merged.items[merged.count++] = found.items[taken++];
    }
    found_span *last = merged.count > 0 ? &merged.items[merged.count - 1] : NULL;
    const bool name_before =
        last != NULL && (taken == 0 || last->end != found.items[taken - 1].end);
    if (name_before && is_beside(sentence, last->end, w.start)) {
      last->end = w.end;
    } else if (merged.families[SPAN_OTHER] < MARK_FAMILY) {
      merged.families[SPAN_OTHER]++;
      merged.items[merged.count++] = (found_span){w.start, w.end, SPAN_OTHER};
    }
  }
  while (taken < found.count) merged.items[merged.count++] = found.items[taken++];
  *spans = merged;
  return false;
}
