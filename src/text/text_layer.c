#include "text_layer.h"

#include <string.h>

#include "casing.h"
#include "layer_names.h"
#include "layer_write.h"
#include "letters.h"
#include "normalize.h"

/* ---- which spans ---- */

/* Spans of a text as they are found. */
typedef struct collector {
  span_list spans;
  size_t row;    /* where the characters begin that no white space parts from the next span */
  int row_first; /* the first span in them */
  size_t pause;  /* behind the last white space after a pause, once there are many spans; 0: none */
} collector;

static bool is_pause(uint32_t c) {
  return c == ',' || c == ';' || c == ':' || c == '.' || c == '!' || c == '?' || c == '\n';
}

/* Reads what lies between two spans. */
static void pass_gap(collector *c, utf8_text text, size_t from, size_t to) {
  enum { MANY = MARK_FAMILY / 2 };
  for (uint32_t character, before = 0; from < to; before = character) {
    const size_t at = from;
    from += (size_t)utf8_next(text.text + from, to - from, &character);
    if (letters_class(character) != LETTER_SPACE) continue;
    c->row = from;
    c->row_first = c->spans.count;
    if ((is_pause(before) && c->spans.count >= MANY) || c->pause == at) c->pause = from;
  }
}

static void recount(span_list *spans) {
  spans->families[0] = spans->families[1] = 0;
  for (int i = 0; i < spans->count; i++) spans->families[spans->items[i].family]++;
}

/* Many spans side by side are one: what they are in is no language. */
static void join_row(collector *c, found_span *span) {
  enum { ROW_MAX = 8 };
  if (c->spans.count - c->row_first < ROW_MAX) return;
  span->start = c->row;
  span->family = SPAN_OTHER;
  c->spans.count = c->row_first;
  recount(&c->spans);
}

/* The spans of a text, up to where it has to be cut, which it returns. */
static size_t collect(const text_layer *layer, utf8_text text, bool cuts, span_list *out) {
  collector c = {.row = 0};
  spans_finder finder = {.text = text, .french = layer->french_source};
  size_t end = 0, cut = text.bytes;
  for (found_span span; spans_next(&finder, &span);) {
    pass_gap(&c, text, end, span.start);
    end = span.end;
    join_row(&c, &span);
    if (c.spans.families[span.family] == MARK_FAMILY) {
      if (!cuts) continue;
      cut = c.pause > 0 ? c.pause : c.row;
      while (c.spans.count > 0 && c.spans.items[c.spans.count - 1].end > cut) c.spans.count--;
      break;
    }
    c.spans.families[span.family]++;
    c.spans.items[c.spans.count++] = span;
  }
  recount(&c.spans);
  *out = c.spans;
  return cut;
}

/* ---- reading ---- */

static layer_span place(uint32_t mark, size_t start, size_t end, const found_span *span) {
  return (layer_span){.mark = mark,
                      .start = (int)start,
                      .end = (int)end,
                      .raw_start = (int)span->start,
                      .raw_end = (int)span->end};
}

/* What is shown: the normalised text with the spans as they stood, and where they are now. */
static void show(utf8_text sentence, const span_list *spans, utf8_text normal, char *out,
                 layer_span *placed, size_t *length) {
  int next = 0;
  for (size_t at = 0; at < normal.bytes;) {
    uint32_t c;
    const size_t bytes = (size_t)utf8_next(normal.text + at, normal.bytes - at, &c);
    if (mark_is_placeholder(c) && next < spans->count) {
      const found_span *span = &spans->items[next];
      const size_t start = *length;
      *length += layer_write_valid(sentence, span->start, span->end, out + start);
      placed[next++] = place(c, start, *length, span);
    } else {
      memcpy(out + *length, normal.text + at, bytes);
      *length += bytes;
    }
    at += bytes;
  }
  out[*length] = '\0';
}

size_t text_layer_bytes(size_t bytes) {
  rc_arena measure = arena_measure();
  (void)ARENA_ARRAY(&measure, layer_span, LAYER_SPANS_MAX);
  (void)arena_alloc(&measure, 1, layer_write_bytes(bytes));
  (void)arena_alloc(&measure, CASING_GROWTH, bytes + 1);
  (void)arena_alloc(&measure, LAYER_GROWTH, bytes + 1);
  return measure.used;
}

