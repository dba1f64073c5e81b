#include "lexicon.h"

#include <stdlib.h>
#include <string.h>

/* ---- pairs ---- */

/* Doubles *items until it has room for `need`. */
static rc_status grow(void **items, size_t *room, size_t need, size_t size, rc_error *error) {
  size_t larger = *room > 0 ? *room : 1024;
  while (larger < need) larger *= 2;
  if (larger == *room) return RC_OK;
  void *moved = realloc(*items, larger * size);
  if (moved == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory");
  *items = moved;
  *room = larger;
  return RC_OK;
}

rc_status lexicon_pairs_add(lexicon_pairs *pairs, const int *source, int source_length,
                            const int *target, int target_length, rc_error *error) {
  const size_t from = pairs->count == 0 ? 0 : pairs->starts[2 * pairs->count];
  const size_t middle = from + (size_t)source_length, end = middle + (size_t)target_length;
  void *ids = pairs->ids, *starts = pairs->starts;
  rc_status status = grow(&ids, &pairs->ids_room, end, sizeof *pairs->ids, error);
  pairs->ids = ids;
  RC_TRY(status);
  status = grow(&starts, &pairs->count_room, 2 * pairs->count + 3, sizeof *pairs->starts, error);
  pairs->starts = starts;
  RC_TRY(status);
  memcpy(pairs->ids + from, source, (size_t)source_length * sizeof *source);
  memcpy(pairs->ids + middle, target, (size_t)target_length * sizeof *target);
  size_t *at = pairs->starts + 2 * pairs->count++;
  at[0] = from;
  at[1] = middle;
  at[2] = end;
  return RC_OK;
}

void lexicon_pairs_free(lexicon_pairs *pairs) {
  free(pairs->ids);
  free(pairs->starts);
  *pairs = (lexicon_pairs){0};
}

typedef struct sentence {
  const int *ids;
  size_t count;
} sentence;

/* side: 0 the source, 1 the target */
static sentence side_of(const lexicon_pairs *pairs, size_t pair, size_t side) {
  const size_t *start = pairs->starts + 2 * pair + side;
  return (sentence){pairs->ids + start[0], start[1] - start[0]};
}

/* ---- the table ---- */

/* The entry of e and f, or the empty one where it belongs. */
static lexicon_entry *find(const lexicon *l, int source, int target) {
  const uint64_t key = (uint64_t)source << 32 | (uint64_t)target;
  for (size_t at = (size_t)(key * 0x9E3779B97F4A7C15u >> 24);; at++) {
    lexicon_entry *entry = &l->entries[at & l->mask];
    if (entry->probability <= 0 ||
        (entry->source == (uint32_t)source && entry->target == (uint32_t)target)) {
      return entry;
    }
  }
}

/* Room for one more; at most two thirds are taken. */
static rc_status make_room(lexicon *l, rc_error *error) {
  const size_t size = l->entries == NULL ? 0 : l->mask + 1;
  if (3 * l->count < 2 * size) return RC_OK;
  const size_t larger = size == 0 ? 1024 : 2 * size;
  lexicon moved = {.entries = calloc(larger, sizeof *moved.entries), .mask = larger - 1};
  if (moved.entries == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory");
  for (size_t i = 0; i < size; i++) {
    const lexicon_entry *entry = &l->entries[i];
    if (entry->probability <= 0) continue;
    *find(&moved, (int)entry->source, (int)entry->target) = *entry;
  }
  moved.count = l->count;
  free(l->entries);
  *l = moved;
  return RC_OK;
}

/* At first everything that stood together is as probable. */
static rc_status collect(lexicon *l, const lexicon_pairs *pairs, rc_error *error) {
  RC_TRY(make_room(l, error));
  for (size_t p = 0; p < pairs->count; p++) {
    const sentence source = side_of(pairs, p, 0), target = side_of(pairs, p, 1);
    for (size_t j = 0; j < target.count; j++) {
      for (size_t i = 0; i < source.count; i++) {
        lexicon_entry *entry = find(l, source.ids[i], target.ids[j]);
        if (entry->probability > 0) continue;
        *entry = (lexicon_entry){(uint32_t)source.ids[i], (uint32_t)target.ids[j], 1, 0};
        l->count++;
        RC_TRY(make_room(l, error));
      }
    }
  }
  return RC_OK;
}

/* expected(e, f) = sum over the pairs of t(f | e) / sum_e' t(f | e') */
static void expect(lexicon *l, const lexicon_pairs *pairs) {
  for (size_t p = 0; p < pairs->count; p++) {
    const sentence source = side_of(pairs, p, 0), target = side_of(pairs, p, 1);
    for (size_t j = 0; j < target.count; j++) {
      float sum = 0;
      for (size_t i = 0; i < source.count; i++) {
        sum += find(l, source.ids[i], target.ids[j])->probability;
      }
      for (size_t i = 0; i < source.count; i++) {
        lexicon_entry *entry = find(l, source.ids[i], target.ids[j]);
        entry->expected += entry->probability / sum;
      }
    }
  }
}

/* t(f | e) = expected(e, f) / sum_f' expected(e, f'); never 0, which stands for nothing. */
static void maximize(lexicon *l, int source_vocabulary, double *totals) {
  const float least = 1e-30f;
  memset(totals, 0, (size_t)source_vocabulary * sizeof *totals);
  for (size_t i = 0; i <= l->mask; i++) {
    const lexicon_entry *entry = &l->entries[i];
    if (entry->probability > 0) totals[entry->source] += (double)entry->expected;
  }
  for (size_t i = 0; i <= l->mask; i++) {
    lexicon_entry *entry = &l->entries[i];
    if (entry->probability <= 0) continue;
    entry->probability = (float)((double)entry->expected / totals[entry->source]);
    if (!(entry->probability > least)) entry->probability = least;
    entry->expected = 0;
  }
}

rc_status lexicon_learn(lexicon *out, const lexicon_pairs *pairs, int source_vocabulary,
                        int iterations, rc_error *error) {
  *out = (lexicon){0};
  double *totals = malloc((size_t)source_vocabulary * sizeof *totals);
  if (totals == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory");
  rc_status status = collect(out, pairs, error);
  for (int i = 0; status == RC_OK && i < iterations; i++) {
    expect(out, pairs);
    maximize(out, source_vocabulary, totals);
  }
  free(totals);
  return status;
}

void lexicon_free(lexicon *l) {
  free(l->entries);
  *l = (lexicon){0};
}

/* ---- the most probable ---- */

/* By source, then by falling probability. */
static int compare(const void *a, const void *b) {
  const lexicon_entry *x = a, *y = b;
  if (x->source != y->source) return x->source < y->source ? -1 : 1;
  if (x->probability > y->probability || x->probability < y->probability) {
    return x->probability > y->probability ? -1 : 1;
  }
  return x->target < y->target ? -1 : x->target > y->target;
}

rc_status lexicon_best(const lexicon *l, int source_vocabulary, int width, double least,
                       uint16_t *best, uint16_t *counts, rc_error *error) {
  lexicon_entry *sorted = malloc((l->count + 1) * sizeof *sorted);
  if (sorted == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory");
  size_t count = 0;
  for (size_t i = 0; i <= l->mask; i++) {
    const lexicon_entry *entry = &l->entries[i];
    if (entry->probability > 0 && (double)entry->probability >= least) sorted[count++] = *entry;
  }
  qsort(sorted, count, sizeof *sorted, compare);
  memset(counts, 0, (size_t)source_vocabulary * sizeof *counts);
  for (size_t i = 0; i < count; i++) {
    const size_t source = sorted[i].source;
    if (counts[source] == width) continue;
    best[source * (size_t)width + counts[source]++] = (uint16_t)sorted[i].target;
  }
  free(sorted);
  return RC_OK;
}
