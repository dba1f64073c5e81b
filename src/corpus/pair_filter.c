#include "pair_filter.h"

#include <stdlib.h>
#include <string.h>

static double characters(utf8_text text) {
  size_t count = 0;
  for (size_t i = 0; i < text.bytes; i++) count += ((unsigned char)text.text[i] & 0xC0) != 0x80;
  return (double)count;
}

pair_fault pair_filter_check(utf8_text source, utf8_text target, double ratio) {
  const double slack = 10;
  if (source.bytes == 0 || target.bytes == 0) return PAIR_EMPTY;
  if (source.bytes == target.bytes && memcmp(source.text, target.text, source.bytes) == 0) {
    return PAIR_COPIED;
  }
  double a = characters(source), b = characters(target);
  double longer = a > b ? a : b, shorter = a > b ? b : a;
  return ratio > 0 && longer > ratio * shorter + slack ? PAIR_UNLIKE : PAIR_FINE;
}

int pair_filter_faults(text_pairs *pairs, double ratio) {
  int kept = 0, count = pairs->count;
  for (int i = 0; i < count; i++) {
    const text_pair *pair = &pairs->items[i];
    if (pair_filter_check(pair->source, pair->target, ratio) != PAIR_FINE) continue;
    pairs->items[kept++] = *pair;
  }
  pairs->count = kept;
  return count - kept;
}

/* A pair and its place among those of all files. */
typedef struct entry {
  const text_pair *pair;
  size_t place;
} entry;

static int compare_texts(utf8_text a, utf8_text b) {
  int order = memcmp(a.text, b.text, a.bytes < b.bytes ? a.bytes : b.bytes);
  return order != 0 ? order : (a.bytes > b.bytes) - (a.bytes < b.bytes);
}

static int compare_pairs(const text_pair *a, const text_pair *b) {
  int order = compare_texts(a->source, b->source);
  return order != 0 ? order : compare_texts(a->target, b->target);
}

static int compare(const void *a, const void *b) {
  const entry *left = a, *right = b;
  int order = compare_pairs(left->pair, right->pair);
  return order != 0 ? order : (left->place > right->place) - (left->place < right->place);
}

/* repeated: [pairs of all files] */
static void mark_repeated(entry *entries, size_t count, bool *repeated) {
  qsort(entries, count, sizeof *entries, compare);
  for (size_t i = 1; i < count; i++) {
    repeated[entries[i].place] = compare_pairs(entries[i - 1].pair, entries[i].pair) == 0;
  }
}

rc_status pair_filter_repeated(text_pairs *files, int count, int *dropped, rc_error *error) {
  size_t total = 0, place = 0;
  for (int f = 0; f < count; f++) total += (size_t)files[f].count;
  entry *entries = malloc((total + 1) * sizeof *entries);
  bool *repeated = calloc(total + 1, sizeof *repeated);
  bool room = entries != NULL && repeated != NULL;
  *dropped = 0;
  if (room) {
    for (int f = 0; f < count; f++) {
      for (int i = 0; i < files[f].count; i++, place++) {
        entries[place] = (entry){&files[f].items[i], place};
      }
    }
    mark_repeated(entries, total, repeated);
    place = 0;
    for (int f = 0; f < count; f++) {
      int kept = 0;
      for (int i = 0; i < files[f].count; i++) {
        if (!repeated[place++]) files[f].items[kept++] = files[f].items[i];
      }
      *dropped += files[f].count - kept;
      files[f].count = kept;
    }
  }
  free(entries);
  free(repeated);
  return room ? RC_OK : rc_fail(error, RC_ERR_MEMORY, "out of memory for pairs");
}
