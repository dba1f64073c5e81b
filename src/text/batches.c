#include "batches.h"

#include <stdbool.h>
#include <string.h>

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

int batches_by_length(int count, const int *lengths, int batch, rc_rng *rng, int *order,
                      int *starts, int *scratch) {
  for (int i = 0; i < count; i++) order[i] = i;
  rng_shuffle(rng, order, count);
  if (batch == 1) {
    for (int i = 0; i <= count; i++) starts[i] = i;
    return count;
  }
  sort_by_length(order, count, lengths, scratch);
  int batches = count / batch + (count % batch != 0);
  int *sorted = scratch, *turn = scratch + count;
  memcpy(sorted, order, (size_t)count * sizeof *order);
  for (int i = 0; i < batches; i++) turn[i] = i;
  rng_shuffle(rng, turn, batches);
  int filled = 0;
  for (int i = 0; i < batches; i++) {
    int from = turn[i] * batch;
    int size = count - from < batch ? count - from : batch;
    starts[i] = filled;
    memcpy(order + filled, sorted + from, (size_t)size * sizeof *order);
    filled += size;
  }
  starts[batches] = filled;
  return batches;
}
