/* A look inside a translator: its attention against PyTorch's (translator.txt, of
 * make_translator_golden.py), its encoder against the recurrent layers that training has, which are
 * held against PyTorch themselves, and its decoder by what PyTorch says follows from its states;
 * with every kernel variant that this processor runs. */

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "golden_file.h"
#include "translator_inspect.h"

enum { TOKENS_MAX = 16 };

static golden_file golden;
static rc_arena arena;

typedef struct fixture {
  const char *group;
  translator net;
  const real *values;
  translator_weights *weights;
  int sentences;
  const int *sources, *source_lengths;
  const int *inputs, *target_lengths;
} fixture;

static int setting(const char *group, const char *name) {
  return (int)golden_scalar(&golden, group, name);
}

static int fixture_open(void **state) {
  static fixture f;
  const char *group = *state;
  arena_reset(&arena);
  f = (fixture){.group = group};
  const translator_config config = {
      .source_vocabulary = setting(group, "source_vocabulary"),
      .target_vocabulary = setting(group, "target_vocabulary"),
      .embedding = setting(group, "embedding"),
      .hidden = setting(group, "hidden"),
      .encoder_hidden = setting(group, "encoder_hidden"),
      .encoder_layers = setting(group, "encoder_layers"),
      .encoder_directions = setting(group, "encoder_directions"),
      .bridge = setting(group, "bridge") != 0,
      .order = (translator_order)setting(group, "order"),
      .positions = setting(group, "positions"),
      .attention = (translator_attention)setting(group, "attention"),
      .attentional = setting(group, "attentional"),
      .input_feeding = setting(group, "input_feeding") != 0,
      .lexical = setting(group, "lexical") != 0,
      .tying = (translator_tying)setting(group, "tying"),
  };
  assert_int_equal(translator_build(&f.net, &config, NULL), RC_OK);
  f.values = golden_parameters(&golden, group, &f.net.params, &arena);
  assert_int_equal(translator_weights_new(&f.weights, &f.net, f.values, TRANSLATOR_F32, NULL),
                   RC_OK);
  f.sentences = (int)golden_find(&golden, group, "source lengths")->count;
  f.sources = golden_ints(&golden, group, "sources", &arena);
  f.source_lengths = golden_ints(&golden, group, "source lengths", &arena);
  f.inputs = golden_ints(&golden, group, "inputs", &arena);
  f.target_lengths = golden_ints(&golden, group, "target lengths", &arena);
  *state = &f;
  return 0;
}

static int fixture_close(void **state) {
  const fixture *f = *state;
  translator_weights_free(f->weights);
  return 0;
}

/* Tokens that are the letters of a text, and behind them the end. */
static inspected_text side(const int *ids, int tokens) {
  static text_range ranges[TOKENS_MAX];
  static const char letters[] = "abcdefghijklmnop";
  for (int i = 0; i < TOKENS_MAX; i++) ranges[i] = (text_range){i, i + 1};
  assert_in_range(tokens, 1, TOKENS_MAX);
  return (inspected_text){.text = {letters, (size_t)tokens - 1},
                          .length = tokens - 1,
                          .ended = true,
                          .ids = ids,
                          .ranges = ranges};
}

static void inspect(const fixture *f, const int *source, int sources, const int *inputs,
                    int targets, translator_inspection *inside, rc_arena *memory) {
  const inspected_text read = side(source, sources), written = side(inputs + 1, targets);
  assert_int_equal(translator_inspect(f->weights, &read, &written, inside, memory, NULL), RC_OK);
  assert_int_equal(inside->sources, sources);
  assert_int_equal(inside->targets, targets);
}

