#include "checkpoint_toy.h"

static const measure OWN[] = {{.key = "step"}, {.key = "loss"}, {.key = "score", .better = 1}};
static const measures MEASURED = {
    .own = OWN, .count = 3, .place = 0, .loss = 1, .decides = 2, .unit = "things"};

static void init(const void *self, uint64_t seed, real *values) {
  const checkpoint_toy *toy = self;
  for (size_t i = 0; i < toy->params.total; i++) values[i] = (real)(seed + i);
}

static void lay_out(void *self, int threads, rc_arena *arena) {
  (void)self, (void)threads, (void)arena;
}

static int begin_epoch(void *self, uint64_t seed, int epoch) {
  (void)self, (void)seed, (void)epoch;
  return TOY_STEPS / TOY_EPOCHS;
}

static rc_status learn(const void *self, const real *values, trainer_share *share,
                       trainer_result *result, rc_error *error) {
  const checkpoint_toy *toy = self;
  (void)error;
  for (size_t i = 0; i < toy->params.total; i++) share->gradients[i] += values[i];
  result->loss = 1;
  result->seen = 2;
  result->correct = 1;
  return RC_OK;
}

rc_status checkpoint_toy_new(checkpoint_toy *toy, rc_error *error) {
  size_t offset;
  *toy = (checkpoint_toy){.past = {.of = &MEASURED, .texts_each = 1}};
  toy->kept[0] = (checkpoint_numbers){"checkpoint.seconds", &toy->numbers[0], 1};
  toy->kept[1] = (checkpoint_numbers){"checkpoint.parts", &toy->numbers[1], 2};
  toy->block = (checkpoint_block){"best", toy->best};
  toy->extras = (checkpoint_extras){.settings = "hidden=2\nlr=0.1\n",
                                    .numbers = toy->kept,
                                    .number_count = 2,
                                    .blocks = &toy->block,
                                    .block_count = 1,
                                    .past = &toy->past};
  RC_TRY(params_add(&toy->params, NULL, "w", 2, 2, &offset, error));
  const train_task task = {.self = toy,
                           .params = &toy->params,
                           .shards = 1,
                           .init = init,
                           .lay_out = lay_out,
                           .begin_epoch = begin_epoch,
                           .learn = learn};
  const trainer_options options = {.optimizer = OPTIMIZER_ADAM,
                                   .schedule = {.kind = SCHEDULE_CONSTANT, .peak = (real)0.01},
                                   .beta2 = (real)0.99,
                                   .average = (real)0.9,
                                   .threads = 1,
                                   .seed = 3};
  RC_TRY(trainer_new(&toy->trainer, &task, &options, error));
  trainer_begin_epoch(&toy->trainer);
  return RC_OK;
}

void checkpoint_toy_free(checkpoint_toy *toy) {
  trainer_free(&toy->trainer);
  history_free(&toy->past);
}

rc_status checkpoint_toy_step(checkpoint_toy *toy, rc_error *error) {
  const double row[MEASURES_MAX] = {1, 0.5, 0.25, 0.01, 2, 3, 1};
  RC_TRY(trainer_step(&toy->trainer, error));
  return history_add(&toy->past, row, error);
}
