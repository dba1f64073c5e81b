#include "pairs.h"

#include <sha2.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "normalize.h"
#include "tsv.h"

static rc_status no_memory(rc_error *error) {
  return rc_fail(error, RC_ERR_MEMORY, "out of memory for sentences");
}

size_t pairs_normalize_bytes(size_t bytes) {
  /* Normalised text is at most three times as long, French at most four times that. */
  return normalize_bytes(bytes) + 12 * bytes + (size_t)(2 * ARENA_MORE);
}

rc_status pairs_normalize(text_buffer *out, utf8_text text, bool french, rc_arena *scratch,
                          rc_error *error) {
  utf8_text normal;
  arena_reset(scratch);
  RC_TRY(normalize(text.text, text.bytes, scratch, &normal, error));
  if (french) {
    size_t bytes = normalize_french(normal.text, normal.bytes, NULL, 0);
    char *set = ARENA_ARRAY(scratch, char, bytes);
    RC_TRY(arena_check(scratch, "a sentence", error));
    normalize_french(normal.text, normal.bytes, set, bytes);
    normal = (utf8_text){set, bytes};
  }
  text_add_bytes(out, normal.text, normal.bytes);
  return out->failed ? no_memory(error) : RC_OK;
}

/* Texts lie in a buffer that moves as it grows: only their places are kept until the end. */
typedef struct span {
  size_t start, bytes;
} span;

typedef struct reading {
  tsv_lines lines;
  bool french;
  text_buffer normalized;
  rc_arena scratch; /* of one text */
} reading;

static rc_status add_text(reading *r, utf8_text text, bool target, span *place, rc_error *error) {
  size_t start = r->normalized.size;
  RC_TRY(pairs_normalize(&r->normalized, text, target && r->french, &r->scratch, error));
  *place = (span){.start = start, .bytes = r->normalized.size - start};
  if (place->bytes > 0) return RC_OK;
  return rc_fail(error, RC_ERR_FORMAT, "%s:%d: nothing is left of the %s when it is normalised",
                 r->lines.name, r->lines.number, target ? "target" : "source");
}

/* spans: [2 * lines] */
static rc_status read_lines(text_pairs *out, reading *r, span *spans, rc_error *error) {
  utf8_text line, fields[2];
  while (tsv_next(&r->lines, &line)) {
    span *places = spans + (size_t)2 * (size_t)out->count;
    RC_TRY(tsv_split(&r->lines, line, "source", "target", fields, error));
    RC_TRY(add_text(r, fields[0], false, &places[0], error));
    RC_TRY(add_text(r, fields[1], true, &places[1], error));
    out->items[out->count++] =
        (text_pair){.written = fields[0], .reference = fields[1], .line = r->lines.number};
  }
  const char *normalized = r->normalized.text;
  for (int i = 0; i < out->count; i++) {
    const span *places = spans + (size_t)2 * (size_t)i;
    out->items[i].source = (utf8_text){normalized + places[0].start, places[0].bytes};
    out->items[i].target = (utf8_text){normalized + places[1].start, places[1].bytes};
  }
  return RC_OK;
}

/* r->lines: from the first of them. */
static rc_status read_pairs(text_pairs *out, reading *r, rc_error *error) {
  size_t lines = 1, longest = 0;
  for (const char *at = r->lines.at, *end; at < r->lines.end; at = end + 1, lines++) {
    end = memchr(at, '\n', (size_t)(r->lines.end - at));
    if (end == NULL) end = r->lines.end;
    longest = arena_larger(longest, (size_t)(end - at));
  }
  if (longest > TSV_LINE_MAX) longest = TSV_LINE_MAX; /* others are refused */
  RC_TRY(arena_new(&r->scratch, pairs_normalize_bytes(longest), error));
  out->items = malloc(lines * sizeof *out->items);
  span *spans = calloc(2 * lines, sizeof *spans);
  rc_status status =
      out->items == NULL || spans == NULL ? no_memory(error) : read_lines(out, r, spans, error);
  free(spans);
  arena_free(&r->scratch);
  out->normalized = r->normalized.text;
  return status;
}

rc_status pairs_read(text_pairs *out, const char *path, bool french, rc_error *error) {
  *out = (text_pairs){0};
  size_t size;
  reading r = {.french = french};
  RC_TRY(files_read_all(path, &out->bytes, &size, error));
  SHA256Data((const uint8_t *)out->bytes, size, out->sha256);
  RC_TRY(tsv_begin(&r.lines, path, out->bytes, size, error));
  RC_TRY(read_pairs(out, &r, error));
  return out->count > 0 ? RC_OK : rc_fail(error, RC_ERR_FORMAT, "%s: no pairs", path);
}

rc_status pairs_read_piece(text_pairs *out, const char *path, char *bytes, size_t size, int lines,
                           bool french, rc_error *error) {
  *out = (text_pairs){.bytes = bytes};
  reading r = {.french = french};
  if (lines == 0) {
    RC_TRY(tsv_begin(&r.lines, path, bytes, size, error));
  } else {
    r.lines = (tsv_lines){.name = path, .at = bytes, .end = bytes + size, .number = lines};
  }
  return read_pairs(out, &r, error);
}

void pairs_free(text_pairs *pairs) {
  free(pairs->items);
  free(pairs->bytes);
  free(pairs->normalized);
  *pairs = (text_pairs){0};
}
