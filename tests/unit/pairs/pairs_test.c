#include "pairs.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "bpe_learn.h"
#include "dev_set.h"
#include "loss.h"
#include "pairs_task.h"

static void write_file(const char *path, const char *text) {
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fputs(text, file) < 0, 0);
  assert_int_equal(fclose(file), 0);
}

static void assert_text(utf8_text text, const char *expected) {
  assert_int_equal(text.bytes, strlen(expected));
  assert_memory_equal(text.text, expected, text.bytes);
}

static void reads_and_normalises(void **state) {
  (void)state;
  char path[] = "/tmp/recur-pairs-XXXXXX";
  int descriptor = mkstemp(path);
  assert_true(descriptor >= 0);
  close(descriptor);
  text_pairs pairs;
  write_file(path,
             "\xEF\xBB\xBFIt\xE2\x80\x99s  me!\tC\xE2\x80\x99"
             "est moi!\r\n\n  \nGo.\tVa\xC2\xA0!");
  assert_int_equal(pairs_read(&pairs, path, true, NULL), RC_OK);
  assert_int_equal(pairs.count, 2);
  assert_text(pairs.items[0].source, "It's me!");
  assert_text(pairs.items[0].target, "C'est moi !");
  assert_text(pairs.items[0].reference,
              "C\xE2\x80\x99"
              "est moi!");
  assert_text(pairs.items[1].target, "Va !");
  assert_int_equal(pairs.items[1].line, 4);
  pairs_free(&pairs);

  assert_int_equal(pairs_read(&pairs, path, false, NULL), RC_OK);
  assert_text(pairs.items[0].target, "C'est moi!");
  pairs_free(&pairs);

  const char *const wrong[][2] = {
      {"a\tb\nab\n", ":2: no tab between source and target"},
      {"a\tb\tc\n", ":1: more than one tab"},
      {"a\t \n", ":1: the target is empty"},
      {"a\t\xE2\x80\x8B\n", ":1: nothing is left of the target"},
      {"a\t\xFF\n", ":1: "},
      {"\n\n", ": no pairs"},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    rc_error error;
    write_file(path, wrong[i][0]);
    assert_int_equal(pairs_read(&pairs, path, true, &error), RC_ERR_FORMAT);
    assert_non_null(strstr(error.text, wrong[i][1]));
    assert_non_null(strstr(error.text, path));
    pairs_free(&pairs);
  }
  unlink(path);
}

static utf8_text text_of(const char *text) {
  return (utf8_text){text, strlen(text)};
}

static text_pair pair_of(const char *source, const char *target) {
  return (text_pair){.source = text_of(source),
                     .target = text_of(target),
                     .written = text_of(source),
                     .reference = text_of(target)};
}

static void groups_sources(void **state) {
  (void)state;
  const text_pair items[] = {pair_of("b", "un deux trois quatre"),
                             pair_of("a", "oui non peut tout"), pair_of("b", "un deux trois cinq"),
                             pair_of("ab", "je te vois bien")};
  dev_set set;
  assert_int_equal(dev_set_make(&set, items, 4, NULL), RC_OK);
  assert_int_equal(set.source_count, 3);
  assert_text(set.sources[0], "b");
  assert_text(set.sources[1], "a");
  assert_text(set.sources[2], "ab");
  assert_int_equal(set.source_of[2], 0);
  const utf8_text right[] = {text_of("un deux trois cinq"), text_of("oui non peut tout"),
                             text_of("je te vois bien")};
  dev_scores scores;
  assert_int_equal(dev_set_score(&set, right, true, &scores, NULL), RC_OK);
  assert_float_equal(scores.bleu.score, 100, 1e-9);
  assert_float_equal(scores.chrf, 100, 1e-9);
  assert_int_equal(scores.sentences, 3);
  assert_int_equal(scores.references, 0);
  /* Each line by itself: of 16 tokens one, in 4 + 3 + 2 + 1 n-grams of a line 1 each, is wrong. */
  assert_int_equal(dev_set_score(&set, right, false, &scores, NULL), RC_OK);
  assert_int_equal(scores.sentences, 4);
  assert_int_equal(scores.references, 1);
  assert_float_equal(scores.bleu.precisions[0], 100 * 15.0 / 16, 1e-9);
  assert_float_equal(scores.bleu.precisions[3], 100 * 3.0 / 4, 1e-9);
  dev_set_free(&set);
}

/* A task over a handful of pairs. */
typedef struct fixture {
  bpe_vocabulary vocabulary;
  bpe codec;
  rc_arena memory, block;
  text_pair first[3], second[10];
  weighted_pairs corpora[2];
  translator net;
  pairs_task task;
} fixture;

