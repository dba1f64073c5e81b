#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "classifier.h"

static const classifier_config CONFIG = {.cell = &gru_cell,
                                         .layers = 1,
                                         .hidden = 16,
                                         .directions = 2,
                                         .embedding = 8,
                                         .pooling = POOLING_ALL,
                                         .labels = 5};

typedef struct fixture {
  classifier net;
  rc_arena memory;
  real *values, *matrices;
  classifier_workspace *workspace;
} fixture;

static void fixture_lay_out(fixture *f, rc_arena *arena) {
  f->values = ARENA_ARRAY(arena, real, f->net.params.total);
  f->matrices = ARENA_ARRAY(arena, real, recurrent_packed_size(&f->net.network));
  f->workspace = classifier_workspace_new(&f->net, 3, 20, 10, false, arena);
}

static void fixture_open_with(fixture *f, const classifier_config *config) {
  assert_int_equal(classifier_build(&f->net, config, NULL), RC_OK);
  rc_arena need = arena_measure();
  fixture_lay_out(f, &need);
  assert_int_equal(arena_new(&f->memory, need.used, NULL), RC_OK);
  fixture_lay_out(f, &f->memory);
  classifier_init(&f->net, 3, f->values);
  classifier_pack(&f->net, f->values, f->matrices);
  classifier_workspace_use(f->workspace, f->matrices);
}

static void fixture_open(fixture *f) {
  fixture_open_with(f, &CONFIG);
}

static void a_batch_gives_what_its_texts_give_alone(void **state) {
  (void)state;
  fixture f;
  fixture_open(&f);
  const int ids[] = {30, 4, 7, 57, 26, 0, 1, 2, 52, 9, 9, 9};
  const int lengths[] = {3, 1, 8};
  real together[3 * 5], alone[5];
  classifier_batch batch = {.count = 3, .ids = ids, .lengths = lengths};
  assert_int_equal(classifier_forward(&f.net, f.values, &batch, together, f.workspace, NULL),
                   RC_OK);
  const int *next = ids;
  for (int i = 0; i < 3; i++) {
    classifier_batch one = {.count = 1, .ids = next, .lengths = &lengths[i]};
    assert_int_equal(classifier_forward(&f.net, f.values, &one, alone, f.workspace, NULL), RC_OK);
    for (int c = 0; c < 5; c++) {
      assert_float_equal((double)together[i * 5 + c], (double)alone[c], 1e-6);
    }
    next += lengths[i];
  }
  arena_free(&f.memory);
}

/* The logits of one text as training computes them: embedded, with matrices that are not packed
 * beforehand. */
static void trace(const classifier *net, const real *values, int count, const int *ids,
                  real *logits) {
  enum { LETTERS = 8, STATES = 2 * 2 * LETTERS * 16 };
  static real h[STATES], c[STATES], final_h[STATES], final_c[STATES];
  classifier_trace inside = {.states = {h, c}, .final = {final_h, final_c}};
  rc_arena memory = arena_measure();
  (void)classifier_workspace_new(net, 1, LETTERS, LETTERS, true, &memory);
  assert_int_equal(arena_new(&memory, memory.used, NULL), RC_OK);
  classifier_workspace *w = classifier_workspace_new(net, 1, LETTERS, LETTERS, true, &memory);
  assert_int_equal(
      classifier_trace_text(net, values, count, ids, -1, NULL, logits, &inside, w, NULL), RC_OK);
  arena_free(&memory);
}

/* Hidden sizes above and below that of the embedding, whose place the letters' products take, and
 * letters one-hot. */
static void packed_matrices_give_what_training_sees(void **state) {
  (void)state;
  static const int ids[] = {30, 4, 7, 57, 26, 0, 1, 2, 52, 9, 9, 9}, lengths[] = {3, 1, 8};
  static const int sizes[][2] = {{13, 8}, {5, 8}, {13, 0}};
  const recurrent_cell *cells[] = {&rnn_cell, &lstm_cell, &gru_cell};
  const classifier_batch batch = {.count = 3, .ids = ids, .lengths = lengths};
  for (int shape = 0; shape < 18; shape++) {
    classifier_config config = CONFIG;
    config.cell = cells[shape / 6];
    config.layers = 1 + shape % 2;
    config.hidden = sizes[shape / 2 % 3][0];
    config.embedding = sizes[shape / 2 % 3][1];
    fixture f;
    fixture_open_with(&f, &config);
    real together[3 * 5], alone[5];
    assert_int_equal(classifier_forward(&f.net, f.values, &batch, together, f.workspace, NULL),
                     RC_OK);
    const int *next = ids;
    for (int i = 0; i < 3; next += lengths[i++]) {
      trace(&f.net, f.values, lengths[i], next, alone);
      for (int k = 0; k < 5; k++) {
        assert_float_equal((double)together[i * 5 + k], (double)alone[k], 1e-6);
      }
    }
    arena_free(&f.memory);
  }
}

