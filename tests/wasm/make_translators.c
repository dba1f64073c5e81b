/* Writes small random translators that would rather not place their placeholders
 * (bent_translator.h), for the suite that translates with them in WASM, and the samples that it
 * translates: make_translators FOLDER. NAME-f32.gguf and NAME-q8_0.gguf are of one bent;
 * samples.txt has a sample a line, "number", "other" or "word" and a tab before it. The same bytes
 * at every run. */
#include <stdio.h>
#include <stdlib.h>

#include "bent_translator.h"
#include "span_samples.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const NAMES[BENTS] = {
    [NOTHING] = "nothing",
    [ENDING] = "ending",
    [NO_PLACEHOLDERS] = "no-placeholders",
    [ONE_PLACEHOLDER] = "one-placeholder",
    [BYTES] = "bytes",
};

static FILE *open_file(const char *folder, const char *name, const char *end) {
  char path[4096];
  const int length = snprintf(path, sizeof path, "%s/%s%s", folder, name, end);
  return length < 0 || length >= (int)sizeof path ? NULL : fopen(path, "wb");
}

static rc_status close_file(FILE *file, const char *name, rc_error *error) {
  const bool failed = file == NULL || ferror(file) != 0;
  if (file != NULL && fclose(file) == 0 && !failed) return RC_OK;
  return rc_fail(error, RC_ERR_IO, "cannot write %s", name);
}

static rc_status write_model(const char *folder, bent to, bool quantized, rc_error *error) {
  uint8_t *bytes;
  size_t size;
  rc_status status = bent_translator_write(
      (uint64_t)to + 1, to, quantized ? GGUF_TENSOR_Q8_0 : GGUF_TENSOR_F32, &bytes, &size, error);
  if (status == RC_OK) {
    FILE *file = open_file(folder, NAMES[to], quantized ? "-q8_0.gguf" : "-f32.gguf");
    if (file != NULL) (void)fwrite(bytes, 1, size, file);
    status = close_file(file, NAMES[to], error);
  }
  free(bytes);
  return status;
}

static void write_all(FILE *file, const char *kind, const char *const *samples, size_t count) {
  for (size_t i = 0; i < count && file != NULL; i++) fprintf(file, "%s\t%s\n", kind, samples[i]);
}

static rc_status write_samples(const char *folder, rc_error *error) {
  FILE *file = open_file(folder, "samples", ".txt");
  write_all(file, "number", SPAN_NUMBERS, COUNT(SPAN_NUMBERS));
  write_all(file, "other", SPAN_OTHERS, COUNT(SPAN_OTHERS));
  write_all(file, "word", SPAN_WORDS, COUNT(SPAN_WORDS));
  return close_file(file, "samples.txt", error);
}

static rc_status make(const char *folder, rc_error *error) {
  for (int to = 0; to < BENTS; to++) {
    RC_TRY(write_model(folder, (bent)to, false, error));
    RC_TRY(write_model(folder, (bent)to, true, error));
  }
  return write_samples(folder, error);
}

int main(int argc, char **argv) {
  rc_error error;
  if (argc != 2) {
    fprintf(stderr, "usage: make_translators FOLDER\n");
    return 2;
  }
  if (make(argv[1], &error) == RC_OK) return EXIT_SUCCESS;
  fprintf(stderr, "make_translators: %s\n", error.text);
  return EXIT_FAILURE;
}
