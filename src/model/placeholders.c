#include "placeholders.h"

/* The first byte of the characters of private use that marks are. */
enum { PRIVATE_LEAD = 0xEE };

static int placeholder_of(utf8_text token) {
  int found = PLACEHOLDER_NONE;
  for (size_t at = 0; at < token.bytes;) {
    uint32_t c;
    at += (size_t)utf8_next(token.text + at, token.bytes - at, &c);
    if (mark_is_placeholder(c) && found == PLACEHOLDER_NONE) {
      found = (int)(c - MARK_NUMBER);
    } else if (c >= MARK_BLOCK && c < MARK_BLOCK_END && !mark_is_case(c)) {
      return PLACEHOLDER_NEVER;
    }
  }
  return found;
}

/* count: of those that stand for one. */
static rc_status find(const translator_vocabulary *v, rc_arena *arena, const int16_t **out,
                      int *count, rc_error *error) {
  int16_t *table = ARENA_ARRAY(arena, int16_t, v->count);
  uint32_t found = 0;
  RC_TRY(arena_check(arena, "the placeholders", error));
  *count = 0;
  for (size_t id = 0; id < v->count; id++) {
    const int mark = placeholder_of(v->tokens[id]);
    table[id] = (int16_t)mark;
    if (mark < 0) continue;
    found |= (uint32_t)1 << mark;
    ++*count;
  }
  table[BPE_BYTES + PRIVATE_LEAD] = PLACEHOLDER_NEVER;
  *out = table;
  if (placeholders_count(found) == PLACEHOLDERS_MAX) return RC_OK;
  return rc_fail(error, RC_ERR_FORMAT, "a vocabulary has %d of the %d placeholders",
                 placeholders_count(found), (int)PLACEHOLDERS_MAX);
}

rc_status placeholders_find(placeholders *out, const translator_vocabulary *source,
                            const translator_vocabulary *target, rc_arena *arena, rc_error *error) {
  placeholders p = {.source = NULL};
  int source_count;
  RC_TRY(find(target, arena, &p.target, &p.target_count, error));
  p.source = p.target;
  if (source->tokens != target->tokens) {
    RC_TRY(find(source, arena, &p.source, &source_count, error));
  }
  *out = p;
  return RC_OK;
}

uint32_t placeholders_of(const placeholders *p, const int *ids, int count) {
  uint32_t set = 0;
  if (p->source == NULL) return 0;
  for (int i = 0; i < count; i++) {
    const int mark = p->source[ids[i]];
    if (mark >= 0) set |= (uint32_t)1 << mark;
  }
  return set;
}
