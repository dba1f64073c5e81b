/* A look inside the cells: against PyTorch's numbers (tests/golden/make_inspect_golden.py is the
 * recipe) with every kernel variant that this processor runs, and against the answers of
 * predict.h. */

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "golden_file.h"
#include "inspect.h"

enum { LETTERS = 7, HIDDEN = 4, LABELS = 3 };

static golden_file golden;
static rc_arena arena;

static classifier_config config_of(const char *group, const recurrent_cell *cell) {
  return (classifier_config){
      .cell = cell,
      .layers = (int)golden_scalar(&golden, group, "layers"),
      .hidden = HIDDEN,
      .directions = (int)golden_scalar(&golden, group, "directions"),
      .embedding = (int)golden_scalar(&golden, group, "embedding"),
      .pooling = golden_scalar(&golden, group, "all") != 0 ? POOLING_ALL : POOLING_LAST,
      .letters = LETTERS,
      .labels = LABELS,
      /* Of training alone: a look inside draws no masks. */
      .dropout_layers = 0.3F,
      .dropout_output = 0.4F,
  };
}

static real *room(size_t count) {
  real *values = ARENA_ARRAY(&arena, real, count);
  assert_non_null(values);
  return values;
}

/* The gates in the order of the cell, their names in that of PyTorch's documentation. */
static void check_cell(const char *group, const recurrent_cell *cell, int gate_count,
                       const char *const *gates) {
  arena_reset(&arena);
  const classifier_config config = config_of(group, cell);
  classifier net;
  assert_int_equal(classifier_build(&net, &config, NULL), RC_OK);
  const real *values = golden_parameters(&golden, group, &net.params, &arena);
  const int *ids = golden_ints(&golden, group, "ids", &arena);
  const int letters = (int)golden_find(&golden, group, "ids")->count;
  const size_t slots = (size_t)(config.layers * config.directions) * HIDDEN;
  const size_t all = slots * (size_t)letters;
  classifier_trace trace = {.states.h = room(all), .final.h = room(slots), .d_states = room(all)};
  if (cell == &lstm_cell) {
    trace.states.c = room(all);
    trace.final.c = room(slots);
  }
  for (int i = 0; i < gate_count; i++) trace.gates[i] = room(all);
  real logits[LABELS], *gradients = room(net.params.total);
  classifier_workspace *workspace =
      classifier_workspace_new(&net, 1, letters, letters, true, &arena);
  assert_non_null(workspace);
  assert_int_equal(classifier_trace_text(&net, values, letters, ids,
                                         (int)golden_scalar(&golden, group, "target"), gradients,
                                         logits, &trace, workspace, NULL),
                   RC_OK);
  for (int i = 0; i < gate_count; i++) assert_golden(&golden, group, gates[i], trace.gates[i], all);
  assert_golden(&golden, group, "h", trace.states.h, all);
  if (cell == &lstm_cell) assert_golden(&golden, group, "c", trace.states.c, all);
  assert_golden(&golden, group, "logits", logits, LABELS);
  const real loss = (real)trace.loss;
  assert_golden(&golden, group, "loss", &loss, 1);
  assert_golden(&golden, group, "d h", trace.d_states, all);
}

static void an_rnn_is_pytorchs(void **state) {
  (void)state;
  check_cell("rnn plain", &rnn_cell, 0, NULL);
  check_cell("rnn deep", &rnn_cell, 0, NULL);
}

static void an_lstm_is_pytorchs(void **state) {
  (void)state;
  static const char *const gates[] = {"input", "forget", "candidate", "output"};
  check_cell("lstm plain", &lstm_cell, 4, gates);
  check_cell("lstm deep", &lstm_cell, 4, gates);
}

static void a_gru_is_pytorchs(void **state) {
  (void)state;
  static const char *const gates[] = {"reset", "update", "candidate"};
  check_cell("gru plain", &gru_cell, 3, gates);
  check_cell("gru deep", &gru_cell, 3, gates);
}

static void every_golden_tensor_was_used(void **state) {
  (void)state;
  assert_golden_used(&golden);
}

/* A model with fresh weights, which reads the tutorial's letters. */
static void model_open(classifier_model *model, const recurrent_cell *cell) {
  static const char *const labels[LABELS] = {"one", "two", "three"};
  const classifier_config config = {.cell = cell,
                                    .layers = 2,
                                    .hidden = 9,
                                    .directions = 2,
                                    .embedding = 5,
                                    .pooling = POOLING_LAST,
                                    .letter_case = ALPHABET_CASE_TITLE,
                                    .labels = LABELS};
  *model = (classifier_model){.letters = alphabet_tutorial, .labels = labels, .temperature = 1};
  assert_int_equal(classifier_build(&model->net, &config, NULL), RC_OK);
  arena_reset(&arena);
  model->values = room(model->net.params.total);
  classifier_init(&model->net, 8, model->values);
}

/* The last states of the last layer, forward at the last letter and reverse at the first, give the
 * logits, and these the probabilities of classifier_predict. */
