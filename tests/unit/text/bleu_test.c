#include "bleu.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tokenize_13a.h"

enum { FILE_MAX = 1 << 16, REFERENCES_MAX = 4 };

static char file_text[FILE_MAX];
static rc_arena scratch;

static int read_golden(void **state) {
  (void)state;
  FILE *file = fopen("bleu_golden.txt", "rb");
  if (file == NULL) return 1;
  size_t size = fread(file_text, 1, FILE_MAX - 1, file);
  fclose(file);
  return size == 0 || arena_new(&scratch, 1 << 20, NULL) != RC_OK;
}

static int free_scratch(void **state) {
  (void)state;
  arena_free(&scratch);
  return 0;
}

static utf8_text unescaped(char *text) {
  char *kept = text;
  for (const char *at = text; *at != '\0'; at++) {
    if (*at != '\\') {
      *kept++ = *at;
      continue;
    }
    at++;
    *kept++ = *at == 'n' ? '\n' : *at == 't' ? '\t' : '\\';
  }
  *kept = '\0';
  return (utf8_text){text, (size_t)(kept - text)};
}

/* What is known of the corpus at hand. */
typedef struct corpus {
  bleu_counts bleu;
  chrf_counts chrf;
  utf8_text hypothesis, references[REFERENCES_MAX];
  size_t count;
  int sentences;
} corpus;

static void assert_near(double got, double expected, const char *what) {
  if (!(got > expected - 1e-7 && got < expected + 1e-7)) {
    fail_msg("%s: %.9f, not %.9f", what, got, expected);
  }
}

static double number(const char **at) {
  char *end;
  double value = strtod(*at, &end);
  assert_true(end > *at);
  *at = end;
  return value;
}

static void check_tokens(utf8_text hypothesis, const char *expected) {
  size_t room = tokenize_13a_bytes(hypothesis.bytes);
  char *out = malloc(room + 1), *spare = malloc(room);
  assert_true(out != NULL && spare != NULL);
  out[tokenize_13a(hypothesis.text, hypothesis.bytes, out, spare)] = '\0';
  assert_string_equal(out, expected);
  free(spare);
  free(out);
}

/* Adds the sentence to its corpus, and checks its scores alone, in just the memory asked for. */
static void add_sentence(corpus *c, const char *scores) {
  size_t bytes = c->hypothesis.bytes;
  for (size_t i = 0; i < c->count; i++) bytes += c->references[i].bytes;
  bleu_counts bleu = {0};
  chrf_counts chrf = {0};
  rc_arena exact = arena_over(scratch.base, bleu_add_bytes(bytes, c->count));
  assert_int_equal(bleu_add(&bleu, c->hypothesis, c->references, c->count, &exact, NULL), RC_OK);
  exact = arena_over(scratch.base, chrf_add_bytes(bytes, c->count));
  assert_int_equal(chrf_add(&chrf, c->hypothesis, c->references, c->count, &exact, NULL), RC_OK);
  assert_near(bleu_from(&bleu, true).score, number(&scores), c->hypothesis.text);
  assert_near(chrf_from(&chrf), number(&scores), c->hypothesis.text);
  assert_int_equal(bleu_add(&c->bleu, c->hypothesis, c->references, c->count, &scratch, NULL),
                   RC_OK);
  assert_int_equal(chrf_add(&c->chrf, c->hypothesis, c->references, c->count, &scratch, NULL),
                   RC_OK);
  c->sentences++;
}

static void check_bleu(const corpus *c, const char *expected) {
  bleu_score score = bleu_from(&c->bleu, false);
  assert_near(score.score, number(&expected), "BLEU");
  for (int n = 0; n < BLEU_ORDER; n++) {
    assert_near(score.precisions[n], number(&expected), "precision");
  }
  assert_near(score.brevity_penalty, number(&expected), "brevity penalty");
  assert_near((double)c->bleu.length, number(&expected), "length");
  assert_near((double)c->bleu.reference_length, number(&expected), "reference length");
}

/* sacreBLEU's own, but for its version. */
static void check_signatures(size_t references, const char *expected) {
  const char *version = strstr(expected, "version:") + strlen("version:");
  char number_of[16], bleu[200], chrf[200], both[400];
  (void)snprintf(number_of, sizeof number_of, "%.*s", (int)strcspn(version, " "), version);
  bleu_signature((int)references, number_of, bleu, sizeof bleu);
  chrf_signature((int)references, number_of, chrf, sizeof chrf);
  (void)snprintf(both, sizeof both, "%s %s", bleu, chrf);
  assert_string_equal(both, expected);
}

