#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tiny_batch.h"
#include "translator_grow.h"

/* In double: a grown network says what the small one said, and what was added can learn. */

/* All kinds that can grow. */
#define SIZES .source_vocabulary = 6, .target_vocabulary = 6, .embedding = 3, .hidden = 4
static const translator_config KINDS[] = {
    {SIZES, .encoder_hidden = 5, .encoder_layers = 2, .encoder_directions = 2, .bridge = true,
     .attention = TRANSLATOR_GENERAL, .attentional = 3, .input_feeding = true, .lexical = true,
     .tying = TRANSLATOR_TIED_ALL},
    {SIZES, .encoder_hidden = 3, .encoder_layers = 1, .encoder_directions = 2, .bridge = true,
     .attention = TRANSLATOR_GENERAL, .attentional = 3, .tying = TRANSLATOR_TIED_OUTPUT},
    {SIZES, .encoder_hidden = 3, .encoder_layers = 1, .encoder_directions = 1, .bridge = true,
     .attention = TRANSLATOR_ADDITIVE},
    {SIZES, .encoder_hidden = 3, .encoder_layers = 2, .encoder_directions = 1, .bridge = true,
     .attention = TRANSLATOR_LOCATION, .positions = 6, .attentional = 2, .lexical = true},
    {SIZES, .encoder_hidden = 3, .encoder_layers = 2, .encoder_directions = 2, .bridge = true,
     .order = TRANSLATOR_ATTENTION_FIRST, .attention = TRANSLATOR_ADDITIVE, .attentional = 5},
};
enum { KINDS_COUNT = sizeof KINDS / sizeof *KINDS };

/* More of everything; what is tied stays as wide as what it is tied to. */
static translator_config grown(translator_config config) {
  config.embedding += 2;
  config.hidden += 3;
  config.encoder_hidden += 1;
  if (config.attentional > 0) config.attentional += 2;
  return config;
}

typedef struct sample {
  translator net;
  real *values, *gradients; /* malloc'd */
} sample;

static void sample_open(sample *s, const translator_config *config) {
  assert_int_equal(translator_build(&s->net, config, NULL), RC_OK);
  s->values = calloc(s->net.params.total, sizeof *s->values);
  s->gradients = calloc(s->net.params.total, sizeof *s->gradients);
  assert_non_null(s->values);
  assert_non_null(s->gradients);
}

static void sample_close(sample *s) {
  free(s->values);
  free(s->gradients);
}

/* What it says of the batch; the gradients as well. */
static void run(sample *s, double *scores) {
  rc_arena need = arena_measure(), memory;
  double loss;
  (void)translator_workspace_new(&s->net, &ROOM, &need);
  assert_int_equal(arena_new(&memory, need.used, NULL), RC_OK);
  translator_workspace *workspace = translator_workspace_new(&s->net, &ROOM, &memory);
  assert_non_null(workspace);
  assert_int_equal(translator_score(&s->net, s->values, &BATCH, scores, workspace, NULL), RC_OK);
  assert_int_equal(translator_train_step(&s->net, s->values, &BATCH, 0.1, 1, NULL, s->gradients,
                                         &loss, workspace, NULL),
                   RC_OK);
  arena_free(&memory);
}

/* What was 0 at first, and whose gradient is not, now or after a step: what reads new columns of a
 * tied embedding waits for the output to have made them something. */
static void assert_zeros_learn(sample *s, int kind) {
  const size_t total = s->net.params.total;
  bool *zero = malloc(total * sizeof *zero), *learns = calloc(total, sizeof *learns);
  double scores[SENTENCES];
  assert_non_null(zero);
  assert_non_null(learns);
  for (size_t i = 0; i < total; i++) zero[i] = s->values[i] == 0;
  for (int step = 0; step < 2; step++) {
    memset(s->gradients, 0, total * sizeof *s->gradients);
    run(s, scores);
    for (size_t i = 0; i < total; i++) {
      learns[i] |= s->gradients[i] != 0;
      s->values[i] -= 0.01 * s->gradients[i];
    }
  }
  for (int k = 0; k < s->net.params.count; k++) {
    const param *p = &s->net.params.items[k];
    int zeros = 0, learning = 0;
    for (size_t i = p->offset; i < p->offset + p->count; i++) {
      zeros += zero[i];
      learning += zero[i] && learns[i];
    }
    if (zeros > 0 && learning == 0) fail_msg("kind %d: %s cannot learn", kind, p->name);
  }
  free(zero);
  free(learns);
}