/* Both ways of computing every prefix of one text, for one shape. */
static void check_prefixes(const classifier_config *config) {
  enum { LENGTH = 5, ROWS = LENGTH * (LENGTH + 1) / 2 };
  static const int text[LENGTH] = {30, 4, 57, 4, 11};
  int ids[ROWS], lengths[LENGTH], *next = ids;
  for (int i = 0; i < LENGTH; i++) {
    lengths[i] = i + 1;
    for (int k = 0; k <= i; k++) *next++ = text[k];
  }
  classifier net;
  assert_int_equal(classifier_build(&net, config, NULL), RC_OK);
  rc_arena arena = arena_measure();
  classifier_workspace *workspace = NULL;
  real *values = NULL, *matrices = NULL;
  for (int pass = 0; pass < 2; pass++) {
    if (pass == 1) assert_int_equal(arena_new(&arena, arena.used, NULL), RC_OK);
    values = ARENA_ARRAY(&arena, real, net.params.total);
    matrices = ARENA_ARRAY(&arena, real, recurrent_packed_size(&net.network));
    workspace = classifier_workspace_new(&net, LENGTH, ROWS, LENGTH, false, &arena);
  }
  classifier_init(&net, 8, values);
  classifier_pack(&net, values, matrices);
  classifier_workspace_use(workspace, matrices);
  classifier_batch batch = {.count = LENGTH, .ids = ids, .lengths = lengths};
  real plain[LENGTH * 5], shared[LENGTH * 5];
  assert_int_equal(classifier_forward(&net, values, &batch, plain, workspace, NULL), RC_OK);
  assert_int_equal(classifier_forward_prefixes(&net, values, &batch, shared, workspace, NULL),
                   RC_OK);
  for (int i = 0; i < LENGTH * 5; i++) {
    assert_float_equal((double)shared[i], (double)plain[i], 1e-6);
  }
  arena_free(&arena);
}

static void prefixes_share_what_reads_forward(void **state) {
  (void)state;
  const recurrent_cell *cells[] = {&rnn_cell, &lstm_cell, &gru_cell};
  for (int shape = 0; shape < 3 * 16; shape++) {
    classifier_config config = CONFIG;
    config.cell = cells[shape / 16];
    config.layers = 1 + (shape & 1);
    config.directions = 1 + (shape >> 1 & 1);
    config.embedding = shape & 4 ? 8 : 0;
    config.pooling = shape & 8 ? POOLING_ALL : POOLING_LAST;
    check_prefixes(&config);
  }
}

static void too_much_for_the_workspace_is_refused(void **state) {
  (void)state;
  fixture f;
  fixture_open(&f);
  const int ids[40] = {0};
  real logits[4 * 5];
  rc_error error;
  const struct {
    int count, lengths[4];
    const char *word;
  } cases[] = {
      {4, {1, 1, 1, 1}, "batch"},   {0, {0}, "batch"}, {1, {11}, "length"}, {1, {0}, "length"},
      {3, {10, 10, 10}, "letters"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    classifier_batch batch = {.count = cases[i].count, .ids = ids, .lengths = cases[i].lengths};
    assert_int_equal(classifier_forward(&f.net, f.values, &batch, logits, f.workspace, &error),
                     RC_ERR_ARGUMENT);
    assert_non_null(strstr(error.text, cases[i].word));
  }
  arena_free(&f.memory);
}

static void senseless_shapes_are_refused_by_name(void **state) {
  (void)state;
  classifier net;
  rc_error error;
  struct {
    classifier_config config;
    const char *word;
  } cases[] = {{CONFIG, "cell"},      {CONFIG, "layers"}, {CONFIG, "hidden"}, {CONFIG, "direction"},
               {CONFIG, "embedding"}, {CONFIG, "labels"}, {CONFIG, "output"}, {CONFIG, "pooling"}};
  cases[0].config.cell = NULL;
  cases[1].config.layers = RECURRENT_LAYERS_MAX + 1;
  cases[2].config.hidden = 0;
  cases[3].config.directions = 3;
  cases[4].config.embedding = -1;
  cases[5].config.labels = 0;
  cases[6].config.dropout_output = 1;
  cases[7].config.pooling = (pooling_kind)7;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_int_equal(classifier_build(&net, &cases[i].config, &error), RC_ERR_ARGUMENT);
    assert_non_null(strstr(error.text, cases[i].word));
  }
}

static void the_same_seed_gives_the_same_weights(void **state) {
  (void)state;
  fixture a, b;
  fixture_open(&a);
  fixture_open(&b);
  assert_memory_equal(a.values, b.values, a.net.params.total * sizeof(real));
  classifier_init(&b.net, 4, b.values);
  assert_memory_not_equal(a.values, b.values, a.net.params.total * sizeof(real));
  arena_free(&a.memory);
  arena_free(&b.memory);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_batch_gives_what_its_texts_give_alone),
      cmocka_unit_test(packed_matrices_give_what_training_sees),
      cmocka_unit_test(prefixes_share_what_reads_forward),
      cmocka_unit_test(too_much_for_the_workspace_is_refused),
      cmocka_unit_test(senseless_shapes_are_refused_by_name),
      cmocka_unit_test(the_same_seed_gives_the_same_weights),
  };
  return cmocka_run_group_tests_name("classifier", tests, NULL, NULL);
}