/* The states and gates of the encoder are those of recurrent.h. */
static void check_encoder(const fixture *f, const int *source,
                          const translator_inspection *inside) {
  const recurrent *network = &f->net.encoder;
  const int tokens = inside->sources, hidden = network->hidden;
  const size_t size = (size_t)tokens * (size_t)hidden;
  const size_t slots = (size_t)(network->layers * network->directions);
  rc_arena memory;
  assert_int_equal(arena_new(&memory, 1 << 20, NULL), RC_OK);
  packed batch;
  assert_int_equal(packed_build(&batch, &tokens, 1, &memory, NULL), RC_OK);
  real *x = ARENA_ARRAY(&memory, real, (size_t)(tokens * network->input));
  real *y = ARENA_ARRAY(&memory, real, size * (size_t)network->directions);
  const recurrent_state final = {.h = ARENA_ARRAY(&memory, real, slots * (size_t)hidden)};
  real *gates[TRANSLATOR_GATES];
  for (int i = 0; i < TRANSLATOR_GATES; i++) gates[i] = ARENA_ARRAY(&memory, real, size);
  const recurrent_state states = {.h = ARENA_ARRAY(&memory, real, size)};
  recurrent_cache *cache = recurrent_cache_new(network, tokens, 1, true, &memory);
  assert_non_null(cache);
  embedding_forward(&f->net.source, f->values, tokens, source, x);
  recurrent_forward(network, f->values, &batch, (recurrent_input){.x = x}, (recurrent_state){0},
                    NULL, y, final, cache);
  for (size_t slot = 0; slot < slots; slot++) {
    recurrent_steps(network, tokens, final, (int)slot / network->directions,
                    (int)slot % network->directions, gates, states, cache);
    for (size_t k = 0; k < size; k++) {
      const size_t at = slot * size + k;
      assert_true(fabsf(inside->encoder.h[at] - states.h[k]) < 1e-5F);
      for (int i = 0; i < TRANSLATOR_GATES; i++) {
        assert_true(fabsf(inside->encoder.gates[i][at] - gates[i][k]) < 1e-5F);
      }
    }
  }
  arena_free(&memory);
}

/* h = (1 - z) n + z h_before */
static void check_decoder(const translator_inspection *inside) {
  const translator_steps *d = &inside->decoder;
  const float *before = inside->initial;
  for (ptrdiff_t t = 0; t < inside->targets; t++, before = d->h + (t - 1) * inside->hidden) {
    for (ptrdiff_t k = 0; k < inside->hidden; k++) {
      const ptrdiff_t at = t * inside->hidden + k;
      const float z = d->gates[1][at];
      assert_true(z >= 0 && z <= 1);
      assert_true(d->gates[0][at] >= 0 && d->gates[0][at] <= 1);
      assert_true(fabsf((1 - z) * d->gates[2][at] + z * before[k] - d->h[at]) < 1e-5F);
    }
  }
}

/* Every token is a letter of one word, but the end. */
static void check_words(const translator_inspection *inside) {
  assert_int_equal(inside->source_word_count, inside->sources > 1 ? 2 : 1);
  assert_int_equal(inside->target_word_count, inside->targets > 1 ? 2 : 1);
  const int end = inside->source_word_count - 1;
  float mean = 0;
  for (int t = 0; t + 1 < inside->targets; t++) {
    mean += inside->attention[(t + 1) * inside->sources - 1] / (float)(inside->targets - 1);
  }
  if (inside->targets > 1) assert_true(fabsf(inside->word_attention[end] - mean) < 1e-5F);
}

static void what_is_inside_is_pytorchs(void **state) {
  const fixture *f = *state;
  const int *source = f->sources, *inputs = f->inputs;
  for (int i = 0; i < f->sentences; i++) {
    const int sources = f->source_lengths[i], targets = f->target_lengths[i];
    translator_inspection inside;
    rc_arena memory;
    inspect(f, source, sources, inputs, targets, &inside, &memory);
    char name[32];
    snprintf(name, sizeof name, "attention %d", i);
    assert_golden(&golden, f->group, name, inside.attention, (size_t)(targets * sources));
    check_encoder(f, source, &inside);
    check_decoder(&inside);
    check_words(&inside);
    arena_free(&memory);
    source += sources;
    inputs += targets;
  }
}

/* log softmax(W x + b) of x [rows, in] */
static void say(const linear *output, const real *values, int rows, const real *x, real *y) {
  for (ptrdiff_t r = 0; r < rows; r++, y += output->out) {
    for (ptrdiff_t k = 0; k < output->out; k++) {
      double sum = (double)values[output->bias + (size_t)k];
      for (ptrdiff_t j = 0; j < output->in; j++) {
        sum += (double)values[output->weight + (size_t)(k * output->in + j)] *
               (double)x[r * output->in + j];
      }
      y[k] = (real)sum;
    }
    double total = 0;
    for (ptrdiff_t k = 0; k < output->out; k++) total += exp((double)y[k]);
    for (ptrdiff_t k = 0; k < output->out; k++) y[k] -= (real)log(total);
  }
}

