#include "trainer.h"

#include <math.h>
#include <string.h>

#include "checks.h"

/* Updates walk the parameters in parts that threads share, and a part in pieces that stay in the
 * cache between one pass over them and the next. Both are fixed, so that sums are the same for any
 * number of threads. */
enum { PART = 1 << 20, PIECE = 1 << 12 };

static size_t part_count(size_t total) {
  return (total + PART - 1) / PART;
}

static bool has_others(const trainer *t) {
  return t->options.ranks.count > 1;
}

/* Work for all threads, but where it is not worth the while. */
static void each(trainer *t, int count, void (*run)(void *self, int i, int thread)) {
  if (count > 1 && t->options.each != NULL) {
    t->options.each(t->options.threads, count, run, t);
    return;
  }
  for (int i = 0; i < count; i++) run(t, i, 0);
}

static void take_shards(trainer *t) {
  const trainer_ranks *ranks = &t->options.ranks;
  t->end = t->task.shards;
  if (!has_others(t)) return;
  t->first = ranks->first_of(t->task.shards, ranks->rank);
  t->end = ranks->first_of(t->task.shards, ranks->rank + 1);
}

static rc_status lay_out(trainer *t, rc_arena *arena, rc_error *error) {
  size_t total = t->task.params->total;
  t->values = ARENA_ARRAY(arena, real, total);
  t->rounded = t->options.rounding != NULL ? ARENA_ARRAY(arena, real, total) : NULL;
  t->average = t->options.average > 0 ? ARENA_ARRAY(arena, real, total) : NULL;
  t->square_sums = ARENA_ARRAY(arena, double, part_count(total));
  for (int i = t->first; i < t->end; i++) t->shard[i] = ARENA_ARRAY(arena, real, total);
  t->gradients = has_others(t) ? ARENA_ARRAY(arena, real, total) : t->shard[0];
  t->task.lay_out(t->task.self, t->options.threads, arena);
  RC_TRY(optimizer_new(&t->optimizer, t->options.optimizer, t->task.params, arena, error));
  return arena_check(arena, "training", error);
}

static void clear_gradients(trainer *t) {
  for (int i = t->first; i < t->end; i++) memset(t->shard[i], 0, t->total * sizeof(real));
}

rc_status trainer_new(trainer *t, const train_task *task, const trainer_options *options,
                      rc_error *error) {
  RC_ASSERT(task->shards >= 1 && task->shards <= TRAINER_SHARDS_MAX);
  *t = (trainer){.task = *task, .options = *options, .total = task->params->total, .rate = 1};
  take_shards(t);
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
  clear_gradients(t);
  task->init(task->self, options->seed, t->values);
  if (t->average != NULL) memcpy(t->average, t->values, t->total * sizeof(real));
  return RC_OK;
}

void trainer_free(trainer *t) {
  arena_free(&t->memory);
  *t = (trainer){0};
}

rc_status trainer_begin_part(trainer *t, rc_error *error) {
  const train_task *task = &t->task;
  if (task->load != NULL) {
    RC_TRY(task->load(task->self, t->options.seed, t->epoch, t->part, error));
  }
  t->batches = task->begin_epoch(task->self, t->options.seed, t->epoch);
  return RC_OK;
}

void trainer_begin_epoch(trainer *t) {
  RC_ASSERT(t->task.load == NULL);
  (void)trainer_begin_part(t, NULL);
}

bool trainer_has_more(const trainer *t) {
  return t->part + 1 < t->task.parts;
}

rc_status trainer_next_part(trainer *t, rc_error *error) {
  RC_ASSERT(t->batch == t->batches && trainer_has_more(t));
  t->part++;
  t->batch = 0;
  return trainer_begin_part(t, error);
}

double trainer_progress(const trainer *t) {
  const double of_part = t->batches > 0 ? (double)t->batch / t->batches : 1;
  return t->task.parts > 1 ? (t->part + of_part) / t->task.parts : of_part;
}

void trainer_end_epoch(trainer *t) {
  t->epoch++;
  t->part = 0;
  t->batch = 0;
  t->loss_sum = 0;
  t->correct = 0;
  t->seen = 0;
}

const real *trainer_weights(const trainer *t) {
  return t->average != NULL ? t->average : t->values;
}

static real rate_at(const trainer *t, long step) {
  return (real)t->rate * schedule_rate(&t->options.schedule, step);
}

double trainer_rate(const trainer *t) {
  return (double)rate_at(t, t->step > 0 ? t->step - 1 : 0);
}

/* What the network works with. */
static const real *working(const trainer *t) {
  return t->rounded != NULL ? t->rounded : t->values;
}

