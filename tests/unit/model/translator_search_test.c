#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bpe.h"
#include "quantize.h"
#include "translator_search.h"
#include "translator_weights.h"

/* Searches on networks so small that every output can be tried, with the log-probabilities that the
 * training's forward gives. */

enum { WORDS = 5, LONGEST = 4, SENTENCES = 3, SOURCES = 8 };

static const translator_config PLAIN = {.source_vocabulary = 6,
                                        .target_vocabulary = WORDS,
                                        .embedding = 8,
                                        .hidden = 12,
                                        .encoder_hidden = 12,
                                        .encoder_layers = 1,
                                        .encoder_directions = 1};
static const translator_config ADDITIVE = {.source_vocabulary = 6,
                                           .target_vocabulary = WORDS,
                                           .embedding = 8,
                                           .hidden = 12,
                                           .encoder_hidden = 7,
                                           .encoder_layers = 2,
                                           .encoder_directions = 2,
                                           .bridge = true,
                                           .attention = TRANSLATOR_ADDITIVE,
                                           .attentional = 10};
static const translator_config FULL = {.source_vocabulary = WORDS,
                                       .target_vocabulary = WORDS,
                                       .embedding = 8,
                                       .hidden = 12,
                                       .encoder_hidden = 9,
                                       .encoder_layers = 3,
                                       .encoder_directions = 2,
                                       .bridge = true,
                                       .attention = TRANSLATOR_GENERAL,
                                       .attentional = 8,
                                       .input_feeding = true,
                                       .tying = TRANSLATOR_TIED_ALL,
                                       .dropout_attentional = 0.5f};

static const translator_config TUTORIAL = {.source_vocabulary = 6,
                                           .target_vocabulary = WORDS,
                                           .embedding = 8,
                                           .hidden = 12,
                                           .encoder_hidden = 12,
                                           .encoder_layers = 1,
                                           .encoder_directions = 1,
                                           .order = TRANSLATOR_ATTENTION_FIRST,
                                           .attention = TRANSLATOR_LOCATION,
                                           .positions = 5,
                                           .attentional = 9};
static const translator_config FIRST_ADDITIVE = {.source_vocabulary = 6,
                                                 .target_vocabulary = WORDS,
                                                 .embedding = 8,
                                                 .hidden = 12,
                                                 .encoder_hidden = 6,
                                                 .encoder_layers = 1,
                                                 .encoder_directions = 2,
                                                 .order = TRANSLATOR_ATTENTION_FIRST,
                                                 .attention = TRANSLATOR_ADDITIVE,
                                                 .attentional = 8};

static const int IDS[SOURCES] = {4, 3, 1, 2, 2, 0, 3, 1};
static const int LENGTHS[SENTENCES] = {3, 1, 4};
static const translator_sources ALL = {.count = SENTENCES, .ids = IDS, .lengths = LENGTHS};

typedef struct fixture {
  translator net;
  rc_arena memory;
  real *values;
  translator_workspace *workspace;
  translator_weights *weights;
  translator_session session;
} fixture;

static void fixture_lay_out(fixture *f, rc_arena *arena) {
  const translator_room room = {.count = 1,
                                .source_tokens = LONGEST,
                                .target_tokens = 16,
                                .source_length = LONGEST,
                                .target_length = 16};
  f->values = ARENA_ARRAY(arena, real, f->net.params.total);
  f->workspace = translator_workspace_new(&f->net, &room, arena);
}

static fixture fixture_of(const translator_config *config, uint64_t seed) {
  fixture f = {0};
  assert_int_equal(translator_build(&f.net, config, NULL), RC_OK);
  rc_arena need = arena_measure();
  fixture_lay_out(&f, &need);
  assert_int_equal(arena_new(&f.memory, need.used, NULL), RC_OK);
  fixture_lay_out(&f, &f.memory);
  translator_init(&f.net, seed, f.values);
  /* Sharper than fresh weights are. */
  for (size_t i = 0; i < f.net.params.total; i++) f.values[i] *= 3;
  assert_int_equal(translator_weights_new(&f.weights, &f.net, f.values, TRANSLATOR_F32, NULL),
                   RC_OK);
  f.session = translator_session_begin(f.weights);
  return f;
}

/* *state: its config, in and the fixture, out. */
static int fixture_open(void **state) {
  static fixture f;
  f = fixture_of(*state, 3);
  *state = &f;
  return 0;
}

