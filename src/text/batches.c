#include "batches.h"

#include <stdbool.h>
#include <string.h>

#include "checks.h"

/* Merges the sorted runs [from, middle) and [middle, to) of `order` into `out`; of equal lengths
 * those of the first run come first. */
static void merge(const int *order, const int *lengths, int from, int middle, int to, int *out) {
  int left = from, right = middle;
  for (int i = from; i < to; i++) {
    bool take_left =
        left < middle && (right == to || lengths[order[left]] <= lengths[order[right]]);
    out[i] = order[take_left ? left++ : right++];
  }
}

/* Stable merge sort, bottom up; scratch: [count]. */
static void sort_by_length(int *order, int count, const int *lengths, int *scratch) {
  for (int width = 1; width<count; width = width> count / 2 ? count : 2 * width) {
    for (int from = 0; from < count; from += 2 * width) {
      int middle = count - from < width ? count : from + width;
      int to = count - middle < width ? count : middle + width;
      merge(order, lengths, from, middle, to, scratch);
      if (to == count) break;
    }
    memcpy(order, scratch, (size_t)count * sizeof *order);
  }
}

/* The sorted examples cut into batches: batch i begins at cuts[i] or, without cuts, at i * batch.
 */
typedef struct cutting {
  const int *sorted; /* [count] */
  const int *cuts;   /* [batches] or NULL */
  int count, batch, batches;
} cutting;

static int cut_at(const cutting *c, int i) {
  if (i == c->batches) return c->count;
  return c->cuts == NULL ? i * c->batch : c->cuts[i];
}

/* Puts the batches into `order` in a random turn. turn: [batches]. */
static void shuffle_batches(const cutting *c, rc_rng *rng, int *turn, int *order, int *starts) {
  for (int i = 0; i < c->batches; i++) turn[i] = i;
  rng_shuffle(rng, turn, c->batches);
  int filled = 0;
  for (int i = 0; i < c->batches; i++) {
    int from = cut_at(c, turn[i]), size = cut_at(c, turn[i] + 1) - from;
    starts[i] = filled;
    memcpy(order + filled, c->sorted + from, (size_t)size * sizeof *order);
    filled += size;
  }
  starts[c->batches] = filled;
}

int batches_by_length(int count, const int *lengths, int batch, rc_rng *rng, int *order,
                      int *starts, int *scratch) {
  RC_ASSERT(count >= 0 && batch >= 1);
  for (int i = 0; i < count; i++) order[i] = i;
  rng_shuffle(rng, order, count);
  if (batch == 1) {
    for (int i = 0; i <= count; i++) starts[i] = i;
    return count;
  }
  sort_by_length(order, count, lengths, scratch);
  memcpy(scratch, order, (size_t)count * sizeof *order);
  int batches = count / batch + (count % batch != 0);
  cutting c = {.sorted = scratch, .count = count, .batch = batch, .batches = batches};
  shuffle_batches(&c, rng, scratch + count, order, starts);
  return batches;
}

int batches_by_tokens(int count, const int *sources, const int *targets, int tokens, rc_rng *rng,
                      int *order, int *starts, int *scratch) {
  for (int i = 0; i < count; i++) order[i] = i;
  rng_shuffle(rng, order, count);
  sort_by_length(order, count, targets, scratch);
  sort_by_length(order, count, sources, scratch);
  memcpy(scratch, order, (size_t)count * sizeof *order);
  int *cuts = scratch + count, batches = 0, longest_target = 0;
  for (int i = 0; i < count; i++) {
    int target = targets[order[i]], pairs = i + 1 - (batches > 0 ? cuts[batches - 1] : 0);
    if (target > longest_target) longest_target = target;
    /* Sorted: this one has the longest source so far. */
    if (i > 0 && (int64_t)pairs * (sources[order[i]] + longest_target) <= tokens) continue;
    cuts[batches++] = i;
    longest_target = target;
  }
  cutting c = {.sorted = scratch, .cuts = cuts, .count = count, .batches = batches};
  shuffle_batches(&c, rng, cuts + count, order, starts);
  return batches;
}
