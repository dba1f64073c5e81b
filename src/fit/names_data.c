#include "names_data.h"

#include <stdlib.h>
#include <string.h>

#include "alphabet_learn.h"
#include "classifier.h"

void name_set_free(name_set *set) {
  arena_free(&set->memory);
  *set = (name_set){0};
}

rc_status name_set_new(name_set *set, size_t count, size_t letters, int **block, rc_error *error) {
  *set = (name_set){0};
  size_t size = count * (sizeof(int *) + 2 * sizeof(int)) + letters * sizeof(int);
  RC_TRY(arena_new(&set->memory, size + (size_t)(4 * ARENA_MORE), error));
  set->ids = ARENA_ARRAY(&set->memory, const int *, count);
  set->lengths = ARENA_ARRAY(&set->memory, int, count);
  set->labels = ARENA_ARRAY(&set->memory, int, count);
  *block = ARENA_ARRAY(&set->memory, int, letters);
  return arena_check(&set->memory, "the names", error);
}

void name_set_append(name_set *set, const int *ids, int length, int label) {
  set->ids[set->count] = ids;
  set->lengths[set->count] = length;
  set->labels[set->count] = label;
  set->count++;
}

rc_status name_set_encode(name_set *out, const examples *source, const char *file,
                          const alphabet *letters_of, alphabet_case letter_case, rc_error *error) {
  size_t letters = 0;
  for (int i = 0; i < source->count; i++) {
    const example *e = &source->items[i];
    size_t length = alphabet_encode(letters_of, e->text, e->bytes, letter_case, NULL, NULL, 0);
    if (length == 0) {
      return rc_fail(error, RC_ERR_FORMAT, "%s:%d: the name has no letter", file, e->line);
    }
    if (length > CLASSIFIER_LETTERS_MAX) {
      return rc_fail(error, RC_ERR_FORMAT,
                     "%s:%d: the name has %zu letters, at most %d are allowed", file, e->line,
                     length, CLASSIFIER_LETTERS_MAX);
    }
    letters += length;
  }
  int *next;
  RC_TRY(name_set_new(out, (size_t)source->count, letters, &next, error));
  for (int i = 0; i < source->count; i++) {
    const example *e = &source->items[i];
    int length = (int)alphabet_encode(letters_of, e->text, e->bytes, letter_case, next, NULL,
                                      CLASSIFIER_LETTERS_MAX);
    name_set_append(out, next, length, e->label);
    next += length;
  }
  return RC_OK;
}

rc_status names_data_letters(alphabet *out, const examples *source, int least, rc_arena *memory,
                             rc_error *error) {
  rc_arena scratch;
  RC_TRY(arena_new(&scratch, (size_t)source->count * sizeof(utf8_text), error));
  utf8_text *texts = ARENA_ARRAY(&scratch, utf8_text, (size_t)source->count);
  for (int i = 0; i < source->count; i++) {
    texts[i] = (utf8_text){source->items[i].text, source->items[i].bytes};
  }
  const rc_status status = alphabet_learn(out, texts, source->count, least, memory, error);
  arena_free(&scratch);
  return status;
}
