#include "layer_pair.h"

#include <string.h>

#include "casing.h"
#include "figures.h"
#include "layer_write.h"
#include "letters.h"

enum { FOUND_MAX = 64 /* spans of a side */ };

/* A span of one side. */
typedef struct item {
  found_span span;
  figure figure; /* of a number */
  bool matched;
} item;

typedef struct side {
  utf8_text text;
  bool french;
  item items[FOUND_MAX];
  int count;
  bool full; /* there are more */
} side;

/* Two spans that say the same. */
typedef struct match {
  found_span source, target;
} match;

typedef struct matches {
  match items[LAYER_SPANS_MAX];
  int families[2];
  int count;
  bool full;
} matches;

static void find_spans(side *s) {
  spans_finder finder = {.text = s->text, .french = s->french};
  for (found_span span; spans_next(&finder, &span);) {
    if (s->count == FOUND_MAX) {
      s->full = true;
      return;
    }
    item *new = &s->items[s->count++];
    *new = (item){.span = span};
    if (span.family == SPAN_NUMBER) {
      (void)figure_read(s->text, span.start, 0, s->french, &new->figure);
    }
  }
}

static bool says_the_same(const side *a, const item *x, const side *b, const item *y) {
  if (x->span.family != y->span.family) return false;
  if (x->span.family == SPAN_NUMBER) return figure_equal(&x->figure, &y->figure);
  const size_t bytes = x->span.end - x->span.start;
  return bytes == y->span.end - y->span.start &&
         memcmp(a->text.text + x->span.start, b->text.text + y->span.start, bytes) == 0;
}

static int count_same(const side *a, const item *x, const side *b) {
  int count = 0;
  for (int i = 0; i < b->count; i++) count += says_the_same(a, x, b, &b->items[i]);
  return count;
}

/* "5 h" may be "5 o'clock", of which the number alone is a span. */
static void loosen_hours(const side *source, side *target) {
  for (int i = 0; i < target->count; i++) {
    item *x = &target->items[i];
    const bool hours = x->span.family == SPAN_NUMBER && x->figure.kind == FIGURE_TIME &&
                       x->figure.hours_alone && x->figure.french;
    if (!hours || count_same(target, x, source) == count_same(target, x, target)) continue;
    const size_t digits = x->figure.text.text[1] >= '0' && x->figure.text.text[1] <= '9' ? 2 : 1;
    const utf8_text number = {x->figure.text.text, digits};
    (void)figure_read(number, 0, 0, true, &x->figure);
    x->span.end = x->span.start + digits;
  }
}

static void add_match(matches *m, const found_span *source, const found_span *target) {
  if (m->families[source->family] == MARK_FAMILY) {
    m->full = true;
    return;
  }
  m->families[source->family]++;
  m->items[m->count++] = (match){*source, *target};
}

/* The k-th that says so of one side is the k-th of the other. */
static void match_spans(side *source, side *target, matches *out) {
  for (int i = 0; i < source->count; i++) {
    const item *first = &source->items[i];
    if (first->matched) continue;
    if (count_same(source, first, source) != count_same(source, first, target)) continue;
    int next = 0;
    for (int k = i; k < source->count; k++) {
      item *x = &source->items[k];
      if (x->matched || !says_the_same(source, first, source, x)) continue;
      while (!says_the_same(source, first, target, &target->items[next])) next++;
      add_match(out, &x->span, &target->items[next].span);
      x->matched = target->items[next++].matched = true;
    }
  }
}

/* ---- names ---- */

/* The words of a side outside of all of its spans: "Paris", with one capital in front. */
typedef struct word_reader {
  const side *side;
  size_t at;
  int next;
} word_reader;

static bool next_name(word_reader *r, found_span *out) {
  enum { LETTERS_MIN = 3 };
  const utf8_text text = r->side->text;
  int letters = 0;
  bool capital = false, lower = true;
  for (;;) {
    const bool span = r->next < r->side->count && r->at >= r->side->items[r->next].span.start;
    uint32_t c = ' ';
    size_t length = 0;
    if (!span && r->at < text.bytes) {
      length = (size_t)utf8_next(text.text + r->at, text.bytes - r->at, &c);
    }
    const letter_class class = letters_class(c);
    if (class == LETTER_LATIN || class == LETTER_MARK) {
      if (letters == 0) out->start = r->at;
      if (letters == 0) capital = letters_is_upper(c);
      if (letters > 0) lower = lower && !letters_is_upper(c);
      letters++;
    } else if (letters > 0) {
      out->end = r->at;
      if (letters >= LETTERS_MIN && capital && lower) return true;
      letters = 0;
      lower = true;
    }
    if (span) {
      r->at = r->side->items[r->next++].span.end;
    } else if (r->at >= text.bytes) {
      return false;
    }
    r->at += length;
  }
}

static utf8_text text_of(const side *s, const found_span *word) {
  return (utf8_text){s->text.text + word->start, word->end - word->start};
}

static bool same_word(utf8_text a, utf8_text b) {
  return a.bytes == b.bytes && memcmp(a.text, b.text, a.bytes) == 0;
}

/* Where the word stands: at most `most` places, how many there are. */
static int find_word(const side *s, utf8_text word, found_span *places, int most) {
  int count = 0;
  word_reader reader = {.side = s};
  for (found_span found; next_name(&reader, &found);) {
    if (!same_word(text_of(s, &found), word)) continue;
    found.family = SPAN_OTHER;
    if (count < most) places[count] = found;
    count++;
  }
  return count;
}