static void open_fixture(fixture *f, const pairs_task_options *options) {
  *f = (fixture){0};
  static const char *const words[] = {"one two", "three", "four five six", "seven"};
  utf8_text texts[4];
  for (int i = 0; i < 4; i++) texts[i] = text_of(words[i]);
  bpe_learning learning = {.tokens = 300, .character_min = 1, .pair_min = 1};
  assert_int_equal(bpe_learn(&f->vocabulary, texts, 4, &learning, NULL), RC_OK);
  size_t count = (size_t)f->vocabulary.count;
  assert_int_equal(arena_new(&f->memory, bpe_open_bytes(count), NULL), RC_OK);
  assert_int_equal(bpe_open(&f->codec, f->vocabulary.tokens, count, &f->memory, NULL), RC_OK);
  for (int i = 0; i < 3; i++) f->first[i] = pair_of(words[i], words[i + 1]);
  for (int i = 0; i < 10; i++) f->second[i] = pair_of(words[i % 4], words[(i + 1) % 4]);
  f->corpora[0] = (weighted_pairs){f->first, 3, 2};
  f->corpora[1] = (weighted_pairs){f->second, 10, 0.5};
  translator_config config = {.source_vocabulary = (int)count,
                              .target_vocabulary = (int)count,
                              .embedding = 4,
                              .hidden = 4,
                              .encoder_hidden = 4,
                              .encoder_layers = 1,
                              .encoder_directions = 1};
  assert_int_equal(translator_build(&f->net, &config, NULL), RC_OK);
  const codec subwords = codec_subwords(&f->codec);
  assert_int_equal(
      pairs_task_make(&f->task, &f->net, subwords, subwords, options, f->corpora, 2, NULL), RC_OK);
}

static train_task lay_out_fixture(fixture *f) {
  train_task task = pairs_task_of(&f->task);
  rc_arena need = arena_measure();
  task.lay_out(task.self, 1, &need);
  assert_int_equal(arena_new(&f->block, need.used, NULL), RC_OK);
  task.lay_out(task.self, 1, &f->block);
  return task;
}

static void close_fixture(fixture *f) {
  pairs_task_free(&f->task);
  arena_free(&f->block);
  arena_free(&f->memory);
  bpe_vocabulary_free(&f->vocabulary);
}

static int count_member(const pairs_task *task, const text_pair *pair) {
  int count = 0;
  for (int i = 0; i < task->members; i++) count += task->member[i] == pair;
  return count;
}

static void draws_by_weight(void **state) {
  (void)state;
  fixture f;
  const pairs_task_options options = {.tokens = 64, .length = 30, .bpe_dropout = 0.5F};
  open_fixture(&f, &options);
  train_task task = lay_out_fixture(&f);
  assert_int_equal(f.task.members, 3 * 2 + 5);
  int differs = 0;
  for (int epoch = 0; epoch < 20; epoch++) {
    int batches = task.begin_epoch(task.self, 1, epoch), drawn = 0;
    assert_in_range(batches, 1, f.task.members);
    assert_int_equal(f.task.batches[batches], f.task.members);
    for (int i = 0; i < 3; i++) assert_int_equal(count_member(&f.task, &f.first[i]), 2);
    for (int i = 0; i < 10; i++) {
      int count = count_member(&f.task, &f.second[i]);
      assert_in_range(count, 0, 1);
      drawn += count;
    }
    assert_int_equal(drawn, 5);
    /* The same pair twice, cut differently now and then, always with its end; decoded the same. */
    differs += f.task.source_lengths[0] != f.task.source_lengths[3];
    for (int i = 0; i < f.task.members; i++) {
      int ids[64], length = f.task.source_lengths[i];
      for (int t = 0; t < length; t++) ids[t] = f.task.ids[f.task.starts[2 * i] + (size_t)t];
      assert_int_equal(ids[length - 1], BPE_END);
      char text[64];
      size_t bytes = bpe_decode(&f.codec, ids, (size_t)length, text, sizeof text);
      assert_int_equal(bytes, f.task.member[i]->source.bytes);
      assert_memory_equal(text, f.task.member[i]->source.text, bytes);
    }
  }
  assert_true(differs > 0);
  close_fixture(&f);
}

static utf8_text decoded(const fixture *f, const translation *from, char *room, size_t bytes) {
  return (utf8_text){room, bpe_decode(&f->codec, from->ids, (size_t)from->length, room, bytes)};
}

/* Adds the gradient of d log p(candidate), a candidate of its own at a time. */
static void add_gradient(fixture *f, const translator_sources *source, const translation *candidate,
                         real d, const real *values, real *gradients) {
  int length = candidate->length + candidate->complete, inputs[64] = {BPE_BEGIN}, outputs[64];
  memcpy(outputs, candidate->ids, (size_t)candidate->length * sizeof *outputs);
  if (candidate->complete) outputs[length - 1] = BPE_END;
  memcpy(inputs + 1, outputs, (size_t)(length - 1) * sizeof *outputs);
  const translator_batch batch = {.count = 1,
                                  .sources = source->ids,
                                  .source_lengths = source->lengths,
                                  .inputs = inputs,
                                  .outputs = outputs,
                                  .target_lengths = &length};
  double loss;
  assert_int_equal(translator_train_step(&f->net, values, &batch, 0, -d, NULL, gradients, &loss,
                                         f->task.workspaces[0], NULL),
                   RC_OK);
}

