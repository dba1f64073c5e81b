#include "matches.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"

/* A place in a sequence: the n-grams that begin there. */
typedef struct place {
  const uint32_t *symbols;
  size_t sequence;
} place;

/* By the next MATCHES_ORDER_MAX symbols, so that equal n-grams of any order lie together. */
static int compare(const void *a, const void *b) {
  const uint32_t *left = ((const place *)a)->symbols, *right = ((const place *)b)->symbols;
  for (int i = 0; i < MATCHES_ORDER_MAX; i++) {
    if (left[i] != right[i]) return left[i] < right[i] ? -1 : 1;
    if (left[i] == 0) return 0; /* beyond lies another sequence */
  }
  return 0;
}

size_t matches_length(const match_sequences *sequences, size_t which) {
  return sequences->starts[which + 1] - sequences->starts[which] - MATCHES_ORDER_MAX;
}

size_t matches_ngrams(const match_sequences *sequences, size_t which, int order) {
  size_t length = matches_length(sequences, which);
  return length < (size_t)order ? 0 : length - (size_t)order + 1;
}

size_t matches_bytes(size_t symbols, size_t count) {
  rc_arena measure = arena_measure();
  (void)ARENA_ARRAY(&measure, place, symbols);
  (void)ARENA_ARRAY(&measure, int64_t, count);
  return measure.used;
}

/* Whether n symbols are left in the sequence. */
static bool is_whole(const uint32_t *ngram, int n) {
  for (int i = 0; i < n; i++) {
    if (ngram[i] == 0) return false;
  }
  return true;
}

static int64_t smaller(int64_t a, int64_t b) {
  return a < b ? a : b;
}

/* Adds one n-gram's matches and forgets its counts. occurrences: [sequences]. */
static void add_matches(int64_t *occurrences, size_t sequences, int order, int n, int64_t *any,
                        int64_t *each) {
  int64_t most = 0;
  for (size_t r = 1; r < sequences; r++) {
    if (occurrences[r] > most) most = occurrences[r];
    each[(r - 1) * (size_t)order + (size_t)n - 1] += smaller(occurrences[0], occurrences[r]);
  }
  any[n - 1] += smaller(occurrences[0], most);
  memset(occurrences, 0, sequences * sizeof *occurrences);
}

rc_status matches_count(const match_sequences *sequences, int order, rc_arena *scratch,
                        int64_t *any, int64_t *each, rc_error *error) {
  RC_ASSERT(sequences->count > 0 && order <= MATCHES_ORDER_MAX);
  size_t count = sequences->count, places = 0;
  place *sorted = ARENA_ARRAY(scratch, place, sequences->starts[count]);
  int64_t *occurrences = ARENA_ARRAY(scratch, int64_t, count);
  RC_TRY(arena_check(scratch, "counting n-grams", error));
  memset(occurrences, 0, count * sizeof *occurrences);
  memset(any, 0, (size_t)order * sizeof *any);
  memset(each, 0, (count - 1) * (size_t)order * sizeof *each);
  for (size_t s = 0; s < count; s++) {
    const uint32_t *at = sequences->symbols + sequences->starts[s];
    for (; *at != 0; at++) sorted[places++] = (place){at, s};
  }
  if (places == 0) return RC_OK;
  qsort(sorted, places, sizeof *sorted, compare);
  for (int n = 1; n <= order; n++) {
    for (size_t i = 0; i < places; i++) {
      const uint32_t *ngram = sorted[i].symbols, *before = i == 0 ? NULL : sorted[i - 1].symbols;
      if (before != NULL && memcmp(ngram, before, (size_t)n * sizeof *ngram) != 0) {
        add_matches(occurrences, count, order, n, any, each);
      }
      if (is_whole(ngram, n)) occurrences[sorted[i].sequence]++;
    }
    add_matches(occurrences, count, order, n, any, each);
  }
  return RC_OK;
}
