#include <stdlib.h>
#include <string.h>

#include "examples.h"

typedef const example *example_reference;

static int compare(const void *left, const void *right) {
  const example *a = *(const example *const *)left, *b = *(const example *const *)right;
  if (a->label != b->label) return a->label < b->label ? -1 : 1;
  if (a->bytes != b->bytes) return a->bytes < b->bytes ? -1 : 1;
  int order = memcmp(a->text, b->text, a->bytes);
  return order != 0 ? order : (a > b) - (a < b);
}

static bool same_pair(const example *a, const example *b) {
  return a->label == b->label && a->bytes == b->bytes && memcmp(a->text, b->text, a->bytes) == 0;
}

static rc_status no_memory(size_t count, rc_error *error) {
  return rc_fail(error, RC_ERR_MEMORY, "out of memory: %zu examples", count);
}

rc_status examples_mark_repeated(const examples *set, bool *repeated, rc_error *error) {
  size_t count = (size_t)set->count;
  const example **sorted = malloc((count + 1) * sizeof(example_reference));
  if (sorted == NULL) return no_memory(count, error);
  for (size_t i = 0; i < count; i++) sorted[i] = &set->items[i];
  qsort(sorted, count, sizeof(example_reference), compare);
  for (size_t i = 0; i < count; i++) {
    repeated[sorted[i] - set->items] = i > 0 && same_pair(sorted[i - 1], sorted[i]);
  }
  free(sorted);
  return RC_OK;
}

rc_status examples_drop_repeated(examples *set, rc_error *error) {
  size_t count = (size_t)set->count;
  bool *repeated = malloc((count + 1) * sizeof *repeated);
  if (repeated == NULL) return no_memory(count, error);
  rc_status status = examples_mark_repeated(set, repeated, error);
  int kept = 0;
  for (size_t i = 0; status == RC_OK && i < count; i++) {
    if (!repeated[i]) set->items[kept++] = set->items[i];
  }
  if (status == RC_OK) set->count = kept;
  free(repeated);
  return status;
}
