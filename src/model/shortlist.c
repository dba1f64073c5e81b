#include "shortlist.h"

#include <string.h>

#include "bpe.h"
#include "checks.h"

/* The entries of a file, each an array of U16, in the order of the header. */
enum { COUNTS, TARGETS, COMMON, ENTRIES };
typedef struct entries {
  const gguf_entry *of[ENTRIES];
} entries;

/* Whether they are all there. */
static bool find(const gguf_file *file, entries *found) {
  static const char *const keys[ENTRIES] = {SHORTLIST_COUNTS, SHORTLIST_TARGETS, SHORTLIST_COMMON};
  for (int i = 0; i < ENTRIES; i++) {
    const gguf_entry *entry = gguf_find(file, keys[i]);
    if (entry == NULL || entry->type != GGUF_ARRAY || entry->element != GGUF_U16) return false;
    found->of[i] = entry;
  }
  return true;
}

size_t shortlist_bytes(const gguf_file *file) {
  entries found;
  if (!find(file, &found)) return 0;
  return found.of[TARGETS]->bytes + found.of[COMMON]->bytes +
         ((size_t)found.of[COUNTS]->count + 1) * sizeof(int) + (size_t)(3 * ARENA_MORE);
}

/* A copy of an entry's tokens; RC_ERR_FORMAT where one is none of the vocabulary's. */
static rc_status read_tokens(const gguf_entry *entry, int vocabulary, rc_arena *arena,
                             const uint16_t **out, rc_error *error) {
  uint16_t *tokens = ARENA_ARRAY(arena, uint16_t, (size_t)entry->count);
  RC_TRY(arena_check(arena, "the shortlist", error));
  *out = tokens;
  for (gguf_value v = {0}; gguf_next(entry, &v);) {
    if (v.whole >= (uint64_t)vocabulary) {
      return rc_fail(error, RC_ERR_FORMAT, "the shortlist has a token %d of %d", (int)v.whole,
                     vocabulary);
    }
    *tokens++ = (uint16_t)v.whole;
  }
  return RC_OK;
}

/* Where each source token's begin; RC_ERR_FORMAT unless they end where the targets do. */
static rc_status read_starts(const entries *found, int vocabulary, rc_arena *arena, const int **out,
                             rc_error *error) {
  const gguf_entry *counts = found->of[COUNTS];
  int *starts = ARENA_ARRAY(arena, int, (size_t)counts->count + 1);
  uint64_t sum = 0;
  RC_TRY(arena_check(arena, "the shortlist", error));
  *out = starts;
  *starts = 0;
  for (gguf_value v = {0}; gguf_next(counts, &v);) {
    sum += v.whole;
    *++starts = (int)sum; /* at most BPE_TOKENS_MAX 16-bit numbers */
  }
  if (counts->count == (uint64_t)vocabulary && sum == found->of[TARGETS]->count) return RC_OK;
  return rc_fail(error, RC_ERR_FORMAT, "the shortlist is not of %d source tokens", vocabulary);
}

rc_status shortlist_read(shortlist *out, const gguf_file *file, int source_vocabulary,
                         int target_vocabulary, rc_arena *arena, rc_error *error) {
  entries found;
  shortlist list = {.common_count = 0};
  *out = list;
  if (!find(file, &found)) return RC_OK;
  RC_TRY(read_starts(&found, source_vocabulary, arena, &list.starts, error));
  RC_TRY(read_tokens(found.of[TARGETS], target_vocabulary, arena, &list.targets, error));
  RC_TRY(read_tokens(found.of[COMMON], target_vocabulary, arena, &list.common, error));
  list.common_count = (int)found.of[COMMON]->count;
  *out = list;
  return RC_OK;
}

int shortlist_room(const shortlist *list, const placeholders *marks, int target_vocabulary,
                   const int *ids, int count) {
  int64_t most = marks->target_count;
  for (int i = 0; i < count; i++) most += list->starts[ids[i] + 1] - list->starts[ids[i]];
  return most < target_vocabulary ? (int)most : target_vocabulary;
}

enum { ANY = 1, OWN };

static void choose(const uint16_t *tokens, int count, unsigned char as, unsigned char *chosen) {
  for (int i = 0; i < count; i++) {
    if (chosen[tokens[i]] == 0) chosen[tokens[i]] = as;
  }
}

static int collect(const unsigned char *chosen, int vocabulary, unsigned char as, int *targets) {
  int found = 0;
  for (int id = 0; id < vocabulary; id++) {
    if (chosen[id] == as && id != BPE_BEGIN) targets[found++] = id;
  }
  return found;
}

int shortlist_shared(const shortlist *list, int target_vocabulary, unsigned char *chosen,
                     int *targets) {
  RC_ASSERT(list->starts != NULL);
  memset(chosen, 0, (size_t)target_vocabulary);
  choose(list->common, list->common_count, ANY, chosen);
  chosen[BPE_END] = ANY;
  return collect(chosen, target_vocabulary, ANY, targets);
}

int shortlist_choose(const shortlist *list, const placeholders *marks, int target_vocabulary,
                     const int *ids, int count, unsigned char *chosen, int *targets) {
  const int shared = shortlist_shared(list, target_vocabulary, chosen, targets);
  for (int i = 0; i < count; i++) {
    const int *start = list->starts + ids[i];
    choose(list->targets + start[0], start[1] - start[0], OWN, chosen);
  }
  const uint32_t placed = placeholders_of(marks, ids, count);
  for (int id = 0; placed != 0 && id < target_vocabulary; id++) {
    const int mark = marks->target[id];
    if (chosen[id] == 0 && mark >= 0 && (placed >> mark & 1) != 0) chosen[id] = OWN;
  }
  return shared + collect(chosen, target_vocabulary, OWN, targets + shared);
}
