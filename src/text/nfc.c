#include "nfc.h"

#include <string.h>

#include "nfc_table.h"

/* Hangul syllables are computed: L V and L V T (The Unicode Standard, chapter 3.12). */
enum {
  L_FIRST = 0x1100,
  V_FIRST = 0x1161,
  T_BEFORE = 0x11A7, /* one before the first T: no T is T number 0 */
  L_COUNT = 19,
  V_COUNT = 21,
  T_COUNT = 28,
  SYLLABLE_FIRST = 0xAC00,
  SYLLABLE_COUNT = L_COUNT * V_COUNT * T_COUNT
};

/* Characters are at most 21 bits: here the combining class lies above them. */
enum { CLASS_SHIFT = 24, CHARACTER_MASK = 0xFFFFFF, CLASSES = 256, SECONDS_MAX = 8 };

typedef struct composite {
  uint32_t code, first;
  uint8_t second; /* into nfc_seconds, 0 for none */
  uint16_t next;  /* the next with this second, NFC_COMPOSITES after the last */
} composite;

typedef struct class_range {
  uint32_t from, to;
  uint8_t class;
} class_range;

typedef struct tables {
  composite composites[NFC_COMPOSITES]; /* by code */
  class_range classes[NFC_RANGES];      /* by code */
  uint16_t with_second[NFC_COMPOSING + 1];
} tables;