/* One pair's expected cost, by the definition; adds its gradient times `scale`. */
static double risk_of(fixture *f, translator_session *session, int member, real scale,
                      const real *values, real *gradients) {
  enum { CANDIDATES = 4 };
  const pairs_task *task = &f->task;
  int ids[64], length = task->source_lengths[member];
  for (int t = 0; t < length; t++) ids[t] = task->ids[task->starts[2 * member] + (size_t)t];
  const translator_sources source = {.count = 1, .ids = ids, .lengths = &length};
  translator_options options = translator_options_default();
  options.beam = options.nbest = CANDIDATES;
  const translation *found;
  assert_int_equal(translator_translate(session, &source, &options, &found, NULL), RC_OK);
  double cost[CANDIDATES], log_probability[CANDIDATES], d[CANDIDATES];
  rc_arena scratch;
  assert_int_equal(arena_new(&scratch, sentence_score_bytes(SENTENCE_CHRF, 2000), NULL), RC_OK);
  for (int k = 0; k < CANDIDATES; k++) {
    char text[1000];
    double score;
    assert_int_equal(sentence_score(SENTENCE_CHRF, decoded(f, &found[k], text, sizeof text),
                                    task->member[member]->target, &scratch, &score, NULL),
                     RC_OK);
    cost[k] = 1 - score;
    log_probability[k] = found[k].log_probability;
  }
  arena_free(&scratch);
  double risk = expected_risk(CANDIDATES, log_probability, cost, 0.7, d);
  for (int k = 0; k < CANDIDATES; k++) {
    add_gradient(f, &source, &found[k], (real)d[k] * scale, values, gradients);
  }
  return risk;
}

static double largest(const real *x, size_t n) {
  double most = 0;
  for (size_t i = 0; i < n; i++) most = fmax(most, fabs((double)x[i]));
  return most;
}

static void the_risk_is_that_of_its_own_translations(void **state) {
  (void)state;
  fixture f;
  const pairs_task_options options = {
      .tokens = 64, .length = 30, .risk = {4, SENTENCE_CHRF, 0.7, 0}};
  open_fixture(&f, &options);
  train_task task = lay_out_fixture(&f);
  size_t total = f.net.params.total;
  real *values = calloc(3 * total, sizeof *values), *got = values + total, *want = got + total;
  assert_non_null(values);
  task.init(task.self, 1, values);
  /* A fresh network says any bytes: this one prefers letters and words. */
  for (int id = BPE_FIRST; id < f.vocabulary.count; id++) values[f.net.output.bias + id] += 6;
  values[f.net.output.bias + BPE_END] += 6;
  task.begin_epoch(task.self, 1, 0);
  assert_int_equal(task.prepare(task.self, values, NULL), RC_OK);
  trainer_share share = {.rng = rng_make(1, 2, 3), .gradients = got};
  trainer_result result = {0};
  assert_int_equal(task.learn(task.self, values, &share, &result, NULL), RC_OK);

  translator_weights *weights;
  assert_int_equal(translator_weights_new(&weights, &f.net, values, TRANSLATOR_F32, NULL), RC_OK);
  translator_session session = translator_session_begin(weights);
  int pairs = f.task.batches[1];
  double loss = 0;
  long seen = 0;
  assert_true(pairs > 1);
  for (int i = 0; i < pairs; i++) {
    int member = f.task.order[i], tokens = f.task.target_lengths[member];
    loss += tokens * risk_of(&f, &session, member, 1 / (real)pairs, values, want);
    seen += tokens;
  }
  assert_int_equal(result.seen, seen);
  assert_float_equal(result.loss, loss, 1e-6 * loss);
  assert_true(loss > 0.1 * (double)seen && loss < 0.999 * (double)seen);
  double most = largest(want, total);
  assert_true(most > 1e-4);
  for (size_t i = 0; i < total; i++) want[i] -= got[i];
  assert_true(largest(want, total) < 2e-3 * most);
  translator_session_end(&session);
  translator_weights_free(weights);
  free(values);
  close_fixture(&f);
}

static void leaves_out_what_is_too_long(void **state) {
  (void)state;
  fixture f;
  const pairs_task_options options = {.tokens = 64, .length = 3, .bpe_dropout = 0.5F};
  open_fixture(&f, &options);
  /* "four five six" has three words at least: in 2 of 3 and 5 of 10 pairs, or more. */
  assert_true(f.task.left_out >= 6);
  for (int i = 0; i < 3; i++) {
    bool longer = i >= 1; /* on one side */
    if (longer) assert_int_equal(f.task.usable[i], 0);
  }
  close_fixture(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_and_normalises),
      cmocka_unit_test(groups_sources),
      cmocka_unit_test(draws_by_weight),
      cmocka_unit_test(the_risk_is_that_of_its_own_translations),
      cmocka_unit_test(leaves_out_what_is_too_long),
  };
  return cmocka_run_group_tests_name("pairs", tests, NULL, NULL);
}
