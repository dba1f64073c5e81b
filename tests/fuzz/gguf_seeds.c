#include <stdio.h>

#include "gguf_cases.h"

/* Writes the hand-made files into the corpus: gguf_seeds corpus/gguf */
int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  for (size_t i = 0; i < gguf_case_count; i++) {
    gguf_bytes bytes = {.size = 0};
    char path[1000];
    gguf_cases[i].build(&bytes);
    snprintf(path, sizeof path, "%s/%s", argv[1], gguf_cases[i].name);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes.data, 1, bytes.size, file) != bytes.size ||
        fclose(file) != 0) {
      perror(path);
      return 1;
    }
  }
  return 0;
}
