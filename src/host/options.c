#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"

const char *const option_no_yes[] = {"no", "yes", NULL};

enum { OPTION_CODE = 256 };

/* Nearest name */

static int smallest(int a, int b, int c) {
  int least = a < b ? a : b;
  return least < c ? least : c;
}

enum { NEAREST_LENGTH_MAX = 40 };

/* Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours that turn
 * a into b.
 *   d[i][j] = min(d[i-1][j] + 1, d[i][j-1] + 1, d[i-1][j-1] + [a_i != b_j],
 *                 d[i-2][j-2] + 1 if a_i a_{i-1} = b_{j-1} b_j) */
static int edit_distance(const char *a, const char *b) {
  int d[NEAREST_LENGTH_MAX + 1][NEAREST_LENGTH_MAX + 1];
  int rows = (int)strlen(a), columns = (int)strlen(b);
  for (int i = 0; i <= rows; i++) d[i][0] = i;
  for (int j = 0; j <= columns; j++) d[0][j] = j;
  for (int i = 1; i <= rows; i++) {
    for (int j = 1; j <= columns; j++) {
      d[i][j] =
          smallest(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
      bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped && d[i - 2][j - 2] + 1 < d[i][j]) d[i][j] = d[i - 2][j - 2] + 1;
    }
  }
  return d[rows][columns];
}

const char *options_nearest(const char *word, const char *const *candidates, int count) {
  const char *nearest = NULL;
  size_t length = strlen(word);
  if (length > NEAREST_LENGTH_MAX) return NULL;
  int least = 1 + (int)(length > 5 ? length / 3 : length > 2);
  for (int i = 0; i < count; i++) {
    if (strlen(candidates[i]) > NEAREST_LENGTH_MAX) continue;
    int distance = edit_distance(word, candidates[i]);
    if (distance < least) {
      least = distance;
      nearest = candidates[i];
    }
  }
  return nearest;
}

/* Values */

static int choice_count(const program_option *option) {
  int count = 0;
  while (option->choices[count] != NULL) count++;
  return count;
}

/* "a, b or c" */
static void list_choices(const program_option *option, char *text, size_t size) {
  size_t used = 0;
  int count = choice_count(option);
  for (int i = 0; i < count && used < size; i++) {
    const char *before = i == 0 ? "" : i == count - 1 ? " or " : ", ";
    used += (size_t)snprintf(text + used, size - used, "%s%s", before, option->choices[i]);
  }
}

/* What the option may be, in words. */
static void describe_allowed(const program_option *option, char *text, size_t size) {
  bool whole = option->kind == OPTION_KIND_INT;
  const char *what = whole ? "a whole number" : "a number";
  double infinite = whole ? INT_MAX : 1e300;
  if (option->kind == OPTION_KIND_CHOICE) {
    list_choices(option, text, size);
  } else if (option->kind == OPTION_KIND_SEED) {
    snprintf(text, size, "a whole number from 0 to 18446744073709551615");
  } else if (option->low <= -infinite && option->high >= infinite) {
    snprintf(text, size, "%s", what);
  } else if (option->high >= infinite) {
    snprintf(text, size, "%s of at least %.10g", what, option->low);
  } else {
    snprintf(text, size, "%s from %.10g to %.10g", what, option->low, option->high);
  }
}

static rc_status refuse(const program_option *option, const char *value, rc_error *error) {
  char allowed[160];
  describe_allowed(option, allowed, sizeof allowed);
  const char *meant = NULL;
  if (option->kind == OPTION_KIND_CHOICE) {
    meant = options_nearest(value, option->choices, choice_count(option));
  }
  return rc_fail(error, RC_ERR_ARGUMENT, "--%s must be %s, not '%.40s'%s%s%s", option->name,
                 allowed, value, meant ? " (did you mean " : "", meant ? meant : "",
                 meant ? "?)" : "");
}

static bool starts_like_a_number(const char *text) {
  if (*text == '-' || *text == '+') text++;
  return (*text >= '0' && *text <= '9') || *text == '.';
}

