/* Training step, inference and greedy search against PyTorch's numbers, with every kernel variant
 * that this processor runs. tests/golden/make_translator_golden.py is the recipe. */

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "golden_file.h"
#include "translator_infer.h"

static golden_file golden;
static rc_arena arena;

/* A network of the recipe, its sentences, and what we make of them. */
typedef struct fixture {
  const char *group;
  translator net;
  real *values;
  translator_batch batch;
  int target_tokens; /* of all sentences together */
} fixture;

static int config_value(const char *group, const char *name) {
  return (int)golden_scalar(&golden, group, name);
}

static translator_config config_of(const char *group) {
  return (translator_config){
      .source_vocabulary = config_value(group, "source_vocabulary"),
      .target_vocabulary = config_value(group, "target_vocabulary"),
      .embedding = config_value(group, "embedding"),
      .hidden = config_value(group, "hidden"),
      .encoder_hidden = config_value(group, "encoder_hidden"),
      .encoder_layers = config_value(group, "encoder_layers"),
      .encoder_directions = config_value(group, "encoder_directions"),
      .bridge = config_value(group, "bridge") != 0,
      .order = (translator_order)config_value(group, "order"),
      .positions = config_value(group, "positions"),
      .attention = (translator_attention)config_value(group, "attention"),
      .attentional = config_value(group, "attentional"),
      .input_feeding = config_value(group, "input_feeding") != 0,
      .lexical = config_value(group, "lexical") != 0,
      .tying = (translator_tying)config_value(group, "tying"),
  };
}

enum { SENTENCES_MAX = 8 };

/* *state: the case's name, in and the fixture, out. */
static int fixture_open(void **state) {
  static fixture f;
  const char *group = *state;
  arena_reset(&arena);
  f = (fixture){.group = group};
  const translator_config config = config_of(group);
  assert_int_equal(translator_build(&f.net, &config, NULL), RC_OK);
  f.values = golden_parameters(&golden, group, &f.net.params, &arena);
  f.batch = (translator_batch){
      .count = (int)golden_find(&golden, group, "source lengths")->count,
      .sources = golden_ints(&golden, group, "sources", &arena),
      .source_lengths = golden_ints(&golden, group, "source lengths", &arena),
      .inputs = golden_ints(&golden, group, "inputs", &arena),
      .outputs = golden_ints(&golden, group, "outputs", &arena),
      .target_lengths = golden_ints(&golden, group, "target lengths", &arena),
      .weights = golden_reals(&golden, group, "weights", &arena),
  };
  f.target_tokens = (int)golden_find(&golden, group, "outputs")->count;
  *state = &f;
  return 0;
}

static translator_workspace *workspace_of(const fixture *f) {
  const int sources = (int)golden_find(&golden, f->group, "sources")->count;
  const translator_room room = {.count = f->batch.count,
                                .source_tokens = sources,
                                .target_tokens = f->target_tokens,
                                .source_length = sources,
                                .target_length = f->target_tokens};
  translator_workspace *workspace = translator_workspace_new(&f->net, &room, &arena);
  assert_non_null(workspace);
  return workspace;
}

/* A bias of the keys adds the same to all scores of a product, which the softmax takes away. */
static void assert_nothing(const param *p, const real *gradients) {
  for (size_t i = 0; i < p->count; i++) {
    assert_true(fabs((double)gradients[p->offset + i]) < 1e-6);
  }
}

static void training_step(void **state) {
  const fixture *f = *state;
  const size_t total = f->net.params.total;
  real *gradients = ARENA_ARRAY(&arena, real, total);
  assert_non_null(gradients);
  memset(gradients, 0, total * sizeof *gradients);
  const real smoothing = (real)golden_scalar(&golden, f->group, "smoothing");
  double loss;
  assert_int_equal(translator_train_step(&f->net, f->values, &f->batch, smoothing, 1, NULL,
                                         gradients, &loss, workspace_of(f), NULL),
                   RC_OK);
  const real rounded = (real)loss;
  assert_golden(&golden, f->group, "loss", &rounded, 1);
  for (int i = 0; i < f->net.params.count; i++) {
    const param *p = &f->net.params.items[i];
    if (f->net.config.attention == TRANSLATOR_GENERAL && strcmp(p->name, "keys.bias") == 0) {
      assert_nothing(p, gradients);
    } else {
      assert_golden_gradient(&golden, f->group, p, gradients);
    }
  }
}

/* Every sentence reads what it says itself. */
static void free_running(void **state) {
  const fixture *f = *state;
  real *gradients = ARENA_ARRAY(&arena, real, f->net.params.total);
  assert_non_null(gradients);
  memset(gradients, 0, f->net.params.total * sizeof *gradients);
  const real smoothing = (real)golden_scalar(&golden, f->group, "smoothing");
  bool all[SENTENCES_MAX];
  memset(all, true, sizeof all);
  assert_in_range(f->batch.count, 1, SENTENCES_MAX);
  translator_batch batch = f->batch;
  batch.free_running = all;
  double loss;
  assert_int_equal(translator_train_step(&f->net, f->values, &batch, smoothing, 1, NULL, gradients,
                                         &loss, workspace_of(f), NULL),
                   RC_OK);
  const real rounded = (real)loss;
  assert_golden(&golden, f->group, "free loss", &rounded, 1);
}

static void scores(void **state) {
  const fixture *f = *state;
  double log_probability[SENTENCES_MAX];
  real rounded[SENTENCES_MAX];
  assert_in_range(f->batch.count, 1, SENTENCES_MAX);
  assert_int_equal(
      translator_score(&f->net, f->values, &f->batch, log_probability, workspace_of(f), NULL),
      RC_OK);
  for (int i = 0; i < f->batch.count; i++) rounded[i] = (real)log_probability[i];
  assert_golden(&golden, f->group, "scores", rounded, (size_t)f->batch.count);
}

