#include "passage.h"

#include "scan.h"
#include "sentences.h"
#include "spans.h"

/* Sentences are read twice: to measure what they take, and to keep them. */
typedef struct reading {
  const text_layer *layer;
  utf8_text text;
  spans_finder finder; /* of all spans, with a layer */
  found_span span;     /* that it found last */
  rc_arena scratch;    /* of one sentence */
  rc_arena *memory;    /* of all */
  passage *out;
} reading;

static rc_status keep(reading *r, size_t start, size_t end, const layered_text *read,
                      rc_error *error) {
  layered_text kept;
  RC_TRY(text_layer_keep(read, r->memory, &kept, error));
  if (r->out->sentences != NULL) {
    r->out->sentences[r->out->count] = (passage_sentence){start, end, kept};
  }
  r->out->count++;
  return RC_OK;
}

/* The end of text[start, end) without the white space at its end. */
static size_t without_space(utf8_text text, size_t start, size_t end) {
  size_t kept = start;
  for (size_t at = start; at < end;) {
    uint32_t c;
    at += (size_t)utf8_next(text.text + at, end - at, &c);
    if (!utf8_is_space(c)) kept = at;
  }
  return kept;
}

static rc_status read_layered(reading *r, utf8_text text, size_t *taken, layered_text *out,
                              rc_error *error) {
  arena_reset(&r->scratch);
  return text_layer_read(r->layer, text, taken, &r->scratch, out, error);
}

/* A sentence, which may have to be several. */
static rc_status read_sentence(reading *r, size_t start, size_t end, rc_error *error) {
  for (size_t taken; start < end; start += taken) {
    layered_text read;
    utf8_text rest = {r->text.text + start, end - start};
    RC_TRY(read_layered(r, rest, &taken, &read, error));
    if (taken < rest.bytes) { /* without the white space where it was cut */
      rest.bytes = without_space(r->text, start, start + taken) - start;
      RC_TRY(read_layered(r, rest, NULL, &read, error));
    }
    if (read.shown.bytes > 0) RC_TRY(keep(r, start, start + rest.bytes, &read, error));
  }
  return RC_OK;
}

/* Whether a span lies on both sides of a place. The places that are asked for never fall. */
static bool is_inside(reading *r, size_t place) {
  while (r->layer->used && r->span.end <= place && spans_next(&r->finder, &r->span)) continue;
  return r->span.start < place && place < r->span.end;
}

static bool is_bullet(uint32_t c) {
  return c == '-' || c == '*' || c == '+' || c == 0x2022 || c == 0x2023 || c == 0x2013 ||
         c == 0x25E6 || c == 0x25AA;
}

/* "# ", "> ", "- ", "[x] ": what a line begins with that is not read. */
static bool take_marker(scan *s) {
  enum { LEVELS = 6 };
  if (scan_take(s, '[')) {
    if (!scan_take(s, ' ') && !scan_take(s, 'x') && !scan_take(s, 'X')) return false;
    if (!scan_take(s, ']')) return false;
  } else if (is_bullet(scan_peek(s))) {
    scan_skip(s);
  } else {
    const uint32_t level = scan_peek(s);
    if (level != '#' && level != '>') return false;
    for (int i = 0; i < LEVELS && scan_take(s, level); i++) continue;
  }
  return scan_take_space(s);
}

/* Where a line's sentence begins behind all of those, unless there is nothing behind them. */
static size_t pass_markers(utf8_text text, size_t start, size_t end) {
  scan s = {{text.text, end}, start}, next = s;
  while (take_marker(&next)) {
    while (scan_take_space(&next)) continue;
    s = next;
  }
  return s.at < end ? s.at : start;
}

/* The next sentence, which ends at no white space that is a span's; *start: where it begins. */
static bool next_sentence(reading *r, sentence *s, size_t *start) {
  const bool line = s->end == 0 || s->ends_line;
  if (!sentences_next(r->text.text, r->text.bytes, s)) return false;
  *start = s->start;
  if (line && r->layer->used) *start = pass_markers(r->text, s->start, s->end);
  bool more = true;
  while (more && !s->ends_line && is_inside(r, s->end)) {
    more = sentences_next(r->text.text, r->text.bytes, s);
  }
  return true;
}

static sentence begin(reading *r, size_t whole) {
  r->finder = (spans_finder){.text = r->text, .french = r->layer->french_source};
  r->span = (found_span){.start = 0};
  return (sentence){.whole = whole, .unbroken = r->layer->used};
}

static rc_status read_sentences(reading *r, size_t whole, rc_error *error) {
  r->out->count = 0;
  size_t start;
  for (sentence s = begin(r, whole); next_sentence(r, &s, &start);) {
    RC_TRY(read_sentence(r, start, s.end, error));
  }
  return RC_OK;
}

static rc_status read(reading *r, size_t whole, rc_error *error) {
  rc_arena need = arena_measure();
  r->memory = &need;
  RC_TRY(read_sentences(r, whole, error));
  const size_t count = (size_t)r->out->count;
  (void)ARENA_ARRAY(&need, passage_sentence, count);
  r->memory = &r->out->memory;
  RC_TRY(arena_new(r->memory, need.used, error));
  r->out->sentences = ARENA_ARRAY(r->memory, passage_sentence, count);
  return read_sentences(r, whole, error);
}

rc_status passage_read(passage *out, utf8_text text, size_t whole, const text_layer *layer,
                       rc_error *error) {
  *out = (passage){0};
  if (text.bytes > PASSAGE_BYTES_MAX) {
    return rc_fail(error, RC_ERR_RANGE, "%zu bytes of text, at most %d can be translated at once",
                   text.bytes, PASSAGE_BYTES_MAX);
  }
  reading r = {.layer = layer, .text = text, .out = out};
  size_t longest = 0, start;
  for (sentence s = begin(&r, whole); next_sentence(&r, &s, &start);) {
    longest = arena_larger(longest, s.end - start);
  }
  RC_TRY(arena_new(&r.scratch, text_layer_bytes(longest), error));
  rc_status status = read(&r, whole, error);
  arena_free(&r.scratch);
  return status;
}

void passage_free(passage *p) {
  arena_free(&p->memory);
  *p = (passage){0};
}

/* Whether a text is to be seen, or white space. */
static bool is_clean(utf8_text text) {
  for (size_t at = 0; at < text.bytes;) {
    uint32_t c;
    at += (size_t)utf8_next(text.text + at, text.bytes - at, &c);
    const bool control = c < 0x20 || (c >= 0x7F && c < 0xA0) || c == UTF8_REPLACEMENT;
    if (control && !utf8_is_space(c)) return false;
  }
  return true;
}

utf8_text passage_gap(const passage *p, utf8_text text, int index) {
  const size_t start = index > 0 ? p->sentences[index - 1].end : 0;
  const size_t end = index < p->count ? p->sentences[index].start : text.bytes;
  const utf8_text gap = {text.text + start, end - start};
  const bool between = index > 0 && index < p->count;
  const bool dropped = index == p->count && index > 0 && !p->sentences[index - 1].text.copied;
  if (p->count > 0 && gap.bytes > 0 && !dropped && is_clean(gap)) return gap;
  return (utf8_text){" ", between ? 1 : 0};
}
