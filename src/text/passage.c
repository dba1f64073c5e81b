#include "passage.h"

#include <string.h>

#include "normalize.h"

enum { GROWTH = 3 }; /* normalize()'s at most */

typedef struct size {
  size_t count, bytes, longest;
} size;

static size measure(utf8_text text, size_t whole) {
  size found = {0};
  for (sentence s = {.whole = whole}; sentences_next(text.text, text.bytes, &s); found.count++) {
    size_t bytes = s.end - s.start;
    found.bytes += GROWTH * bytes + 1;
    found.longest = arena_larger(found.longest, bytes);
  }
  return found;
}

static rc_status read_sentences(passage *out, utf8_text text, size_t whole, char *room,
                                rc_arena *scratch, rc_error *error) {
  for (sentence s = {.whole = whole}; sentences_next(text.text, text.bytes, &s);) {
    utf8_text normal;
    arena_reset(scratch);
    RC_TRY(normalize(text.text + s.start, s.end - s.start, scratch, &normal, error));
    if (normal.bytes == 0) continue;
    memcpy(room, normal.text, normal.bytes + 1);
    out->sentences[out->count++] = (passage_sentence){s.start, s.end, {room, normal.bytes}};
    room += normal.bytes + 1;
  }
  return RC_OK;
}

rc_status passage_read(passage *out, utf8_text text, size_t whole, rc_error *error) {
  *out = (passage){0};
  if (text.bytes > PASSAGE_BYTES_MAX) {
    return rc_fail(error, RC_ERR_RANGE, "%zu bytes of text, at most %d can be translated at once",
                   text.bytes, PASSAGE_BYTES_MAX);
  }
  size room = measure(text, whole);
  rc_arena scratch;
  RC_TRY(arena_new(&out->memory,
                   room.count * sizeof *out->sentences + room.bytes + (size_t)(2 * ARENA_ALIGNMENT),
                   error));
  RC_TRY(arena_new(&scratch, normalize_bytes(room.longest), error));
  out->sentences = ARENA_ARRAY(&out->memory, passage_sentence, room.count);
  char *bytes = ARENA_ARRAY(&out->memory, char, room.bytes);
  rc_status status = read_sentences(out, text, whole, bytes, &scratch, error);
  arena_free(&scratch);
  return status;
}

void passage_free(passage *p) {
  arena_free(&p->memory);
  *p = (passage){0};
}
