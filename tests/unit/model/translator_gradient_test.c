#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "finite_difference.h"
#include "tiny_batch.h"
#include "translator.h"

/* Central differences of the whole training step, every parameter, in double. */

typedef struct fixture {
  translator net;
  rc_arena memory;
  real *values, *gradients;
  translator_workspace *workspace;
  translator_batch batch;
  translator_room room;
  uint64_t seed; /* of the dropout; 0: none */
} fixture;

/* The smallest network that there is, and one for each branch of the code beyond it. */
static const translator_config PLAIN = {.source_vocabulary = 6,
                                        .target_vocabulary = 5,
                                        .embedding = 3,
                                        .hidden = 4,
                                        .encoder_hidden = 4,
                                        .encoder_layers = 1,
                                        .encoder_directions = 1};
static const translator_config SCALED = {.source_vocabulary = 6,
                                         .target_vocabulary = 5,
                                         .embedding = 3,
                                         .hidden = 4,
                                         .encoder_hidden = 2,
                                         .encoder_layers = 2,
                                         .encoder_directions = 2,
                                         .attention = TRANSLATOR_SCALED_DOT,
                                         .attentional = 5};
static const translator_config GENERAL = {.source_vocabulary = 6,
                                          .target_vocabulary = 6,
                                          .embedding = 3,
                                          .hidden = 4,
                                          .encoder_hidden = 5,
                                          .encoder_layers = 1,
                                          .encoder_directions = 2,
                                          .bridge = true,
                                          .attention = TRANSLATOR_GENERAL,
                                          .attentional = 3,
                                          .tying = TRANSLATOR_TIED_OUTPUT};
static const translator_config ADDITIVE = {.source_vocabulary = 6,
                                           .target_vocabulary = 5,
                                           .embedding = 3,
                                           .hidden = 4,
                                           .encoder_hidden = 3,
                                           .encoder_layers = 1,
                                           .encoder_directions = 2,
                                           .bridge = true,
                                           .attention = TRANSLATOR_ADDITIVE};
static const translator_config FED_DOT = {.source_vocabulary = 6,
                                          .target_vocabulary = 5,
                                          .embedding = 3,
                                          .hidden = 4,
                                          .encoder_hidden = 4,
                                          .encoder_layers = 1,
                                          .encoder_directions = 1,
                                          .attentional = 5,
                                          .input_feeding = true};
static const translator_config FED_ADDITIVE = {.source_vocabulary = 6,
                                               .target_vocabulary = 5,
                                               .embedding = 3,
                                               .hidden = 4,
                                               .encoder_hidden = 3,
                                               .encoder_layers = 1,
                                               .encoder_directions = 1,
                                               .bridge = true,
                                               .attention = TRANSLATOR_ADDITIVE,
                                               .attentional = 2,
                                               .input_feeding = true};
/* The network that is trained in earnest, and the same with a lexical part. */
#define FULL_NETWORK                                                                 \
  .source_vocabulary = 6, .target_vocabulary = 6, .embedding = 3, .hidden = 4,       \
  .encoder_hidden = 5, .encoder_layers = 2, .encoder_directions = 2, .bridge = true, \
  .attention = TRANSLATOR_GENERAL, .attentional = 3, .input_feeding = true,          \
  .tying = TRANSLATOR_TIED_ALL, .dropout_embedding = 0.2, .dropout_layers = 0.3,     \
  .dropout_attentional = 0.4
static const translator_config FULL = {FULL_NETWORK};
static const translator_config LEXICAL = {FULL_NETWORK, .lexical = true};
static const translator_config LEXICAL_LOCATION = {.source_vocabulary = 6,
                                                   .target_vocabulary = 5,
                                                   .embedding = 3,
                                                   .hidden = 4,
                                                   .encoder_hidden = 3,
                                                   .encoder_layers = 1,
                                                   .encoder_directions = 1,
                                                   .bridge = true,
                                                   .attention = TRANSLATOR_LOCATION,
                                                   .positions = 6,
                                                   .attentional = 2,
                                                   .lexical = true};