static rc_status set_int(const program_option *option, const char *value, rc_error *error) {
  char *end;
  errno = 0;
  long number = strtol(value, &end, 10);
  if (!starts_like_a_number(value) || *end != '\0' || errno != 0 || (double)number < option->low ||
      (double)number > option->high) {
    return refuse(option, value, error);
  }
  *option->target.integer = (int)number;
  return RC_OK;
}

static rc_status set_seed(const program_option *option, const char *value, rc_error *error) {
  char *end;
  errno = 0;
  unsigned long long number = strtoull(value, &end, 10);
  if (!(*value >= '0' && *value <= '9') || *end != '\0' || errno != 0) {
    return refuse(option, value, error);
  }
  *option->target.seed = number;
  return RC_OK;
}

static rc_status set_real(const program_option *option, const char *value, rc_error *error) {
  char *end;
  double number = strtod(value, &end);
  if (!starts_like_a_number(value) || *end != '\0' ||
      !(number >= option->low && number <= option->high)) {
    return refuse(option, value, error);
  }
  *option->target.real = number;
  return RC_OK;
}

static rc_status set_choice(const program_option *option, const char *value, rc_error *error) {
  for (int i = 0; option->choices[i] != NULL; i++) {
    if (strcmp(option->choices[i], value) == 0) {
      *option->target.choice = i;
      return RC_OK;
    }
  }
  return refuse(option, value, error);
}

static rc_status set_text(const program_option *option, const char *value, rc_error *error) {
  if (value[0] == '\0') {
    return rc_fail(error, RC_ERR_ARGUMENT, "--%s must not be empty", option->name);
  }
  if (option->kind == OPTION_KIND_TEXT) {
    *option->target.text = value;
    return RC_OK;
  }
  option_texts *texts = option->target.texts;
  if (texts->count == OPTION_TEXTS_MAX) {
    return rc_fail(error, RC_ERR_ARGUMENT, "--%s is given more than %d times", option->name,
                   OPTION_TEXTS_MAX);
  }
  texts->items[texts->count++] = value;
  return RC_OK;
}

static rc_status set_value(program_option *option, const char *value, rc_error *error) {
  option->given = true;
  switch (option->kind) {
    case OPTION_KIND_FLAG:
      *option->target.flag = true;
      return RC_OK;
    case OPTION_KIND_INT:
      return set_int(option, value, error);
    case OPTION_KIND_SEED:
      return set_seed(option, value, error);
    case OPTION_KIND_REAL:
      return set_real(option, value, error);
    case OPTION_KIND_CHOICE:
      return set_choice(option, value, error);
    case OPTION_KIND_TEXT:
    case OPTION_KIND_TEXTS:
      return set_text(option, value, error);
    case OPTION_KIND_GROUP:
      break;
  }
  return RC_OK;
}

void options_add(option_table *table, const program_option *options, int count) {
  RC_ASSERT(count <= OPTIONS_MAX - table->count);
  for (int i = 0; i < count; i++) table->options[table->count++] = options[i];
}

/* Parsing */

typedef struct getopt_tables {
  struct option longs[OPTIONS_MAX + 1];
  char shorts[2 * OPTIONS_MAX + 3];
  const char *names[OPTIONS_MAX + 2]; /* for suggestions */
  int name_count;
} getopt_tables;

static void build_tables(const program_spec *spec, getopt_tables *tables) {
  *tables = (getopt_tables){.shorts = ":"}; /* a missing value is reported as ':' */
  size_t at = 1;
  for (int i = 0; i < spec->option_count; i++) {
    const program_option *option = &spec->options[i];
    if (option->kind == OPTION_KIND_GROUP) continue;
    RC_ASSERT(tables->name_count < OPTIONS_MAX);
    bool flag = option->kind == OPTION_KIND_FLAG;
    tables->longs[tables->name_count] = (struct option){
        option->name, flag ? no_argument : required_argument, NULL, OPTION_CODE + i};
    tables->names[tables->name_count++] = option->name;
    if (option->letter != 0) tables->shorts[at++] = option->letter;
    if (option->letter != 0 && !flag) tables->shorts[at++] = ':';
  }
  tables->names[tables->name_count++] = "help";
  tables->names[tables->name_count++] = "version";
}

