#ifndef RECUR_ARENA_H
#define RECUR_ARENA_H

#include <stddef.h>

#include "checks.h"
#include "status.h"

/* A bump allocator over one block of memory.
 *
 * The same layout code serves to measure and to allocate: over an arena made by arena_measure()
 * every allocation returns NULL and only `used` grows, so a structure is laid out once to learn its
 * size and once more over a block of that size. Layout code must not touch the memory it asks for.
 * Not thread-safe: one arena, one thread.
 *
 * Under the address sanitizer what is not handed out is poisoned, and behind every array a gap is
 * left that stays so: a step beyond an array is reported, even where another follows. */

enum { ARENA_ALIGNMENT = 64 };
#ifdef RECUR_ASAN
enum { ARENA_GAP = 64 };
#else
enum { ARENA_GAP = 0 };
#endif
/* What an array takes beyond its own bytes, at most: for those who add up sizes. */
enum { ARENA_MORE = ARENA_ALIGNMENT + ARENA_GAP };

typedef struct rc_arena {
  unsigned char *base; /* NULL while measuring */
  size_t size;         /* bytes in the block */
  size_t used;         /* bytes handed out, padding included; may exceed size after a failure */
  int failed;          /* an allocation did not fit; stays set until arena_reset */
} rc_arena;

/* An arena that only counts. */
rc_arena arena_measure(void);

/* An arena over the caller's block, which must be ARENA_ALIGNMENT-aligned and outlive it. */
rc_arena arena_over(void *block, size_t size);

/* An arena over a fresh zeroed block of `size` bytes; RC_ERR_MEMORY when there is none. The caller
 * ends it with arena_free. */
rc_status arena_new(rc_arena *arena, size_t size, rc_error *error);
void arena_free(rc_arena *arena);

/* `count` elements of `size` bytes, aligned to ARENA_ALIGNMENT, not cleared. NULL while measuring
 * and when it does not fit or count * size overflows, which sets `failed`. */
void *arena_alloc(rc_arena *arena, size_t count, size_t size);

/* Gives everything back at once (the block stays). */
void arena_reset(rc_arena *arena);

/* RC_ERR_MEMORY if any allocation since the last reset failed: asked once after a layout instead of
 * after each allocation. */
rc_status arena_check(const rc_arena *arena, const char *what, rc_error *error);

/* The larger of two sizes, for memory that several take in turn. */
static inline size_t arena_larger(size_t a, size_t b) {
  return a > b ? a : b;
}

#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc((arena), (count), sizeof(type)))

#endif
