#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "translator_file.h"

/* Writes the smallest translators into the corpus: translator_seeds corpus/translator */

enum { TOKENS = BPE_FIRST + 2, BYTES = 1 << 17 };

static const struct {
  const char *name;
  gguf_tensor_type type;
  translator_config config;
  translator_text text;
} seeds[] = {
    {"plain",
     GGUF_TENSOR_F32,
     {.embedding = 1,
      .hidden = 2,
      .encoder_hidden = 2,
      .encoder_layers = 1,
      .encoder_directions = 1},
     TRANSLATOR_SUBWORDS},
    {"full",
     GGUF_TENSOR_Q8_0,
     {.embedding = 32,
      .hidden = 2,
      .encoder_hidden = 1,
      .encoder_layers = 1,
      .encoder_directions = 2,
      .bridge = true,
      .attention = TRANSLATOR_ADDITIVE,
      .attentional = 32,
      .input_feeding = true,
      .tying = TRANSLATOR_TIED_ALL},
     TRANSLATOR_SUBWORDS},
    {"words",
     GGUF_TENSOR_F16,
     {.embedding = 2,
      .hidden = 2,
      .encoder_hidden = 2,
      .encoder_layers = 1,
      .encoder_directions = 1,
      .order = TRANSLATOR_ATTENTION_FIRST,
      .attention = TRANSLATOR_LOCATION,
      .positions = 3,
      .attentional = 2},
     TRANSLATOR_WORDS},
};

/* The fewest tokens that make a vocabulary, and one or two more. */
static translator_vocabulary vocabulary_of(translator_text text) {
  static const utf8_text words[] = {{"<s>", 3}, {"</s>", 4}, {"a", 1}, {".", 1}};
  static char texts[TOKENS][8];
  static utf8_text tokens[TOKENS];
  for (int i = 0; i < TOKENS; i++) {
    if (i < BPE_BYTES) {
      snprintf(texts[i], sizeof texts[i], "%s", i == BPE_BEGIN ? "<s>" : "</s>");
    } else if (i < BPE_FIRST) {
      snprintf(texts[i], sizeof texts[i], "<0x%02X>", (unsigned)(i - BPE_BYTES) & 0xFFu);
    } else {
      snprintf(texts[i], sizeof texts[i], "%s", i == BPE_FIRST ? "▁" : "a");
    }
    tokens[i] = (utf8_text){texts[i], strlen(texts[i])};
  }
  if (text == TRANSLATOR_WORDS) {
    return (translator_vocabulary){
        .tokens = words, .count = sizeof words / sizeof *words, .text = text};
  }
  return (translator_vocabulary){.tokens = tokens, .count = TOKENS, .text = text};
}

static rc_status write_seed(const char *path, const translator_config *shape, gguf_tensor_type type,
                            translator_text text) {
  static uint8_t bytes[BYTES];
  static float values[BYTES];
  const translator_vocabulary vocabulary = vocabulary_of(text);
  translator_config config = *shape;
  translator net;
  size_t size;
  config.source_vocabulary = config.target_vocabulary = (int)vocabulary.count;
  RC_TRY(translator_build(&net, &config, NULL));
  if (net.params.total > BYTES) return RC_ERR_MEMORY;
  translator_init(&net, 1, values);
  RC_TRY(translator_model_write(&net, values, NULL, &vocabulary, type, NULL, 0, bytes, BYTES, &size,
                                NULL));
  FILE *file = fopen(path, "wb");
  if (file == NULL || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) return RC_ERR_IO;
  return RC_OK;
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  for (size_t i = 0; i < sizeof seeds / sizeof seeds[0]; i++) {
    char path[1000];
    snprintf(path, sizeof path, "%s/%s", argv[1], seeds[i].name);
    if (write_seed(path, &seeds[i].config, seeds[i].type, seeds[i].text) != RC_OK) {
      fprintf(stderr, "%s: not written\n", path);
      return 1;
    }
  }
  return 0;
}