/* The option that a value of getopt_long stands for. */
static program_option *option_of_code(const program_spec *spec, int code) {
  if (code >= OPTION_CODE) return &spec->options[code - OPTION_CODE];
  for (int i = 0; i < spec->option_count; i++) {
    if (code != 0 && spec->options[i].letter == code) return &spec->options[i];
  }
  return NULL;
}

static rc_status refuse_option(const program_spec *spec, const getopt_tables *tables, int code,
                               const char *word, rc_error *error) {
  const program_option *option = option_of_code(spec, code);
  if (option != NULL) {
    return rc_fail(error, RC_ERR_ARGUMENT, "--%s takes no value", option->name);
  }
  if (code != 0) return rc_fail(error, RC_ERR_ARGUMENT, "unknown option '-%c'", code);
  char name[64];
  snprintf(name, sizeof name, "%.*s", (int)strcspn(word + 2, "="), word + 2);
  for (int i = 0; i < tables->name_count; i++) {
    if (strncmp(tables->names[i], name, strlen(name)) == 0) {
      return rc_fail(error, RC_ERR_ARGUMENT, "'--%s' may mean several options: write it out", name);
    }
  }
  const char *meant = options_nearest(name, tables->names, tables->name_count);
  return rc_fail(error, RC_ERR_ARGUMENT, "unknown option '--%s'%s%s%s", name,
                 meant ? " (did you mean --" : "", meant ? meant : "", meant ? "?)" : "");
}

static bool asks_for(int argc, char **argv, const char *name, const char *letter) {
  for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
    if (strcmp(argv[i], name) == 0 || (letter != NULL && strcmp(argv[i], letter) == 0)) return true;
  }
  return false;
}

options_outcome options_parse(program_spec *spec, int argc, char **argv, int *operands,
                              rc_error *error) {
  if (asks_for(argc, argv, "--help", "-h")) return OPTIONS_HELP;
  if (asks_for(argc, argv, "--version", NULL)) return OPTIONS_VERSION;
  getopt_tables tables;
  build_tables(spec, &tables);
  opterr = 0;
  optind = 0; /* glibc and musl: begin anew */
  int code;
  while ((code = getopt_long(argc, argv, tables.shorts, tables.longs, NULL)) != -1) {
    if (code == '?') {
      refuse_option(spec, &tables, optopt, argv[optind - 1], error);
      return OPTIONS_WRONG;
    }
    if (code == ':') {
      rc_fail(error, RC_ERR_ARGUMENT, "--%s needs a value", option_of_code(spec, optopt)->name);
      return OPTIONS_WRONG;
    }
    if (set_value(option_of_code(spec, code), optarg, error) != RC_OK) return OPTIONS_WRONG;
  }
  *operands = optind;
  if (optind < argc && !spec->operands) {
    rc_fail(error, RC_ERR_ARGUMENT, "'%.80s' is no option and nothing is expected there",
            argv[optind]);
    return OPTIONS_WRONG;
  }
  return OPTIONS_READY;
}

void options_peek(program_spec *spec, int argc, char **argv) {
  getopt_tables tables;
  build_tables(spec, &tables);
  opterr = 0;
  optind = 0;
  int code;
  while ((code = getopt_long(argc, argv, tables.shorts, tables.longs, NULL)) != -1) {
    if (code != '?' && code != ':') set_value(option_of_code(spec, code), optarg, NULL);
  }
}

bool options_given(const program_spec *spec, const char *name) {
  for (int i = 0; i < spec->option_count; i++) {
    const program_option *option = &spec->options[i];
    if (option->kind != OPTION_KIND_GROUP && strcmp(option->name, name) == 0) return option->given;
  }
  RC_ASSERT(!"an option of the table");
  return false;
}

/* Help */

enum { HELP_COLUMN = 26, HELP_WIDTH_MIN = 40, HELP_WIDTH_MAX = 96 };

/* Prints words from `column` on, each further line indented to `indent`. */
static void print_wrapped(const char *text, int column, int indent, int width, FILE *stream) {
  bool first = true;
  while (*text != '\0') {
    int length = (int)strcspn(text, " ");
    if (!first && column + 1 + length > width) {
      fprintf(stream, "\n%*s", indent, "");
      column = indent;
    } else if (!first) {
      fputc(' ', stream);
      column++;
    }
    fprintf(stream, "%.*s", length, text);
    column += length;
    text += length;
    text += strspn(text, " ");
    first = false;
  }
  fputc('\n', stream);
}