static int fixture_close(void **state) {
  fixture *f = *state;
  translator_session_end(&f->session);
  translator_weights_free(f->weights);
  arena_free(&f->memory);
  return 0;
}

static translator_sources one(int sentence) {
  translator_sources sources = {.count = 1, .ids = IDS, .lengths = LENGTHS + sentence};
  for (int i = 0; i < sentence; i++) sources.ids += LENGTHS[i];
  return sources;
}

static const translation *translate(fixture *f, const translator_sources *sources,
                                    const translator_options *options) {
  const translation *results;
  assert_int_equal(translator_translate(&f->session, sources, options, &results, NULL), RC_OK);
  return results;
}

/* What the training's forward thinks of n tokens. */
static double forced(fixture *f, const translator_sources *source, const int *ids, int n) {
  int inputs[16] = {BPE_BEGIN};
  double log_probability;
  memcpy(inputs + 1, ids, (size_t)(n - 1) * sizeof *ids);
  const translator_batch batch = {.count = 1,
                                  .sources = source->ids,
                                  .source_lengths = source->lengths,
                                  .inputs = inputs,
                                  .outputs = ids,
                                  .target_lengths = &n};
  assert_int_equal(
      translator_score(&f->net, f->values, &batch, &log_probability, f->workspace, NULL), RC_OK);
  return log_probability;
}

static int tokens_of(const translation *t, int *ids) {
  memcpy(ids, t->ids, (size_t)t->length * sizeof *ids);
  if (t->complete) ids[t->length] = BPE_END;
  return t->length + t->complete;
}

/* The defaults, but that a translation may repeat itself. */
static translator_options free_options(void) {
  translator_options options = translator_options_default();
  options.no_repeat = 0;
  return options;
}

static void log_probabilities_are_the_trainings(void **state) {
  fixture *f = *state;
  translator_options options = free_options();
  options.nbest = 4;
  options.length_ratio = 1;
  options.length_extra = 6;
  const translation *results = translate(f, &ALL, &options);
  int complete = 0;
  for (int i = 0; i < SENTENCES * 4; i++) {
    const translator_sources source = one(i / 4);
    int ids[16], n = tokens_of(&results[i], ids);
    const double want = forced(f, &source, ids, n);
    assert_true(fabs(results[i].log_probability - want) < 1e-4);
    complete += results[i].complete;
  }
  assert_true(complete > 0);
}

static void a_beam_of_one_is_greedy(void **state) {
  fixture *f = *state;
  translator_options options = free_options();
  options.beam = 1;
  options.length_ratio = 0;
  options.length_extra = 8;
  for (int i = 0; i < SENTENCES; i++) {
    const translator_sources source = one(i);
    const translation *t = translate(f, &source, &options);
    int ids[8], n = 0;
    do {
      double best = -INFINITY;
      int chosen = 0;
      for (int id = 1; id < WORDS; id++) {
        ids[n] = id;
        const double log_probability = forced(f, &source, ids, n + 1);
        if (log_probability > best) best = log_probability, chosen = id;
      }
      ids[n++] = chosen;
    } while (ids[n - 1] != BPE_END && n < 8);
    assert_int_equal(t->complete, ids[n - 1] == BPE_END);
    assert_int_equal(t->length + t->complete, n);
    assert_memory_equal(t->ids, ids, (size_t)t->length * sizeof *ids);
  }
}

typedef struct outcome {
  int ids[3], n;
  double score;
} outcome;

static double norm(const translator_options *o, int n) {
  return pow(o->norm == TRANSLATOR_NORM_GNMT ? (5.0 + n) / 6 : n, (double)o->alpha);
}

static int by_score(const void *a, const void *b) {
  const outcome *x = a, *y = b;
  return (x->score < y->score) - (x->score > y->score);
}

/* All outputs of up to three tokens. */
static int enumerate(fixture *f, const translator_sources *source, const translator_options *o,
                     outcome *all) {
  int count = 0;
  for (int code = 0; code < 4 * 4 * 4; code++) {
    outcome it = {{1 + code / 16, 1 + code / 4 % 4, 1 + code % 4}, 1, 0};
    while (it.n < 3 && it.ids[it.n - 1] != BPE_END) it.n++;
    /* The rest of an output that has ended is counted once. */
    bool counted = true;
    for (int k = it.n; k < 3; k++) counted = counted && it.ids[k] == 1;
    if (!counted) continue;
    it.score = forced(f, source, it.ids, it.n) / norm(o, it.n);
    all[count++] = it;
  }
  qsort(all, (size_t)count, sizeof *all, by_score);
  return count;
}

