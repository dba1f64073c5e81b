#ifndef RECUR_OPTIONS_H
#define RECUR_OPTIONS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "status.h"

/* Command lines from a table: each option is one row that says what it is called, what it may be,
 * where it goes and how --help explains it. A target's value before parsing is the default that
 * --help shows; a number outside its limits is none. Built on getopt_long; --help, -h and --version
 * come with every table.
 *
 *   program_option table[] = {
 *       OPTION_GROUP("Network"),
 *       OPTION_CHOICE("cell", 0, &cell, cells, "kind of recurrent cell"),
 *       OPTION_INT("hidden", 'H', &hidden, 1, 4096, "hidden size of each layer"),
 *   }; */

typedef enum option_kind {
  OPTION_KIND_GROUP, /* a heading of --help */
  OPTION_KIND_FLAG,
  OPTION_KIND_INT,
  OPTION_KIND_SEED,
  OPTION_KIND_REAL,
  OPTION_KIND_CHOICE,
  OPTION_KIND_TEXT,
  OPTION_KIND_TEXTS
} option_kind;

/* The values of an option that may be repeated, in the order given. */
enum { OPTION_TEXTS_MAX = 64 };
typedef struct option_texts {
  const char *items[OPTION_TEXTS_MAX];
  int count;
} option_texts;

typedef struct program_option {
  option_kind kind;
  char letter;         /* short form, or 0 */
  bool given;          /* the command line has it: filled by options_parse */
  const char *name;    /* without the dashes */
  const char *metavar; /* what --help calls the value */
  const char *help;    /* one sentence, wrapped by --help */
  union {
    bool *flag; /* set to true */
    int *integer;
    uint64_t *seed;
    double *real;
    int *choice;       /* index into choices */
    const char **text; /* points into argv */
    option_texts *texts;
  } target;
  double low, high;           /* of integers and reals, both allowed */
  const char *const *choices; /* names, NULL at the end */
} program_option;

#define OPTION_GROUP(title) \
  { .kind = OPTION_KIND_GROUP, .help = (title) }
#define OPTION_FLAG(name_, letter_, bool_, help_)                                                \
  {                                                                                              \
    .kind = OPTION_KIND_FLAG, .name = (name_), .letter = (letter_), .help = (help_), .target = { \
      .flag = (bool_)                                                                            \
    }                                                                                            \
  }
#define OPTION_INT(name_, letter_, int_, low_, high_, help_)                       \
  {                                                                                \
    .kind = OPTION_KIND_INT, .name = (name_), .letter = (letter_), .metavar = "N", \
    .help = (help_), .low = (low_), .high = (high_), .target = {                   \
      .integer = (int_)                                                            \
    }                                                                              \
  }
#define OPTION_SEED(name_, letter_, uint64_, help_)                                 \
  {                                                                                 \
    .kind = OPTION_KIND_SEED, .name = (name_), .letter = (letter_), .metavar = "N", \
    .help = (help_), .target = {                                                    \
      .seed = (uint64_)                                                             \
    }                                                                               \
  }
#define OPTION_REAL(name_, letter_, double_, low_, high_, help_)                    \
  {                                                                                 \
    .kind = OPTION_KIND_REAL, .name = (name_), .letter = (letter_), .metavar = "X", \
    .help = (help_), .low = (low_), .high = (high_), .target = {                    \
      .real = (double_)                                                             \
    }                                                                               \
  }
#define OPTION_CHOICE(name_, letter_, int_, choices_, help_)                           \
  {                                                                                    \
    .kind = OPTION_KIND_CHOICE, .name = (name_), .letter = (letter_), .help = (help_), \
    .choices = (choices_), .target = {                                                 \
      .choice = (int_)                                                                 \
    }                                                                                  \
  }
#define OPTION_TEXT(name_, letter_, text_, metavar_, help_)                                \
  {                                                                                        \
    .kind = OPTION_KIND_TEXT, .name = (name_), .letter = (letter_), .metavar = (metavar_), \
    .help = (help_), .target = {                                                           \
      .text = (text_)                                                                      \
    }                                                                                      \
  }
#define OPTION_TEXTS(name_, letter_, texts_, metavar_, help_)                               \
  {                                                                                         \
    .kind = OPTION_KIND_TEXTS, .name = (name_), .letter = (letter_), .metavar = (metavar_), \
    .help = (help_), .target = {                                                            \
      .texts = (texts_)                                                                     \
    }                                                                                       \
  }

/* "no", "yes": the choices of what is so by default and can be turned off, and the other way
 * round. */
extern const char *const option_no_yes[];

enum { OPTIONS_MAX = 96 }; /* of a table, its headings left out; more are a mistake */

typedef struct program_spec {
  const char *program;  /* "train names": how messages and the usage line begin */
  const char *usage;    /* what follows in the usage line: "--data FILE --out FILE [options]" */
  const char *summary;  /* what the program does, a few sentences */
  const char *examples; /* lines "command" and "# what it does"; NULL for none */
  program_option *options;
  int option_count;
  bool operands; /* accepts words that are no options */
} program_spec;

/* A table that is put together from groups. */
typedef struct option_table {
  program_option options[OPTIONS_MAX];
  int count;
} option_table;

void options_add(option_table *table, const program_option *options, int count);

#define OPTION_COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

typedef enum options_outcome {
  OPTIONS_READY,   /* targets are filled */
  OPTIONS_HELP,    /* --help or -h: nothing was parsed */
  OPTIONS_VERSION, /* --version: nothing was parsed */
  OPTIONS_WRONG    /* `error` names the option and what it allows */
} options_outcome;

/* Fills the targets and `given` from argv[1..argc-1] and moves operands to the end of argv, in
 * their order; *operands is the index of the first. Prints nothing. Not thread-safe (getopt). */
options_outcome options_parse(program_spec *spec, int argc, char **argv, int *operands,
                              rc_error *error);

/* Fills the targets as far as the command line is right, be it asking for help or not: for defaults
 * that depend on other options. Moves operands as options_parse, which is to follow. */
void options_peek(program_spec *spec, int argc, char **argv);

/* Whether the command line set this option. `name` must be in the table. */
bool options_given(const program_spec *spec, const char *name);

/* The text of --help, wrapped to `width` columns (at least 40). */
void options_print_help(const program_spec *spec, int width, FILE *stream);

/* The candidate nearest to `word` (restricted Damerau-Levenshtein distance), or NULL when none is
 * near enough to be what was meant. */
const char *options_nearest(const char *word, const char *const *candidates, int count);

#endif