static void match_names(const side *source, const side *target, const layer_pairing *how,
                        rc_rng *rng, matches *out) {
  enum { TIMES_MAX = 4 };
  const float share = 0.7F;
  const int before = out->count;
  word_reader reader = {.side = source};
  for (found_span name; next_name(&reader, &name);) {
    const utf8_text word = text_of(source, &name);
    if (!how->is_name(how->context, word)) continue;
    bool seen = false;
    for (int i = before; i < out->count; i++) {
      seen = seen || same_word(text_of(source, &out->items[i].source), word);
    }
    found_span from[TIMES_MAX], to[TIMES_MAX];
    const int count = seen ? 0 : find_word(source, word, from, TIMES_MAX);
    const bool alike = count > 0 && count <= TIMES_MAX && from[0].start == name.start &&
                       find_word(target, word, to, TIMES_MAX) == count;
    if (!alike || rng_uniform(rng) >= share) continue;
    if (out->families[SPAN_OTHER] + count > MARK_FAMILY) continue;
    for (int i = 0; i < count; i++) add_match(out, &from[i], &to[i]);
  }
}

/* ---- marks ---- */

/* The numbers of `count` placeholders, ascending. */
static void draw_numbers(rc_rng *rng, int count, int *numbers) {
  if (rng == NULL || rng_below(rng, 2) == 0) {
    for (int i = 0; i < count; i++) numbers[i] = i;
    return;
  }
  for (int number = 0, taken = 0; taken < count; number++) {
    const uint32_t left = (uint32_t)(MARK_FAMILY - number);
    if (rng_below(rng, left) < (uint32_t)(count - taken)) numbers[taken++] = number;
  }
}

/* In the order of the source. */
static void sort_matches(matches *m) {
  for (int i = 1; i < m->count; i++) {
    const match one = m->items[i];
    int at = i;
    for (; at > 0 && m->items[at - 1].source.start > one.source.start; at--) {
      m->items[at] = m->items[at - 1];
    }
    m->items[at] = one;
  }
}

/* A side's spans in its order, with their placeholders; numbers: [count] of the matches. */
static void list_spans(const matches *m, bool target, const uint32_t *marks, span_list *list,
                       uint32_t *list_marks) {
  *list = (span_list){.count = m->count};
  for (int i = 0; i < m->count; i++) {
    const found_span span = target ? m->items[i].target : m->items[i].source;
    int at = i;
    for (; at > 0 && list->items[at - 1].start > span.start; at--) {
      list->items[at] = list->items[at - 1];
      list_marks[at] = list_marks[at - 1];
    }
    list->items[at] = span;
    list_marks[at] = marks[i];
  }
}

static rc_status write_side(const matches *m, const side *s, bool target, const uint32_t *marks,
                            rc_arena *arena, utf8_text *out, rc_error *error) {
  span_list list;
  uint32_t list_marks[LAYER_SPANS_MAX];
  list_spans(m, target, marks, &list, list_marks);
  const layer_side how = {.french = target && s->french};
  return layer_write(s->text, &list, list_marks, &how, arena, out, error);
}

static rc_status mark_case(utf8_text normal, bool sentence, rc_arena *arena, utf8_text *out,
                           rc_error *error) {
  char *marked = arena_alloc(arena, CASING_GROWTH, normal.bytes + 1);
  RC_TRY(arena_check(arena, "a pair", error));
  const size_t bytes = casing_mark(normal, sentence, marked);
  marked[bytes] = '\0';
  *out = (utf8_text){marked, bytes};
  return RC_OK;
}

size_t layer_pair_bytes(size_t bytes) {
  enum { FRENCH = 4 }; /* growth of normalize_french */
  rc_arena measure = arena_measure();
  for (int i = 0; i < 2; i++) {
    (void)arena_alloc(&measure, 1, layer_write_bytes(bytes));
    (void)arena_alloc(&measure, (size_t)LAYER_GROWTH * FRENCH * (1 + CASING_GROWTH), bytes + 1);
  }
  (void)ARENA_ARRAY(&measure, side, 2);
  return measure.used;
}

rc_status layer_pair_mark(utf8_text source, utf8_text target, const layer_pairing *how, rc_rng *rng,
                          rc_arena *arena, marked_pair *out, rc_error *error) {
  side *sides = ARENA_ARRAY(arena, side, 2), *from = sides, *to = sides + 1;
  RC_TRY(arena_check(arena, "a pair", error));
  *out = (marked_pair){.usable = false};
  *from = (side){.text = source, .french = how->french_source};
  *to = (side){.text = target, .french = how->french_target};
  find_spans(from);
  find_spans(to);
  if (from->full || to->full) return RC_OK;
  loosen_hours(from, to);
  matches m = {.count = 0};
  match_spans(from, to, &m);
  if (m.full) return RC_OK;
  if (rng != NULL && how->is_name != NULL) match_names(from, to, how, rng, &m);
  sort_matches(&m);
  int numbers[2][MARK_FAMILY], next[2] = {0, 0};
  uint32_t marks[LAYER_SPANS_MAX];
  for (int family = 0; family < 2; family++) {
    draw_numbers(rng, m.families[family], numbers[family]);
  }
  for (int i = 0; i < m.count; i++) {
    const span_family family = m.items[i].source.family;
    const uint32_t first = family == SPAN_NUMBER ? MARK_NUMBER : MARK_OTHER;
    marks[i] = first + (uint32_t)numbers[family][next[family]++];
  }
  utf8_text plain[2];
  RC_TRY(write_side(&m, from, false, marks, arena, &plain[0], error));
  RC_TRY(write_side(&m, to, true, marks, arena, &plain[1], error));
  const bool capitals = casing_is_capitals(plain[0]) && casing_is_capitals(plain[1]);
  RC_TRY(mark_case(plain[0], capitals, arena, &out->source, error));
  RC_TRY(mark_case(plain[1], capitals, arena, &out->target, error));
  out->usable = out->source.bytes > 0 && out->target.bytes > 0;
  return RC_OK;
}