static void a_wide_beam_is_exhaustive(void **state) {
  fixture *f = *state;
  translator_options options = free_options();
  options.beam = TRANSLATOR_BEAM_MAX;
  options.nbest = 40;
  options.length_ratio = 0;
  options.length_extra = 3;
  const struct {
    translator_length_norm norm;
    float alpha;
  } norms[] = {{TRANSLATOR_NORM_GNMT, 1}, {TRANSLATOR_NORM_GNMT, 0}, {TRANSLATOR_NORM_AVERAGE, 1}};
  for (int i = 0; i < SENTENCES * 3; i++) {
    const translator_sources source = one(i % SENTENCES);
    options.norm = norms[i / SENTENCES].norm;
    options.alpha = norms[i / SENTENCES].alpha;
    outcome all[64];
    assert_int_equal(enumerate(f, &source, &options, all), 40);
    const translation *results = translate(f, &source, &options);
    for (int k = 0; k < 40; k++) {
      int ids[4], n = tokens_of(&results[k], ids);
      assert_true(fabs(results[k].score - all[k].score) < 1e-4);
      const bool close = (k > 0 && all[k - 1].score - all[k].score < 1e-3) ||
                         (k < 39 && all[k].score - all[k + 1].score < 1e-3);
      if (close) continue; /* rounding may swap them */
      assert_int_equal(n, all[k].n);
      assert_memory_equal(ids, all[k].ids, (size_t)n * sizeof *ids);
    }
  }
}

/* By location some of the weight may go behind the source. */
static void assert_weights(const fixture *f, double sum) {
  const bool all = f->net.config.attention != TRANSLATOR_LOCATION;
  assert_true(all ? fabs(sum - 1) < 1e-5 : sum > 0 && sum < 1 + 1e-5);
}

/* From the definition, over the matrices that the results have. */
static void coverage_counts(void **state) {
  fixture *f = *state;
  translator_options options = free_options();
  options.nbest = 4;
  options.attention = true;
  options.coverage = 0.7f;
  const translation *results = translate(f, &ALL, &options);
  for (int i = 0; i < SENTENCES * 4; i++) {
    const translation *t = &results[i];
    const int width = LENGTHS[i / 4], n = t->length + t->complete;
    double coverage = 0;
    for (int j = 0; j < width; j++) {
      double sum = 0;
      for (int k = 0; k < n; k++) sum += (double)t->attention[k * width + j];
      coverage += log(fmin(sum, 1));
    }
    for (int k = 0; k < n; k++) {
      double sum = 0;
      for (int j = 0; j < width; j++) sum += (double)t->attention[k * width + j];
      assert_weights(f, sum);
    }
    const double want =
        t->log_probability / norm(&options, n) + (double)options.coverage * coverage;
    assert_true(fabs(t->score - want) < 1e-4);
    assert_true(i % 4 == 0 || t->score <= t[-1].score);
  }
}

static void sentences_do_not_meddle(void **state) {
  fixture *f = *state;
  for (int precision = TRANSLATOR_F32; precision <= TRANSLATOR_INT8; precision++) {
    translator_weights *weights;
    assert_int_equal(
        translator_weights_new(&weights, &f->net, f->values, (translator_precision)precision, NULL),
        RC_OK);
    translator_session together = translator_session_begin(weights);
    translator_session alone = translator_session_begin(weights);
    translator_options options = free_options();
    options.nbest = 3;
    options.attention = true;
    const translation *all, *single;
    assert_int_equal(translator_translate(&together, &ALL, &options, &all, NULL), RC_OK);
    for (int i = 0; i < SENTENCES; i++) {
      const translator_sources source = one(i);
      assert_int_equal(translator_translate(&alone, &source, &options, &single, NULL), RC_OK);
      for (int k = 0; k < 3; k++) {
        const translation *a = &all[i * 3 + k], *b = &single[k];
        assert_int_equal(a->length, b->length);
        assert_int_equal(a->complete, b->complete);
        assert_memory_equal(a->ids, b->ids, (size_t)a->length * sizeof *a->ids);
        assert_true(a->log_probability == b->log_probability && a->score == b->score);
        const size_t cells = (size_t)(a->length + a->complete) * (size_t)LENGTHS[i];
        assert_memory_equal(a->attention, b->attention, cells * sizeof *a->attention);
      }
    }
    translator_session_end(&together);
    translator_session_end(&alone);
    translator_weights_free(weights);
  }
}

