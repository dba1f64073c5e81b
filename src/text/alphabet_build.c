#include "alphabet_build.h"

#include <string.h>

/* Decodes up to `room` characters; -1 for more, or for none where there should be some. */
static int decode(utf8_text text, uint32_t *characters, int room) {
  int count = 0;
  for (size_t at = 0; at < text.bytes;) {
    if (count == room) return -1;
    int length = utf8_decode(text.text + at, text.bytes - at, &characters[count++]);
    if (length == 0) return -1;
    at += (size_t)length;
  }
  return count;
}

static rc_status refuse(const char *what, int id, rc_error *error) {
  return rc_fail(error, RC_ERR_FORMAT, "letter %d of the alphabet %s", id, what);
}

static rc_status add_letter(int id, utf8_text text, uint32_t *characters, alphabet_form *forms,
                            int *form_count, rc_error *error) {
  uint32_t read[ALPHABET_FORMS_MAX];
  const int count = decode(text, read, ALPHABET_FORMS_MAX);
  if (count < 1) return refuse("is not a few characters of UTF-8", id, error);
  characters[id] = read[0];
  for (int i = 0; i < count; i++) forms[(*form_count)++] = (alphabet_form){read[i], id};
  return RC_OK;
}

/* Shell's sort, with the gaps of Knuth: there may be a hundred thousand. */
static void sort_forms(alphabet_form *forms, int count) {
  int gap = 1;
  while (gap < count / 3) gap = 3 * gap + 1;
  for (; gap > 0; gap /= 3) {
    for (int i = gap; i < count; i++) {
      const alphabet_form form = forms[i];
      int at = i;
      for (; at >= gap && forms[at - gap].character > form.character; at -= gap) {
        forms[at] = forms[at - gap];
      }
      forms[at] = form;
    }
  }
}

static rc_status check_distinct(const alphabet_form *forms, int count, rc_error *error) {
  for (int i = 1; i < count; i++) {
    if (forms[i].character != forms[i - 1].character) continue;
    return refuse("has a character twice, or one of another", forms[i].id, error);
  }
  return RC_OK;
}

static rc_status add_spelling(const alphabet *known, int id, utf8_text text,
                              alphabet_spelling *spellings, int *count, rc_error *error) {
  uint32_t read[1 + ALPHABET_MARKS_MAX];
  const int characters = decode(text, read, 1 + ALPHABET_MARKS_MAX);
  if (characters == 0) return RC_OK;
  const int base = characters < 2 ? known->letters : alphabet_find(known, read[0]);
  if (base == known->letters || base == id)
    return refuse("is not spelt as another with marks", id, error);
  alphabet_spelling *s = &spellings[(*count)++];
  *s = (alphabet_spelling){.id = id, .base = base, .mark_count = characters - 1};
  memcpy(s->marks, read + 1, (size_t)(characters - 1) * sizeof *s->marks);
  return RC_OK;
}

rc_status alphabet_build(alphabet *out, const utf8_text *letters, const utf8_text *spellings,
                         int count, rc_arena *arena, rc_error *error) {
  *out = (alphabet){0};
  if (count < 1 || count > ALPHABET_LEARNT_MAX) {
    return rc_fail(error, RC_ERR_FORMAT, "the alphabet has %d letters, allowed is 1 to %d", count,
                   ALPHABET_LEARNT_MAX);
  }
  const size_t n = (size_t)count;
  uint32_t *characters = ARENA_ARRAY(arena, uint32_t, n);
  alphabet_form *forms = ARENA_ARRAY(arena, alphabet_form, n * ALPHABET_FORMS_MAX);
  alphabet_spelling *spelt = ARENA_ARRAY(arena, alphabet_spelling, n);
  if (characters == NULL || forms == NULL || spelt == NULL) {
    return arena_check(arena, "the alphabet", error);
  }
  int form_count = 0, spelling_count = 0;
  for (int id = 0; id < count; id++) {
    RC_TRY(add_letter(id, letters[id], characters, forms, &form_count, error));
  }
  sort_forms(forms, form_count);
  RC_TRY(check_distinct(forms, form_count, error));
  const alphabet known = {.letters = count, .forms = forms, .form_count = form_count};
  for (int id = 0; id < count; id++) {
    RC_TRY(add_spelling(&known, id, spellings[id], spelt, &spelling_count, error));
  }
  *out = (alphabet){.letters = count,
                    .characters = characters,
                    .forms = forms,
                    .spellings = spelt,
                    .form_count = form_count,
                    .spelling_count = spelling_count};
  return RC_OK;
}

void alphabet_describe(const alphabet *a, int id, char characters[ALPHABET_TEXT_MAX],
                       char spelling[ALPHABET_TEXT_MAX]) {
  char *to = characters + utf8_encode(a->characters[id], characters);
  for (int i = 0; i < a->form_count; i++) {
    const alphabet_form *form = &a->forms[i];
    if (form->id == id && form->character != a->characters[id]) {
      to += utf8_encode(form->character, to);
    }
  }
  *to = '\0';
  to = spelling;
  for (int i = 0; i < a->spelling_count; i++) {
    const alphabet_spelling *s = &a->spellings[i];
    if (s->id != id) continue;
    to += utf8_encode(a->characters[s->base], to);
    for (int k = 0; k < s->mark_count; k++) to += utf8_encode(s->marks[k], to);
  }
  *to = '\0';
}
