#ifndef RECUR_BENT_TRANSLATOR_H
#define RECUR_BENT_TRANSLATOR_H

#include "translator_file.h"

/* Small random translators with a text layer that would rather not place their placeholders. */

/* What a network is bent on. */
typedef enum bent { NOTHING, ENDING, NO_PLACEHOLDERS, ONE_PLACEHOLDER, BYTES, BENTS } bent;

enum { BENT_TOKENS_MAX = 400 };

/* Bytes, letters and marks; some placeholders also with the space in front of them. */
typedef struct bent_vocabulary {
  char texts[BENT_TOKENS_MAX][8];
  utf8_text tokens[BENT_TOKENS_MAX];
  size_t count;
} bent_vocabulary;

const bent_vocabulary *bent_vocabulary_make(void);

/* The bytes of a weight file, the same for the same seed, bent and type; the caller's to free.
 * RC_ERR_MEMORY. */
rc_status bent_translator_write(uint64_t seed, bent to, gguf_tensor_type type, uint8_t **bytes,
                                size_t *size, rc_error *error);

#endif