/* Follows one sentence's target; the rest of the batch is encoded, too. */
static void check_sentence(const fixture *f, const translator_weights *weights,
                           const translator_encoded *encoded, int sentence, const int *inputs) {
  const int steps = f->batch.target_lengths[sentence], length = f->batch.source_lengths[sentence];
  const size_t classes = (size_t)f->net.config.target_vocabulary;
  const size_t hidden = (size_t)f->net.config.hidden;
  real *log_probability = ARENA_ARRAY(&arena, real, (size_t)steps * classes);
  real *attention = ARENA_ARRAY(&arena, real, (size_t)steps * (size_t)length);
  const int positions = f->net.config.positions;
  translator_rows row = translator_rows_layout(weights, 1, positions > length ? positions : length,
                                               f->net.config.target_vocabulary, &arena);
  row.rows = 1;
  row.sentences = &sentence;
  row.h = ARENA_ARRAY(&arena, real, hidden);
  row.fed = ARENA_ARRAY(&arena, real, (size_t)f->net.config.attentional);
  assert_int_equal(arena_check(&arena, "a sentence", NULL), RC_OK);
  const int packed_first = encoded->source.rows[encoded->source.starts[sentence]];
  memcpy(row.h, encoded->initial + (size_t)packed_first * hidden, hidden * sizeof *row.h);
  memset(row.fed, 0, (size_t)f->net.config.attentional * sizeof *row.fed);
  translator_rows_begin(weights, &row);
  for (int t = 0; t < steps; t++) {
    row.ids = inputs + t;
    translator_decode(weights, encoded, &row);
    memcpy(log_probability + (size_t)t * classes, row.log_probability, classes * sizeof(real));
    memcpy(attention + t * length, row.weights, (size_t)length * sizeof(real));
  }
  char name[32];
  snprintf(name, sizeof name, "log_probability %d", sentence);
  assert_golden(&golden, f->group, name, log_probability, (size_t)steps * classes);
  snprintf(name, sizeof name, "attention %d", sentence);
  assert_golden(&golden, f->group, name, attention, (size_t)steps * (size_t)length);
}

static void inference(void **state) {
  const fixture *f = *state;
  const translator_batch *batch = &f->batch;
  const int sources = (int)golden_find(&golden, f->group, "sources")->count;
  translator_weights *weights;
  assert_int_equal(translator_weights_new(&weights, &f->net, f->values, TRANSLATOR_F32, NULL),
                   RC_OK);
  translator_encoded encoded =
      translator_encoded_layout(weights, batch->count, sources, sources, &arena);
  assert_int_equal(arena_check(&arena, "the source", NULL), RC_OK);
  assert_int_equal(translator_encode_begin(weights, batch->count, batch->source_lengths,
                                           batch->sources, &encoded, NULL),
                   RC_OK);
  while (translator_encode_step(weights, &encoded)) continue;
  const int *inputs = batch->inputs;
  for (int i = 0; i < batch->count; i++) {
    check_sentence(f, weights, &encoded, i, inputs);
    inputs += batch->target_lengths[i];
  }
  translator_weights_free(weights);
}

static void greedy_search(void **state) {
  const fixture *f = *state;
  const int *tokens = golden_ints(&golden, f->group, "greedy", &arena);
  const int *lengths = golden_ints(&golden, f->group, "greedy lengths", &arena);
  const translator_sources sources = {
      .count = f->batch.count, .ids = f->batch.sources, .lengths = f->batch.source_lengths};
  const translator_options options = {
      .beam = 1, .nbest = 1, .length_extra = config_value(f->group, "greedy limit")};
  translator_weights *weights;
  assert_int_equal(translator_weights_new(&weights, &f->net, f->values, TRANSLATOR_F32, NULL),
                   RC_OK);
  translator_session session = translator_session_begin(weights);
  const translation *results;
  assert_int_equal(translator_translate(&session, &sources, &options, &results, NULL), RC_OK);
  for (int i = 0; i < sources.count; i++) {
    const int length = results[i].length + results[i].complete;
    assert_int_equal(length, lengths[i]);
    assert_memory_equal(results[i].ids, tokens, (size_t)length * sizeof *tokens);
    tokens += length;
  }
  translator_session_end(&session);
  translator_weights_free(weights);
}

static void every_golden_tensor_was_used(void **state) {
  (void)state;
  assert_golden_used(&golden);
}

static int open_files(void **state) {
  (void)state;
  golden_open(&golden, "../../golden/translator.txt");
  return arena_new(&arena, 4 << 20, NULL);
}

static int close_files(void **state) {
  (void)state;
  golden_close(&golden);
  arena_free(&arena);
  return 0;
}

#define TEST(function, group) \
  { #function " " group, function, fixture_open, NULL, group }
#define CASE(group)                                                           \
  TEST(training_step, group), TEST(free_running, group), TEST(scores, group), \
      TEST(inference, group), TEST(greedy_search, group)

int main(void) {
  const struct CMUnitTest tests[] = {
      CASE("full"),
      CASE("plain"),
      CASE("scaled"),
      CASE("additive"),
      CASE("additive fed"),
      CASE("location"),
      CASE("tutorial"),
      CASE("tutorial additive"),
      CASE("tutorial scaled"),
      CASE("lexical"),
      CASE("lexical unfed"),
      CASE("lexical location"),
      cmocka_unit_test(every_golden_tensor_was_used),
  };
  return golden_run(tests, sizeof tests / sizeof *tests, open_files, close_files);
}
