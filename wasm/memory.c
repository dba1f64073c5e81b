#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The allocator of the modules, for the arenas, which are few and large: one chain of blocks from
 * the heap's start to the memory's end, of which the first that fits is taken. What C libraries
 * have is made for more, and would be a fiftieth of what a page downloads. */

enum { ALIGNMENT = 64, PAGE = 64 << 10 };

typedef struct block {
  _Alignas(ALIGNMENT) size_t bytes; /* to the next block, with this header */
  bool used;
} block;

extern unsigned char __heap_base[]; /* the linker's; NOLINT(bugprone-reserved-identifier) */
static block *first, *end;

static block *at(uintptr_t address) {
  return (block *)address; /* NOLINT(performance-no-int-to-ptr) */
}

static block *next(const block *b) {
  return at((uintptr_t)b + b->bytes);
}

/* Makes what lies between `from` and the memory's end a block. */
static void close_chain(block *from) {
  end = at(__builtin_wasm_memory_size(0) * PAGE);
  from->bytes = (uintptr_t)end - (uintptr_t)from;
  from->used = false;
}

static void open_chain(void) {
  first = at(((uintptr_t)__heap_base + ALIGNMENT - 1) & -(uintptr_t)ALIGNMENT);
  close_chain(first);
}

/* A free block of `bytes` or more; NULL if there is no such memory. */
static block *find(size_t bytes) {
  block *last = first;
  for (block *b = first; b != end; b = next(b)) {
    last = b;
    if (b->used) continue;
    while (next(b) != end && !next(b)->used) b->bytes += next(b)->bytes;
    if (b->bytes >= bytes) return b;
  }
  block *tail = last->used ? end : last;
  const size_t missing = bytes - ((uintptr_t)end - (uintptr_t)tail);
  if (__builtin_wasm_memory_grow(0, (missing - 1) / PAGE + 1) == SIZE_MAX) return NULL;
  close_chain(tail);
  return tail;
}

/* alignment: at most ALIGNMENT */
void *aligned_alloc(size_t alignment, size_t size) {
  (void)alignment;
  if (size > SIZE_MAX - 2 * ALIGNMENT) return NULL;
  const size_t bytes = (sizeof(block) + size + ALIGNMENT - 1) & -(size_t)ALIGNMENT;
  if (first == NULL) open_chain();
  block *b = find(bytes);
  if (b == NULL) return NULL;
  if (b->bytes > bytes) {
    block *rest = at((uintptr_t)b + bytes);
    rest->bytes = b->bytes - bytes;
    rest->used = false;
    b->bytes = bytes;
  }
  b->used = true;
  return b + 1;
}

void *malloc(size_t size) {
  return aligned_alloc(ALIGNMENT, size);
}

void *calloc(size_t count, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) return NULL;
  void *memory = malloc(bytes);
  if (memory != NULL) memset(memory, 0, bytes);
  return memory;
}

void free(void *memory) {
  if (memory != NULL) ((block *)memory - 1)->used = false;
}