/* The i-th of this rank. */
static void run_shard(void *self, int i, int thread) {
  trainer *t = self;
  const int index = t->first + i;
  trainer_outcome *outcome = &t->outcome[index];
  trainer_share share = {
      .batch = t->batch,
      .shard = index,
      .thread = thread,
      .rng = rng_make(t->options.seed, 2 + (uint64_t)t->step, (uint64_t)index),
      .gradients = t->shard[index],
  };
  outcome->status =
      t->task.learn(t->task.self, working(t), &share, &outcome->result, &outcome->error);
}

static void run_shards(trainer *t) {
  memset(t->outcome, 0, sizeof t->outcome);
  each(t, t->end - t->first, run_shard);
}

/* g_0 += g_i for every other shard, in shard order; these are then 0 for the next step. */
static void add_shards(trainer *t, size_t begin, size_t end) {
  for (size_t at = begin; at < end; at += PIECE) {
    size_t count = end - at < PIECE ? end - at : PIECE;
    for (int i = 1; i < t->task.shards; i++) {
      real *gradients = t->shard[i] + at;
      kernels->axpy(count, 1, gradients, t->gradients + at);
      memset(gradients, 0, count * sizeof *gradients);
    }
  }
}

static void sum_part(void *self, int part, int thread) {
  trainer *t = self;
  (void)thread;
  size_t begin = (size_t)part * PART, end = begin + PART < t->total ? begin + PART : t->total;
  if (!has_others(t)) add_shards(t, begin, end);
  if (t->options.clip > 0) {
    t->square_sums[part] = kernels->square_sum(end - begin, t->gradients + begin);
  }
}

/* The same over all ranks, of which those without a shard come last. */
static void sum_over_ranks(trainer *t) {
  const trainer_ranks *ranks = &t->options.ranks;
  const int links = ranks->count < t->task.shards ? ranks->count : t->task.shards;
  ranks->sum(t->shard + t->first, t->end - t->first, links, t->total, t->options.threads,
             t->gradients);
}

/* average += (1 - decay) (values - average) */
static void update_average(trainer *t, size_t at, size_t count) {
  /* A short memory at first, so that the random start is soon forgotten. */
  real decay = t->options.average, early = (real)(t->step + 1) / (real)(t->step + 10);
  if (early < decay) decay = early;
  for (size_t i = at; i < at + count; i++) {
    t->average[i] += (1 - decay) * (t->values[i] - t->average[i]);
  }
}

static void update_part(void *self, int part, int thread) {
  trainer *t = self;
  (void)thread;
  const real rate = rate_at(t, t->step), scale = t->clip_factor;
  size_t begin = (size_t)part * PART, end = begin + PART < t->total ? begin + PART : t->total;
  for (size_t at = begin; at < end; at += PIECE) {
    size_t count = end - at < PIECE ? end - at : PIECE;
    real *gradients = t->gradients + at;
    for (size_t i = 0; scale < 1 && i < count; i++) gradients[i] *= scale;
    optimizer_update_part(&t->optimizer, rate, at, count, gradients, t->values + at);
    if (t->average != NULL) update_average(t, at, count);
  }
}

static void update(trainer *t) {
  const int parts = (int)part_count(t->total);
  each(t, parts, sum_part);
  t->clip_factor = 1;
  if (t->options.clip > 0) {
    double sum = 0;
    for (int part = 0; part < parts; part++) sum += t->square_sums[part];
    t->clip_factor = gradients_clip_factor(sqrt(sum), t->options.clip);
  }
  t->optimizer.step++;
  each(t, parts, update_part);
}

rc_status trainer_step(trainer *t, rc_error *error) {
  RC_ASSERT(t->batch < t->batches);
  if (t->rounded != NULL) {
    t->options.rounding(t->task.params, t->values, t->rounded, t->options.threads);
  }
  if (t->task.prepare != NULL) RC_TRY(t->task.prepare(t->task.self, working(t), error));
  run_shards(t);
  if (has_others(t)) t->options.ranks.unite(t->outcome, sizeof t->outcome);
  trainer_result sum = {0};
  for (int i = 0; i < t->task.shards; i++) {
    const trainer_outcome *s = &t->outcome[i];
    if (s->status != RC_OK) {
      if (error != NULL) *error = s->error;
      return s->status;
    }
    sum.loss += s->result.loss;
    sum.correct += s->result.correct;
    sum.seen += s->result.seen;
  }
  if (!isfinite(sum.loss)) {
    clear_gradients(t);
    return rc_fail(error, RC_ERR_RANGE,
                   "the loss is no longer finite at step %ld; try a lower learning rate (--lr) or "
                   "a limit on the gradient (--clip)",
                   t->step + 1);
  }
  if (has_others(t)) sum_over_ranks(t);
  update(t);
  t->step++;
  t->batch++;
  t->loss_sum += sum.loss;
  t->correct += sum.correct;
  t->seen += sum.seen;
  return RC_OK;
}
