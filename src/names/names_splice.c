#include "names_splice.h"

#include <stdlib.h>
#include <string.h>

#include "names_texts.h"

/* One name among others, for sorting equals together in order of appearance. */
typedef struct entry {
  const int *ids;
  int length, label, index;
} entry;

static int compare_letters(const entry *a, const entry *b) {
  if (a->length != b->length) return a->length < b->length ? -1 : 1;
  return memcmp(a->ids, b->ids, (size_t)a->length * sizeof *a->ids);
}

static int compare_entries(const void *left, const void *right) {
  const entry *a = left, *b = right;
  int order = compare_letters(a, b);
  if (order == 0) order = (a->label > b->label) - (a->label < b->label);
  return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

/* The names of one set and then of another (may be NULL), sorted. */
static entry *sorted_entries(const name_set *one, const name_set *other, size_t *count) {
  *count = (size_t)one->count + (size_t)(other == NULL ? 0 : other->count);
  entry *entries = malloc((*count + 1) * sizeof *entries);
  if (entries == NULL) return NULL;
  for (size_t i = 0; i < *count; i++) {
    const name_set *set = i < (size_t)one->count ? one : other;
    size_t k = set == one ? i : i - (size_t)one->count;
    entries[i] = (entry){set->ids[k], set->lengths[k], set->labels[k], (int)i};
  }
  qsort(entries, *count, sizeof *entries, compare_entries);
  return entries;
}

/* Closes the gaps that `drop` marks. */
static void name_set_compact(name_set *set, const bool *drop) {
  int kept = 0;
  for (int i = 0; i < set->count; i++) {
    if (drop[i]) continue;
    set->ids[kept] = set->ids[i];
    set->lengths[kept] = set->lengths[i];
    set->labels[kept++] = set->labels[i];
  }
  set->count = kept;
}

/* A place where a name can be cut: behind the two letters of the key. */
typedef struct cut {
  uint64_t key; /* label, two letters without case */
  int name, position;
} cut;

static uint64_t lower(const alphabet *letters, int id) {
  const bool capital = letters->characters == NULL && id >= 26 && id < 52;
  return (uint64_t)(capital ? id - 26 : id);
}

static uint64_t cut_key(const name_set *set, const alphabet *letters, int name, int position) {
  enum { LETTER_BITS = 12 };
  const int *ids = set->ids[name];
  return (uint64_t)set->labels[name] << (2 * LETTER_BITS) |
         lower(letters, ids[position - 2]) << LETTER_BITS | lower(letters, ids[position - 1]);
}

static int compare_cuts(const void *left, const void *right) {
  const cut *a = left, *b = right;
  if (a->key != b->key) return a->key < b->key ? -1 : 1;
  if (a->name != b->name) return a->name < b->name ? -1 : 1;
  return (a->position > b->position) - (a->position < b->position);
}

/* All cuts, sorted by key. */
static cut *list_cuts(const name_set *set, const alphabet *letters_of, int *count) {
  size_t letters = 0;
  for (int i = 0; i < set->count; i++) letters += (size_t)set->lengths[i];
  cut *cuts = malloc((letters + 1) * sizeof *cuts);
  if (cuts == NULL) return NULL;
  *count = 0;
  for (int i = 0; i < set->count; i++) {
    for (int p = SPLICE_CONTEXT; p < set->lengths[i]; p++) {
      cuts[(*count)++] = (cut){cut_key(set, letters_of, i, p), i, p};
    }
  }
  qsort(cuts, (size_t)*count, sizeof *cuts, compare_cuts);
  return cuts;
}

/* First cut whose key is at least `key`. */
static int lower_bound(const cut *cuts, int count, uint64_t key) {
  int low = 0, high = count;
  while (low < high) {
    int middle = low + (high - low) / 2;
    if (cuts[middle].key < key)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void splice_all(name_set *out, const name_set *known, const alphabet *letters,
                       const cut *cuts, int cut_count, int wanted, double plain_rate, uint64_t seed,
                       int *next) {
  int spliced[SPLICE_LETTERS_MAX];
  rc_rng rng = rng_make(seed, 3, 0);
  for (int i = 0; i < wanted; i++) {
    int first = (int)rng_below(&rng, (uint32_t)known->count);
    int length = known->lengths[first];
    if (length <= SPLICE_CONTEXT) continue;
    int position = SPLICE_CONTEXT + (int)rng_below(&rng, (uint32_t)(length - SPLICE_CONTEXT));
    uint64_t key = cut_key(known, letters, first, position);
    int low = lower_bound(cuts, cut_count, key), high = lower_bound(cuts, cut_count, key + 1);
    const cut *other = &cuts[low + (int)rng_below(&rng, (uint32_t)(high - low))];
    int tail = known->lengths[other->name] - other->position;
    if (position + tail > SPLICE_LETTERS_MAX) continue;
    length = position + tail;
    memcpy(spliced, known->ids[first], (size_t)position * sizeof *spliced);
    memcpy(spliced + position, known->ids[other->name] + other->position,
           (size_t)tail * sizeof *spliced);
    if (plain_rate > 0 && (double)rng_uniform(&rng) < plain_rate) {
      length = names_plain(letters, spliced, length, next);
    } else {
      memcpy(next, spliced, (size_t)length * sizeof *next);
    }
    name_set_append(out, next, length, known->labels[first]);
    next += length;
  }
}

/* Drops what equals a real name or an earlier one, whatever the label. */
static rc_status drop_known(name_set *set, const name_set *known, rc_error *error) {
  size_t count;
  entry *entries = sorted_entries(known, set, &count);
  bool *drop = calloc((size_t)set->count + 1, sizeof *drop);
  rc_status status = RC_OK;
  if (entries == NULL || drop == NULL) {
    status = rc_fail(error, RC_ERR_MEMORY, "out of memory for %zu names", count);
  } else {
    size_t start = 0;
    for (size_t i = 0; i < count; i++) {
      if (i > 0 && compare_letters(&entries[i - 1], &entries[i]) != 0) start = i;
      int pseudo = entries[i].index - known->count;
      if (pseudo >= 0) drop[pseudo] = i > start;
      /* A real name sorted behind by its label still makes the first of the group known. */
      if (pseudo < 0 && entries[start].index >= known->count) {
        drop[entries[start].index - known->count] = true;
      }
    }
    name_set_compact(set, drop);
  }
  free(entries);
  free(drop);
  return status;
}

rc_status names_splice(name_set *out, const name_set *known, const alphabet *letters, int wanted,
                       double plain_rate, uint64_t seed, rc_error *error) {
  int *block, cut_count = 0;
  RC_TRY(name_set_new(out, (size_t)wanted, (size_t)wanted * SPLICE_LETTERS_MAX * NAMES_PLAIN_MAX,
                      &block, error));
  cut *cuts = list_cuts(known, letters, &cut_count);
  rc_status status = RC_OK;
  if (cuts == NULL) {
    status = rc_fail(error, RC_ERR_MEMORY, "out of memory for pseudo-names");
  } else {
    splice_all(out, known, letters, cuts, cut_count, wanted, plain_rate, seed, block);
    status = drop_known(out, known, error);
  }
  free(cuts);
  if (status != RC_OK) name_set_free(out);
  return status;
}
