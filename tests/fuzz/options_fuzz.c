#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "options.h"

/* Any words are a command line: what is taken lies within the limits of its option, operands stay
 * in order, and what is wrong is told. */

enum { WORDS = 64 };

typedef struct values {
  bool flag;
  int integer, choice;
  uint64_t seed;
  double real;
  const char *text;
  option_texts texts;
} values;

static void check_values(const values *v) {
  FUZZ_CHECK(v->integer >= -3 && v->integer <= 4096);
  FUZZ_CHECK(v->choice >= 0 && v->choice < 2);
  FUZZ_CHECK(isfinite(v->real) && v->real >= 0 && v->real <= 0.5);
  FUZZ_CHECK(v->texts.count >= 0 && v->texts.count <= OPTION_TEXTS_MAX);
  for (int i = 0; i < v->texts.count; i++) FUZZ_CHECK(v->texts.items[i] != NULL);
}

static void parse(int argc, char **argv, bool operands) {
  static const char *const nouns[] = {"forward", "forwards", "reversed"};
  values v = {.integer = 1};
  program_option table[] = {
      OPTION_GROUP("All kinds"),
      OPTION_FLAG("flag", 'f', &v.flag, "a flag"),
      OPTION_INT("integer", 'i', &v.integer, -3, 4096, "an integer"),
      OPTION_INT("integers", 0, &v.integer, 0, 4096, "another that begins alike"),
      OPTION_SEED("seed", 's', &v.seed, "a seed"),
      OPTION_REAL("real", 'r', &v.real, 0, 0.5, "a number"),
      OPTION_CHOICE("choice", 'c', &v.choice, option_no_yes, "a choice"),
      OPTION_TEXT("text", 't', &v.text, "FILE", "a text"),
      OPTION_TEXTS("texts", 'T', &v.texts, "FILE", "texts"),
  };
  program_spec spec = {.program = "fuzz",
                       .usage = "",
                       .summary = "",
                       .options = table,
                       .option_count = OPTION_COUNT(table),
                       .operands = operands};
  rc_error error = {.text = ""};
  int first = 0;
  switch (options_parse(&spec, argc, argv, &first, &error)) {
    case OPTIONS_READY:
      check_values(&v);
      FUZZ_CHECK(first >= 1 && first <= argc && (operands || first == argc));
      FUZZ_CHECK(!options_given(&spec, "flag") || v.flag);
      break;
    case OPTIONS_WRONG:
      FUZZ_CHECK(error.text[0] != '\0');
      break;
    case OPTIONS_HELP:
    case OPTIONS_VERSION:
      break;
  }
  (void)options_nearest(argc > 1 ? argv[1] : "", nouns, 3);
}

/* Words end with a newline; a NUL ends all. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  for (int operands = 0; operands < 2; operands++) {
    char *text = malloc(size + 1), *argv[WORDS + 2] = {"fuzz"};
    FUZZ_CHECK(text != NULL);
    if (size > 0) memcpy(text, data, size);
    text[size] = '\0';
    int argc = 1;
    for (char *at = text; *at != '\0' && argc <= WORDS;) {
      argv[argc++] = at;
      at += strcspn(at, "\n");
      if (*at == '\n') *at++ = '\0';
    }
    parse(argc, argv, operands == 1);
    free(text);
  }
  return 0;
}
