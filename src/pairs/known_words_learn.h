#ifndef RECUR_KNOWN_WORDS_LEARN_H
#define RECUR_KNOWN_WORDS_LEARN_H

#include "options.h"
#include "translator_file.h"

/* Makes anew, from pairs of sentences, what the text layer of a translator knows of words
 * (known_words.h): what training notes when it learns a vocabulary. */

typedef struct learnt_words {
  uint8_t *bits;
  size_t bytes;
} learnt_words;

/* From the files (source<TAB>target a line), for the model, of which the texts are enough; read
 * from `path`, it must have a text layer. RC_ERR_FORMAT, also where the files have fewer words than
 * CENSUS_TELLING; RC_ERR_IO, RC_ERR_MEMORY. Freed with learnt_words_free, on failure too. */
rc_status known_words_learn(learnt_words *out, const option_texts *files, const char *path,
                            const translator_model *model, rc_error *error);
void learnt_words_free(learnt_words *words);

/* The entry of the file. */
enum { KNOWN_WORDS_ENTRIES = 1 };
void known_words_put(gguf_writer *writer, const learnt_words *words);
bool known_words_is_entry(const gguf_entry *entry);

#endif
