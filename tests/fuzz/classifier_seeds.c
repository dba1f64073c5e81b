#include <stdio.h>
#include <stdlib.h>

#include "classifier_file.h"

/* Writes the smallest classifiers into the corpus: classifier_seeds corpus/classifier */

enum { BYTES = 1 << 16 };

static const struct {
  const char *name, *cell;
  gguf_tensor_type type;
  int layers, directions, embedding;
  bool prior;
} seeds[] = {
    {"rnn", "rnn", GGUF_TENSOR_F32, 1, 1, 0, false},
    {"lstm", "lstm", GGUF_TENSOR_F16, 2, 1, 2, false},
    {"gru", "gru", GGUF_TENSOR_Q8_0, 1, 2, 32, true},
};

static rc_status write_seed(const char *path, size_t which) {
  static const char *const labels[] = {"a", "b"};
  static uint8_t bytes[BYTES];
  static real values[BYTES];
  real prior[] = {0.25F, 0.75F};
  script_label scripts[] = {{.script = script_parse((utf8_text){"Grek", 4}), .label = 1}};
  const classifier_config config = {.cell = recurrent_cell_find(seeds[which].cell),
                                    .layers = seeds[which].layers,
                                    .hidden = 2,
                                    .directions = seeds[which].directions,
                                    .embedding = seeds[which].embedding,
                                    .pooling = POOLING_ALL,
                                    .labels = 2};
  classifier net;
  size_t size;
  RC_TRY(classifier_build(&net, &config, NULL));
  if (net.params.total > BYTES) return RC_ERR_MEMORY;
  classifier_init(&net, 1, values);
  const bool has = seeds[which].prior;
  const classifier_model model = {.net = net,
                                  .letters = alphabet_tutorial,
                                  .values = values,
                                  .labels = labels,
                                  .temperature = 1,
                                  .prior = has ? prior : NULL,
                                  .scripts = has ? scripts : NULL,
                                  .script_count = has ? 1 : 0};
  RC_TRY(classifier_model_write(&model, seeds[which].type, NULL, 0, bytes, BYTES, &size, NULL));
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
    if (write_seed(path, i) != RC_OK) {
      fprintf(stderr, "%s: not written\n", path);
      return 1;
    }
  }
  return 0;
}
