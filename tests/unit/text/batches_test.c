#include "batches.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { COUNT_MAX = 300 };

typedef struct epoch {
  int lengths[COUNT_MAX], order[COUNT_MAX], starts[COUNT_MAX + 1], scratch[2 * COUNT_MAX];
  int count, batches;
} epoch;

static epoch make_epoch(int count, int batch, int longest, uint64_t seed) {
  epoch e = {.count = count};
  rc_rng lengths = rng_make(1, 2, 3), rng = rng_make(seed, 0, 0);
  for (int i = 0; i < count; i++) e.lengths[i] = 1 + (int)rng_below(&lengths, (uint32_t)longest);
  e.batches = batches_by_length(count, e.lengths, batch, &rng, e.order, e.starts, e.scratch);
  return e;
}

static int longest_of(const epoch *e, int batch) {
  int longest = 0;
  for (int i = e->starts[batch]; i < e->starts[batch + 1]; i++) {
    if (e->lengths[e->order[i]] > longest) longest = e->lengths[e->order[i]];
  }
  return longest;
}

static int shortest_of(const epoch *e, int batch) {
  int shortest = COUNT_MAX;
  for (int i = e->starts[batch]; i < e->starts[batch + 1]; i++) {
    if (e->lengths[e->order[i]] < shortest) shortest = e->lengths[e->order[i]];
  }
  return shortest;
}

static void every_example_is_in_one_batch(void **state) {
  (void)state;
  for (int count = 0; count <= COUNT_MAX; count += count < 20 ? 1 : 35) {
    for (int batch = 1; batch <= 64; batch = batch * 2 + 1) {
      epoch e = make_epoch(count, batch, 20, 7);
      assert_int_equal(e.batches, (count + batch - 1) / batch);
      assert_int_equal(e.starts[0], 0);
      assert_int_equal(e.starts[e.batches], count);
      int seen[COUNT_MAX] = {0}, smaller = 0;
      for (int i = 0; i < count; i++) assert_int_equal(seen[e.order[i]]++, 0);
      for (int b = 0; b < e.batches; b++) {
        int size = e.starts[b + 1] - e.starts[b];
        assert_true(size >= 1 && size <= batch);
        smaller += size < batch;
      }
      assert_int_equal(smaller, count % batch != 0);
    }
  }
}

/* The lengths of two batches may meet, but not overlap. */
static void batches_hold_like_lengths(void **state) {
  (void)state;
  epoch e = make_epoch(COUNT_MAX, 16, 40, 3);
  for (int a = 0; a < e.batches; a++) {
    for (int b = 0; b < e.batches; b++) {
      if (a == b) continue;
      assert_true(longest_of(&e, a) <= shortest_of(&e, b) ||
                  longest_of(&e, b) <= shortest_of(&e, a));
    }
  }
}

static void batches_and_equal_lengths_are_shuffled(void **state) {
  (void)state;
  epoch sorted = make_epoch(COUNT_MAX, 16, 40, 3);
  int falls = 0;
  for (int b = 1; b < sorted.batches; b++) {
    falls += longest_of(&sorted, b) < longest_of(&sorted, b - 1);
  }
  assert_true(falls > 3); /* 19 batches in random order: 9 on average */
  epoch equal = make_epoch(COUNT_MAX, 16, 1, 3);
  int places = 0, neighbours = 0;
  for (int i = 0; i < COUNT_MAX; i++) places += equal.order[i] == i;
  for (int i = 1; i < COUNT_MAX; i++) neighbours += equal.order[i] == equal.order[i - 1] + 1;
  assert_true(places < 20 && neighbours < 20); /* 1 on average */
}

static void the_seed_decides(void **state) {
  (void)state;
  epoch a = make_epoch(COUNT_MAX, 16, 40, 3), b = make_epoch(COUNT_MAX, 16, 40, 3);
  epoch c = make_epoch(COUNT_MAX, 16, 40, 4);
  assert_memory_equal(a.order, b.order, sizeof a.order);
  assert_memory_equal(a.starts, b.starts, (size_t)(a.batches + 1) * sizeof *a.starts);
  assert_memory_not_equal(a.order, c.order, sizeof a.order);
}

static void batches_of_one_ignore_lengths(void **state) {
  (void)state;
  epoch a = make_epoch(COUNT_MAX, 1, 40, 3), b = make_epoch(COUNT_MAX, 1, 1, 3);
  assert_memory_equal(a.order, b.order, sizeof a.order);
}

