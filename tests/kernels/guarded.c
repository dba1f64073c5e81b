#define _DEFAULT_SOURCE

#include "guarded.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __EMSCRIPTEN__
#define HAS_PAGES 0
#else
#define HAS_PAGES 1
#include <sys/mman.h>
#include <unistd.h>
#endif

enum { MARGIN = 256 };

static const uint32_t untouched = 0x7fc0dead;

typedef struct slot {
  float *start, *end; /* the run that may be touched */
  float *array;
  size_t n;
} slot;

static slot slots[GUARDED_SLOTS];

static void *require(void *memory) {
  if (memory != NULL) return memory;
  fputs("check_kernels: no memory\n", stderr);
  exit(2);
}

/* Room for the largest array and a margin, with forbidden pages on both sides. */
static float *guarded_run(size_t size) {
#if HAS_PAGES
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  unsigned char *all = mmap(NULL, size + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (all == MAP_FAILED || mprotect(all + page, size, PROT_READ | PROT_WRITE) != 0) all = NULL;
  return (float *)(void *)((unsigned char *)require(all) + page);
#else
  return require(malloc(size));
#endif
}

void guarded_init(void) {
  const size_t floats = GUARDED_FLOATS + 65536 / sizeof(float); /* whole pages of any usual size */
  for (int i = 0; i < GUARDED_SLOTS; i++) {
    slots[i].start = guarded_run(floats * sizeof(float));
    slots[i].end = slots[i].start + floats;
  }
}

static void spoil(float *begin, float *end) {
  for (; begin < end; begin++) memcpy(begin, &untouched, sizeof untouched);
}

float *guarded_array(int index, guarded_place place, size_t n) {
  slot *s = &slots[index];
  if (n > GUARDED_FLOATS) {
    fprintf(stderr, "check_kernels: an array of %zu floats\n", n);
    exit(2);
  }
  const size_t gap = HAS_PAGES ? 0 : MARGIN;
  s->n = n;
  s->array = place == AT_END ? s->end - gap - n : s->start + gap;
  float *margin_start = place == AT_END || gap > 0 ? s->array - MARGIN : s->array;
  float *margin_end = place == AT_START || gap > 0 ? s->array + n + MARGIN : s->array + n;
  spoil(margin_start, margin_end);
  return s->array;
}

bool is_untouched(float x) {
  return memcmp(&x, &untouched, sizeof x) == 0;
}

static bool all_untouched(const float *begin, const float *end) {
  for (; begin < end; begin++) {
    if (memcmp(begin, &untouched, sizeof untouched) != 0) return false;
  }
  return true;
}

bool guarded_intact(void) {
  for (int i = 0; i < GUARDED_SLOTS; i++) {
    const slot *s = &slots[i];
    if (s->array == NULL) continue;
    const float *after = s->array + s->n;
    const float *begin = s->array - s->start < MARGIN ? s->array : s->array - MARGIN;
    const float *end = s->end - after < MARGIN ? after : after + MARGIN;
    if (!all_untouched(begin, s->array) || !all_untouched(after, end)) return false;
  }
  return true;
}
