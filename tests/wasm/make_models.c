/* Writes one small random classifier of every shape that there is, for the suites that compare the
 * WASM build with the native one: make_models FOLDER. A file's name says its shape:
 * lstm-e8-all-2x1-keep.gguf has an embedding of 8 (e0: one-hot letters), pools all, has 2 layers
 * and 1 direction, and keeps the letters' case. world.gguf has learnt letters, tells the shares of
 * its labels, and that Chinese and Japanese names are written in Chinese characters. The same bytes
 * at every run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alphabet_learn.h"
#include "classifier_file.h"

static const char *const LABELS[] = {"Arabic", "Chinese", "Čeština", "한국어", "日本語"};
enum { LABEL_COUNT = sizeof LABELS / sizeof LABELS[0], HIDDEN = 13, EMBEDDING = 8 };

static const record_entry RECORD[] = {
    {.key = "general.name", .text = "A random network"},
    {.key = "general.license", .text = "MIT"},
    {.key = "note", .text = "ümlaut \xF0\x9F\x99\x82"},
    {.key = "epochs", .number = 3},
    {.key = "lr", .number = -0.125},
};
enum { RECORD_COUNT = sizeof RECORD / sizeof RECORD[0] };

static const char *const CELLS[] = {"rnn", "lstm", "gru"};
static const char *const POOLINGS[] = {"last", "all"};
static const char *const CASES[] = {"keep", "title"};

/* Which shape is written: each field indexes the choices above, or counts. */
typedef struct shape {
  int cell, embedded, pooling, layers, directions, letter_case;
} shape;

static shape nth_shape(int n) {
  shape s;
  s.cell = n % 3, n /= 3;
  s.embedded = n % 2, n /= 2;
  s.pooling = n % 2, n /= 2;
  s.layers = 1 + n % 2, n /= 2;
  s.directions = 1 + n % 2, n /= 2;
  s.letter_case = n % 2;
  return s;
}

enum { SHAPES = 3 * 2 * 2 * 2 * 2 * 2 };

static rc_status write_bytes(const char *path, const uint8_t *bytes, size_t size, rc_error *error) {
  FILE *file = fopen(path, "wb");
  if (file == NULL) return rc_fail(error, RC_ERR_IO, "cannot write %s", path);
  bool written = fwrite(bytes, 1, size, file) == size;
  if (fclose(file) != 0 || !written) return rc_fail(error, RC_ERR_IO, "cannot write %s", path);
  return RC_OK;
}

static rc_status write_model(classifier_model model, uint64_t seed, const char *path,
                             rc_error *error) {
  rc_arena memory;
  size_t size = 0;
  const classifier *net = &model.net;
  model.labels = LABELS;
  model.temperature = 0.7F;
  RC_TRY(
      classifier_model_write(&model, GGUF_TENSOR_F16, RECORD, RECORD_COUNT, NULL, 0, &size, error));
  RC_TRY(
      arena_new(&memory, net->params.total * sizeof(real) + size + 2 * (size_t)ARENA_MORE, error));
  real *values = ARENA_ARRAY(&memory, real, net->params.total);
  uint8_t *bytes = ARENA_ARRAY(&memory, uint8_t, size);
  classifier_init(net, seed, values);
  /* Weights of a fresh network barely move its output. These tell texts apart, and are still too
   * small for chaos, in which the last bit of a rounding would grow with every letter. */
  for (size_t i = 0; i < net->params.total; i++) values[i] *= 1.5f;
  model.values = values;
  rc_status status = classifier_model_write(&model, GGUF_TENSOR_F16, RECORD, RECORD_COUNT, bytes,
                                            size, &size, error);
  if (status == RC_OK) status = write_bytes(path, bytes, size, error);
  arena_free(&memory);
  return status;
}

static rc_status make(const char *folder, int n, rc_error *error) {
  shape s = nth_shape(n);
  classifier_config config = {
      .cell = recurrent_cell_find(CELLS[s.cell]),
      .layers = s.layers,
      .hidden = HIDDEN,
      .directions = s.directions,
      .embedding = s.embedded ? EMBEDDING : 0,
      .pooling = s.pooling == 0 ? POOLING_LAST : POOLING_ALL,
      .letter_case = s.letter_case == 0 ? ALPHABET_CASE_KEEP : ALPHABET_CASE_TITLE,
      .labels = LABEL_COUNT,
  };
  classifier net;
  RC_TRY(classifier_build(&net, &config, error));
  char path[4096];
  int length =
      snprintf(path, sizeof path, "%s/%s-e%d-%s-%dx%d-%s.gguf", folder, CELLS[s.cell],
               config.embedding, POOLINGS[s.pooling], s.layers, s.directions, CASES[s.letter_case]);
  if (length < 0 || length >= (int)sizeof path) {
    return rc_fail(error, RC_ERR_ARGUMENT, "the folder's path is too long");
  }
  return write_model((classifier_model){.net = net, .letters = alphabet_tutorial}, (uint64_t)n,
                     path, error);
}

static rc_status make_world(const char *folder, rc_error *error) {
  static const char *const names[] = {"Müller", "Öztürk", "Nguyễn", "abcdefghijklmnopqrstuvwxyz"};
  enum { NAMES = sizeof names / sizeof names[0] };
  static real shares[] = {0.5F, 0.25F, 0.125F, 0.0625F, 0.0625F};
  static script_label scripts[] = {{SCRIPT_HAN, 1}, {SCRIPT_HAN, 4}, {SCRIPT_JAPANESE, 4}};
  utf8_text texts[NAMES];
  for (int i = 0; i < NAMES; i++) texts[i] = (utf8_text){names[i], strlen(names[i])};
  classifier_model model = {.prior = shares, .scripts = scripts, .script_count = 3};
  rc_arena memory;
  RC_TRY(alphabet_learn(&model.letters, texts, NAMES, 1, &memory, error));
  const classifier_config config = {.cell = &gru_cell,
                                    .layers = 1,
                                    .hidden = HIDDEN,
                                    .directions = 2,
                                    .embedding = EMBEDDING,
                                    .pooling = POOLING_ALL,
                                    .letters = alphabet_size(&model.letters),
                                    .labels = LABEL_COUNT};
  char path[4096];
  const int length = snprintf(path, sizeof path, "%s/world.gguf", folder);
  rc_status status = length < 0 || length >= (int)sizeof path
                         ? rc_fail(error, RC_ERR_ARGUMENT, "the folder's path is too long")
                         : classifier_build(&model.net, &config, error);
  if (status == RC_OK) status = write_model(model, SHAPES, path, error);
  arena_free(&memory);
  return status;
}

int main(int argc, char **argv) {
  rc_error error;
  if (argc != 2) {
    fprintf(stderr, "usage: make_models FOLDER\n");
    return 2;
  }
  for (int n = 0; n <= SHAPES; n++) {
    if ((n < SHAPES ? make(argv[1], n, &error) : make_world(argv[1], &error)) == RC_OK) continue;
    fprintf(stderr, "make_models: %s\n", error.text);
    return 1;
  }
  return EXIT_SUCCESS;
}