/* The value of a line of that kind, or NULL. */
static char *value_of(char *line, const char *kind) {
  size_t bytes = strlen(kind);
  return strncmp(line, kind, bytes) == 0 && line[bytes] == ' ' ? line + bytes + 1 : NULL;
}

static void scores_are_those_of_sacrebleu(void **state) {
  (void)state;
  corpus c = {0};
  int corpora = 0, sentences = 0;
  for (char *line = file_text, *end, *value; *line != '\0'; line = end + 1) {
    end = strchr(line, '\n');
    assert_non_null(end);
    *end = '\0';
    if (value_of(line, "corpus") != NULL) {
      c = (corpus){0};
      corpora++;
    } else if ((value = value_of(line, "hypothesis")) != NULL) {
      c.hypothesis = unescaped(value);
      c.count = 0;
    } else if ((value = value_of(line, "tokens")) != NULL) {
      check_tokens(c.hypothesis, unescaped(value).text);
    } else if ((value = value_of(line, "reference")) != NULL) {
      assert_true(c.count < REFERENCES_MAX);
      c.references[c.count++] = unescaped(value);
    } else if ((value = value_of(line, "sentence")) != NULL) {
      add_sentence(&c, value);
      sentences++;
    } else if ((value = value_of(line, "bleu")) != NULL) {
      check_bleu(&c, value);
    } else if ((value = value_of(line, "chrf")) != NULL) {
      assert_near(chrf_from(&c.chrf), strtod(value, NULL), "chrF2");
    } else if ((value = value_of(line, "signatures")) != NULL) {
      check_signatures(c.count, value);
    } else {
      assert_int_equal(line[0], '#');
    }
  }
  assert_true(corpora == 7 && sentences > 40);
}

static void references_in_differing_number_are_told(void **state) {
  (void)state;
  char signature[100];
  bleu_signature(0, "recur-1", signature, sizeof signature);
  assert_string_equal(signature, "nrefs:var|case:mixed|eff:no|tok:13a|smooth:exp|version:recur-1");
}

static void what_cannot_be_counted_is_refused(void **state) {
  (void)state;
  bleu_counts bleu = {0}, bleu_before = {0};
  chrf_counts chrf = {0}, chrf_before = {0};
  utf8_text text = {".", 1};
  rc_error error;
  assert_int_equal(bleu_add(&bleu, text, NULL, 0, &scratch, &error), RC_ERR_ARGUMENT);
  assert_int_equal(chrf_add(&chrf, text, NULL, 0, &scratch, &error), RC_ERR_ARGUMENT);
  for (size_t size = 0; size + ARENA_GAP < bleu_add_bytes(2, 1); size += ARENA_ALIGNMENT) {
    rc_arena small = arena_over(scratch.base, size);
    assert_int_equal(bleu_add(&bleu, text, &text, 1, &small, &error), RC_ERR_MEMORY);
  }
  for (size_t size = 0; size + ARENA_GAP < chrf_add_bytes(2, 1); size += ARENA_ALIGNMENT) {
    rc_arena small = arena_over(scratch.base, size);
    assert_int_equal(chrf_add(&chrf, text, &text, 1, &small, &error), RC_ERR_MEMORY);
  }
  assert_memory_equal(&bleu, &bleu_before, sizeof bleu);
  assert_memory_equal(&chrf, &chrf_before, sizeof chrf);
}

static void points_fill_the_room_stated(void **state) {
  (void)state;
  enum { BYTES = 1000 };
  static const char *const worst[] = {".", "a.", "1-", "&", ",", "1.", "\xFF"};
  for (size_t w = 0; w < sizeof worst / sizeof *worst; w++) {
    char text[BYTES];
    for (size_t i = 0; i < BYTES; i++) text[i] = worst[w][i % strlen(worst[w])];
    char *out = malloc(tokenize_13a_bytes(BYTES)), *spare = malloc(tokenize_13a_bytes(BYTES));
    assert_true(out != NULL && spare != NULL);
    assert_true(tokenize_13a(text, BYTES, out, spare) <= tokenize_13a_bytes(BYTES));
    free(spare);
    free(out);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(scores_are_those_of_sacrebleu),
      cmocka_unit_test(references_in_differing_number_are_told),
      cmocka_unit_test(what_cannot_be_counted_is_refused),
      cmocka_unit_test(points_fill_the_room_stated),
  };
  return cmocka_run_group_tests(tests, read_golden, free_scratch);
}
