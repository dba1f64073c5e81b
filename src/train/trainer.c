#include "trainer.h"

#include <math.h>
#include <string.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "batches.h"

typedef struct trainer_shard {
  real *gradients; /* [P] */
  int *ids, *lengths, *targets;
  real *soft;
  classifier_step_result result;
  rc_status status;
  rc_error error;
} trainer_shard;

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

static int batch_count(const trainer_options *options, const train_set *data) {
  return (train_set_epoch_count(data) + options->batch - 1) / options->batch;
}

long trainer_total_steps(const trainer_options *options, const train_set *data) {
  return (long)options->epochs * batch_count(options, data);
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

static void lay_out_shard(trainer_shard *shard, const trainer *t, int texts, size_t letters,
                          rc_arena *arena) {
  trainer_shard s = {0};
  s.gradients = ARENA_ARRAY(arena, real, t->net.params.total);
  s.ids = ARENA_ARRAY(arena, int, letters);
  s.lengths = ARENA_ARRAY(arena, int, (size_t)texts);
  s.targets = ARENA_ARRAY(arena, int, (size_t)texts);
  if (t->data->soft != NULL) {
    s.soft = ARENA_ARRAY(arena, real, (size_t)(texts * t->net.config.labels));
  }
  if (shard != NULL) *shard = s;
}

/* The shards, and a workspace for each thread, whose shards leave it in the cache to one another.
 */
static void lay_out_shards(trainer *t, rc_arena *arena) {
  int texts = (t->options.batch + t->shards - 1) / t->shards, threads = t->options.threads;
  letter_bound bound = bound_letters(t->data, texts);
  t->shard = ARENA_ARRAY(arena, trainer_shard, (size_t)t->shards);
  for (int i = 0; i < t->shards; i++) {
    lay_out_shard(t->shard == NULL ? NULL : &t->shard[i], t, texts, (size_t)bound.letters, arena);
  }
  for (int i = 0; i < t->shards && i < threads; i++) {
    t->workspaces[i] =
        classifier_workspace_new(&t->net, texts, bound.letters, bound.longest, true, arena);
  }
}

static rc_status lay_out(trainer *t, rc_arena *arena, rc_error *error) {
  size_t total = t->net.params.total;
  size_t count = (size_t)train_set_epoch_count(t->data);
  size_t batches = (size_t)batch_count(&t->options, t->data);
  t->values = ARENA_ARRAY(arena, real, total);
  t->average = t->options.average > 0 ? ARENA_ARRAY(arena, real, total) : NULL;
  t->members = ARENA_ARRAY(arena, int, (size_t)t->data->count);
  t->lengths = ARENA_ARRAY(arena, int, count);
  t->order = ARENA_ARRAY(arena, int, count);
  t->starts = ARENA_ARRAY(arena, int, batches + 1);
  t->scratch = ARENA_ARRAY(arena, int, count + batches);
  lay_out_shards(t, arena);
  RC_TRY(optimizer_new(&t->optimizer, t->options.optimizer, &t->net.params, arena, error));
  return arena_check(arena, "training", error);
}

rc_status trainer_new(trainer *t, const classifier_config *config, const trainer_options *options,
                      const train_set *data, rc_error *error) {
  *t = (trainer){
      .options = *options,
      .data = data,
      .schedule = {.kind = options->schedule, .peak = options->lr},
      .shards = shard_count(options->batch),
  };
  RC_TRY(classifier_build(&t->net, config, error));
  rc_arena need = arena_measure();
  RC_TRY(lay_out(t, &need, error));
  RC_TRY(arena_new(&t->memory, need.used, error));
  rc_status status = lay_out(t, &t->memory, error);
  if (status != RC_OK) {
    trainer_free(t);
    return status;
  }
  t->optimizer.momentum = options->momentum;
  t->optimizer.beta2 = options->beta2;
  t->optimizer.weight_decay = options->weight_decay;
  t->schedule.total = trainer_total_steps(options, data);
  t->schedule.warmup = lround((double)options->warmup * (double)t->schedule.total);
  classifier_init(&t->net, options->seed, t->values);
  if (t->average != NULL) {
    memcpy(t->average, t->values, t->net.params.total * sizeof(real));
  }
  return RC_OK;
}

void trainer_free(trainer *t) {
  arena_free(&t->memory);
  *t = (trainer){0};
}

void trainer_begin_epoch(trainer *t) {
  const train_set *data = t->data;
  rc_rng rng = rng_make(t->options.seed, 1, (uint64_t)t->epoch);
  int *members = t->members, count = train_set_epoch_count(data);
  for (int i = 0; i < data->count; i++) members[i] = i;
  for (int i = data->always; i < count; i++) {
    int j = i + (int)rng_below(&rng, (uint32_t)(data->count - i));
    int drawn = members[j];
    members[j] = members[i];
    members[i] = drawn;
  }
  for (int i = 0; i < count; i++) t->lengths[i] = data->lengths[members[i]];
  t->batches =
      batches_by_length(count, t->lengths, t->options.batch, &rng, t->order, t->starts, t->scratch);
  for (int i = 0; i < count; i++) t->order[i] = members[t->order[i]];
}

void trainer_end_epoch(trainer *t) {
  t->epoch++;
  t->batch = 0;
  t->loss_sum = 0;
  t->correct = 0;
  t->seen = 0;
}

const real *trainer_weights(const trainer *t) {
  return t->average != NULL ? t->average : t->values;
}

/* Copies members [0, count) of the batch into the shard, some letters replaced by the unknown one.
 */
static void fill_shard(const trainer *t, const int *members, int count, rc_rng *rng,
                       trainer_shard *s) {
  const train_set *data = t->data;
  size_t classes = (size_t)t->net.config.labels;
  int *next = s->ids;
  for (int i = 0; i < count; i++) {
    int text = members[i];
    s->lengths[i] = data->lengths[text];
    s->targets[i] = data->labels[text];
    for (int k = 0; k < s->lengths[i]; k++) {
      bool drop = t->options.unknown_rate > 0 && rng_uniform(rng) < (float)t->options.unknown_rate;
      *next++ = drop ? ALPHABET_UNKNOWN : data->ids[text][k];
    }
    if (s->soft != NULL) {
      memcpy(s->soft + (size_t)i * classes, data->soft + (size_t)text * classes,
             classes * sizeof(real));
    }
  }
}

static void run_shard(const trainer *t, int index, const int *members, int batch,
                      classifier_workspace *workspace) {
  trainer_shard *s = &t->shard[index];
  int first = (int)((long)batch * index / t->shards);
  int count = (int)((long)batch * (index + 1) / t->shards) - first;
  /* The first one's are 0 after an update, see sum_gradients. */
  if (index > 0) memset(s->gradients, 0, t->net.params.total * sizeof(real));
  s->result = (classifier_step_result){0};
  s->status = RC_OK;
  if (count == 0) return;
  rc_rng rng = rng_make(t->options.seed, 2 + (uint64_t)t->step, (uint64_t)index);
  fill_shard(t, members + first, count, &rng, s);
  classifier_batch texts = {.count = count, .ids = s->ids, .lengths = s->lengths};
  cross_entropy_target target = {
      .targets = s->targets,
      .smoothing = t->options.smoothing,
      .soft = s->soft,
      .soft_weight = s->soft != NULL ? 1 : 0,
  };
  s->status = classifier_train_step(&t->net, t->values, &texts, &target, 1 / (real)batch, &rng,
                                    s->gradients, &s->result, workspace, &s->error);
}

/* Adds the shards' gradients into the first one's, in shard order whatever the threads. */
static void sum_gradients(const trainer *t) {
  for (int i = 1; i < t->shards; i++) {
    kernels->axpy(t->net.params.total, 1, t->shard[i].gradients, t->shard[0].gradients);
  }
}

static void update_average(trainer *t) {
  if (t->average == NULL) return;
  /* A short memory at first, so that the random start is soon forgotten. */
  real decay = t->options.average, early = (real)(t->step + 1) / (real)(t->step + 10);
  if (early < decay) decay = early;
  for (size_t i = 0; i < t->net.params.total; i++) {
    t->average[i] += (1 - decay) * (t->values[i] - t->average[i]);
  }
}

static void run_shards(const trainer *t, const int *members, int count) {
  if (t->shards == 1) { /* not worth a parallel region */
    run_shard(t, 0, members, count, t->workspaces[0]);
    return;
  }
#ifdef _OPENMP
  /* So scheduled, a thread whose number is not below that of the shards has none. */
#pragma omp parallel for schedule(static, 1) num_threads(t->options.threads)
  for (int i = 0; i < t->shards; i++) {
    run_shard(t, i, members, count, t->workspaces[omp_get_thread_num()]);
  }
#else
  for (int i = 0; i < t->shards; i++) run_shard(t, i, members, count, t->workspaces[0]);
#endif
}

rc_status trainer_step(trainer *t, rc_error *error) {
  const int *members = t->order + t->starts[t->batch];
  int count = t->starts[t->batch + 1] - t->starts[t->batch];
  run_shards(t, members, count);
  double loss = 0;
  int correct = 0;
  for (int i = 0; i < t->shards; i++) {
    if (t->shard[i].status != RC_OK) {
      if (error != NULL) *error = t->shard[i].error;
      return t->shard[i].status;
    }
    loss += t->shard[i].result.loss;
    correct += t->shard[i].result.correct;
  }
  if (!isfinite(loss)) {
    memset(t->shard[0].gradients, 0, t->net.params.total * sizeof(real));
    return rc_fail(error, RC_ERR_RANGE,
                   "the loss is no longer finite at step %ld; try a lower learning rate (--lr) or "
                   "a limit on the gradient (--clip)",
                   t->step + 1);
  }
  sum_gradients(t);
  if (t->options.clip > 0) {
    gradients_clip(&t->net.params, t->shard[0].gradients, t->options.clip);
  }
  optimizer_update(&t->optimizer, &t->net.params, schedule_rate(&t->schedule, t->step),
                   t->shard[0].gradients, t->values);
  update_average(t);
  t->step++;
  t->batch++;
  t->loss_sum += loss;
  t->correct += correct;
  t->seen += count;
  return RC_OK;
}
