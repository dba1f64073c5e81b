#include "pairs_task.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "batches.h"
#include "checks.h"
#include "layer_noise.h"

/* A shard of a thousand tokens on each side keeps the matrix products worth their while; more
 * shards would cost a pass over the gradients each. */
static int shard_count(int tokens) {
  int count = tokens / 2048;
  if (count < 1) return 1;
  return count > TRAINER_SHARDS_MAX ? TRAINER_SHARDS_MAX : count;
}

/* As pairs_encode, into small ids; without dropout where its pieces would be too many. */
static int encode_side(codec c, utf8_text text, float dropout, rc_rng *rng, int *scratch,
                       int length, uint16_t *ids) {
  int count = pairs_encode(c, text, dropout, rng, scratch, length);
  if (count == 0) count = pairs_encode(c, text, 0, NULL, scratch, length);
  for (int i = 0; i < count; i++) ids[i] = (uint16_t)scratch[i];
  return count;
}

/* Measures every pair, and what an epoch comes to. */
static rc_status measure(pairs_task *task, rc_error *error) {
  const pairs_reader reader = {task->source, task->target, task->options.length};
  int *scratch = malloc((size_t)reader.length * sizeof *scratch);
  if (scratch == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory for sentences");
  int *next = task->usable;
  for (int c = 0; c < task->corpus_count; c++) {
    const weighted_pairs *corpus = &task->corpora[c];
    int usable = 0;
    for (int i = 0; i < corpus->count; i++, next++) {
      const text_pair *pair = &corpus->items[i];
      *next = pairs_is_usable(&reader, pair, scratch, &task->wordless);
      usable += *next;
      task->longest =
          arena_larger(task->longest, arena_larger(pair->source.bytes, pair->target.bytes));
      if (*next > 0) {
        task->tokens += pairs_most_tokens(pair, reader.length) * (size_t)ceil(corpus->weight);
      }
    }
    task->left_out += corpus->count - usable;
    task->epoch_members += pairs_members(corpus->weight, usable);
    if (corpus->count > task->largest) task->largest = corpus->count;
  }
  free(scratch);
  if (task->epoch_members == 0) {
    return rc_fail(error, RC_ERR_FORMAT,
                   "no pair to train on has at most %d tokens a side, and on both a known one",
                   reader.length);
  }
  if (task->epoch_members > INT_MAX / 4) {
    return rc_fail(error, RC_ERR_ARGUMENT, "%ld pairs an epoch are too many", task->epoch_members);
  }
  task->members = task->members_most = (int)task->epoch_members;
  return RC_OK;
}

/* count: pairs whose use is to be kept. */
static rc_status begin_task(pairs_task *task, const translator *net, codec source, codec target,
                            const pairs_task_options *options, size_t count, rc_error *error) {
  *task = (pairs_task){.net = *net,
                       .options = *options,
                       .source = source,
                       .target = target,
                       .shards = shard_count(options->tokens)};
  if (options->iterations > 0) {
    task->options.tokens = 2 * options->length;
    task->shards = 1;
  }
  size_t bytes = count * sizeof(int) + sizeof(pairs_risk) + (size_t)(2 * ARENA_MORE);
  RC_TRY(arena_new(&task->memory, bytes, error));
  if (count > 0) task->usable = ARENA_ARRAY(&task->memory, int, count);
  if (options->risk.candidates > 0) task->risk = ARENA_ARRAY(&task->memory, pairs_risk, 1);
  return RC_OK;
}

rc_status pairs_task_make(pairs_task *task, const translator *net, codec source, codec target,
                          const pairs_task_options *options, const weighted_pairs *corpora,
                          int corpus_count, rc_error *error) {
  size_t count = 0;
  for (int c = 0; c < corpus_count; c++) count += (size_t)corpora[c].count;
  RC_TRY(begin_task(task, net, source, target, options, count, error));
  task->corpora = corpora;
  task->corpus_count = corpus_count;
  return measure(task, error);
}

rc_status pairs_task_make_stream(pairs_task *task, const translator *net, codec source,
                                 codec target, const pairs_task_options *options,
                                 pairs_stream *stream, rc_error *error) {
  RC_ASSERT(options->length == stream->text.reader.length && options->iterations == 0);
  RC_TRY(begin_task(task, net, source, target, options, 0, error));
  task->stream = stream;
  task->epoch_members = stream->members;
  task->members_most = stream->members_most;
  task->largest = stream->largest;
  task->left_out = (int)stream->useless;
  task->wordless = (int)stream->wordless;
  task->tokens = stream->tokens_most;
  task->longest = stream->longest;
  return RC_OK;
}

void pairs_task_free(pairs_task *task) {
  if (task->risk != NULL) pairs_risk_free(task->risk);
  arena_free(&task->memory);
  *task = (pairs_task){0};
}

/* Room for a shard: it has at most every shards-th pair of a batch. */
static translator_room shard_room(const pairs_task *task) {
  enum { LEAST_TOKENS = 4 }; /* of a usable pair: one token and the end on each side */
  int tokens = task->options.tokens, length = task->options.length;
  int share = tokens / task->shards + 2 * length;
  return (translator_room){.count = tokens / LEAST_TOKENS / task->shards + 1,
                           .source_tokens = share,
                           .target_tokens = share,
                           .source_length = length,
                           .target_length = length,
                           .sampled_softmax = task->options.sampled_softmax};
}

static void lay_out(void *self, int threads, rc_arena *arena) {
  pairs_task *task = self;
  size_t members = (size_t)task->members_most;
  task->member = ARENA_ARRAY(arena, const text_pair *, members);
  task->drawn = ARENA_ARRAY(arena, int, (size_t)task->largest);
  task->ids = ARENA_ARRAY(arena, uint16_t, task->tokens);
  task->starts = ARENA_ARRAY(arena, size_t, 2 * members + 1);
  task->source_lengths = ARENA_ARRAY(arena, int, members);
  task->target_lengths = ARENA_ARRAY(arena, int, members);
  size_t batched = arena_larger(members, (size_t)task->options.iterations);
  task->order = ARENA_ARRAY(arena, int, batched);
  task->batches = ARENA_ARRAY(arena, int, batched + 1);
  task->scratch = ARENA_ARRAY(arena, int, 3 * members + (size_t)task->options.length);
  for (int side = 0; side < 2 && task->options.noise > 0; side++) {
    task->noisy[side] = ARENA_ARRAY(arena, char, task->longest + NOISE_MORE);
  }
  task->room = shard_room(task);
  for (int i = 0; i < task->shards && i < threads; i++) {
    task->batch[i] = pairs_batch_layout(&task->room, arena);
    task->workspaces[i] = translator_workspace_new(&task->net, &task->room, arena);
  }
}

static void init(const void *self, uint64_t seed, real *values) {
  translator_init(&((const pairs_task *)self)->net, seed, values);
}

/* The epoch's pairs of one corpus; usable: [count of the corpus] whether each is, or NULL. */
static int gather_corpus(const pairs_task *task, const weighted_pairs *corpus, const int *usable,
                         rc_rng *rng, int filled) {
  int count = 0, *drawn = task->drawn;
  for (int i = 0; i < corpus->count; i++) {
    if (usable == NULL || usable[i] > 0) drawn[count++] = i;
  }
  for (int k = 0; k < pairs_wholes(corpus->weight); k++) {
    for (int i = 0; i < count; i++) task->member[filled++] = &corpus->items[drawn[i]];
  }
  int more = pairs_fraction(corpus->weight, count);
  for (int i = 0; i < more; i++) {
    int j = i + (int)rng_below(rng, (uint32_t)(count - i));
    int index = drawn[j];
    drawn[j] = drawn[i];
    drawn[i] = index;
    task->member[filled++] = &corpus->items[index];
  }
  return filled;
}

/* Both sides of a member, source first; false where one does not fit. */
static bool encode_pair(pairs_task *task, int member, utf8_text source, utf8_text target,
                        rc_rng *rng, size_t used) {
  const float dropout = task->options.bpe_dropout;
  const int length = task->options.length;
  const int first =
      encode_side(task->source, source, dropout, rng, task->scratch, length, task->ids + used);
  const size_t middle = used + (size_t)first;
  const int second =
      encode_side(task->target, target, dropout, rng, task->scratch, length, task->ids + middle);
  task->starts[2 * member] = used;
  task->starts[2 * member + 1] = middle;
  task->source_lengths[member] = first;
  task->target_lengths[member] = second;
  return first > 0 && second > 0;
}

static bool encode_noisy(pairs_task *task, int member, rc_rng *rng, size_t used) {
  const text_pair *pair = task->member[member];
  noisy_text source = {task->noisy[0], 0}, target = {task->noisy[1], 0};
  layer_noise_add(pair->source, pair->target, rng, &source, &target);
  return source.bytes > 0 && target.bytes > 0 &&
         encode_pair(task, member, (utf8_text){source.text, source.bytes},
                     (utf8_text){target.text, target.bytes}, rng, used);
}

static void encode_members(pairs_task *task, rc_rng *rng) {
  const float noise = task->options.noise;
  size_t used = 0;
  task->epoch_size = 0;
  for (int i = 0; i < task->members; i++) {
    const text_pair *pair = task->member[i];
    if (!(noise > 0 && rng_uniform(rng) < noise && encode_noisy(task, i, rng, used))) {
      encode_pair(task, i, pair->source, pair->target, rng, used);
    }
    used += (size_t)task->source_lengths[i] + (size_t)task->target_lengths[i];
    task->epoch_size += task->target_lengths[i];
  }
}

/* Pairs by themselves, any of them any number of times. */
static int draw(pairs_task *task, rc_rng *rng) {
  const int count = task->options.iterations;
  for (int i = 0; i < count; i++) {
    task->order[i] = (int)rng_below(rng, (uint32_t)task->members);
    task->batches[i] = i;
  }
  task->batches[count] = count;
  task->epoch_size = count;
  return count;
}

static rc_status load(void *self, uint64_t seed, int epoch, int part, rc_error *error) {
  pairs_task *task = self;
  RC_TRY(pairs_stream_load(task->stream, seed, epoch, part, error));
  task->corpora = task->stream->corpora;
  task->corpus_count = task->stream->corpus_count;
  task->part = part;
  return RC_OK;
}

static int begin_epoch(void *self, uint64_t seed, int epoch) {
  pairs_task *task = self;
  rc_rng rng = rng_make(seed, 1, (uint64_t)task->part << 32 | (uint64_t)epoch);
  const int *usable = task->usable;
  int filled = 0;
  for (int c = 0; c < task->corpus_count; c++) {
    filled = gather_corpus(task, &task->corpora[c], usable, &rng, filled);
    if (usable != NULL) usable += task->corpora[c].count;
  }
  task->members = filled;
  encode_members(task, &rng);
  if (task->options.iterations > 0) return draw(task, &rng);
  return batches_by_tokens(task->members, task->source_lengths, task->target_lengths,
                           task->options.tokens, &rng, task->order, task->batches, task->scratch);
}

/* Which pairs of a batch run free. */
static void set_free(const pairs_task *task, rc_rng *rng, pairs_batch *b) {
  if (!(task->options.free_running > 0)) return;
  for (int i = 0; i < b->batch.count; i++) {
    b->free_running[i] = rng_uniform(rng) < task->options.free_running;
  }
  b->batch.free_running = b->free_running;
}

static rc_status learn(const void *self, const real *values, trainer_share *share,
                       trainer_result *result, rc_error *error) {
  const pairs_task *task = self;
  pairs_batch b = task->batch[share->thread];
  const int *members = task->order + task->batches[share->batch];
  int pairs = task->batches[share->batch + 1] - task->batches[share->batch];
  long batch_targets = 0;
  pairs_batch_clear(&b);
  for (int i = 0; i < pairs; i++) {
    int m = members[i];
    batch_targets += task->target_lengths[m];
    /* In turn, not in blocks: the batch is sorted by length. */
    if (i % task->shards != share->shard) continue;
    pairs_batch_add(&b, task->ids + task->starts[2 * m], task->source_lengths[m],
                    task->ids + task->starts[2 * m + 1], task->target_lengths[m], 1);
  }
  if (b.batch.count == 0) return RC_OK;
  const bool alone = task->options.iterations > 0;
  const real likelihood = task->risk == NULL ? 1 : (real)task->options.risk.likelihood;
  result->seen = alone ? 1 : b.target_tokens;
  if (likelihood > 0) {
    set_free(task, &share->rng, &b);
    RC_TRY(translator_train_step(&task->net, values, &b.batch, task->options.smoothing,
                                 likelihood / (alone ? 1 : (real)batch_targets), &share->rng,
                                 share->gradients, &result->loss, task->workspaces[share->thread],
                                 error));
  }
  if (alone) result->loss /= b.target_tokens;
  if (task->risk == NULL) return RC_OK;
  result->loss = 0;
  return pairs_risk_learn(task, values, share, result, error);
}

static rc_status prepare(void *self, const real *values, rc_error *error) {
  pairs_task *task = self;
  return task->risk == NULL ? RC_OK : pairs_risk_prepare(task, values, error);
}

/* The log-probabilities of what has been gathered, added up. */
static rc_status score_batch(const pairs_task *task, const real *values, pairs_batch *b,
                             double *scratch, double *sum, rc_error *error) {
  if (b->batch.count == 0) return RC_OK;
  RC_TRY(translator_score(&task->net, values, &b->batch, scratch, task->workspaces[0], error));
  for (int i = 0; i < b->batch.count; i++) *sum += scratch[i];
  pairs_batch_clear(b);
  return RC_OK;
}

static rc_status score_all(const pairs_task *task, const real *values, const text_pair *items,
                           int count, double *scratch, double *loss, rc_error *error) {
  int length = task->options.length;
  int *encoded = task->scratch;
  uint16_t pair[2][TRANSLATOR_LENGTH_MAX];
  pairs_batch b = task->batch[0];
  double sum = 0;
  long tokens = 0;
  pairs_batch_clear(&b);
  for (int i = 0; i < count; i++) {
    int source = encode_side(task->source, items[i].source, 0, NULL, encoded, length, pair[0]);
    int target = encode_side(task->target, items[i].target, 0, NULL, encoded, length, pair[1]);
    if (source == 0 || target == 0) continue;
    if (!pairs_batch_fits(&b, source, target)) {
      RC_TRY(score_batch(task, values, &b, scratch, &sum, error));
    }
    pairs_batch_add(&b, pair[0], source, pair[1], target, 1);
    tokens += target;
  }
  RC_TRY(score_batch(task, values, &b, scratch, &sum, error));
  *loss = tokens > 0 ? -sum / (double)tokens : NAN;
  return RC_OK;
}

rc_status pairs_task_loss(const pairs_task *task, const real *values, const text_pair *items,
                          int count, double *loss, rc_error *error) {
  double *scratch = malloc((size_t)task->room.count * sizeof *scratch);
  if (scratch == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory for an evaluation");
  rc_status status = score_all(task, values, items, count, scratch, loss, error);
  free(scratch);
  return status;
}

train_task pairs_task_of(pairs_task *task) {
  return (train_task){
      .self = task,
      .parts = task->stream != NULL ? task->stream->parts : 0,
      .load = task->stream != NULL ? load : NULL,
      .params = &task->net.params,
      .shards = task->shards,
      .init = init,
      .lay_out = lay_out,
      .begin_epoch = begin_epoch,
      .prepare = prepare,
      .learn = learn,
  };
}