/* Of the same outputs, what int8 makes of their probability is near. */
static void int8_is_near(void **state) {
  fixture *f = *state;
  translator_weights *weights;
  assert_int_equal(translator_weights_new(&weights, &f->net, f->values, TRANSLATOR_INT8, NULL),
                   RC_OK);
  translator_session session = translator_session_begin(weights);
  translator_options options = free_options();
  options.length_extra = 2;
  options.length_ratio = 1;
  const translation *results;
  assert_int_equal(translator_translate(&session, &ALL, &options, &results, NULL), RC_OK);
  for (int i = 0; i < SENTENCES; i++) {
    const translator_sources source = one(i);
    int ids[16], n = tokens_of(&results[i], ids);
    const double exact = forced(f, &source, ids, n);
    assert_true(results[i].log_probability != exact);
    assert_true(fabs(results[i].log_probability - exact) < 0.1 * n);
  }
  translator_session_end(&session);
  translator_weights_free(weights);
}

/* What each source token may become; 4 is of every sentence. */
static const int STARTS[] = {0, 2, 3, 3, 4, 5, 6};
static const uint16_t TARGETS[] = {2, BPE_BEGIN, 3, 2, BPE_END, 3};
static const uint16_t COMMON[] = {4};
static const shortlist LIST = {
    .starts = STARTS, .targets = TARGETS, .common = COMMON, .common_count = 1};

/* Matrices become what int8 makes of them, so that only the inputs of the products are rounded. */
static void round_weights(fixture *f) {
  for (int i = 0; i < f->net.params.count; i++) {
    const param *p = &f->net.params.items[i];
    const int rows = p->shape[0], columns = (int)p->count / rows;
    real *w = f->values + p->offset;
    for (int row = 0; row < rows && p->dims == 2; row++, w += columns) {
      int8_t q[64];
      float scale;
      assert_in_range(columns, 1, sizeof q);
      quantize_rows(1, columns, w, q, &scale);
      for (int k = 0; k < columns; k++) w[k] = scale * (float)q[k];
    }
  }
}

static translator_session listed_session(fixture *f) {
  translator_weights *weights;
  round_weights(f);
  assert_int_equal(translator_weights_new(&weights, &f->net, f->values, TRANSLATOR_INT8, NULL),
                   RC_OK);
  weights->choices = LIST;
  return translator_session_begin(weights);
}

static bool is_listed(const translator_sources *source, int id) {
  bool found = id == COMMON[0] || id == BPE_END;
  for (int i = 0; i < source->lengths[0]; i++) {
    const int *start = STARTS + source->ids[i];
    for (int k = start[0]; k < start[1]; k++) found = found || TARGETS[k] == id;
  }
  return found && id != BPE_BEGIN;
}

/* The log-probability of n tokens where every step has only those of the list. */
static double forced_within(fixture *f, const translator_sources *source, const int *ids, int n) {
  double log_probability = 0;
  for (int k = 0; k < n; k++) {
    int prefix[16];
    double listed = 0;
    memcpy(prefix, ids, (size_t)k * sizeof *ids);
    for (int id = 0; id < WORDS; id++) {
      prefix[k] = id;
      if (is_listed(source, id)) listed += exp(forced(f, source, prefix, k + 1));
    }
    log_probability += forced(f, source, ids, k + 1) - log(listed);
  }
  return log_probability;
}

static void a_shortlist_is_kept_to(void **state) {
  fixture *f = *state;
  translator_session listed = listed_session(f),
                     alone = translator_session_begin(listed.weights[0]);
  translator_options options = free_options();
  options.nbest = 4;
  options.length_ratio = 0;
  options.length_extra = 6;
  int others = 0;
  for (int lists = 0; lists < 2; lists++) {
    const translation *results, *single;
    options.shortlist = lists == 1;
    assert_int_equal(translator_translate(&listed, &ALL, &options, &results, NULL), RC_OK);
    for (int i = 0; i < SENTENCES * 4; i++) {
      const translator_sources source = one(i / 4);
      int ids[16], n = tokens_of(&results[i], ids);
      for (int k = 0; k < n && lists == 0; k++) others += !is_listed(&source, ids[k]);
      if (lists == 0) continue;
      for (int k = 0; k < n; k++) assert_true(is_listed(&source, ids[k]));
      /* int8, as above */
      const double want = forced_within(f, &source, ids, n);
      assert_true(fabs(results[i].log_probability - want) < 0.1 * n);
      assert_int_equal(translator_translate(&alone, &source, &options, &single, NULL), RC_OK);
      assert_int_equal(single[i % 4].length, results[i].length);
      assert_true(single[i % 4].log_probability == results[i].log_probability);
    }
  }
  assert_true(others > 0);
  const translator_weights *weights = listed.weights[0];
  translator_session_end(&listed);
  translator_session_end(&alone);
  translator_weights_free((translator_weights *)weights);
}

