#include "names_task.h"

#include <string.h>

#include "batches.h"

typedef struct names_shard {
  int *ids, *lengths, *targets;
  real *soft;
} names_shard;

/* About 32 texts a shard keep the matrix products, and what each shard does once, worth their
 * while.
 */
static int shard_count(int batch) {
  int count = batch / 32;
  if (count < 1) return 1;
  return count > TRAINER_SHARDS_MAX ? TRAINER_SHARDS_MAX : count;
}

int train_set_epoch_count(const train_set *data) {
  return data->always + data->drawn;
}

int names_task_epoch_steps(const names_task *task) {
  int batch = task->options.batch;
  return (train_set_epoch_count(task->data) + batch - 1) / batch;
}

/* The most letters that `texts` of the data can have together, and the longest length. */
typedef struct letter_bound {
  int letters, longest;
} letter_bound;

static letter_bound bound_letters(const train_set *data, int texts) {
  enum { LONGEST = CLASSIFIER_LETTERS_MAX };
  int counts[LONGEST + 1] = {0};
  for (int i = 0; i < data->count; i++) counts[data->lengths[i]]++;
  letter_bound bound = {0};
  for (int length = LONGEST; length > 0 && texts > 0; length--) {
    if (counts[length] > 0 && bound.longest == 0) bound.longest = length;
    int taken = counts[length] < texts ? counts[length] : texts;
    bound.letters += taken * length;
    texts -= taken;
  }
  return bound;
}

static names_shard lay_out_shard(const names_task *task, int texts, size_t letters,
                                 rc_arena *arena) {
  names_shard s = {0};
  s.ids = ARENA_ARRAY(arena, int, letters);
  s.lengths = ARENA_ARRAY(arena, int, (size_t)texts);
  s.targets = ARENA_ARRAY(arena, int, (size_t)texts);
  if (task->data->soft != NULL) {
    s.soft = ARENA_ARRAY(arena, real, (size_t)(texts * task->net.config.labels));
  }
  return s;
}

/* The shards, and a workspace for each thread, whose shards leave it in the cache to one another.
 */
static void lay_out_shards(names_task *task, int threads, rc_arena *arena) {
  int texts = (task->options.batch + task->shards - 1) / task->shards;
  letter_bound bound = bound_letters(task->data, texts);
  task->shard = ARENA_ARRAY(arena, names_shard, (size_t)task->shards);
  for (int i = 0; i < task->shards; i++) {
    names_shard s = lay_out_shard(task, texts, (size_t)bound.letters, arena);
    if (task->shard != NULL) task->shard[i] = s;
  }
  for (int i = 0; i < task->shards && i < threads; i++) {
    task->workspaces[i] =
        classifier_workspace_new(&task->net, texts, bound.letters, bound.longest, true, arena);
  }
}

static void lay_out(void *self, int threads, rc_arena *arena) {
  names_task *task = self;
  size_t count = (size_t)train_set_epoch_count(task->data);
  size_t batches = (size_t)names_task_epoch_steps(task);
  task->members = ARENA_ARRAY(arena, int, (size_t)task->data->count);
  task->lengths = ARENA_ARRAY(arena, int, count);
  task->order = ARENA_ARRAY(arena, int, count);
  task->starts = ARENA_ARRAY(arena, int, batches + 1);
  task->scratch = ARENA_ARRAY(arena, int, count + batches);
  lay_out_shards(task, threads, arena);
}

static void init(const void *self, uint64_t seed, real *values) {
  classifier_init(&((const names_task *)self)->net, seed, values);
}

static int begin_epoch(void *self, uint64_t seed, int epoch) {
  const names_task *task = self;
  const train_set *data = task->data;
  rc_rng rng = rng_make(seed, 1, (uint64_t)epoch);
  int *members = task->members, count = train_set_epoch_count(data);
  const int drawable = data->always + data->pool;
  for (int i = 0; i < drawable; i++) members[i] = i;
  for (int i = data->always; i < count; i++) {
    int j = i + (int)rng_below(&rng, (uint32_t)(drawable - i));
    int drawn = members[j];
    members[j] = members[i];
    members[i] = drawn;
  }
  for (int i = 0; i < count; i++) {
    const int plain = i < data->always && data->plain != NULL ? data->plain[i] : -1;
    if (plain >= 0 && rng_uniform(&rng) < (float)task->options.plain_rate) members[i] = plain;
    task->lengths[i] = data->lengths[members[i]];
  }
  int batches = batches_by_length(count, task->lengths, task->options.batch, &rng, task->order,
                                  task->starts, task->scratch);
  for (int i = 0; i < count; i++) task->order[i] = members[task->order[i]];
  return batches;
}

/* Copies members [0, count) of the batch into the shard, some letters replaced by the unknown one.
 */
static void fill_shard(const names_task *task, const int *members, int count, rc_rng *rng,
                       names_shard *s) {
  const train_set *data = task->data;
  real unknown_rate = task->options.unknown_rate;
  size_t classes = (size_t)task->net.config.labels;
  const int unknown = task->net.config.letters - 1;
  int *next = s->ids;
  for (int i = 0; i < count; i++) {
    int text = members[i];
    s->lengths[i] = data->lengths[text];
    s->targets[i] = data->labels[text];
    for (int k = 0; k < s->lengths[i]; k++) {
      bool drop = unknown_rate > 0 && rng_uniform(rng) < (float)unknown_rate;
      *next++ = drop ? unknown : data->ids[text][k];
    }
    if (s->soft != NULL) {
      memcpy(s->soft + (size_t)i * classes, data->soft + (size_t)text * classes,
             classes * sizeof(real));
    }
  }
}

static rc_status learn(const void *self, const real *values, trainer_share *share,
                       trainer_result *result, rc_error *error) {
  const names_task *task = self;
  names_shard *s = &task->shard[share->shard];
  const int *members = task->order + task->starts[share->batch];
  int batch = task->starts[share->batch + 1] - task->starts[share->batch];
  int first = (int)((long)batch * share->shard / task->shards);
  int count = (int)((long)batch * (share->shard + 1) / task->shards) - first;
  if (count == 0) return RC_OK;
  fill_shard(task, members + first, count, &share->rng, s);
  classifier_batch texts = {.count = count, .ids = s->ids, .lengths = s->lengths};
  cross_entropy_target target = {
      .targets = s->targets,
      .smoothing = task->options.smoothing,
      .soft = s->soft,
      .soft_weight = s->soft != NULL ? 1 : 0,
  };
  classifier_step_result step = {0};
  rc_status status =
      classifier_train_step(&task->net, values, &texts, &target, 1 / (real)batch, &share->rng,
                            share->gradients, &step, task->workspaces[share->thread], error);
  *result = (trainer_result){.loss = step.loss, .correct = step.correct, .seen = count};
  return status;
}

rc_status names_task_make(names_task *task, const classifier_config *config,
                          const names_task_options *options, const train_set *data,
                          rc_error *error) {
  *task = (names_task){.options = *options, .data = data, .shards = shard_count(options->batch)};
  return classifier_build(&task->net, config, error);
}

train_task names_task_of(names_task *task) {
  return (train_task){
      .self = task,
      .params = &task->net.params,
      .shards = task->shards,
      .init = init,
      .lay_out = lay_out,
      .begin_epoch = begin_epoch,
      .learn = learn,
  };
}