/* [h; context], the context being what the weights take of the encoder's last states */
static void join(const translator_inspection *inside, real *x) {
  const ptrdiff_t hidden = inside->hidden, width = inside->encoder_hidden;
  const ptrdiff_t columns = hidden + width * inside->directions;
  const ptrdiff_t top = (ptrdiff_t)(inside->layers - 1) * inside->directions;
  for (ptrdiff_t t = 0; t < inside->targets; t++, x += columns) {
    memcpy(x, inside->decoder.h + t * hidden, (size_t)hidden * sizeof *x);
    for (ptrdiff_t c = 0; c < width * inside->directions; c++) {
      const ptrdiff_t slot = top + c / width;
      double sum = 0;
      for (ptrdiff_t j = 0; j < inside->sources; j++) {
        sum += (double)inside->attention[t * inside->sources + j] *
               (double)inside->encoder.h[(slot * inside->sources + j) * width + c % width];
      }
      x[hidden + c] = (real)sum;
    }
  }
}

/* What PyTorch says next follows from these states of the decoder: of networks whose output layer
 * reads them, alone or beside what attention found. */
static void what_is_said_follows(void **state) {
  const fixture *f = *state;
  const linear *output = &f->net.output;
  const int *source = f->sources, *inputs = f->inputs;
  for (int i = 0; i < f->sentences; i++) {
    const int sources = f->source_lengths[i], targets = f->target_lengths[i];
    translator_inspection inside;
    rc_arena memory;
    real x[TOKENS_MAX * 32], y[TOKENS_MAX * 16];
    assert_true(output->in <= 32 && output->out <= 16);
    inspect(f, source, sources, inputs, targets, &inside, &memory);
    if (output->in == inside.hidden) {
      memcpy(x, inside.decoder.h, (size_t)(targets * inside.hidden) * sizeof *x);
    } else {
      join(&inside, x);
    }
    say(output, f->values, targets, x, y);
    char name[32];
    snprintf(name, sizeof name, "log_probability %d", i);
    assert_golden(&golden, f->group, name, y, (size_t)(targets * output->out));
    arena_free(&memory);
    source += sources;
    inputs += targets;
  }
}

static void senseless_tokens_are_refused(void **state) {
  const fixture *f = *state;
  const int beyond[] = {f->net.config.source_vocabulary, 1}, fine[] = {2, 1};
  const inspected_text read = side(fine, 2), odd = side(beyond, 2);
  translator_inspection inside;
  rc_arena memory;
  assert_int_equal(translator_inspect(f->weights, &odd, &read, &inside, &memory, NULL),
                   RC_ERR_ARGUMENT);
  assert_int_equal(translator_inspect(f->weights, &read, &odd, &inside, &memory, NULL),
                   RC_ERR_ARGUMENT);
  const inspected_text nothing = {.text = {"", 0}};
  assert_int_equal(translator_inspect(f->weights, &nothing, &read, &inside, &memory, NULL),
                   RC_ERR_ARGUMENT);
  assert_null(memory.base);
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
  { #function " " group, function, fixture_open, fixture_close, group }

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(what_is_inside_is_pytorchs, "full"),
      TEST(what_is_inside_is_pytorchs, "plain"),
      TEST(what_is_inside_is_pytorchs, "scaled"),
      TEST(what_is_inside_is_pytorchs, "additive fed"),
      TEST(what_is_inside_is_pytorchs, "location"),
      TEST(what_is_inside_is_pytorchs, "tutorial"),
      TEST(what_is_inside_is_pytorchs, "tutorial additive"),
      TEST(what_is_inside_is_pytorchs, "lexical"),
      TEST(what_is_said_follows, "plain"),
      TEST(what_is_said_follows, "additive"),
      TEST(what_is_said_follows, "tutorial"),
      TEST(what_is_said_follows, "tutorial scaled"),
      TEST(senseless_tokens_are_refused, "full"),
  };
  return golden_run(tests, sizeof tests / sizeof *tests, open_files, close_files);
}
