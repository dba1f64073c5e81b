#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "rng.h"

/* libFuzzer's place where there is none: runs every file named, then some thousand mutations of
 * them, the same at every run. A finding ends the program; the sanitizers make it speak.
 *
 *   replay_gguf corpus/gguf/... */

enum { MUTATIONS = 20000, EDITS_MAX = 6 };

typedef struct input {
  uint8_t *data;
  size_t size;
} input;

/* In a block of just its size, so that a step outside is seen. */
static void try_input(const uint8_t *data, size_t size) {
  uint8_t *copy = malloc(size + (size == 0));
  if (copy == NULL) abort();
  if (size > 0) memcpy(copy, data, size);
  LLVMFuzzerTestOneInput(copy, size);
  free(copy);
}

static input read_input(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    perror(path);
    exit(1);
  }
  input in = {.data = malloc(1 << 20)};
  if (in.data == NULL) abort();
  in.size = fread(in.data, 1, 1 << 20, file);
  fclose(file);
  uint8_t *fitting = realloc(in.data, in.size + (in.size == 0));
  if (fitting != NULL) in.data = fitting;
  return in;
}

static size_t below(rc_rng *rng, size_t bound) {
  return rng_below(rng, (uint32_t)bound);
}

/* One edit in place; `room` bytes may be used. Returns the new size. */
static size_t edit(rc_rng *rng, uint8_t *data, size_t size, size_t room, const input *other) {
  static const uint8_t telling[] = {0x00, 0x01, 0x02, 0x7F, 0x80, 0xC0,
                                    0xED, 0xF4, 0xFF, '\t', '\n'};
  if (size == 0) return 0;
  size_t at = below(rng, size), count = 1 + below(rng, size - at < 16 ? size - at : 16);
  switch (below(rng, 6)) {
    case 0: /* flip a bit */
      data[at] ^= (uint8_t)(1u << below(rng, 8));
      return size;
    case 1: /* a telling byte, once or several times */
      memset(data + at, telling[below(rng, sizeof telling)], count);
      return size;
    case 2: /* cut the end */
      return at;
    case 3: /* take some bytes out */
      memmove(data + at, data + at + count, size - at - count);
      return size - count;
    case 4: /* repeat some */
      if (size + count > room) return size;
      memmove(data + at + count, data + at, size - at);
      return size + count;
    default: /* go on as another file does from here */
      if (at >= other->size || other->size > room) return size;
      memcpy(data + at, other->data + at, other->size - at);
      return other->size;
  }
}

static void mutate(const input *inputs, int count, uint64_t number) {
  rc_rng rng = rng_make(number, 0, 0);
  const input *from = &inputs[below(&rng, (size_t)count)];
  size_t room = 2 * from->size + 4096;
  uint8_t *data = malloc(room);
  if (data == NULL || from->data == NULL) abort();
  memcpy(data, from->data, from->size);
  size_t size = from->size;
  for (size_t edits = 1 + below(&rng, EDITS_MAX); edits > 0; edits--) {
    size = edit(&rng, data, size, room, &inputs[below(&rng, (size_t)count)]);
  }
  try_input(data, size);
  free(data);
}

int main(int argc, char **argv) {
  int count = argc - 1;
  if (count == 0) {
    fprintf(stderr, "usage: %s FILE...\n", argv[0]);
    return 2;
  }
  input *inputs = calloc((size_t)count, sizeof *inputs);
  if (inputs == NULL) abort();
  for (int i = 0; i < count; i++) {
    inputs[i] = read_input(argv[1 + i]);
    try_input(inputs[i].data, inputs[i].size);
  }
  for (uint64_t i = 0; i < MUTATIONS; i++) mutate(inputs, count, i);
  for (int i = 0; i < count; i++) free(inputs[i].data);
  free(inputs);
  printf("%d files and %d mutations of them\n", count, MUTATIONS);
  return 0;
}
