#include "packed.h"

#include <limits.h>
#include <string.h>

/* The writable face of a packing. */
typedef struct packed_arrays {
  int *batch_sizes, *offsets, *lengths, *order;
} packed_arrays;

static packed_arrays packed_layout(int batch, int steps, rc_arena *arena) {
  return (packed_arrays){
      .batch_sizes = ARENA_ARRAY(arena, int, (size_t)steps),
      .offsets = ARENA_ARRAY(arena, int, (size_t)steps + 1),
      .lengths = ARENA_ARRAY(arena, int, (size_t)batch),
      .order = ARENA_ARRAY(arena, int, (size_t)batch),
  };
}

size_t packed_bytes(int batch, int steps) {
  rc_arena arena = arena_measure();
  packed_layout(batch, steps, &arena);
  return arena.used;
}

/* A stable counting sort by falling length. batch_sizes[t] counts the lengths above t, which is
 * also where the sequences of length t begin. */
static void packed_sort(packed_arrays to, const int *lengths, int batch, int steps) {
  memset(to.batch_sizes, 0, (size_t)steps * sizeof(int));
  for (int i = 0; i < batch; i++) to.batch_sizes[lengths[i] - 1]++;
  for (int t = steps - 2; t >= 0; t--) to.batch_sizes[t] += to.batch_sizes[t + 1];

  int *next = to.offsets; /* [T + 1] borrowed: where the next sequence of each length goes */
  for (int length = 1; length < steps; length++) next[length] = to.batch_sizes[length];
  next[steps] = 0;
  for (int i = 0; i < batch; i++) {
    int b = next[lengths[i]]++;
    to.order[b] = i;
    to.lengths[b] = lengths[i];
  }

  to.offsets[0] = 0;
  for (int t = 0; t < steps; t++) to.offsets[t + 1] = to.offsets[t] + to.batch_sizes[t];
}

rc_status packed_build(packed *out, const int *lengths, int batch, rc_arena *arena,
                       rc_error *error) {
  RC_TRY(rc_check_range("the number of sequences", batch, 1, INT_MAX, error));
  int steps = 0, rows = 0;
  for (int i = 0; i < batch; i++) {
    if (lengths[i] < 1) {
      return rc_fail(error, RC_ERR_ARGUMENT, "sequence %d has length %d", i, lengths[i]);
    }
    RC_TRY(rc_check_range("the number of rows", lengths[i], 1, INT_MAX - rows, error));
    rows += lengths[i];
    if (lengths[i] > steps) steps = lengths[i];
  }
  packed_arrays arrays = packed_layout(batch, steps, arena);
  RC_TRY(arena_check(arena, "a packed batch", error));
  if (arrays.order != NULL) packed_sort(arrays, lengths, batch, steps); /* else only measuring */
  *out = (packed){steps,          batch,          rows,        arrays.batch_sizes,
                  arrays.offsets, arrays.lengths, arrays.order};
  return RC_OK;
}
