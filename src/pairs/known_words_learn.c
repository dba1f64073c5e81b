#include "known_words_learn.h"

#include <stdlib.h>

#include "normalize.h"
#include "pairs.h"
#include "word_census.h"

static rc_status count_words(learnt_words *out, const text_pairs *pairs, int count,
                             rc_error *error) {
  word_census census;
  known_words known;
  rc_status status = word_census_take(&census, pairs, count, error);
  if (status == RC_OK) status = word_census_known(&census, &known, &out->bits, error);
  if (status == RC_OK && out->bits == NULL) {
    status = rc_fail(error, RC_ERR_FORMAT,
                     "--known-words: %zu different words say nothing of others; %d are needed",
                     census.count, CENSUS_TELLING);
  }
  if (status == RC_OK) out->bytes = known.bytes;
  word_census_free(&census);
  return status;
}

static rc_status learn(learnt_words *out, const option_texts *files, bool french, rc_error *error) {
  text_pairs pairs[OPTION_TEXTS_MAX];
  rc_status status = RC_OK;
  int count = 0;
  while (count < files->count && status == RC_OK) {
    status = pairs_read(&pairs[count], files->items[count], french, error);
    count++;
  }
  if (status == RC_OK) status = count_words(out, pairs, count, error);
  for (int i = 0; i < count; i++) pairs_free(&pairs[i]);
  return status;
}

rc_status known_words_learn(learnt_words *out, const option_texts *files, const char *path,
                            const translator_model *model, rc_error *error) {
  *out = (learnt_words){0};
  if (!model->layer.used) {
    return rc_fail(error, RC_ERR_FORMAT, "%.200s: has no text layer that could know words", path);
  }
  return learn(out, files, language_is_french(model->target_language), error);
}

void learnt_words_free(learnt_words *words) {
  free(words->bits);
  *words = (learnt_words){0};
}

void known_words_put(gguf_writer *writer, const learnt_words *words) {
  gguf_put_numbers(writer, TRANSLATOR_KNOWN_WORDS, GGUF_U8, words->bits, words->bytes);
}

bool known_words_is_entry(const gguf_entry *entry) {
  return weight_file_string_is(entry->key, TRANSLATOR_KNOWN_WORDS);
}