/* All of it stays as it is; only spans are told. */
static rc_status keep(utf8_text sentence, const span_list *spans, layer_span *placed,
                      rc_arena *arena, layered_text *out, rc_error *error) {
  char *shown = arena_alloc(arena, LAYER_GROWTH, sentence.bytes + 1);
  RC_TRY(arena_check(arena, "a sentence", error));
  size_t at = 0, length = 0;
  uint32_t marks[] = {[SPAN_NUMBER] = MARK_NUMBER, [SPAN_OTHER] = MARK_OTHER};
  for (int i = 0; i < spans->count; i++) {
    const found_span *span = &spans->items[i];
    length += layer_write_valid(sentence, at, span->start, shown + length);
    const size_t start = length;
    length += layer_write_valid(sentence, span->start, span->end, shown + length);
    placed[i] = place(marks[span->family]++, start, length, span);
    at = span->end;
  }
  length += layer_write_valid(sentence, at, sentence.bytes, shown + length);
  shown[length] = '\0';
  *out = (layered_text){.marked = {shown + length, 0},
                        .shown = {shown, length},
                        .spans = placed,
                        .span_count = spans->count,
                        .copied = true};
  return RC_OK;
}

static rc_status read_layered(const text_layer *layer, utf8_text sentence, size_t *taken,
                              rc_arena *arena, layered_text *out, rc_error *error) {
  span_list spans;
  layer_span *placed = ARENA_ARRAY(arena, layer_span, LAYER_SPANS_MAX);
  RC_TRY(arena_check(arena, "a sentence", error));
  const size_t end = collect(layer, sentence, taken != NULL, &spans);
  if (taken != NULL) *taken = end;
  sentence.bytes = end;
  if (layer_names_find(layer, sentence, &spans)) {
    return keep(sentence, &spans, placed, arena, out, error);
  }
  uint32_t marks[LAYER_SPANS_MAX],
      next[] = {[SPAN_NUMBER] = MARK_NUMBER, [SPAN_OTHER] = MARK_OTHER};
  for (int i = 0; i < spans.count; i++) marks[i] = next[spans.items[i].family]++;
  const layer_side source = {.french = false};
  utf8_text normal;
  RC_TRY(layer_write(sentence, &spans, marks, &source, arena, &normal, error));
  char *marked = arena_alloc(arena, CASING_GROWTH, sentence.bytes + 1);
  char *shown = arena_alloc(arena, LAYER_GROWTH, sentence.bytes + 1);
  RC_TRY(arena_check(arena, "a sentence", error));
  const bool sentence_in_capitals = casing_is_capitals(normal);
  size_t length = 0, bytes = casing_mark(normal, sentence_in_capitals, marked);
  marked[bytes] = '\0';
  show(sentence, &spans, normal, shown, placed, &length);
  *out = (layered_text){.marked = {marked, bytes},
                        .shown = {shown, length},
                        .spans = placed,
                        .span_count = spans.count,
                        .capitals = sentence_in_capitals || casing_is_all_capitals(normal)};
  return RC_OK;
}

rc_status text_layer_read(const text_layer *layer, utf8_text sentence, size_t *taken,
                          rc_arena *arena, layered_text *out, rc_error *error) {
  if (layer->used) return read_layered(layer, sentence, taken, arena, out, error);
  utf8_text normal;
  RC_TRY(normalize(sentence.text, sentence.bytes, arena, &normal, error));
  if (taken != NULL) *taken = sentence.bytes;
  *out = (layered_text){.marked = normal, .shown = normal};
  return RC_OK;
}

static utf8_text copy(utf8_text text, rc_arena *arena) {
  char *copied = ARENA_ARRAY(arena, char, text.bytes + 1);
  if (copied != NULL) memcpy(copied, text.text, text.bytes + 1);
  return (utf8_text){copied, text.bytes};
}

rc_status text_layer_keep(const layered_text *read, rc_arena *arena, layered_text *out,
                          rc_error *error) {
  const size_t spans = (size_t)read->span_count;
  layered_text kept = *read;
  kept.shown = copy(read->shown, arena);
  kept.marked = read->marked.text == read->shown.text ? kept.shown : copy(read->marked, arena);
  layer_span *copied = spans == 0 ? NULL : ARENA_ARRAY(arena, layer_span, spans);
  if (copied != NULL) memcpy(copied, read->spans, spans * sizeof *copied);
  kept.spans = copied;
  *out = kept;
  return arena_check(arena, "a sentence", error);
}
