#ifdef __linux__
#include <sys/mman.h>
#endif

#include "arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef RECUR_ASAN
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(block, size) ((void)(block), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(block, size) ((void)(block), (void)(size))
#endif

rc_arena arena_measure(void) {
  return (rc_arena){.base = NULL, .size = SIZE_MAX};
}

rc_arena arena_over(void *block, size_t size) {
  RC_ASSERT((uintptr_t)block % ARENA_ALIGNMENT == 0);
  ASAN_POISON_MEMORY_REGION(block, size);
  return (rc_arena){.base = block, .size = size};
}

/* Large pages where the system has them: matrix products reach across thousands of small ones at a
 * time, more than the processor can keep track of. What the system refuses does no harm. */
static void ask_for_large_pages(void *block, size_t size) {
#ifdef __linux__
  enum { PAGE = 4096, LARGE = 4 << 20 };
  if (size < LARGE) return;
  const size_t skipped = (PAGE - (uintptr_t)block % PAGE) % PAGE;
  (void)madvise((char *)block + skipped, size - skipped, MADV_HUGEPAGE);
#else
  (void)block;
  (void)size;
#endif
}

rc_status arena_new(rc_arena *arena, size_t size, rc_error *error) {
  *arena = (rc_arena){0};
  if (size > SIZE_MAX - ARENA_MORE) {
    return rc_fail(error, RC_ERR_MEMORY, "a block of %zu bytes is too large", size);
  }
  size_t rounded = (size + ARENA_ALIGNMENT - 1) / ARENA_ALIGNMENT * ARENA_ALIGNMENT;
  if (rounded == 0) rounded = ARENA_ALIGNMENT;
  rounded += ARENA_GAP; /* for those of one array */
  void *block = aligned_alloc(ARENA_ALIGNMENT, rounded);
  if (block == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory: %zu bytes", rounded);
  ask_for_large_pages(block, rounded);
  memset(block, 0, rounded);
  *arena = arena_over(block, rounded);
  return RC_OK;
}

void arena_free(rc_arena *arena) {
  free(arena->base);
  *arena = (rc_arena){0};
}

void *arena_alloc(rc_arena *arena, size_t count, size_t size) {
  if (arena->failed) return NULL;
  size_t start = arena->used;
  if (size != 0 && count > (SIZE_MAX - ARENA_MORE - start) / size) {
    arena->failed = 1;
    return NULL;
  }
  size_t bytes =
      (count * size + ARENA_ALIGNMENT - 1) / ARENA_ALIGNMENT * ARENA_ALIGNMENT + ARENA_GAP;
  if (bytes > arena->size - start) {
    arena->failed = 1;
    return NULL;
  }
  arena->used = start + bytes;
  if (arena->base == NULL) return NULL;
  ASAN_UNPOISON_MEMORY_REGION(arena->base + start, count * size);
  return arena->base + start;
}

void arena_reset(rc_arena *arena) {
  if (arena->base != NULL) ASAN_POISON_MEMORY_REGION(arena->base, arena->used);
  arena->used = 0;
  arena->failed = 0;
}

rc_status arena_check(const rc_arena *arena, const char *what, rc_error *error) {
  if (!arena->failed) return RC_OK;
  return rc_fail(error, RC_ERR_MEMORY, "not enough memory for %s (%zu of %zu bytes in use)", what,
                 arena->used, arena->size);
}