/* " (default 128)", or nothing. */
static void describe_default(const program_option *option, char *text, size_t size) {
  text[0] = '\0';
  switch (option->kind) {
    case OPTION_KIND_INT:
      if (*option->target.integer < option->low || *option->target.integer > option->high) break;
      snprintf(text, size, " (default %d)", *option->target.integer);
      break;
    case OPTION_KIND_SEED:
      snprintf(text, size, " (default %llu)", (unsigned long long)*option->target.seed);
      break;
    case OPTION_KIND_REAL:
      snprintf(text, size, " (default %g)", *option->target.real);
      break;
    case OPTION_KIND_CHOICE:
      if (*option->target.choice >= 0) {
        snprintf(text, size, " (default %s)", option->choices[*option->target.choice]);
      }
      break;
    case OPTION_KIND_TEXT:
      if (*option->target.text != NULL) {
        snprintf(text, size, " (default %s)", *option->target.text);
      }
      break;
    case OPTION_KIND_TEXTS:
    case OPTION_KIND_FLAG:
    case OPTION_KIND_GROUP:
      break;
  }
}

static void print_row(char letter, const char *name, const char *value, const char *help, int width,
                      FILE *stream) {
  int column = letter != 0 ? fprintf(stream, "  -%c, --%s", letter, name)
                           : fprintf(stream, "      --%s", name);
  if (value[0] != '\0') column += fprintf(stream, " %s", value);
  if (column + 2 > HELP_COLUMN) {
    fputc('\n', stream);
    column = 0;
  }
  fprintf(stream, "%*s", HELP_COLUMN - column, "");
  print_wrapped(help, HELP_COLUMN, HELP_COLUMN, width, stream);
}

static void print_option(const program_option *option, int width, FILE *stream) {
  char value[160] = "", standard[200], help[1024];
  size_t used = 0;
  if (option->kind == OPTION_KIND_CHOICE) {
    for (int i = 0; option->choices[i] != NULL && used < sizeof value; i++) {
      used += (size_t)snprintf(value + used, sizeof value - used, "%s%s", i ? "|" : "",
                               option->choices[i]);
    }
  } else if (option->metavar != NULL) {
    snprintf(value, sizeof value, "%s", option->metavar);
  }
  describe_default(option, standard, sizeof standard);
  snprintf(help, sizeof help, "%s%s", option->help, standard);
  print_row(option->letter, option->name, value, help, width, stream);
}

void options_print_help(const program_spec *spec, int width, FILE *stream) {
  if (width < HELP_WIDTH_MIN) width = HELP_WIDTH_MIN;
  if (width > HELP_WIDTH_MAX) width = HELP_WIDTH_MAX;
  int column = fprintf(stream, "usage: %s ", spec->program);
  print_wrapped(spec->usage, column, column, width, stream);
  fputc('\n', stream);
  print_wrapped(spec->summary, 0, 0, width, stream);
  for (int i = 0; i < spec->option_count; i++) {
    const program_option *option = &spec->options[i];
    if (option->kind == OPTION_KIND_GROUP) {
      fprintf(stream, "\n%s\n", option->help);
    } else {
      print_option(option, width, stream);
    }
  }
  fputs("\nHelp\n", stream);
  print_row('h', "help", "", "show this and end", width, stream);
  print_row(0, "version", "", "show the version and end", width, stream);
  fputs("\nEnvironment\n", stream);
  int at = fprintf(stream, "  RECUR_CPU=NAME");
  fprintf(stream, "%*s", HELP_COLUMN - at, "");
  print_wrapped(
      "kernels to run on: ref, scalar, sse2, avx2, avx512, avx512_vnni, avx512_bf16, amx or neon, "
      "as far as this processor has them (default the fastest)",
      HELP_COLUMN, HELP_COLUMN, width, stream);
  if (spec->examples == NULL) return;
  fputs("\nExamples\n", stream);
  for (const char *line = spec->examples; *line != '\0';) {
    int length = (int)strcspn(line, "\n");
    fprintf(stream, "%s%.*s\n", length > 0 ? "  " : "", length, line);
    line += length + (line[length] == '\n');
  }
}