/* Together with a network without list, all keep to that of the first. */
static void networks_share_a_shortlist(void **state) {
  fixture *f = *state, second = fixture_of(&ADDITIVE, 5);
  translator_session session = listed_session(f);
  translator_weights *other;
  assert_int_equal(
      translator_weights_new(&other, &second.net, second.values, TRANSLATOR_INT8, NULL), RC_OK);
  assert_int_equal(translator_session_join(&session, other, NULL), RC_OK);
  translator_options options = free_options();
  options.length_ratio = 0;
  options.length_extra = 6;
  const translation *results;
  assert_int_equal(translator_translate(&session, &ALL, &options, &results, NULL), RC_OK);
  for (int i = 0; i < SENTENCES; i++) {
    const translator_sources source = one(i);
    int ids[16], n = tokens_of(&results[i], ids);
    for (int k = 0; k < n; k++) assert_true(is_listed(&source, ids[k]));
    const double want =
        (forced_within(f, &source, ids, n) + forced_within(&second, &source, ids, n)) / 2;
    assert_true(fabs(results[i].log_probability - want) < 0.1 * n);
  }
  const translator_weights *weights = session.weights[0];
  translator_session_end(&session);
  translator_weights_free((translator_weights *)weights);
  translator_weights_free(other);
  void *state_of_second = &second;
  fixture_close(&state_of_second);
}

/* With all weights 0 every token is as likely: of equals the lowest comes first. */
static void ties_go_to_the_first(void **state) {
  fixture *f = *state;
  memset(f->values, 0, f->net.params.total * sizeof(real));
  translator_weights *weights;
  assert_int_equal(translator_weights_new(&weights, &f->net, f->values, TRANSLATOR_F32, NULL),
                   RC_OK);
  translator_session session = translator_session_begin(weights);
  translator_options options = free_options();
  options.beam = 3;
  options.nbest = 3;
  options.alpha = 0;
  options.length_ratio = 0;
  options.length_extra = 2;
  const translation *t;
  const translator_sources source = one(0);
  assert_int_equal(translator_translate(&session, &source, &options, &t, NULL), RC_OK);
  /* "</s>"; then of 2 and 3, each followed by anything, 2 "</s>" and 2 2. */
  assert_int_equal(t[0].length, 0);
  assert_true(t[0].complete);
  assert_int_equal(t[1].length, 1);
  assert_int_equal(t[1].ids[0], 2);
  assert_true(t[1].complete);
  assert_int_equal(t[2].length, 2);
  assert_int_equal(t[2].ids[1], 2);
  assert_false(t[2].complete);
  translator_session_end(&session);
  translator_weights_free(weights);
}

/* Whether some n tokens come twice. */
static bool repeats(const translation *t, int n) {
  for (int a = 0; a + n <= t->length; a++) {
    for (int b = a + 1; b + n <= t->length; b++) {
      if (memcmp(t->ids + a, t->ids + b, (size_t)n * sizeof(int)) == 0) return true;
    }
  }
  return false;
}

/* A network of random weights goes round in circles unless it is forbidden, and what it is not
 * forbidden it does as before. */
static void nothing_is_said_twice(void **state) {
  fixture *f = *state;
  for (int beam = 1; beam <= 4; beam += 3) {
    for (int n = 1; n <= 3; n++) {
      translator_options options = free_options();
      options.beam = options.nbest = beam;
      options.length_ratio = 0;
      options.length_extra = 24;
      const translation *t = translate(f, &ALL, &options);
      int circles = 0;
      for (int i = 0; i < SENTENCES * beam; i++) circles += repeats(&t[i], n);
      assert_true(circles > 0);
      options.no_repeat = n;
      t = translate(f, &ALL, &options);
      for (int i = 0; i < SENTENCES * beam; i++) assert_false(repeats(&t[i], n));
    }
  }
  translator_options options = free_options();
  options.beam = 1;
  options.no_repeat = 3;
  options.length_ratio = 0;
  options.length_extra = 5;
  const translation *t = translate(f, &ALL, &options);
  int length[SENTENCES], first[SENTENCES];
  for (int i = 0; i < SENTENCES; i++) length[i] = t[i].length, first[i] = t[i].ids[0];
  options.no_repeat = 0;
  const translation *loose = translate(f, &ALL, &options);
  for (int i = 0; i < SENTENCES; i++) {
    if (loose[i].length > 0 && !repeats(&loose[i], 3)) {
      assert_int_equal(loose[i].length, length[i]);
      assert_int_equal(loose[i].ids[0], first[i]);
    }
  }
}