static uint32_t take_number(const unsigned char **at) {
  uint32_t value = 0;
  for (int shift = 0;; shift += 7) {
    unsigned byte = *(*at)++;
    value |= (uint32_t)(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
}

static void unpack(tables *t) {
  const unsigned char *at = nfc_decompositions;
  uint32_t code = 0, first = 0;
  for (int i = 0; i <= NFC_COMPOSING; i++) t->with_second[i] = NFC_COMPOSITES;
  for (int i = 0; i < NFC_COMPOSITES; i++) {
    code += take_number(&at);
    uint32_t zigzag = take_number(&at);
    first += (zigzag >> 1) ^ (0u - (zigzag & 1));
    uint8_t second = *at++;
    t->composites[i] = (composite){code, first, second, NFC_COMPOSITES};
    if (second == 0 || second > NFC_COMPOSING) continue;
    t->composites[i].next = t->with_second[second];
    t->with_second[second] = (uint16_t)i;
  }
  at = nfc_classes;
  code = 0;
  for (int i = 0; i < NFC_RANGES; i++) {
    uint32_t from = code + take_number(&at), to = from + take_number(&at);
    t->classes[i] = (class_range){from, to, *at++};
    code = to + 1;
  }
}

/* The character with its combining class above it. */
static uint32_t with_class(const tables *t, uint32_t character) {
  int low = 0, high = NFC_RANGES;
  while (low < high) {
    int middle = (low + high) / 2;
    if (t->classes[middle].to < character) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == NFC_RANGES || character < t->classes[low].from) return character;
  return (uint32_t)t->classes[low].class << CLASS_SHIFT | character;
}

static const composite *find_composite(const tables *t, uint32_t code) {
  int low = 0, high = NFC_COMPOSITES;
  while (low < high) {
    int middle = (low + high) / 2;
    if (t->composites[middle].code < code) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < NFC_COMPOSITES && t->composites[low].code == code ? &t->composites[low] : NULL;
}

/* Writes the full decomposition to `out`, or only counts it if that is NULL. */
static size_t decompose(const tables *t, uint32_t character, uint32_t *out) {
  uint32_t syllable = character - SYLLABLE_FIRST;
  if (syllable < SYLLABLE_COUNT) {
    uint32_t final = syllable % T_COUNT;
    if (out != NULL) {
      out[0] = L_FIRST + syllable / (V_COUNT * T_COUNT);
      out[1] = V_FIRST + syllable / T_COUNT % V_COUNT;
      if (final != 0) out[2] = T_BEFORE + final;
    }
    return final != 0 ? 3 : 2;
  }
  /* Only first characters decompose further. */
  uint32_t seconds[SECONDS_MAX];
  size_t pending = 0, count = 1;
  for (const composite *c; (c = find_composite(t, character)) != NULL; character = c->first) {
    if (c->second != 0 && pending < SECONDS_MAX) seconds[pending++] = nfc_seconds[c->second];
  }
  if (out != NULL) out[0] = with_class(t, character);
  for (; pending > 0; count++) {
    uint32_t second = seconds[--pending];
    if (out != NULL) out[count] = with_class(t, second);
  }
  return count;
}

/* Sorts each run of marks by class, equal ones as they stand. */
static void order_marks(uint32_t *characters, size_t count, uint32_t *scratch) {
  for (size_t from = 0, to; from < count; from = to + 1) {
    bool sorted = true;
    for (to = from; to < count && characters[to] >> CLASS_SHIFT != 0; to++) {
      sorted = sorted &&
               (to == from || characters[to] >> CLASS_SHIFT >= characters[to - 1] >> CLASS_SHIFT);
    }
    if (sorted) continue;
    size_t places[CLASSES + 1] = {0};
    for (size_t i = from; i < to; i++) places[(characters[i] >> CLASS_SHIFT) + 1]++;
    for (int c = 0; c < CLASSES; c++) places[c + 1] += places[c];
    for (size_t i = from; i < to; i++) {
      scratch[places[characters[i] >> CLASS_SHIFT]++] = characters[i];
    }
    memcpy(characters + from, scratch, (to - from) * sizeof *characters);
  }
}

/* The composite of a starter and what follows it, or 0. */
static uint32_t composed(const tables *t, uint32_t first, uint32_t second) {
  if (first - L_FIRST < L_COUNT && second - V_FIRST < V_COUNT) {
    return SYLLABLE_FIRST + ((first - L_FIRST) * V_COUNT + second - V_FIRST) * T_COUNT;
  }
  uint32_t syllable = first - SYLLABLE_FIRST, final = second - T_BEFORE;
  if (syllable < SYLLABLE_COUNT && syllable % T_COUNT == 0 && final > 0 && final < T_COUNT) {
    return first + final;
  }
  int low = 1, high = NFC_COMPOSING + 1;
  while (low < high) {
    int middle = (low + high) / 2;
    if (nfc_seconds[middle] < second) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low > NFC_COMPOSING || nfc_seconds[low] != second) return 0;
  for (int i = t->with_second[low]; i < NFC_COMPOSITES; i = t->composites[i].next) {
    if (t->composites[i].first == first) return t->composites[i].code;
  }
  return 0;
}

/* Composes in place; returns how many characters are left. A mark is blocked from its starter by
 * one of its own class that stayed between them, a starter by anything that did. */
static size_t compose(const tables *t, uint32_t *characters, size_t count) {
  size_t kept = 0, starter = 0;
  bool has_starter = false;
  for (size_t i = 0; i < count; i++) {
    uint32_t class = characters[i] >> CLASS_SHIFT;
    bool adjacent = kept == starter + 1;
    if (has_starter && (adjacent || characters[kept - 1] >> CLASS_SHIFT < class)) {
      uint32_t whole = composed(t, characters[starter], characters[i] & CHARACTER_MASK);
      if (whole != 0) {
        characters[starter] = whole; /* composites are starters: their class is 0 */
        continue;
      }
    }
    if (class == 0) {
      starter = kept;
      has_starter = true;
    }
    characters[kept++] = characters[i];
  }
  return kept;
}

size_t nfc_bytes(size_t bytes) {
  /* At most three characters for two bytes (U+0390), three bytes for one (U+1D160). */
  rc_arena measure = arena_measure();
  (void)ARENA_ARRAY(&measure, tables, 1);
  (void)ARENA_ARRAY(&measure, uint32_t, bytes + bytes / 2);
  (void)ARENA_ARRAY(&measure, uint32_t, bytes + bytes / 2);
  (void)arena_alloc(&measure, bytes, 3);
  (void)ARENA_ARRAY(&measure, char, 1);
  return measure.used;
}

rc_status nfc(const char *text, size_t bytes, rc_arena *arena, utf8_text *out, rc_error *error) {
  tables *t = ARENA_ARRAY(arena, tables, 1);
  RC_TRY(arena_check(arena, "the tables of the normal form", error));
  unpack(t);
  size_t count = 0;
  uint32_t character;
  for (size_t at = 0; at < bytes;) {
    at += (size_t)utf8_next(text + at, bytes - at, &character);
    count += decompose(t, character, NULL);
  }
  uint32_t *characters = ARENA_ARRAY(arena, uint32_t, count);
  uint32_t *scratch = ARENA_ARRAY(arena, uint32_t, count);
  RC_TRY(arena_check(arena, "the characters of a text", error));
  count = 0;
  for (size_t at = 0; at < bytes;) {
    at += (size_t)utf8_next(text + at, bytes - at, &character);
    count += decompose(t, character, characters + count);
  }
  order_marks(characters, count, scratch);
  count = compose(t, characters, count);

  size_t length = 0;
  char encoded[UTF8_MAX];
  for (size_t i = 0; i < count; i++) {
    length += (size_t)utf8_encode(characters[i] & CHARACTER_MASK, encoded);
  }
  char *written = ARENA_ARRAY(arena, char, length + 1);
  RC_TRY(arena_check(arena, "a normalised text", error));
  *out = (utf8_text){written, length};
  for (size_t i = 0; i < count; i++) {
    written += utf8_encode(characters[i] & CHARACTER_MASK, written);
  }
  *written = '\0';
  return RC_OK;
}

rc_status nfc_decompose(uint32_t character, uint32_t *parts, int *count, rc_error *error) {
  rc_arena memory;
  RC_TRY(arena_new(&memory, sizeof(tables), error));
  tables *t = ARENA_ARRAY(&memory, tables, 1);
  rc_status status = arena_check(&memory, "the tables of the normal form", error);
  if (status == RC_OK) {
    unpack(t);
    *count = (int)decompose(t, character, parts);
    for (int i = 0; i < *count; i++) parts[i] &= CHARACTER_MASK;
  }
  arena_free(&memory);
  return status;
}