/* Location with the state first, beyond the longest source. */
static const translator_config FED_LOCATION = {.source_vocabulary = 6,
                                               .target_vocabulary = 5,
                                               .embedding = 3,
                                               .hidden = 4,
                                               .encoder_hidden = 3,
                                               .encoder_layers = 1,
                                               .encoder_directions = 1,
                                               .bridge = true,
                                               .attention = TRANSLATOR_LOCATION,
                                               .positions = 6,
                                               .attentional = 2,
                                               .input_feeding = true};
/* Attention first. */
static const translator_config TUTORIAL = {.source_vocabulary = 6,
                                           .target_vocabulary = 5,
                                           .embedding = 3,
                                           .hidden = 4,
                                           .encoder_hidden = 4,
                                           .encoder_layers = 1,
                                           .encoder_directions = 1,
                                           .order = TRANSLATOR_ATTENTION_FIRST,
                                           .attention = TRANSLATOR_LOCATION,
                                           .positions = 5,
                                           .attentional = 5,
                                           .dropout_embedding = 0.2};
static const translator_config FIRST_SCALED = {.source_vocabulary = 6,
                                               .target_vocabulary = 5,
                                               .embedding = 4,
                                               .hidden = 4,
                                               .encoder_hidden = 2,
                                               .encoder_layers = 1,
                                               .encoder_directions = 2,
                                               .order = TRANSLATOR_ATTENTION_FIRST,
                                               .attention = TRANSLATOR_SCALED_DOT,
                                               .attentional = 5,
                                               .tying = TRANSLATOR_TIED_OUTPUT,
                                               .dropout_attentional = 0.3};
static const translator_config FIRST_ADDITIVE = {.source_vocabulary = 6,
                                                 .target_vocabulary = 5,
                                                 .embedding = 3,
                                                 .hidden = 4,
                                                 .encoder_hidden = 3,
                                                 .encoder_layers = 2,
                                                 .encoder_directions = 2,
                                                 .bridge = true,
                                                 .order = TRANSLATOR_ATTENTION_FIRST,
                                                 .attention = TRANSLATOR_ADDITIVE,
                                                 .attentional = 5};
/* With more output tokens than a sample has. */
enum { SAMPLED = 4, SURE = 5 /* 1 to 4, which are said, and 0 */ };
static const translator_config MANY = {.source_vocabulary = 6,
                                       .target_vocabulary = 13,
                                       .embedding = 3,
                                       .hidden = 4,
                                       .encoder_hidden = 4,
                                       .encoder_layers = 1,
                                       .encoder_directions = 1};
static const translator_config MANY_TIED = {.source_vocabulary = 13,
                                            .target_vocabulary = 13,
                                            .embedding = 3,
                                            .hidden = 4,
                                            .encoder_hidden = 2,
                                            .encoder_layers = 1,
                                            .encoder_directions = 2,
                                            .bridge = true,
                                            .attention = TRANSLATOR_GENERAL,
                                            .attentional = 3,
                                            .input_feeding = true,
                                            .lexical = true,
                                            .tying = TRANSLATOR_TIED_ALL,
                                            .dropout_attentional = 0.2};
static void fixture_lay_out(fixture *f, rc_arena *arena) {
  f->values = ARENA_ARRAY(arena, real, f->net.params.total);
  f->gradients = ARENA_ARRAY(arena, real, f->net.params.total);
  f->workspace = translator_workspace_new(&f->net, &f->room, arena);
}

/* *state: its config, in and the fixture, out. */
static int fixture_open_room(void **state, const translator_room *room) {
  static fixture f;
  f = (fixture){.batch = BATCH, .room = *room};
  assert_int_equal(translator_build(&f.net, *state, NULL), RC_OK);
  rc_arena need = arena_measure();
  fixture_lay_out(&f, &need);
  assert_int_equal(arena_new(&f.memory, need.used, NULL), RC_OK);
  fixture_lay_out(&f, &f.memory);
  assert_non_null(f.workspace);
  translator_init(&f.net, 5, f.values);
  *state = &f;
  return 0;
}