static void check_answer(const recurrent_cell *cell) {
  classifier_model model;
  model_open(&model, cell);
  classifier_session session = classifier_session_begin(&model);
  float predicted[LABELS], probabilities[LABELS], scratch[4096];
  answer given, seen;
  inspection inside;
  rc_arena memory;
  static const char text[] = "O'Neill";
  const size_t bytes = sizeof text - 1;
  assert_int_equal(classifier_predict(&session, text, bytes, predicted, &given, NULL), RC_OK);
  assert_int_equal(classifier_inspect(&session, text, bytes, 1, &inside, &seen, &memory, NULL),
                   RC_OK);
  assert_int_equal(seen.basis, given.basis);
  assert_int_equal(inside.letters, given.letters);
  assert_int_equal(inside.letters, bytes);
  assert_int_equal(inside.layers, 2);
  assert_int_equal(inside.directions, 2);
  assert_int_equal(inside.hidden, 9);
  for (size_t i = 0; i < bytes; i++) {
    assert_int_equal(alphabet_character(&model.letters, inside.ids[i]), text[i]);
  }

  real features[18], logits[LABELS];
  const real *last = inside.h + (size_t)2 * bytes * 9;
  memcpy(features, last + (bytes - 1) * 9, 9 * sizeof(real));
  memcpy(features + 9, last + bytes * 9, 9 * sizeof(real));
  assert_true(linear_scratch(&model.net.output, 1) <= sizeof scratch / sizeof *scratch);
  linear_forward(&model.net.output, model.values, 1, features, logits, scratch);
  assert_memory_equal(logits, inside.logits, sizeof logits);
  classifier_probabilities(&model.net, 1, NULL, 1, inside.logits, probabilities);
  for (int c = 0; c < LABELS; c++) {
    assert_float_equal((double)probabilities[c], (double)predicted[c], 1e-6);
  }
  assert_float_equal(inside.loss, -log((double)predicted[1]), 1e-5);
  assert_non_null(inside.gradient);
  arena_free(&memory);
  classifier_session_end(&session);
}

static void the_last_states_are_the_answers(void **state) {
  (void)state;
  check_answer(&rnn_cell);
  check_answer(&lstm_cell);
  check_answer(&gru_cell);
}

/* h' of a step from its gates and the states before, by the equations of the documentation. */
static void the_gates_are_those_that_the_names_say(void **state) {
  (void)state;
  classifier_model model;
  inspection inside;
  answer given;
  rc_arena memory;
  model_open(&model, &lstm_cell);
  classifier_session session = classifier_session_begin(&model);
  assert_int_equal(classifier_inspect(&session, "Ada", 3, -1, &inside, &given, &memory, NULL),
                   RC_OK);
  assert_null(inside.gradient);
  const real *gate[4] = {0};
  static const char *const names[] = {"input", "forget", "candidate", "output"};
  assert_int_equal(inside.gate_count, 4);
  for (int i = 0; i < 4; i++) {
    assert_string_equal(inside.gates[i].name, names[i]);
    gate[i] = inside.gates[i].values;
  }
  for (size_t slot = 0; slot < 4; slot++) {
    const bool reverse = slot % 2 == 1;
    for (size_t t = 0; t < 3; t++) {
      const bool begins = t == (reverse ? 2 : 0);
      for (size_t k = 0; k < 9; k++) {
        const size_t at = (slot * 3 + t) * 9 + k, before = reverse ? at + 9 : at - 9;
        const double c = (begins ? 0 : (double)gate[1][at] * (double)inside.c[before]) +
                         (double)gate[0][at] * (double)gate[2][at];
        assert_float_equal((double)inside.c[at], c, 1e-6);
        assert_float_equal((double)inside.h[at], (double)gate[3][at] * tanh(c), 1e-6);
      }
    }
  }
  arena_free(&memory);
  classifier_session_end(&session);
}

static void what_is_not_read_has_nothing_inside(void **state) {
  (void)state;
  classifier_model model;
  inspection inside;
  answer given;
  rc_arena memory;
  rc_error error;
  model_open(&model, &gru_cell);
  classifier_session session = classifier_session_begin(&model);
  static const char *const texts[] = {"", "\xe6\x9d\x8e"};
  for (int i = 0; i < 2; i++) {
    assert_int_equal(classifier_inspect(&session, texts[i], strlen(texts[i]), 0, &inside, &given,
                                        &memory, &error),
                     RC_OK);
    assert_int_equal(given.basis, ANSWER_NONE);
    assert_int_equal(inside.letters, 0);
    assert_null(inside.h);
    arena_free(&memory);
  }
  char most[INSPECT_LETTERS_MAX + 1];
  memset(most, 'a', sizeof most);
  assert_int_equal(
      classifier_inspect(&session, most, sizeof most, -1, &inside, &given, &memory, &error),
      RC_ERR_RANGE);
  assert_null(memory.base);
  assert_int_equal(classifier_inspect(&session, "a", 1, LABELS, &inside, &given, &memory, &error),
                   RC_ERR_ARGUMENT);
  assert_null(memory.base);
  assert_int_equal(
      classifier_inspect(&session, most, INSPECT_LETTERS_MAX, 2, &inside, &given, &memory, &error),
      RC_OK);
  assert_int_equal(inside.letters, INSPECT_LETTERS_MAX);
  arena_free(&memory);
  classifier_session_end(&session);
}

static int open_files(void **state) {
  (void)state;
  golden_open(&golden, "../../golden/inspect.txt");
  return arena_new(&arena, 4 << 20, NULL);
}

static int close_files(void **state) {
  (void)state;
  golden_close(&golden);
  arena_free(&arena);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_rnn_is_pytorchs),
      cmocka_unit_test(an_lstm_is_pytorchs),
      cmocka_unit_test(a_gru_is_pytorchs),
      cmocka_unit_test(every_golden_tensor_was_used),
      cmocka_unit_test(the_last_states_are_the_answers),
      cmocka_unit_test(the_gates_are_those_that_the_names_say),
      cmocka_unit_test(what_is_not_read_has_nothing_inside),
  };
  return golden_run(tests, sizeof tests / sizeof *tests, open_files, close_files);
}
