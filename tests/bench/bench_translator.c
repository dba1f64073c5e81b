/* bench_translator: how many tokens a second, of both languages together, one thread trains the
 * translator's network on (translator.h): embeddings of 256, GRU of 512, vocabularies of 8,000,
 * batches of 128 pairs of 12 and 12 tokens, cross-entropy, clipping, Adam. */

#include <stdio.h>
#include <string.h>

#include "core_peak.h"
#include "measure.h"
#include "optimizer.h"
#include "translator.h"

enum { WORDS = 8000, EMBEDDING = 256, HIDDEN = 512, BATCH = 128, LENGTH = 12 };
enum { TOKENS = BATCH * LENGTH }; /* of one language */

static const translator_config CONFIG = {.source_vocabulary = WORDS,
                                         .target_vocabulary = WORDS,
                                         .embedding = EMBEDDING,
                                         .hidden = HIDDEN,
                                         .encoder_hidden = HIDDEN,
                                         .encoder_layers = 1,
                                         .encoder_directions = 1};
static const translator_room ROOM = {.count = BATCH,
                                     .source_tokens = TOKENS,
                                     .target_tokens = TOKENS,
                                     .source_length = LENGTH,
                                     .target_length = LENGTH};

/* Floating-point operations of the matrix products of a step, two for each multiply-add, without
 * those of the attention: forward, and twice as many backward. */
static const double STEP_OPERATIONS =
    3 * 2.0 * TOKENS * (2 * 3 * HIDDEN * (EMBEDDING + HIDDEN) + 2.0 * HIDDEN * WORDS);

typedef struct training {
  translator net;
  rc_arena memory;
  optimizer rule;
  real *values, *gradients;
  translator_workspace *workspace;
  int *ids[3]; /* [TOKENS] sources, inputs, outputs */
  int *lengths;
  rc_status status;
  rc_error error;
} training;

static rc_status training_lay_out(training *t, rc_arena *arena, rc_error *error) {
  t->values = ARENA_ARRAY(arena, real, t->net.params.total);
  t->gradients = ARENA_ARRAY(arena, real, t->net.params.total);
  for (int i = 0; i < 3; i++) t->ids[i] = ARENA_ARRAY(arena, int, TOKENS);
  t->lengths = ARENA_ARRAY(arena, int, BATCH);
  t->workspace = translator_workspace_new(&t->net, &ROOM, arena);
  RC_TRY(optimizer_new(&t->rule, OPTIMIZER_ADAM, &t->net.params, arena, error));
  return arena_check(arena, "the translator's training", error);
}

static rc_status training_open(training *t, rc_error *error) {
  *t = (training){0};
  RC_TRY(translator_build(&t->net, &CONFIG, error));
  rc_arena need = arena_measure();
  RC_TRY(training_lay_out(t, &need, error));
  RC_TRY(arena_new(&t->memory, need.used, error));
  RC_TRY(training_lay_out(t, &t->memory, error));
  translator_init(&t->net, 1, t->values);
  rc_rng rng = rng_make(1, 2, 3);
  for (int i = 0; i < 3; i++) {
    for (int k = 0; k < TOKENS; k++) t->ids[i][k] = (int)rng_below(&rng, WORDS);
  }
  for (int i = 0; i < BATCH; i++) t->lengths[i] = LENGTH;
  return RC_OK;
}

static void training_step(void *context) {
  training *t = context;
  const translator_batch batch = {.count = BATCH,
                                  .sources = t->ids[0],
                                  .source_lengths = t->lengths,
                                  .inputs = t->ids[1],
                                  .outputs = t->ids[2],
                                  .target_lengths = t->lengths};
  double loss;
  if (t->status != RC_OK) return;
  memset(t->gradients, 0, t->net.params.total * sizeof *t->gradients);
  t->status = translator_train_step(&t->net, t->values, &batch, 0, 1 / (real)TOKENS, NULL,
                                    t->gradients, &loss, t->workspace, &t->error);
  gradients_clip(&t->net.params, t->gradients, 1);
  optimizer_update(&t->rule, &t->net.params, 1e-3f, t->gradients, t->values);
}

static rc_status bench_precision(kernel_precision precision, const char *name, rc_error *error) {
  training t;
  rc_status status = kernels_set_precision(precision, error);
  if (status == RC_OK) status = training_open(&t, error);
  if (status == RC_OK) {
    const measurement steps = measure_rate(training_step, &t, 1);
    status = t.status;
    if (status != RC_OK) *error = t.error;
    if (status == RC_OK) {
      const double peak = measured_peak(kernels, precision);
      char share[64];
      snprintf(share, sizeof share, "%s share of peak", name);
      status = json_print_line(
          measurement_row(name, "tokens/s", measurement_scaled(steps, 2 * TOKENS)), stdout, error);
      if (status == RC_OK && peak > 0) {
        const measurement shares = measurement_scaled(steps, 100 * STEP_OPERATIONS / peak);
        status = json_print_line(measurement_row(share, "%", shares), stdout, error);
      }
    }
    arena_free(&t.memory);
  }
  return status;
}

static rc_status bench_all(void *context, rc_error *error) {
  (void)context;
  RC_TRY(bench_precision(PRECISION_F32, "translator training f32", error));
  return bench_precision(PRECISION_BF16, "translator training bf16", error);
}

int main(int argc, char **argv) {
  program_spec spec = {
      .program = "bench_translator",
      .usage = "[options]",
      .summary =
          "Times the training of the translator on one thread and prints one JSON object a line: "
          "the median, the slowest and the fastest sample.",
  };
  return measure_program(&spec, argc, argv, bench_all, NULL);
}