static int fixture_open(void **state) {
  return fixture_open_room(state, &ROOM);
}

static int fixture_open_sampled(void **state) {
  translator_room room = ROOM;
  room.sampled_softmax = SAMPLED;
  return fixture_open_room(state, &room);
}

static int fixture_close(void **state) {
  fixture *f = *state;
  arena_free(&f->memory);
  return 0;
}

static double step(void *context) {
  fixture *f = context;
  double loss;
  rc_rng rng = rng_make(f->seed, 0, 0);
  memset(f->gradients, 0, f->net.params.total * sizeof(real));
  assert_int_equal(
      translator_train_step(&f->net, f->values, &f->batch, 0.1, 1, f->seed > 0 ? &rng : NULL,
                            f->gradients, &loss, f->workspace, NULL),
      RC_OK);
  return loss;
}

static void check_gradient(fixture *f) {
  const size_t total = f->net.params.total;
  step(f);
  real *analytic = malloc(total * sizeof *analytic);
  assert_non_null(analytic);
  memcpy(analytic, f->gradients, total * sizeof *analytic);
  assert_gradient("values", step, f, f->values, total, analytic);
  free(analytic);
}

static void training_step_agrees(void **state) {
  check_gradient(*state);
}

static void training_step_agrees_under_dropout(void **state) {
  fixture *f = *state;
  for (f->seed = 1; f->seed <= 3; f->seed++) check_gradient(f);
}

/* What is said matters, what is drawn to stand for others, and of the rest nothing. */
static void sampled_training_step_agrees(void **state) {
  fixture *f = *state;
  training_step_agrees_under_dropout(state);
  const int vocabulary = f->net.config.target_vocabulary;
  bool ever[64] = {false};
  assert_in_range(vocabulary, SURE + SAMPLED / 2 + 1, 64);
  for (f->seed = 1; f->seed <= 40; f->seed++) {
    step(f);
    int touched = 0;
    for (int id = 0; id < vocabulary; id++) {
      const bool drawn = f->gradients[f->net.output.bias + (size_t)id] != 0;
      touched += drawn;
      ever[id] |= drawn;
    }
    assert_int_equal(touched, SURE + SAMPLED / 2);
  }
  for (int id = 0; id < vocabulary; id++) assert_true(ever[id]);
}

static void training_step_agrees_with_weights(void **state) {
  fixture *f = *state;
  f->batch.weights = (const real[SENTENCES]){0.5, 2, -1};
  check_gradient(f);
}

/* As long as no difference is so large that another token becomes the most likely one. */
static void training_step_agrees_running_free(void **state) {
  fixture *f = *state;
  static const bool free_running[SENTENCES] = {true, false, true};
  f->batch.free_running = free_running;
  training_step_agrees_under_dropout(state);
}

/* What a network says, by trying all tokens for each place. */
static int say(fixture *f, int sentence, const int *sources, int *said, int length) {
  int inputs[4] = {0}, count = 0;
  do {
    double best = -INFINITY, score;
    const int n = count + 1;
    for (int id = 0; id < f->net.config.target_vocabulary; id++) {
      int outputs[4];
      memcpy(outputs, said, (size_t)count * sizeof *said);
      outputs[count] = id;
      const translator_batch one = {.count = 1,
                                    .sources = sources,
                                    .source_lengths = BATCH.source_lengths + sentence,
                                    .inputs = inputs,
                                    .outputs = outputs,
                                    .target_lengths = &n};
      assert_int_equal(translator_score(&f->net, f->values, &one, &score, f->workspace, NULL),
                       RC_OK);
      if (score > best) {
        best = score;
        said[count] = id;
      }
    }
    count++;
    if (count < length) inputs[count] = said[count - 1];
  } while (count < length && said[count - 1] != 1);
  return count;
}

