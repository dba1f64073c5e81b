#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "layer_noise.h"
#include "layer_pair.h"
#include "passage.h"

/* Any bytes go through the text layer: spans are in order and stand in what is shown as they stood
 * in the text, a network that repeats what it reads gives back what is shown, and pairs of any two
 * texts are marked with the same placeholders on both sides. */

static const text_layer LAYER = {.used = true};

static void check_spans(const char *text, const passage_sentence *s) {
  const layered_text *read = &s->text;
  int at = 0, raw = 0;
  FUZZ_CHECK(read->span_count <= LAYER_SPANS_MAX);
  for (int i = 0; i < read->span_count; i++) {
    const layer_span *span = &read->spans[i];
    FUZZ_CHECK(at <= span->start && span->start < span->end);
    FUZZ_CHECK(raw <= span->raw_start && span->raw_start < span->raw_end);
    at = span->end;
    raw = span->raw_end;
    const size_t bytes = (size_t)(span->raw_end - span->raw_start);
    const char *from = text + s->start + span->raw_start;
    if (utf8_check(from, bytes, NULL) != RC_OK) continue;
    FUZZ_CHECK((size_t)(span->end - span->start) == bytes);
    FUZZ_CHECK(memcmp(read->shown.text + span->start, from, bytes) == 0);
  }
  FUZZ_CHECK((size_t)at <= read->shown.bytes && s->start + (size_t)raw <= s->end);
}

static void repeat(const layered_text *read, bool french) {
  const text_setting setting = {.layer = true, .french_numbers = french, .french = french};
  rc_arena arena, need = arena_measure();
  utf8_text out;
  int *places = ARENA_ARRAY(&need, int, read->marked.bytes + 1);
  FUZZ_CHECK(text_layer_restore(read->marked, read, setting, &need, &out, places, NULL, NULL) ==
             RC_OK);
  FUZZ_CHECK(arena_new(&arena, need.used, NULL) == RC_OK);
  places = ARENA_ARRAY(&arena, int, read->marked.bytes + 1);
  FUZZ_CHECK(text_layer_restore(read->marked, read, setting, &arena, &out, places, NULL, NULL) ==
             RC_OK);
  FUZZ_CHECK(utf8_check(out.text, out.bytes, NULL) == RC_OK);
  FUZZ_CHECK(places[read->marked.bytes] <= (int)out.bytes);
  /* "3 p.m.." loses one of its points. */
  if (!french && strstr(read->shown.text, "..") == NULL) {
    FUZZ_CHECK(out.bytes == read->shown.bytes);
    FUZZ_CHECK(memcmp(out.text, read->shown.text, out.bytes) == 0);
  }
  arena_free(&arena);
}

static void read_passage(const char *text, size_t bytes) {
  passage p;
  FUZZ_CHECK(passage_read(&p, (utf8_text){text, bytes}, 0, &LAYER, NULL) == RC_OK);
  size_t at = 0;
  for (int i = 0; i < p.count; i++) {
    const passage_sentence *s = &p.sentences[i];
    FUZZ_CHECK(at <= s->start && s->start < s->end && s->end <= bytes);
    at = s->end;
    FUZZ_CHECK(utf8_check(s->text.marked.text, s->text.marked.bytes, NULL) == RC_OK);
    FUZZ_CHECK(utf8_check(s->text.shown.text, s->text.shown.bytes, NULL) == RC_OK);
    FUZZ_CHECK(s->text.copied == (s->text.marked.bytes == 0));
    check_spans(text, s);
    for (int french = 0; french < 2 && !s->text.copied; french++) repeat(&s->text, french == 1);
  }
  passage_free(&p);
}

static uint32_t placeholders_in(utf8_text text) {
  uint32_t found = 0;
  for (size_t at = 0; at < text.bytes;) {
    uint32_t c;
    at += (size_t)utf8_next(text.text + at, text.bytes - at, &c);
    if (!mark_is_placeholder(c)) continue;
    FUZZ_CHECK((found >> (c - MARK_NUMBER) & 1) == 0);
    found |= (uint32_t)1 << (c - MARK_NUMBER);
  }
  return found;
}

static void mark_pair(utf8_text source, utf8_text target) {
  const layer_pairing how = {.french_target = true};
  rc_arena arena;
  marked_pair pair;
  rc_rng rng = rng_make(source.bytes, 1, 1);
  FUZZ_CHECK(arena_new(&arena, layer_pair_bytes(arena_larger(source.bytes, target.bytes)), NULL) ==
             RC_OK);
  FUZZ_CHECK(layer_pair_mark(source, target, &how, &rng, &arena, &pair, NULL) == RC_OK);
  if (pair.usable) {
    FUZZ_CHECK(placeholders_in(pair.source) == placeholders_in(pair.target));
    noisy_text sides[2] = {{malloc(pair.source.bytes + NOISE_MORE), 0},
                           {malloc(pair.target.bytes + NOISE_MORE), 0}};
    FUZZ_CHECK(sides[0].text != NULL && sides[1].text != NULL);
    layer_noise_add(pair.source, pair.target, &rng, &sides[0], &sides[1]);
    FUZZ_CHECK(sides[0].bytes <= pair.source.bytes + NOISE_MORE);
    FUZZ_CHECK(utf8_check(sides[0].text, sides[0].bytes, NULL) == RC_OK);
    free(sides[0].text);
    free(sides[1].text);
  }
  arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *text = (const char *)data;
  const size_t half = size / 2;
  read_passage(text, size);
  mark_pair((utf8_text){text, half}, (utf8_text){text + half, size - half});
  mark_pair((utf8_text){text, size}, (utf8_text){text, size});
  return 0;
}
