#include "examples.h"

#include <stdlib.h>
#include <string.h>

#include "tsv.h"

/* A label's bytes and the index it has or gets. */
typedef struct label {
  const char *text;
  size_t bytes;
  int index;
} label;

static int compare_labels(const void *a, const void *b) {
  const label *left = a, *right = b;
  size_t shorter = left->bytes < right->bytes ? left->bytes : right->bytes;
  int order = memcmp(left->text, right->text, shorter);
  if (order != 0) return order;
  return (left->bytes > right->bytes) - (left->bytes < right->bytes);
}

/* Without the white space at its ends. */
static utf8_text trim(utf8_text text) {
  size_t start = text.bytes, end = 0;
  for (size_t at = 0; at < text.bytes;) {
    uint32_t character;
    const size_t next = at + (size_t)utf8_next(text.text + at, text.bytes - at, &character);
    if (!utf8_is_space(character)) {
      if (start == text.bytes) start = at;
      end = next;
    }
    at = next;
  }
  return (utf8_text){text.text + start, end > start ? end - start : 0};
}

/* Parses every line into items and tags; both have room for all that are not blank. */
static rc_status parse_lines(examples *out, tsv_lines all, label *tags, rc_error *error) {
  utf8_text line, fields[2];
  while (tsv_next(&all, &line)) {
    RC_TRY(tsv_split(&all, line, "text", "label", fields, error));
    out->items[out->count] =
        (example){.text = fields[0].text, .bytes = fields[0].bytes, .line = all.number};
    const utf8_text tag = trim(fields[1]);
    tags[out->count++] = (label){.text = tag.text, .bytes = tag.bytes};
  }
  if (out->count > 0) return RC_OK;
  return rc_fail(error, RC_ERR_FORMAT, "%s: no examples", all.name);
}

/* Sorts the labels and keeps one of each: how many. */
static int make_distinct(label *labels, int count) {
  qsort(labels, (size_t)count, sizeof *labels, compare_labels);
  int kept = 0;
  for (int i = 0; i < count; i++) {
    if (kept > 0 && compare_labels(&labels[kept - 1], &labels[i]) == 0) continue;
    labels[kept] = labels[i];
    labels[kept].index = kept;
    kept++;
  }
  return kept;
}

/* Terminated copies in one block: the pointers, then the texts. */
static rc_status copy_labels(examples *out, const label *labels, int count, rc_error *error) {
  size_t size = (size_t)count * sizeof *out->labels;
  for (int i = 0; i < count; i++) size += labels[i].bytes + 1;
  out->labels = malloc(size > 0 ? size : 1);
  if (out->labels == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory: labels");
  char *text = (char *)(out->labels + count);
  for (int i = 0; i < count; i++) {
    out->labels[labels[i].index] = text;
    memcpy(text, labels[i].text, labels[i].bytes);
    text[labels[i].bytes] = '\0';
    text += labels[i].bytes + 1;
  }
  out->label_count = count;
  return RC_OK;
}

/* tags: [out->count] the label of each item; sorted: [label_count] by compare_labels. */
static rc_status assign_labels(examples *out, const char *name, const label *tags,
                               const label *sorted, rc_error *error) {
  for (int i = 0; i < out->count; i++) {
    const label *found =
        bsearch(&tags[i], sorted, (size_t)out->label_count, sizeof *sorted, compare_labels);
    if (found == NULL) {
      return rc_fail(error, RC_ERR_FORMAT, "%s:%d: label %.*s is none of the %d known", name,
                     out->items[i].line, tags[i].bytes < 80 ? (int)tags[i].bytes : 80, tags[i].text,
                     out->label_count);
    }
    out->items[i].label = found->index;
  }
  return RC_OK;
}

/* tags, sorted: room for a label a line; sorted also for the known ones. */
static rc_status read_all(examples *out, tsv_lines all, const char *const *known, int known_count,
                          label *tags, label *sorted, rc_error *error) {
  RC_TRY(parse_lines(out, all, tags, error));
  int count = known_count;
  if (known == NULL) {
    memcpy(sorted, tags, (size_t)out->count * sizeof *sorted);
    count = make_distinct(sorted, out->count);
  } else {
    for (int i = 0; i < count; i++) {
      sorted[i] = (label){.text = known[i], .bytes = strlen(known[i]), .index = i};
    }
    qsort(sorted, (size_t)count, sizeof *sorted, compare_labels);
  }
  RC_TRY(copy_labels(out, sorted, count, error));
  return assign_labels(out, all.name, tags, sorted, error);
}

static size_t count_filled(tsv_lines all) {
  utf8_text line;
  size_t count = 0;
  while (tsv_next(&all, &line)) count++;
  return count;
}

rc_status examples_read(examples *out, const char *name, const char *bytes, size_t size,
                        const char *const *known, int known_count, rc_error *error) {
  *out = (examples){0};
  tsv_lines all;
  RC_TRY(tsv_begin(&all, name, bytes, size, error));
  size_t room = count_filled(all) + 1; /* malloc(0) may be NULL */
  size_t known_room = known == NULL ? 0 : (size_t)known_count;
  out->items = malloc(room * sizeof *out->items);
  label *tags = malloc((2 * room + known_room) * sizeof *tags);
  rc_status status = out->items == NULL || tags == NULL
                         ? rc_fail(error, RC_ERR_MEMORY, "out of memory: %zu examples", room)
                         : read_all(out, all, known, known_count, tags, tags + room, error);
  free(tags);
  if (status != RC_OK) examples_free(out);
  return status;
}

void examples_free(examples *out) {
  free(out->items);
  free(out->labels);
  *out = (examples){0};
}

rc_status examples_at(const examples *set, long index, const example **out, rc_error *error) {
  if (index < -(long)set->count || index >= set->count) {
    return rc_fail(error, RC_ERR_RANGE, "index %ld of %d examples", index, set->count);
  }
  *out = &set->items[index < 0 ? index + set->count : index];
  return RC_OK;
}
