/* The search of a translator with a text layer, with networks that would rather not. */
#include "placeholders.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bent_translator.h"
#include "rng.h"
#include "span_samples.h"
#include "translator_job.h"
#include "translator_weights.h"

enum { ROOM = 4000 };

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const bent_vocabulary *vocabulary;

static int make_vocabulary(void **state) {
  (void)state;
  vocabulary = bent_vocabulary_make();
  return 0;
}

static void make_model(translator_model *model, uint64_t seed, bent to, gguf_tensor_type type) {
  uint8_t *bytes;
  size_t size;
  assert_int_equal(bent_translator_write(seed, to, type, &bytes, &size, NULL), RC_OK);
  assert_int_equal(translator_model_read(model, bytes, size, NULL), RC_OK);
  assert_true(model->layer.used);
  free(bytes);
}

/* Words and spans in any order. */
static void generate(char *text, rc_rng *rng, uint32_t most) {
  text[0] = '\0';
  for (uint32_t n = 1 + rng_below(rng, most); n > 0; n--) {
    if (text[0] != '\0') strcat(text, " ");
    switch (rng_below(rng, 3)) {
      case 0:
        strcat(text, SPAN_WORDS[rng_below(rng, COUNT(SPAN_WORDS))]);
        break;
      case 1:
        strcat(text, SPAN_NUMBERS[rng_below(rng, COUNT(SPAN_NUMBERS))]);
        break;
      default:
        strcat(text, SPAN_OTHERS[rng_below(rng, COUNT(SPAN_OTHERS))]);
    }
  }
}

/* Every result has every placeholder of its source once and no other, and writes each span. */
static void check(const translator_model *model, const layered_text *read,
                  const translation *result, rc_arena *arena) {
  const placeholders *marks = &model->weights->marks;
  uint32_t wanted = 0, placed = 0;
  for (int i = 0; i < read->span_count; i++)
    wanted |= (uint32_t)1 << (read->spans[i].mark - MARK_NUMBER);
  for (int t = 0; t < result->length; t++) {
    const int mark = marks->target[result->ids[t]];
    assert_int_not_equal(mark, PLACEHOLDER_NEVER);
    if (mark < 0) continue;
    assert_true((placed >> mark & 1) == 0);
    placed |= (uint32_t)1 << mark;
  }
  assert_int_equal(placed, wanted);
  text_range spans[LAYER_SPANS_MAX];
  const text_places places = {.spans = spans};
  utf8_text text;
  arena_reset(arena);
  assert_int_equal(codec_write(model->target, (text_setting){.layer = true}, read, result->ids,
                               result->length, arena, &text, &places, NULL),
                   RC_OK);
  size_t bytes = 0;
  for (int i = 0; i < read->span_count; i++) {
    const layer_span *span = &read->spans[i];
    assert_int_equal(spans[i].end - spans[i].start, span->end - span->start);
    assert_memory_equal(text.text + spans[i].start, read->shown.text + span->start,
                        (size_t)(span->end - span->start));
    bytes += (size_t)(span->end - span->start);
  }
  assert_true(bytes <= text.bytes);
}

static void translate(translator_job *job, const char *text, const translator_options *options,
                      rc_arena *arena) {
  assert_int_equal(translator_job_begin(job, (utf8_text){text, strlen(text)}, options, NULL),
                   RC_OK);
  for (int found, left = job->text.count; left > 0; left -= found) {
    assert_int_equal(translator_job_step(job, &found, NULL), RC_OK);
    for (int i = 0; i < found; i++) {
      const translated_sentence done = translator_job_found(job, i);
      const layered_text *read = &job->text.sentences[done.sentence].text;
      assert_true((done.results == NULL) == read->copied);
      for (int k = 0; k < options->nbest && !read->copied; k++) {
        check(job->model, read, &done.results[k], arena);
      }
    }
  }
}

