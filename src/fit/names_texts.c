#include "names_texts.h"

#include <stdlib.h>
#include <string.h>

#include "fold.h"

/* A text among others, for sorting equals together in order of appearance. */
typedef struct entry {
  const int *ids;
  int length, index;
} entry;

static int compare_letters(const entry *a, const entry *b) {
  if (a->length != b->length) return a->length < b->length ? -1 : 1;
  return memcmp(a->ids, b->ids, (size_t)a->length * sizeof *a->ids);
}

static int compare_entries(const void *left, const void *right) {
  const entry *a = left, *b = right;
  const int order = compare_letters(a, b);
  return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

/* Where the run of equal entries that starts at `from` ends. */
static int end_of_run(const entry *entries, int count, int from) {
  int to = from + 1;
  while (to < count && compare_letters(&entries[from], &entries[to]) == 0) to++;
  return to;
}

/* The id of an ASCII letter in any case, or -1. */
static int find_letter(const alphabet *letters, char letter) {
  for (int i = 0; i < letters->form_count; i++) {
    if (letters->forms[i].character == (unsigned char)letter) return letters->forms[i].id;
  }
  return -1;
}

static int plain_letter(const alphabet *letters, int id, int *out) {
  out[0] = id;
  if (letters->characters == NULL || id >= letters->letters) return 1;
  const fold folded = fold_character(letters->characters[id]);
  int count = 0;
  for (const char *c = folded.letters; *c != '\0'; c++) {
    const int plain = find_letter(letters, *c);
    if (plain >= 0) out[count++] = plain;
  }
  return count > 0 ? count : 1;
}

int names_plain(const alphabet *letters, const int *ids, int length, int *out) {
  int count = 0;
  for (int i = 0; i < length; i++) count += plain_letter(letters, ids[i], out + count);
  return count;
}

/* What is needed only while the texts are made. */
typedef struct making {
  int classes;
  entry *entries; /* [pairs], sorted: first the names themselves, then as they are without marks */
  int *block;     /* letters without marks of all texts, one after another */
  real *all;      /* [C] labels of all that look the same */
} making;

static real *target_of(const names_texts *out, int text, int classes) {
  return out->targets + (size_t)text * (size_t)classes;
}

static void add_text(names_texts *out, int text, const entry *letters, int label) {
  out->ids[text] = letters->ids;
  out->lengths[text] = letters->length;
  out->labels[text] = label;
}

/* A text for each pair, or for each name, or as many for each name as it has pairs. Targets are yet
 * 1 for each label, or for each pair. */
static void add_names(names_texts *out, const name_set *pairs, names_several several, making *m) {
  const int count = pairs->count;
  const bool each = several == NAMES_EACH, weighed = several == NAMES_WEIGHED;
  for (int i = 0; i < count; i++) m->entries[i] = (entry){pairs->ids[i], pairs->lengths[i], i};
  if (!each) qsort(m->entries, (size_t)count, sizeof *m->entries, compare_entries);
  for (int from = 0, to; from < count; from = to) {
    to = each ? from + 1 : end_of_run(m->entries, count, from);
    for (int copies = weighed ? to - from : 1; copies > 0; copies--) {
      const int text = out->count++;
      add_text(out, text, &m->entries[from], pairs->labels[m->entries[from].index]);
      out->plain[text] = -1;
      for (int i = from; i < to; i++) {
        real *share = &target_of(out, text, m->classes)[pairs->labels[m->entries[i].index]];
        *share = weighed ? *share + 1 : 1;
      }
    }
  }
}

static void normalise(real *target, int classes) {
  real sum = 0;
  for (int c = 0; c < classes; c++) sum += target[c];
  for (int c = 0; c < classes; c++) target[c] /= sum;
}

static bool has_marks(const names_texts *out, const entry *plain) {
  const entry written = {out->ids[plain->index], out->lengths[plain->index], 0};
  return compare_letters(plain, &written) != 0;
}

/* The texts of entries [from, to) are the same without marks: adds that text if any has some, and
 * lends each text the labels of the others. */
static void finish_run(names_texts *out, const making *m, int from, int to, bool lend) {
  const real lent = 0.5F;
  const size_t classes = (size_t)m->classes;
  memset(m->all, 0, classes * sizeof *m->all);
  for (int i = from; i < to; i++) {
    kernels->axpy(classes, 1, target_of(out, m->entries[i].index, m->classes), m->all);
  }
  int plain = -1;
  for (int i = from; i < to; i++) {
    const int text = m->entries[i].index;
    if (!has_marks(out, &m->entries[i])) continue;
    if (plain < 0) {
      plain = out->count + out->plain_count++;
      add_text(out, plain, &m->entries[i], out->labels[text]);
      memcpy(target_of(out, plain, m->classes), m->all, classes * sizeof *m->all);
      normalise(target_of(out, plain, m->classes), m->classes);
    }
    out->plain[text] = plain;
  }
  for (int i = from; i < to && lend; i++) {
    real *target = target_of(out, m->entries[i].index, m->classes);
    for (size_t c = 0; c < classes; c++) {
      if (target[c] == 0 && m->all[c] > 0) target[c] = lent;
    }
  }
}

static void add_plain(names_texts *out, const alphabet *letters, bool lend, making *m) {
  int *block = m->block;
  for (int i = 0; i < out->count; i++) {
    const int length = names_plain(letters, out->ids[i], out->lengths[i], block);
    m->entries[i] = (entry){block, length, i};
    block += length;
  }
  qsort(m->entries, (size_t)out->count, sizeof *m->entries, compare_entries);
  for (int from = 0, to; from < out->count; from = to) {
    to = end_of_run(m->entries, out->count, from);
    finish_run(out, m, from, to, lend);
  }
}

static void lay_out(names_texts *out, making *m, const name_set *pairs, rc_arena *arena) {
  const size_t room = 2 * (size_t)pairs->count, classes = (size_t)m->classes;
  size_t letters = 0;
  for (int i = 0; i < pairs->count; i++) letters += (size_t)pairs->lengths[i];
  out->ids = ARENA_ARRAY(arena, const int *, room);
  out->lengths = ARENA_ARRAY(arena, int, room);
  out->labels = ARENA_ARRAY(arena, int, room);
  out->plain = ARENA_ARRAY(arena, int, room);
  out->targets = ARENA_ARRAY(arena, real, room * classes);
  m->block = ARENA_ARRAY(arena, int, letters *NAMES_PLAIN_MAX);
  m->entries = ARENA_ARRAY(arena, entry, (size_t)pairs->count);
  m->all = ARENA_ARRAY(arena, real, classes);
}

rc_status names_texts_make(names_texts *out, const name_set *pairs, const alphabet *letters,
                           int classes, names_several several, bool unmarked, rc_error *error) {
  *out = (names_texts){0};
  making m = {.classes = classes};
  rc_arena need = arena_measure();
  lay_out(out, &m, pairs, &need);
  RC_TRY(arena_check(&need, "the names", error));
  RC_TRY(arena_new(&out->memory, need.used, error));
  lay_out(out, &m, pairs, &out->memory);
  rc_status status = arena_check(&out->memory, "the names", error);
  if (status != RC_OK) {
    names_texts_free(out);
    return status;
  }
  add_names(out, pairs, several, &m);
  if (unmarked) add_plain(out, letters, several != NAMES_EACH, &m);
  for (int i = 0; i < out->count; i++) normalise(target_of(out, i, classes), classes);
  return RC_OK;
}

void names_texts_free(names_texts *texts) {
  arena_free(&texts->memory);
  *texts = (names_texts){0};
}