/* Where a beam can hold more than there is to find, the last is told again. */
static void what_is_missing_repeats(void **state) {
  fixture *f = *state;
  translator_options options = free_options();
  options.beam = options.nbest = 8;
  options.length_ratio = 0;
  options.length_extra = 1;
  const translation *t = translate(f, &ALL, &options);
  for (int i = 4; i < 8; i++) assert_ptr_equal(t[i].ids, t[3].ids);
  assert_true(t[2].score > t[3].score);
}

/* Networks of other shapes together: every log-probability is the mean of what each gives, so is
 * the attention, and an odd number of networks divides as well as a power of two. */
static void networks_translate_together(void **state) {
  fixture *f = *state;
  fixture second = fixture_of(&ADDITIVE, 5), third = fixture_of(&PLAIN, 7);
  fixture *members[] = {f, &second, &third};
  assert_int_equal(translator_session_join(&f->session, second.weights, NULL), RC_OK);
  assert_int_equal(translator_session_join(&f->session, third.weights, NULL), RC_OK);
  translator_options options = free_options();
  options.beam = TRANSLATOR_BEAM_MAX;
  options.nbest = 40;
  options.length_ratio = 0;
  options.length_extra = 3;
  options.attention = true;
  const translation *results = translate(f, &ALL, &options);
  double apart = 0;
  for (int i = 0; i < SENTENCES * 40; i++) {
    const translator_sources source = one(i / 40);
    int ids[16], n = tokens_of(&results[i], ids);
    double sum = 0;
    for (int k = 0; k < 3; k++) sum += forced(members[k], &source, ids, n);
    assert_true(fabs(results[i].log_probability - sum / 3) < 1e-4);
    apart = fmax(apart, fabs(forced(f, &source, ids, n) - sum / 3));
    double attention = 0;
    for (int j = 0; j < n * source.lengths[0]; j++) attention += (double)results[i].attention[j];
    assert_true(fabs(attention - n) < 1e-4);
    assert_true(i % 40 == 0 || results[i].score <= results[i - 1].score);
  }
  assert_true(apart > 0.1);
  void *states[] = {&second, &third};
  for (int k = 0; k < 2; k++) fixture_close(&states[k]);
}

/* A network beside itself says what it says alone. */
static void a_network_joins_itself(void **state) {
  fixture *f = *state;
  translator_options options = free_options();
  options.nbest = 3;
  translator_session alone = translator_session_begin(f->weights);
  const translation *want;
  assert_int_equal(translator_translate(&alone, &ALL, &options, &want, NULL), RC_OK);
  assert_int_equal(translator_session_join(&f->session, f->weights, NULL), RC_OK);
  const translation *got = translate(f, &ALL, &options);
  for (int i = 0; i < SENTENCES * 3; i++) {
    assert_int_equal(got[i].length, want[i].length);
    assert_memory_equal(got[i].ids, want[i].ids, (size_t)got[i].length * sizeof *got[i].ids);
    assert_true(got[i].score == want[i].score);
  }
  translator_session_end(&alone);
}

static void strangers_are_refused(void **state) {
  fixture *f = *state, other = fixture_of(&PLAIN, 3);
  rc_error error;
  assert_int_equal(translator_session_join(&f->session, other.weights, &error), RC_ERR_ARGUMENT);
  assert_non_null(strstr(error.text, "6 and 5 tokens beside 5 and 5"));
  for (int i = 1; i < TRANSLATOR_ENSEMBLE_MAX; i++) {
    assert_int_equal(translator_session_join(&f->session, f->weights, NULL), RC_OK);
  }
  assert_int_equal(translator_session_join(&f->session, f->weights, &error), RC_ERR_ARGUMENT);
  void *state_of_other = &other;
  fixture_close(&state_of_other);
}

