#include "prefixes.h"

#include <string.h>

#include "letters.h"

enum { ROW = 3 /* words, whose repetition counts */ };

typedef struct word_row {
  utf8_text words[PREFIXES_WORDS_MAX];
  int count;
} word_row;

static bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/* What stands between blanks from *at on; false at the end of the text. */
static bool next_piece(utf8_text text, size_t *at, utf8_text *piece) {
  size_t start = *at;
  while (start < text.bytes && is_blank(text.text[start])) start++;
  size_t end = start;
  while (end < text.bytes && !is_blank(text.text[end])) end++;
  *at = end;
  *piece = (utf8_text){text.text + start, end - start};
  return end > start;
}

/* From the first letter or digit to the last. */
static utf8_text core_of(utf8_text piece) {
  size_t start = piece.bytes, end = 0;
  for (size_t at = 0; at < piece.bytes;) {
    uint32_t c;
    const size_t from = at;
    at += (size_t)utf8_next(piece.text + at, piece.bytes - at, &c);
    const letter_class class = letters_class(c);
    if (class != LETTER_LATIN && class != LETTER_OTHER && class != LETTER_DIGIT) continue;
    if (start > from) start = from;
    end = at;
  }
  return end == 0 ? (utf8_text){piece.text, 0} : (utf8_text){piece.text + start, end - start};
}

static void read_words(utf8_text text, word_row *out) {
  size_t at = 0;
  out->count = 0;
  for (utf8_text piece; out->count < PREFIXES_WORDS_MAX && next_piece(text, &at, &piece);) {
    const utf8_text word = core_of(piece);
    if (word.bytes > 0) out->words[out->count++] = word;
  }
}

static bool same(utf8_text a, utf8_text b) {
  return a.bytes == b.bytes && memcmp(a.text, b.text, a.bytes) == 0;
}

static bool same_row(const utf8_text *a, const utf8_text *b) {
  for (int i = 0; i < ROW; i++) {
    if (!same(a[i], b[i])) return false;
  }
  return true;
}

/* The rows of three words that stood there before. */
static int count_repeats(const word_row *row) {
  int repeats = 0;
  for (int i = 1; i + ROW <= row->count; i++) {
    bool found = false;
    for (int k = 0; k < i && !found; k++) found = same_row(&row->words[k], &row->words[i]);
    repeats += found;
  }
  return repeats;
}

/* The words of the longest sequence that both have, in order (longest common subsequence). */
static int count_common(const word_row *a, const word_row *b) {
  int lengths[PREFIXES_WORDS_MAX + 1] = {0}; /* of the words of a so far, and the first k of b */
  for (int i = 0; i < a->count; i++) {
    int diagonal = 0;
    for (int k = 1; k <= b->count; k++) {
      const int above = lengths[k];
      if (same(a->words[i], b->words[k - 1])) {
        lengths[k] = diagonal + 1;
      } else if (lengths[k - 1] > above) {
        lengths[k] = lengths[k - 1];
      }
      diagonal = above;
    }
  }
  return lengths[b->count];
}

int prefixes_of(utf8_text source, utf8_text *prefixes) {
  size_t at = 0;
  int count = 0;
  for (utf8_text piece; count < PREFIXES_MAX && next_piece(source, &at, &piece);) {
    prefixes[count++] = (utf8_text){source.text, at};
  }
  return count;
}

prefix_verdict prefixes_judge(utf8_text prefix, utf8_text translation, utf8_text before) {
  word_row source, target, shown;
  read_words(prefix, &source);
  read_words(translation, &target);
  read_words(before, &shown);
  const int more = count_repeats(&target) - count_repeats(&source);
  return (prefix_verdict){
      .source_words = source.count,
      .words = target.count,
      .repeats = more > 0 ? more : 0,
      .shown = shown.count,
      .changed = shown.count - count_common(&shown, &target),
  };
}

bool prefix_is_long(const prefix_verdict *verdict) {
  return verdict->words > 2 * verdict->source_words;
}

bool prefix_is_poor(const prefix_verdict *verdict) {
  return verdict->repeats > 0 || prefix_is_long(verdict);
}

int prefix_compare(const prefix_verdict *a, const prefix_verdict *b) {
  const bool poor = prefix_is_poor(a);
  if (poor != prefix_is_poor(b)) return poor ? -1 : 1;
  if (!poor) return b->changed - a->changed;
  if (a->repeats != b->repeats) return b->repeats - a->repeats;
  return (b->words - 2 * b->source_words) - (a->words - 2 * a->source_words);
}

void prefix_scores_add(prefix_scores *scores, const prefix_verdict *verdict) {
  scores->prefixes++;
  scores->repeated += verdict->repeats > 0;
  scores->longer += prefix_is_long(verdict);
  scores->poor += prefix_is_poor(verdict);
  scores->shown += verdict->shown;
  scores->changed += verdict->changed;
}