/* Running free is teacher forcing on what the network says itself, as far as it goes on. */
static void free_running_reads_what_it_says(void **state) {
  fixture *f = *state;
  const size_t total = f->net.params.total;
  const int *sources = BATCH.sources, *outputs = BATCH.outputs;
  const bool free_running = true;
  real *gradients = malloc(total * sizeof *gradients);
  assert_non_null(gradients);
  for (int i = 0; i < SENTENCES; i++) {
    int said[4];
    const int length = BATCH.target_lengths[i], count = say(f, i, sources, said, length);
    int inputs[4] = {0};
    memcpy(inputs + 1, said, (size_t)(count - 1) * sizeof *said);
    f->batch = (translator_batch){.count = 1,
                                  .sources = sources,
                                  .source_lengths = BATCH.source_lengths + i,
                                  .inputs = inputs,
                                  .outputs = outputs,
                                  .target_lengths = &count};
    const double forced = step(f);
    memcpy(gradients, f->gradients, total * sizeof *gradients);
    f->batch.inputs = (const int[4]){0, 4, 4, 4};
    f->batch.target_lengths = &length;
    f->batch.free_running = &free_running;
    assert_true(fabs(step(f) - forced) < 1e-12 * forced);
    for (size_t p = 0; p < total; p++) {
      assert_true(fabs((double)(f->gradients[p] - gradients[p])) < 1e-12);
    }
    sources += BATCH.source_lengths[i];
    outputs += length;
  }
  free(gradients);
}

/* Candidates for one source, fixed, and what each costs. */
static const double COSTS[SENTENCES] = {0.9, 0.2, 0.6};
static const double SHARPNESS = 0.7;

static double risk_of(fixture *f, double *d) {
  double log_probability[SENTENCES];
  assert_int_equal(
      translator_score(&f->net, f->values, &f->batch, log_probability, f->workspace, NULL), RC_OK);
  return expected_risk(SENTENCES, log_probability, COSTS, SHARPNESS, d);
}

static double risk(void *context) {
  double d[SENTENCES];
  return risk_of(context, d);
}

/* The gradient of the expected cost is that of the log-probabilities, each times its share. */
static void risk_agrees(void **state) {
  fixture *f = *state;
  double d[SENTENCES], loss;
  real weights[SENTENCES];
  f->batch.sources = (const int[SOURCES]){5, 0, 5, 0, 5, 0};
  f->batch.source_lengths = (const int[SENTENCES]){2, 2, 2};
  double expected = risk_of(f, d);
  assert_true(expected > 0.2 && expected < 0.9);
  for (int k = 0; k < SENTENCES; k++) weights[k] = (real)-d[k];
  assert_true(fabs(d[0] + d[1] + d[2]) < 1e-12);
  f->batch.weights = weights;
  memset(f->gradients, 0, f->net.params.total * sizeof(real));
  assert_int_equal(translator_train_step(&f->net, f->values, &f->batch, 0, 1, NULL, f->gradients,
                                         &loss, f->workspace, NULL),
                   RC_OK);
  f->batch.weights = NULL;
  assert_gradient("risk", risk, f, f->values, f->net.params.total, f->gradients);
}

/* The sum over the sentences is the loss without smoothing, and dropout is off. */
static void scores_are_losses(void **state) {
  fixture *f = *state;
  double scores[SENTENCES], loss, sum = 0;
  assert_int_equal(translator_train_step(&f->net, f->values, &f->batch, 0, 1, NULL, f->gradients,
                                         &loss, f->workspace, NULL),
                   RC_OK);
  assert_int_equal(translator_score(&f->net, f->values, &f->batch, scores, f->workspace, NULL),
                   RC_OK);
  for (int i = 0; i < SENTENCES; i++) {
    assert_true(scores[i] < 0);
    sum += scores[i];
  }
  assert_true(fabs(loss + sum) < 1e-12 * loss);
}