/* One token more at every step of a greedy search, the end left out. */
static void tokens_are_told_as_they_come(void **state) {
  fixture *f = *state;
  translator_options options = free_options();
  options.beam = 1;
  options.length_ratio = 0;
  options.length_extra = 8;
  int most = 0;
  for (int i = 0; i < SENTENCES; i++) {
    const translator_sources source = one(i);
    int ids[16], count = 0;
    assert_int_equal(translator_begin(&f->session, &source, &options, NULL), RC_OK);
    assert_int_equal(translator_peek(&f->session, 0).length, 0);
    for (bool more = true; more;) {
      more = translator_step(&f->session);
      const translation now = translator_peek(&f->session, 0);
      assert_true(now.length == count || now.length == count + 1);
      assert_memory_equal(now.ids, ids, (size_t)count * sizeof *ids);
      count = now.length;
      memcpy(ids, now.ids, (size_t)count * sizeof *ids);
    }
    assert_false(translator_step(&f->session));
    const translation *t;
    assert_int_equal(translator_finish(&f->session, &t, NULL), RC_OK);
    assert_int_equal(t->length, count);
    assert_memory_equal(t->ids, ids, (size_t)count * sizeof *ids);
    if (count > most) most = count;
  }
  assert_true(most >= 2);
}

/* A network that never ends a sentence is cut at half as much again as its source, and some. */
static void what_runs_on_is_cut(void **state) {
  fixture *f = *state;
  real *values = malloc(f->net.params.total * sizeof *values);
  memcpy(values, f->values, f->net.params.total * sizeof *values);
  values[f->net.output.bias + BPE_END] = -1000;
  translator_weights *weights;
  assert_int_equal(translator_weights_new(&weights, &f->net, values, TRANSLATOR_F32, NULL), RC_OK);
  translator_session session = translator_session_begin(weights);
  const translator_options options = free_options();
  const translation *results;
  assert_int_equal(translator_translate(&session, &ALL, &options, &results, NULL), RC_OK);
  static const int cut[SENTENCES] = {12, 9, 14}; /* 1.5 n + 8 */
  for (int i = 0; i < SENTENCES; i++) {
    assert_false(results[i].complete);
    assert_int_equal(results[i].length, cut[i]);
  }
  translator_session_end(&session);
  translator_weights_free(weights);
  free(values);
}

/* A search that was given up gives what it has; another may begin before one has ended. */
static void searches_can_be_given_up(void **state) {
  fixture *f = *state;
  translator_options options = free_options();
  options.attention = true;
  options.norm = TRANSLATOR_NORM_AVERAGE;
  for (int steps = 0; steps < 8; steps++) {
    assert_int_equal(translator_begin(&f->session, &ALL, &options, NULL), RC_OK);
    for (int i = 0; i < steps; i++) translator_step(&f->session);
    double best[SENTENCES];
    for (int i = 0; i < SENTENCES; i++) best[i] = translator_peek(&f->session, i).score;
    const translation *t;
    assert_int_equal(translator_finish(&f->session, &t, NULL), RC_OK);
    for (int i = 0; i < SENTENCES; i++) {
      assert_true(fabs(t[i].score - best[i]) < 1e-12);
      assert_true(t[i].length <= steps);
      const int length = ALL.lengths[i];
      for (int row = 0; row < t[i].length + t[i].complete; row++) {
        double sum = 0;
        for (int j = 0; j < length; j++) sum += (double)t[i].attention[row * length + j];
        assert_weights(f, sum);
      }
    }
    assert_int_equal(translator_finish(&f->session, &t, NULL), RC_OK);
    assert_null(t);
    assert_false(translator_step(&f->session));
  }
  assert_int_equal(translator_begin(&f->session, &ALL, &options, NULL), RC_OK);
  assert_true(translator_step(&f->session));
  const translation *whole = translate(f, &ALL, &options);
  assert_true(whole[0].length > 0 || whole[0].complete);
}

/* Weights that are finite, and logits that are not, but for two tokens of the plain network, which
 * may soon not be repeated. */
