#include "examples.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "alphabet.h"

/* A label's bytes and the index it has or gets. */
typedef struct label {
  const char *text;
  size_t bytes;
  int index;
} label;

typedef struct lines {
  const char *name; /* of the file */
  const char *at, *end;
  int number; /* of the line last taken, from 1 */
} lines;

static int compare_labels(const void *a, const void *b) {
  const label *left = a, *right = b;
  size_t shorter = left->bytes < right->bytes ? left->bytes : right->bytes;
  int order = memcmp(left->text, right->text, shorter);
  if (order != 0) return order;
  return (left->bytes > right->bytes) - (left->bytes < right->bytes);
}

static lines begin_lines(const char *name, const char *bytes, size_t size) {
  lines all = {.name = name, .at = bytes, .end = bytes + size};
  if (size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) all.at += 3;
  return all;
}

/* The next line without its end; false after the last. */
static bool next_line(lines *all, const char **line, size_t *bytes) {
  if (all->at == all->end) return false;
  const char *feed = memchr(all->at, '\n', (size_t)(all->end - all->at));
  const char *end = feed == NULL ? all->end : feed;
  *line = all->at;
  *bytes = (size_t)(end - all->at);
  if (*bytes > 0 && end[-1] == '\r') --*bytes;
  all->at = feed == NULL ? all->end : feed + 1;
  all->number++;
  return true;
}

static bool is_blank(const char *text, size_t bytes) {
  for (size_t i = 0; i < bytes; i++) {
    if (text[i] != ' ') return false;
  }
  return true;
}

static rc_status refuse(const lines *all, const char *reason, rc_error *error) {
  return rc_fail(error, RC_ERR_FORMAT, "%s:%d: %s", all->name, all->number, reason);
}

/* White space of any kind gives no letter, and nothing else gives none. */
static bool is_empty(const char *text, size_t bytes) {
  return alphabet_encode(text, bytes, ALPHABET_CASE_KEEP, NULL, NULL, 0) == 0;
}

/* Splits a line that is not blank. */
static rc_status parse_line(const lines *all, const char *line, size_t bytes, example *item,
                            label *tag, rc_error *error) {
  rc_error why;
  if (bytes > EXAMPLES_LINE_MAX) {
    return rc_fail(error, RC_ERR_FORMAT, "%s:%d: a line of %zu bytes, allowed are %d", all->name,
                   all->number, bytes, EXAMPLES_LINE_MAX);
  }
  if (memchr(line, '\0', bytes) != NULL) return refuse(all, "a NUL byte", error);
  if (utf8_check(line, bytes, &why) != RC_OK) return refuse(all, why.text, error);
  const char *tab = memchr(line, '\t', bytes);
  if (tab == NULL) return refuse(all, "no tab between text and label", error);
  size_t left = (size_t)(tab - line), right = bytes - left - 1;
  if (memchr(tab + 1, '\t', right) != NULL) return refuse(all, "more than one tab", error);
  if (is_empty(line, left)) return refuse(all, "the text is empty", error);
  if (is_empty(tab + 1, right)) return refuse(all, "the label is empty", error);
  *item = (example){.text = line, .bytes = left, .line = all->number};
  *tag = (label){.text = tab + 1, .bytes = right};
  return RC_OK;
}

/* Parses every line into items and tags; both have room for all that are not blank. */
static rc_status parse_lines(examples *out, lines all, label *tags, rc_error *error) {
  const char *line;
  size_t bytes;
  while (next_line(&all, &line, &bytes)) {
    if (is_blank(line, bytes)) continue;
    RC_TRY(parse_line(&all, line, bytes, &out->items[out->count], &tags[out->count], error));
    out->count++;
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
static rc_status read_all(examples *out, lines all, const char *const *known, int known_count,
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

static size_t count_filled(lines all) {
  const char *line;
  size_t bytes, count = 0;
  while (next_line(&all, &line, &bytes)) count += !is_blank(line, bytes);
  return count;
}

rc_status examples_read(examples *out, const char *name, const char *bytes, size_t size,
                        const char *const *known, int known_count, rc_error *error) {
  *out = (examples){0};
  if (size > INT_MAX) {
    return rc_fail(error, RC_ERR_FORMAT, "%s: %zu bytes, allowed are %d", name, size, INT_MAX);
  }
  lines all = begin_lines(name, bytes, size);
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