/* A sentence's loss and gradient do not depend on its neighbours. */
static void sentences_are_independent(void **state) {
  fixture *f = *state;
  const size_t total = f->net.params.total;
  const double together = step(f);
  real *sum = calloc(total, sizeof *sum), *gradients = malloc(total * sizeof *gradients);
  assert_non_null(sum);
  assert_non_null(gradients);
  memcpy(gradients, f->gradients, total * sizeof *gradients);
  double apart = 0;
  translator_batch one = BATCH;
  one.count = 1;
  for (int i = 0; i < SENTENCES; i++) {
    f->batch = one;
    apart += step(f);
    for (size_t p = 0; p < total; p++) sum[p] += f->gradients[p];
    one.sources += *one.source_lengths++;
    one.inputs += *one.target_lengths;
    one.outputs += *one.target_lengths++;
  }
  assert_true(fabs(together - apart) < 1e-12 * together);
  for (size_t p = 0; p < total; p++) assert_true(fabs((double)(sum[p] - gradients[p])) < 1e-12);
  free(sum);
  free(gradients);
}

static void batches_beyond_the_room_are_refused(void **state) {
  fixture *f = *state;
  double loss;
  rc_error error;
  translator_batch batch = BATCH;
  const int too_long[SENTENCES] = {2, 5, 1}, too_many[SENTENCES] = {4, 3, 2};
  batch.target_lengths = too_long;
  assert_int_equal(translator_train_step(&f->net, f->values, &batch, 0, 1, NULL, f->gradients,
                                         &loss, f->workspace, &error),
                   RC_ERR_ARGUMENT);
  assert_non_null(strstr(error.text, "target"));
  batch.target_lengths = too_many;
  assert_int_equal(translator_train_step(&f->net, f->values, &batch, 0, 1, NULL, f->gradients,
                                         &loss, f->workspace, &error),
                   RC_ERR_ARGUMENT);
  batch = BATCH;
  batch.count = SENTENCES + 1;
  assert_int_equal(translator_train_step(&f->net, f->values, &batch, 0, 1, NULL, f->gradients,
                                         &loss, f->workspace, &error),
                   RC_ERR_ARGUMENT);
}

static void sources_beyond_the_positions_are_refused(void **state) {
  fixture *f = *state;
  double loss;
  rc_error error;
  f->net.config.positions = 3;
  assert_int_equal(translator_train_step(&f->net, f->values, &BATCH, 0, 1, NULL, f->gradients,
                                         &loss, f->workspace, &error),
                   RC_ERR_ARGUMENT);
  assert_non_null(strstr(error.text, "source"));
}

static void assert_refused(const translator_config *config, const char *about) {
  translator net;
  rc_error error;
  assert_int_equal(translator_build(&net, config, &error), RC_ERR_ARGUMENT);
  assert_non_null(strstr(error.text, about));
}

static void senseless_shapes_are_refused(void **state) {
  (void)state;
  translator_config config = PLAIN;
  config.hidden = 0;
  assert_refused(&config, "hidden");
  config = PLAIN;
  config.target_vocabulary = TRANSLATOR_VOCABULARY_MAX + 1;
  assert_refused(&config, "target vocabulary");
  config = PLAIN;
  config.encoder_directions = 3;
  assert_refused(&config, "directions");
  config = PLAIN;
  config.encoder_directions = 2;
  assert_refused(&config, "bridge");
  config.bridge = true;
  assert_refused(&config, "attention");
  config = PLAIN;
  config.input_feeding = true;
  assert_refused(&config, "input feeding");
  config = PLAIN;
  config.lexical = true;
  assert_refused(&config, "lexical part");
  config = TUTORIAL;
  config.lexical = true;
  assert_refused(&config, "lexical part");
  config = GENERAL;
  config.attentional = 4;
  assert_refused(&config, "as wide as the embedding");
  config = FULL;
  config.source_vocabulary = 7;
  assert_refused(&config, "one vocabulary");
  config = FIRST_SCALED;
  config.hidden = 2;
  config.encoder_directions = 1;
  assert_refused(&config, "a state as wide as the embedding");
  config = TUTORIAL;
  config.attentional = 0;
  assert_refused(&config, "attention first");
  config = TUTORIAL;
  config.input_feeding = true;
  assert_refused(&config, "attention first");
  config = TUTORIAL;
  config.positions = 0;
  assert_refused(&config, "positions");
  config = FULL;
  config.positions = 4;
  assert_refused(&config, "positions");
  config = FULL;
  config.dropout_attentional = 1;
  assert_refused(&config, "dropout_attentional");
}

