#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "options.h"

typedef struct settings {
  bool json;
  int hidden, cell, index;
  uint64_t seed;
  double lr;
  const char *data;
  option_texts models;
} settings;

static const char *const cells[] = {"rnn", "lstm", "gru", NULL};

enum { ARGUMENTS_MAX = 16, WORD_BYTES = 64 };

/* A table over fresh defaults, and the outcome of one command line, given as words. */
typedef struct fixture {
  settings values;
  program_option table[9];
  program_spec spec;
  char words[ARGUMENTS_MAX][WORD_BYTES];
  char *argv[ARGUMENTS_MAX + 1];
  int argc, operands;
  rc_error error;
} fixture;

static options_outcome parse(fixture *f, const char *const *words) {
  *f = (fixture){.values = {.hidden = 128, .cell = 2, .seed = 1, .lr = 3e-3}};
  settings *v = &f->values;
  program_option rows[] = {
      OPTION_GROUP("Network"),
      OPTION_CHOICE("cell", 'c', &v->cell, cells, "kind of recurrent cell"),
      OPTION_INT("hidden", 'H', &v->hidden, 1, 4096, "hidden size"),
      OPTION_GROUP("Other"),
      OPTION_SEED("seed", 0, &v->seed, "of all random numbers"),
      OPTION_REAL("lr", 0, &v->lr, 1e-9, 10, "learning rate"),
      OPTION_FLAG("json", 'j', &v->json, "print JSON"),
      OPTION_TEXTS("model", 'm', &v->models, "FILE", "weights"),
      OPTION_INT("index", 0, &v->index, INT_MIN, INT_MAX, "which sample"),
  };
  assert_int_equal(sizeof rows, sizeof f->table);
  memcpy(f->table, rows, sizeof rows);
  f->spec = (program_spec){.program = "prog",
                           .usage = "[options] NAME...",
                           .summary = "Does things with names.",
                           .examples = "prog --cell gru Ada\n",
                           .options = f->table,
                           .option_count = OPTION_COUNT(f->table),
                           .operands = true};
  f->argv[f->argc++] = memcpy(f->words[0], "prog", 5);
  for (; *words != NULL; words++, f->argc++) {
    f->argv[f->argc] = f->words[f->argc];
    snprintf(f->argv[f->argc], WORD_BYTES, "%s", *words);
  }
  return options_parse(&f->spec, f->argc, f->argv, &f->operands, &f->error);
}

#define PARSE(f, ...) parse((f), (const char *const[]){__VA_ARGS__, NULL})

static void assert_says(const fixture *f, const char *part) {
  if (strstr(f->error.text, part) == NULL) fail_msg("'%s' lacks '%s'", f->error.text, part);
}

static void every_kind_is_read(void **state) {
  (void)state;
  fixture f;
  assert_int_equal(PARSE(&f, "--cell", "lstm", "-H64", "--seed=18446744073709551615", "--lr",
                         "1e-2", "-j", "-m", "a", "--model", "b", "--index", "-3"),
                   OPTIONS_READY);
  assert_int_equal(f.values.cell, 1);
  assert_int_equal(f.values.hidden, 64);
  assert_true(f.values.seed == UINT64_MAX);
  assert_float_equal(f.values.lr, 0.01, 0);
  assert_true(f.values.json);
  assert_int_equal(f.values.models.count, 2);
  assert_string_equal(f.values.models.items[1], "b");
  assert_int_equal(f.values.index, -3);
  assert_int_equal(f.operands, f.argc);
}

static void given_tells_the_users_from_the_defaults(void **state) {
  (void)state;
  fixture f;
  assert_int_equal(PARSE(&f, "--hidden", "128"), OPTIONS_READY);
  assert_true(options_given(&f.spec, "hidden"));
  assert_false(options_given(&f.spec, "cell"));
  assert_int_equal(f.values.cell, 2);
}

static void operands_keep_their_order(void **state) {
  (void)state;
  fixture f;
  assert_int_equal(PARSE(&f, "Ada", "--json", "Grace", "--", "--cell"), OPTIONS_READY);
  assert_int_equal(f.argc - f.operands, 3);
  assert_string_equal(f.argv[f.operands], "Ada");
  assert_string_equal(f.argv[f.operands + 1], "Grace");
  assert_string_equal(f.argv[f.operands + 2], "--cell");
}

static void operands_may_be_refused(void **state) {
  (void)state;
  fixture f;
  (void)PARSE(&f, "Ada");
  f.spec.operands = false;
  assert_int_equal(options_parse(&f.spec, f.argc, f.argv, &f.operands, &f.error), OPTIONS_WRONG);
  assert_says(&f, "'Ada'");
}