static void what_are_no_numbers_is_refused(void **state) {
  fixture *f = *state;
  real *values = malloc(f->net.params.total * sizeof *values);
  for (size_t i = 0; i < f->net.params.total; i++) values[i] = i % 2 == 0 ? 3e38f : -3e38f;
  for (int precision = TRANSLATOR_F32; precision <= TRANSLATOR_INT8; precision++) {
    translator_weights *weights;
    assert_int_equal(
        translator_weights_new(&weights, &f->net, values, (translator_precision)precision, NULL),
        RC_OK);
    translator_session session = translator_session_begin(weights);
    for (int beam = 1; beam <= 4; beam++) {
      translator_options options = translator_options_default();
      options.beam = options.nbest = beam;
      options.no_repeat = 3;
      options.attention = true;
      const translation *results;
      rc_error error;
      assert_int_equal(translator_translate(&session, &ALL, &options, &results, &error),
                       RC_ERR_RANGE);
      assert_null(results);
      assert_non_null(strstr(error.text, "no numbers"));
      assert_int_equal(translator_begin(&session, &ALL, &options, NULL), RC_OK);
      while (translator_step(&session)) {
        for (int i = 0; i < SENTENCES; i++) (void)translator_peek(&session, i);
      }
      for (int i = 0; i < SENTENCES; i++) (void)translator_peek(&session, i);
    }
    translator_session_end(&session);
    translator_weights_free(weights);
  }
  free(values);
}

static void assert_refused(fixture *f, const translator_sources *sources,
                           const translator_options *options, const char *about) {
  const translation *results;
  rc_error error;
  assert_int_equal(translator_translate(&f->session, sources, options, &results, &error),
                   RC_ERR_ARGUMENT);
  assert_null(results);
  assert_non_null(strstr(error.text, about));
}

static void senseless_requests_are_refused(void **state) {
  fixture *f = *state;
  const translator_options good = free_options();
  translator_options options = good;
  options.beam = TRANSLATOR_BEAM_MAX + 1;
  assert_refused(f, &ALL, &options, "beam");
  options = good;
  options.nbest = 5;
  assert_refused(f, &ALL, &options, "nbest");
  options = good;
  options.alpha = NAN;
  assert_refused(f, &ALL, &options, "alpha");
  translator_sources sources = {.count = 1, .ids = (const int[]){99}, .lengths = (const int[]){1}};
  assert_refused(f, &sources, &good, "source token");
  sources.lengths = (const int[]){0};
  assert_refused(f, &sources, &good, "length");
  sources.lengths = (const int[]){TRANSLATOR_LENGTH_MAX + 1};
  assert_refused(f, &sources, &good, "length");
  sources.count = 0;
  const translation *results;
  assert_int_equal(translator_translate(&f->session, &sources, &good, &results, NULL), RC_OK);
}

/* By location no sentence is longer than there are positions. */
static void sources_beyond_the_positions_are_refused(void **state) {
  const int ids[] = {1, 2, 3, 4, 5, 1}, length = 6;
  const translator_sources sources = {.count = 1, .ids = ids, .lengths = &length};
  const translator_options options = free_options();
  assert_refused(*state, &sources, &options, "length");
}

#define TEST(function, config) \
  { #function " " #config, function, fixture_open, fixture_close, (void *)(uintptr_t)&config }
#define FOR_EACH_NETWORK(function)                                                                 \
  TEST(function, PLAIN), TEST(function, ADDITIVE), TEST(function, FULL), TEST(function, TUTORIAL), \
      TEST(function, FIRST_ADDITIVE)

int main(void) {
  const struct CMUnitTest tests[] = {
      FOR_EACH_NETWORK(log_probabilities_are_the_trainings),
      FOR_EACH_NETWORK(a_beam_of_one_is_greedy),
      FOR_EACH_NETWORK(a_wide_beam_is_exhaustive),
      FOR_EACH_NETWORK(coverage_counts),
      FOR_EACH_NETWORK(sentences_do_not_meddle),
      FOR_EACH_NETWORK(int8_is_near),
      FOR_EACH_NETWORK(a_shortlist_is_kept_to),
      TEST(networks_share_a_shortlist, PLAIN),
      TEST(ties_go_to_the_first, FULL),
      FOR_EACH_NETWORK(nothing_is_said_twice),
      TEST(what_is_missing_repeats, FULL),
      TEST(networks_translate_together, PLAIN),
      FOR_EACH_NETWORK(a_network_joins_itself),
      TEST(strangers_are_refused, FULL),
      FOR_EACH_NETWORK(tokens_are_told_as_they_come),
      FOR_EACH_NETWORK(what_runs_on_is_cut),
      FOR_EACH_NETWORK(searches_can_be_given_up),
      FOR_EACH_NETWORK(what_are_no_numbers_is_refused),
      TEST(senseless_requests_are_refused, FULL),
      TEST(sources_beyond_the_positions_are_refused, TUTORIAL),
  };
  if (kernels_select(NULL, NULL) != RC_OK) return 1;
  return cmocka_run_group_tests_name("translator search", tests, NULL, NULL);
}