static void a_grown_network_says_the_same_and_can_learn(void **state) {
  (void)state;
  for (int i = 0; i < KINDS_COUNT; i++) {
    const translator_config wide = grown(KINDS[i]);
    sample small, large;
    double before[SENTENCES], after[SENTENCES];
    sample_open(&small, &KINDS[i]);
    sample_open(&large, &wide);
    translator_init(&small.net, 5, small.values);
    run(&small, before);
    assert_int_equal(translator_grow(&small.net, small.values, &large.net, 6, large.values, NULL),
                     RC_OK);
    run(&large, after);
    for (int k = 0; k < SENTENCES; k++) assert_true(fabs(before[k] - after[k]) < 1e-12);
    int grew = 0;
    for (int k = 0; k < large.net.params.count; k++) {
      const param *p = &large.net.params.items[k];
      grew += p->count > params_find(&small.net.params, p->name)->count;
    }
    assert_true(grew >= 8);
    assert_zeros_learn(&large, i);
    sample_close(&small);
    sample_close(&large);
  }
}

/* Without more units all values stay, and a lexical part begins at 0. */
static void what_does_not_grow_stays(void **state) {
  (void)state;
  translator_config with = KINDS[1];
  with.lexical = true;
  sample small, large;
  double before[SENTENCES], after[SENTENCES];
  sample_open(&small, &KINDS[1]);
  sample_open(&large, &with);
  translator_init(&small.net, 5, small.values);
  assert_int_equal(translator_grow(&small.net, small.values, &large.net, 6, large.values, NULL),
                   RC_OK);
  for (int k = 0; k < large.net.params.count; k++) {
    const param *p = &large.net.params.items[k], *from = params_find(&small.net.params, p->name);
    for (size_t i = 0; i < p->count; i++) {
      assert_true(large.values[p->offset + i] ==
                  (from == NULL ? 0 : small.values[from->offset + i]));
    }
  }
  run(&small, before);
  run(&large, after);
  assert_memory_equal(before, after, sizeof before);
  sample_close(&small);
  sample_close(&large);
}

static void assert_refused(translator_config from, translator_config to, const char *message) {
  sample small, large;
  rc_error error;
  sample_open(&small, &from);
  sample_open(&large, &to);
  assert_int_equal(translator_grow(&small.net, small.values, &large.net, 6, large.values, &error),
                   RC_ERR_ARGUMENT);
  assert_string_equal(error.text, message);
  sample_close(&small);
  sample_close(&large);
}

static void what_cannot_grow_is_refused(void **state) {
  (void)state;
  translator_config to = KINDS[0];
  to.encoder_hidden = 4;
  assert_refused(KINDS[0], to, "an encoder's state of 5 cannot shrink to 4");
  to = grown(KINDS[0]);
  to.encoder_layers = 3;
  assert_refused(KINDS[0], to, "networks of another kind do not grow out of it");
  const translator_config dot = {SIZES, .encoder_hidden = 2, .encoder_layers = 1,
                                 .encoder_directions = 2, .bridge = true};
  to = dot;
  to.hidden = 6;
  to.encoder_hidden = 3;
  assert_refused(dot, to,
                 "states that are compared with, or handed on to the decoder's, keep their size");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_grown_network_says_the_same_and_can_learn),
      cmocka_unit_test(what_does_not_grow_stays),
      cmocka_unit_test(what_cannot_grow_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