#define TEST(function, config) \
  { #function " " #config, function, fixture_open, fixture_close, (void *)&config }
#define TEST_SAMPLED(function, config) \
  { #function " " #config, function, fixture_open_sampled, fixture_close, (void *)&config }

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(training_step_agrees, PLAIN),
      TEST(training_step_agrees, SCALED),
      TEST(training_step_agrees, GENERAL),
      TEST(training_step_agrees, ADDITIVE),
      TEST(training_step_agrees, FED_DOT),
      TEST(training_step_agrees, FED_ADDITIVE),
      TEST(training_step_agrees, FED_LOCATION),
      TEST(training_step_agrees, TUTORIAL),
      TEST(training_step_agrees, FIRST_SCALED),
      TEST(training_step_agrees, FIRST_ADDITIVE),
      TEST(training_step_agrees, FULL),
      TEST(training_step_agrees, LEXICAL),
      TEST(training_step_agrees, LEXICAL_LOCATION),
      TEST(training_step_agrees_under_dropout, FULL),
      TEST(training_step_agrees_under_dropout, LEXICAL),
      TEST(training_step_agrees_under_dropout, TUTORIAL),
      TEST(training_step_agrees_under_dropout, FIRST_SCALED),
      TEST(training_step_agrees_with_weights, FULL),
      TEST(training_step_agrees_running_free, FULL),
      TEST(training_step_agrees_running_free, LEXICAL),
      TEST(training_step_agrees_running_free, LEXICAL_LOCATION),
      TEST(training_step_agrees_running_free, ADDITIVE),
      TEST(training_step_agrees_running_free, TUTORIAL),
      TEST_SAMPLED(sampled_training_step_agrees, MANY),
      TEST_SAMPLED(sampled_training_step_agrees, MANY_TIED),
      TEST_SAMPLED(training_step_agrees_running_free, MANY_TIED),
      TEST_SAMPLED(scores_are_losses, MANY_TIED),
      TEST(free_running_reads_what_it_says, FULL),
      TEST(free_running_reads_what_it_says, ADDITIVE),
      TEST(free_running_reads_what_it_says, TUTORIAL),
      TEST(free_running_reads_what_it_says, FIRST_ADDITIVE),
      TEST(risk_agrees, PLAIN),
      TEST(risk_agrees, FULL),
      TEST(scores_are_losses, PLAIN),
      TEST(scores_are_losses, FULL),
      TEST(scores_are_losses, LEXICAL),
      TEST(sentences_are_independent, PLAIN),
      TEST(sentences_are_independent, GENERAL),
      TEST(sentences_are_independent, FED_ADDITIVE),
      TEST(sentences_are_independent, FULL),
      TEST(sentences_are_independent, LEXICAL),
      TEST(sentences_are_independent, TUTORIAL),
      TEST(batches_beyond_the_room_are_refused, PLAIN),
      TEST(sources_beyond_the_positions_are_refused, TUTORIAL),
      cmocka_unit_test(senseless_shapes_are_refused),
  };
  return cmocka_run_group_tests_name("translator gradient", tests, NULL, NULL);
}
