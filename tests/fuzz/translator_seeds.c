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
} seeds[] = {
    {"plain",
     GGUF_TENSOR_F32,
     {.embedding = 1,
      .hidden = 2,
      .encoder_hidden = 2,
      .encoder_layers = 1,
      .encoder_directions = 1}},
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
      .tying = TRANSLATOR_TIED_ALL}},
};

static rc_status write_seed(const char *path, const translator_config *shape,
                            gguf_tensor_type type) {
  static uint8_t bytes[BYTES];
  static float values[BYTES];
  static char texts[TOKENS][8];
  utf8_text tokens[TOKENS];
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
  const translator_vocabulary vocabulary = {tokens, TOKENS, TRANSLATOR_SUBWORDS};
  translator_config config = *shape;
  translator net;
  size_t size;
  config.source_vocabulary = config.target_vocabulary = TOKENS;
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
    if (write_seed(path, &seeds[i].config, seeds[i].type) != RC_OK) {
      fprintf(stderr, "%s: not written\n", path);
      return 1;
    }
  }
  return 0;
}
