#include "names_alike.h"

#include <stdlib.h>
#include <string.h>

#include "fold.h"

/* An example with its name as written and as it looks without marks. */
typedef struct entry {
  utf8_text written, plain;
  int label, index;
  int group; /* the first entry, in sorted order, that looks the same */
} entry;

static int compare_texts(utf8_text a, utf8_text b) {
  const size_t shorter = a.bytes < b.bytes ? a.bytes : b.bytes;
  const int order = memcmp(a.text, b.text, shorter);
  return order != 0 ? order : (a.bytes > b.bytes) - (a.bytes < b.bytes);
}

static int by_look(const void *left, const void *right) {
  const entry *a = left, *b = right;
  int order = compare_texts(a->plain, b->plain);
  if (order == 0) order = (a->label > b->label) - (a->label < b->label);
  return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

static int by_spelling(const void *left, const void *right) {
  const entry *const *a = left, *const *b = right;
  const int order = compare_texts((*a)->written, (*b)->written);
  return order != 0 ? order : ((*a)->index > (*b)->index) - ((*a)->index < (*b)->index);
}

static int by_index(const void *left, const void *right) {
  const entry *const *a = left, *const *b = right;
  return ((*a)->index > (*b)->index) - ((*a)->index < (*b)->index);
}

/* What is needed only while the sets are made; [count] each but the bytes. */
typedef struct making {
  entry *entries;
  const entry **spellings;
  char *bytes;
} making;

static void sort_by_look(making *m, const examples *set) {
  char *plain = m->bytes;
  for (int i = 0; i < set->count; i++) {
    const example *e = &set->items[i];
    const size_t bytes = fold_text(e->text, e->bytes, plain);
    m->entries[i] = (entry){{e->text, e->bytes}, {plain, bytes}, e->label, i, 0};
    plain += bytes;
  }
  qsort(m->entries, (size_t)set->count, sizeof *m->entries, by_look);
  for (int i = 0; i < set->count; i++) {
    const bool same = i > 0 && compare_texts(m->entries[i - 1].plain, m->entries[i].plain) == 0;
    m->entries[i].group = same ? m->entries[i - 1].group : i;
  }
}

/* One example of each spelling, in the order of the data. */
static int list_spellings(making *m, int count) {
  for (int i = 0; i < count; i++) m->spellings[i] = &m->entries[i];
  qsort(m->spellings, (size_t)count, sizeof *m->spellings, by_spelling);
  int kept = 0;
  for (int i = 0; i < count; i++) {
    if (kept > 0 && compare_texts(m->spellings[kept - 1]->written, m->spellings[i]->written) == 0) {
      continue;
    }
    m->spellings[kept++] = m->spellings[i];
  }
  qsort(m->spellings, (size_t)kept, sizeof *m->spellings, by_index);
  return kept;
}

/* Writes the distinct labels of a group, or only counts them. */
static int list_labels(const making *m, int count, int group, int *labels) {
  int listed = 0;
  for (int i = group; i < count && m->entries[i].group == group; i++) {
    if (i > group && m->entries[i].label == m->entries[i - 1].label) continue;
    if (labels != NULL) labels[listed] = m->entries[i].label;
    listed++;
  }
  return listed;
}

static rc_status make(names_alike *out, making *m, const examples *set, rc_error *error) {
  sort_by_look(m, set);
  out->count = list_spellings(m, set->count);
  int total = 0;
  for (int i = 0; i < out->count; i++) {
    out->items[i] = m->spellings[i]->index;
    out->starts[i] = total;
    total += list_labels(m, set->count, m->spellings[i]->group, NULL);
  }
  out->starts[out->count] = total;
  out->labels = malloc(((size_t)total + 1) * sizeof *out->labels);
  if (out->labels == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory for scores");
  for (int i = 0; i < out->count; i++) {
    list_labels(m, set->count, m->spellings[i]->group, out->labels + out->starts[i]);
  }
  out->sets = (label_sets){out->starts, out->labels};
  return RC_OK;
}

rc_status names_alike_make(names_alike *out, const examples *set, rc_error *error) {
  const size_t room = (size_t)set->count + 1;
  size_t bytes = 1;
  for (int i = 0; i < set->count; i++) bytes += set->items[i].bytes;
  *out = (names_alike){.items = malloc(room * sizeof *out->items),
                       .starts = malloc(room * sizeof *out->starts)};
  making m = {.entries = malloc(room * sizeof *m.entries),
              .spellings = malloc(room * sizeof(entry *)),
              .bytes = malloc(bytes)};
  const bool enough = out->items != NULL && out->starts != NULL && m.entries != NULL &&
                      m.spellings != NULL && m.bytes != NULL;
  const rc_status status = enough ? make(out, &m, set, error)
                                  : rc_fail(error, RC_ERR_MEMORY, "out of memory for scores");
  free(m.entries);
  free((void *)m.spellings);
  free(m.bytes);
  return status;
}

void names_alike_free(names_alike *names) {
  free(names->items);
  free(names->starts);
  free(names->labels);
  *names = (names_alike){0};
}