static void run(translator_model *model, uint64_t seed, int rounds) {
  rc_rng rng = rng_make(seed, 1, 1);
  rc_arena arena;
  assert_int_equal(arena_new(&arena, 1 << 20, NULL), RC_OK);
  translator_job job = translator_job_of(model);
  for (int round = 0; round < rounds; round++) {
    char text[ROOM];
    generate(text, &rng, 40);
    translator_options options = translator_options_default();
    options.beam = (const int[]){1, 4, 7}[rng_below(&rng, 3)];
    options.nbest = 1 + (int)rng_below(&rng, (uint32_t)options.beam);
    options.no_repeat = (int)rng_below(&rng, 4);
    options.attention = rng_below(&rng, 2) == 0;
    if (rng_below(&rng, 2) == 0) { /* hardly any room */
      options.length_ratio = (float)rng_below(&rng, 3) / 4;
      options.length_extra = (int)rng_below(&rng, 3);
    }
    translate(&job, text, &options, &arena);
  }
  translator_job_end(&job);
  arena_free(&arena);
}

static void spans_are_placed_once(void **state) {
  (void)state;
  for (int to = 0; to < BENTS; to++) {
    for (uint64_t seed = 1; seed <= 3; seed++) {
      translator_model model;
      make_model(&model, seed, (bent)to, seed == 3 ? GGUF_TENSOR_Q8_0 : GGUF_TENSOR_F32);
      run(&model, seed, 20);
      translator_model_free(&model);
    }
  }
}

/* A network for which every sentence is over at once places what it has to, and babbles nothing. */
static void what_is_over_goes_on_with_placeholders_alone(void **state) {
  (void)state;
  static const char text[] = "\xF0\x9F\x98\x80 a 12 ab 7 https://a.b/c abc";
  translator_options options = translator_options_default();
  options.nbest = 1;
  for (options.beam = 1; options.beam <= 4; options.beam += 3) {
    for (uint64_t seed = 1; seed <= 5; seed++) {
      translator_model model;
      make_model(&model, seed, ENDING, seed == 5 ? GGUF_TENSOR_Q8_0 : GGUF_TENSOR_F32);
      translator_job job = translator_job_of(&model);
      int found;
      assert_int_equal(
          translator_job_begin(&job, (utf8_text){text, sizeof text - 1}, &options, NULL), RC_OK);
      assert_int_equal(job.text.count, 1);
      do assert_int_equal(translator_job_step(&job, &found, NULL), RC_OK);
      while (found == 0);
      const translated_sentence done = translator_job_found(&job, 0);
      assert_int_equal(job.text.sentences[0].text.span_count, 4);
      assert_int_equal(done.results[0].length, 4);
      translator_job_end(&job);
      translator_model_free(&model);
    }
  }
}

/* A shortlist that has no placeholder for anything. */
static void shortlists_do_not_matter(void **state) {
  (void)state;
  static int starts[BENT_TOKENS_MAX + 1];
  static uint16_t targets[BENT_TOKENS_MAX];
  for (size_t i = 0; i < vocabulary->count; i++) {
    starts[i + 1] = (int)i + 1;
    targets[i] = (uint16_t)(BPE_FIRST + i % 20);
  }
  const uint16_t common[] = {BPE_FIRST, BPE_FIRST + 27};
  for (int to = 0; to < BENTS; to++) {
    translator_model model;
    make_model(&model, 4, (bent)to, GGUF_TENSOR_Q8_0);
    model.weights->choices = (shortlist){starts, targets, common, 2};
    run(&model, 9, 20);
    translator_model_free(&model);
  }
}

static void vocabularies_need_all_placeholders(void **state) {
  (void)state;
  placeholders marks;
  rc_arena arena;
  rc_error error;
  assert_int_equal(arena_new(&arena, 4096, NULL), RC_OK);
  translator_vocabulary v = {.tokens = vocabulary->tokens, .count = vocabulary->count};
  assert_int_equal(placeholders_find(&marks, &v, &v, &arena, &error), RC_OK);
  assert_int_equal(marks.target_count, PLACEHOLDERS_MAX + 11);
  const int ids[] = {BPE_FIRST + 30, 5, (int)vocabulary->count - 1};
  assert_int_equal(placeholders_of(&marks, ids, 3), 1u | 1u << 30);
  v.count = BPE_FIRST + 40;
  assert_int_equal(placeholders_find(&marks, &v, &v, &arena, &error), RC_ERR_FORMAT);
  assert_string_equal(error.text, "a vocabulary has 10 of the 32 placeholders");
  arena_free(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(spans_are_placed_once),
      cmocka_unit_test(what_is_over_goes_on_with_placeholders_alone),
      cmocka_unit_test(shortlists_do_not_matter),
      cmocka_unit_test(vocabularies_need_all_placeholders),
  };
  return cmocka_run_group_tests(tests, make_vocabulary, NULL);
}
