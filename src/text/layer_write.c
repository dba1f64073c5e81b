#include "layer_write.h"

#include "letters.h"
#include "normalize.h"

enum { ELLIPSIS = 0x2026, OPENING_GUILLEMET = 0xAB, CLOSING_GUILLEMET = 0xBB };

size_t layer_write_valid(utf8_text text, size_t start, size_t end, char *out) {
  size_t length = 0;
  for (uint32_t c; start < end;) {
    start += (size_t)utf8_next(text.text + start, end - start, &c);
    length += (size_t)utf8_encode(c, out + length);
  }
  return length;
}

/* Writes text with its quotation marks as they are learnt. */
typedef struct folder {
  const layer_side *side;
  char *out;
  size_t length, space; /* where a space begins that was written last, or SIZE_MAX */
  bool opened;          /* a guillemet was left out, whose space goes too */
} folder;

static void put(folder *f, uint32_t c) {
  f->length += (size_t)utf8_encode(c, f->out + f->length);
}

static void put_quote(folder *f, bool opens) {
  put(f, !f->side->french ? '"' : opens ? OPENING_GUILLEMET : CLOSING_GUILLEMET);
}

/* Forms that typesetting gives letters and hyphens: the ligatures of PDF files, the full width of
 * East Asian texts. False for all else. */
static bool put_plain_form(folder *f, uint32_t c) {
  enum { LIGATURES = 0xFB00, FULL_WIDTH = 0xFF01, FULL_WIDTH_END = 0xFF5E, FROM_ASCII = 0xFEE0 };
  static const char *const ligatures[] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};
  if (c == 0x2010 || c == 0x2011) {
    put(f, '-');
  } else if (c >= LIGATURES && c < LIGATURES + sizeof ligatures / sizeof *ligatures) {
    for (const char *letter = ligatures[c - LIGATURES]; *letter != '\0'; letter++) {
      put(f, (unsigned char)*letter);
    }
  } else if (c >= FULL_WIDTH && c <= FULL_WIDTH_END) {
    put(f, c - FROM_ASCII);
  } else {
    return false;
  }
  return true;
}

static void fold(folder *f, uint32_t c) {
  const bool space = letters_class(c) == LETTER_SPACE, opened = f->opened;
  const size_t before = f->space;
  f->opened = false;
  f->space = SIZE_MAX;
  if (c >= MARK_BLOCK && c < MARK_BLOCK_END) return;
  if (space) {
    if (!opened) f->space = f->length;
    if (!opened) put(f, c);
  } else if (c >= 0x201C && c <= 0x201F) {
    put_quote(f, c == 0x201C || c == 0x201E);
  } else if (c == OPENING_GUILLEMET && !f->side->french) {
    put_quote(f, true);
    f->opened = true;
  } else if (c == CLOSING_GUILLEMET && !f->side->french) {
    if (before != SIZE_MAX) f->length = before;
    put_quote(f, false);
  } else if (c == ELLIPSIS && !f->side->french) {
    for (int i = 0; i < 3; i++) put(f, '.');
  } else if (!put_plain_form(f, c)) {
    put(f, c);
  }
}

/* out: [LAYER_GROWTH * text.bytes] */
static size_t replace(utf8_text text, const span_list *spans, const uint32_t *marks,
                      const layer_side *side, char *out) {
  folder f = {.side = side, .out = out, .space = SIZE_MAX};
  int next = 0;
  for (size_t at = 0; at < text.bytes;) {
    if (next < spans->count && at == spans->items[next].start) {
      f.opened = false;
      f.space = SIZE_MAX;
      put(&f, marks[next]);
      at = spans->items[next++].end;
      continue;
    }
    uint32_t c;
    at += (size_t)utf8_next(text.text + at, text.bytes - at, &c);
    fold(&f, c);
  }
  return f.length;
}

size_t layer_write_bytes(size_t bytes) {
  rc_arena measure = arena_measure();
  (void)arena_alloc(&measure, LAYER_GROWTH, bytes + 1);
  (void)arena_alloc(&measure, 1, normalize_bytes(LAYER_GROWTH * bytes));
  return measure.used;
}

rc_status layer_write(utf8_text text, const span_list *spans, const uint32_t *marks,
                      const layer_side *side, rc_arena *arena, utf8_text *out, rc_error *error) {
  char *replaced = arena_alloc(arena, LAYER_GROWTH, text.bytes + 1);
  RC_TRY(arena_check(arena, "a sentence", error));
  const size_t bytes = replace(text, spans, marks, side, replaced);
  RC_TRY(normalize(replaced, bytes, arena, out, error));
  if (!side->french) return RC_OK;
  const utf8_text normal = *out;
  const size_t length = normalize_french(normal.text, normal.bytes, NULL, 0);
  char *set = ARENA_ARRAY(arena, char, length + 1);
  RC_TRY(arena_check(arena, "a sentence", error));
  normalize_french(normal.text, normal.bytes, set, length);
  set[length] = '\0';
  *out = (utf8_text){set, length};
  return RC_OK;
}