static void wrong_values_say_what_is_allowed(void **state) {
  (void)state;
  static const struct {
    const char *words[3], *say;
  } cases[] = {
      {{"--hidden", "0"}, "--hidden must be a whole number from 1 to 4096, not '0'"},
      {{"--hidden", "4097"}, "from 1 to 4096"},
      {{"--hidden", "12x"}, "not '12x'"},
      {{"--hidden", " 12"}, "not ' 12'"},
      {{"--hidden", ""}, "not ''"},
      {{"--hidden", "99999999999999999999"}, "from 1 to 4096"},
      {{"--lr", "nan"}, "--lr must be a number from 1e-09 to 10"},
      {{"--lr", "inf"}, "--lr must be a number"},
      {{"--lr", "0"}, "not '0'"},
      {{"--seed", "-1"}, "--seed must be a whole number from 0"},
      {{"--seed", "18446744073709551616"}, "--seed must be"},
      {{"--cell", "lsm"}, "rnn, lstm or gru, not 'lsm' (did you mean lstm?)"},
      {{"--model", ""}, "--model must not be empty"},
      {{"--index", "x"}, "--index must be a whole number, not 'x'"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    fixture f;
    assert_int_equal(parse(&f, cases[i].words), OPTIONS_WRONG);
    assert_says(&f, cases[i].say);
  }
}

static void wrong_options_are_named(void **state) {
  (void)state;
  fixture f;
  assert_int_equal(PARSE(&f, "--hiden", "3"), OPTIONS_WRONG);
  assert_says(&f, "unknown option '--hiden' (did you mean --hidden?)");
  assert_int_equal(PARSE(&f, "--zzzzzzzz"), OPTIONS_WRONG);
  assert_string_equal(f.error.text, "unknown option '--zzzzzzzz'");
  assert_int_equal(PARSE(&f, "-x"), OPTIONS_WRONG);
  assert_says(&f, "unknown option '-x'");
  assert_int_equal(PARSE(&f, "--hidden"), OPTIONS_WRONG);
  assert_says(&f, "--hidden needs a value");
  assert_int_equal(PARSE(&f, "-H"), OPTIONS_WRONG);
  assert_says(&f, "--hidden needs a value");
  assert_int_equal(PARSE(&f, "--json=yes"), OPTIONS_WRONG);
  assert_says(&f, "--json takes no value");
}

static void repeats_are_bounded(void **state) {
  (void)state;
  fixture f;
  (void)PARSE(&f, "-m", "one");
  f.values.models.count = OPTION_TEXTS_MAX;
  assert_int_equal(options_parse(&f.spec, f.argc, f.argv, &f.operands, &f.error), OPTIONS_WRONG);
  assert_says(&f, "more than 64 times");
}

static void help_and_version_win(void **state) {
  (void)state;
  fixture f;
  assert_int_equal(PARSE(&f, "--hidden", "x", "--help"), OPTIONS_HELP);
  assert_int_equal(PARSE(&f, "-h"), OPTIONS_HELP);
  assert_int_equal(PARSE(&f, "--version"), OPTIONS_VERSION);
  assert_int_equal(PARSE(&f, "--", "--help"), OPTIONS_READY);
  assert_int_equal(f.argc - f.operands, 1);
}

static void a_peek_takes_what_is_right_and_passes_over_the_rest(void **state) {
  (void)state;
  fixture f;
  const char *const words[] = {"--help",   "--cell", "rnn", "--hidden", "-1",
                               "--colour", "Ada",    "-h",  "--lr=0.5", NULL};
  assert_int_equal(parse(&f, words), OPTIONS_HELP);
  assert_int_equal(f.values.cell, 2);
  options_peek(&f.spec, f.argc, f.argv);
  assert_int_equal(f.values.cell, 0);
  assert_int_equal(f.values.hidden, 128);
  assert_true(f.values.lr == 0.5);
}

static void nearest_names(void **state) {
  (void)state;
  static const char *const names[] = {"hidden", "layers", "lr", "data", "dev"};
  assert_string_equal(options_nearest("hiddne", names, 5), "hidden");
  assert_string_equal(options_nearest("layer", names, 5), "layers");
  assert_string_equal(options_nearest("dat", names, 5), "data");
  assert_null(options_nearest("epochs", names, 5));
  assert_null(
      options_nearest("a word that is far too long to be any of these names at all", names, 5));
}

static void help_fits_its_width(void **state) {
  (void)state;
  static const int widths[] = {40, 60, 80, 96};
  for (size_t w = 0; w < 4; w++) {
    fixture f;
    (void)PARSE(&f, "Ada");
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    options_print_help(&f.spec, widths[w], stream);
    fclose(stream);
    assert_non_null(strstr(text, "usage: prog [options] NAME..."));
    assert_non_null(strstr(text, "--cell rnn|lstm|gru"));
    assert_non_null(strstr(text, "0.003)"));
    assert_non_null(strstr(text, "prog --cell gru Ada"));
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
      assert_in_range(strcspn(line, "\n"), 0, (size_t)widths[w]);
    }
    free(text);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_kind_is_read),
      cmocka_unit_test(given_tells_the_users_from_the_defaults),
      cmocka_unit_test(operands_keep_their_order),
      cmocka_unit_test(operands_may_be_refused),
      cmocka_unit_test(wrong_values_say_what_is_allowed),
      cmocka_unit_test(wrong_options_are_named),
      cmocka_unit_test(repeats_are_bounded),
      cmocka_unit_test(help_and_version_win),
      cmocka_unit_test(a_peek_takes_what_is_right_and_passes_over_the_rest),
      cmocka_unit_test(nearest_names),
      cmocka_unit_test(help_fits_its_width),
  };
  return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