typedef struct pair_epoch {
  int sources[COUNT_MAX], targets[COUNT_MAX];
  int order[COUNT_MAX], starts[COUNT_MAX + 1], scratch[3 * COUNT_MAX];
  int count, batches;
} pair_epoch;

/* Targets that go with their sources, more or less. */
static pair_epoch make_pairs(int count, int tokens, uint64_t seed) {
  pair_epoch e = {.count = count};
  rc_rng lengths = rng_make(1, 2, 3), rng = rng_make(seed, 0, 0);
  for (int i = 0; i < count; i++) {
    e.sources[i] = 1 + (int)rng_below(&lengths, 30);
    e.targets[i] = e.sources[i] + (int)rng_below(&lengths, 8);
  }
  e.batches =
      batches_by_tokens(count, e.sources, e.targets, tokens, &rng, e.order, e.starts, e.scratch);
  return e;
}

/* pairs * (longest source + longest target) */
static int cost_of(const pair_epoch *e, int batch) {
  int source = 0, target = 0;
  for (int i = e->starts[batch]; i < e->starts[batch + 1]; i++) {
    if (e->sources[e->order[i]] > source) source = e->sources[e->order[i]];
    if (e->targets[e->order[i]] > target) target = e->targets[e->order[i]];
  }
  return (e->starts[batch + 1] - e->starts[batch]) * (source + target);
}

static void pairs_keep_to_their_tokens(void **state) {
  (void)state;
  static const int budgets[] = {1, 30, 200, 1000, 100000};
  for (int count = 0; count <= COUNT_MAX; count += count < 20 ? 1 : 35) {
    for (size_t b = 0; b < 5; b++) {
      pair_epoch e = make_pairs(count, budgets[b], 7);
      int seen[COUNT_MAX] = {0};
      for (int i = 0; i < count; i++) assert_int_equal(seen[e.order[i]]++, 0);
      assert_int_equal(e.starts[0], 0);
      assert_int_equal(e.starts[e.batches], count);
      for (int i = 0; i < e.batches; i++) {
        int size = e.starts[i + 1] - e.starts[i];
        assert_true(size >= 1 && (size == 1 || cost_of(&e, i) <= budgets[b]));
      }
      if (budgets[b] == 1) assert_int_equal(e.batches, count);
      if (budgets[b] == 100000) assert_int_equal(e.batches, count > 0);
    }
  }
}

/* Little of what a batch is charged for is not there. */
static void batches_of_pairs_are_full(void **state) {
  (void)state;
  pair_epoch e = make_pairs(COUNT_MAX, 400, 3);
  int charged = 0, there = 0;
  for (int i = 0; i < e.batches; i++) charged += cost_of(&e, i);
  for (int i = 0; i < COUNT_MAX; i++) there += e.sources[i] + e.targets[i];
  assert_true(there > 0.85 * charged);
  assert_true(charged > 0.85 * 400 * e.batches);
}

static void pairs_are_shuffled_by_the_seed(void **state) {
  (void)state;
  pair_epoch a = make_pairs(COUNT_MAX, 400, 3), b = make_pairs(COUNT_MAX, 400, 3);
  pair_epoch c = make_pairs(COUNT_MAX, 400, 4);
  assert_memory_equal(a.order, b.order, sizeof a.order);
  assert_memory_equal(a.starts, b.starts, (size_t)(a.batches + 1) * sizeof *a.starts);
  assert_memory_not_equal(a.order, c.order, sizeof a.order);
  int falls = 0;
  for (int i = 1; i < a.batches; i++) {
    falls += a.sources[a.order[a.starts[i]]] < a.sources[a.order[a.starts[i - 1]]];
  }
  assert_true(falls > a.batches / 4 && falls < 3 * a.batches / 4);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_example_is_in_one_batch),
      cmocka_unit_test(batches_hold_like_lengths),
      cmocka_unit_test(batches_and_equal_lengths_are_shuffled),
      cmocka_unit_test(the_seed_decides),
      cmocka_unit_test(batches_of_one_ignore_lengths),
      cmocka_unit_test(pairs_keep_to_their_tokens),
      cmocka_unit_test(batches_of_pairs_are_full),
      cmocka_unit_test(pairs_are_shuffled_by_the_seed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
