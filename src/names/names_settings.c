#include "names_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "classifier_file.h"
#include "data_files.h"
#include "threads.h"

static const char *const RECIPES[] = {"best", "tutorial", NULL};
static const char *const POOLINGS[] = {"last", "all", NULL};
static const char *const CASES[] = {"keep", "title", NULL};
static const char *const DUPLICATES[] = {"keep", "drop", NULL};
static const char *const SEVERAL[] = {"each", "together", "weighed", NULL};
static const char *const LETTERS[] = {"tutorial", "learnt", NULL};

static const names_settings COMMON = {
    .data = "data/names/world.tsv",
    .hard = 0.5,
    .prior = NAMES_PRIOR_EQUAL,
    .run = {.out = "names.gguf", .checkpoint_every = 60},
};

static const char USAGE[] = "[--data FILE [--dev FILE]] [--out FILE] [options]";
static const char SUMMARY[] =
    "Trains a network that tells the label of a short text, such as the country of a name, letter "
    "by letter. Data files hold one \"name<TAB>label\" a line, UTF-8. Without --data it trains on "
    "the names of the world that come along.";
static const char EXAMPLES[] =
    "train names\n"
    "# the names of the world, the best recipe\n"
    "train names --data names.train.tsv --dev names.dev.tsv --cell lstm --out lstm.gguf\n"
    "# your own data\n"
    "train names --data names.train.tsv --dev names.dev.tsv --compare --report cells.html\n"
    "# RNN, LSTM and GRU in turn, and a page that compares them\n"
    "train names --recipe tutorial --data names.train.tsv --cell rnn\n"
    "# the classic character-RNN tutorial\n"
    "train names --data names.train.tsv --teacher a.gguf --teacher b.gguf\n"
    "# distil two networks into a new one\n"
    "nohup train names --data names.train.tsv --log names.jsonl &\n"
    "# in the background; the same command with --resume goes on after an interruption";

/* Options that say nothing without others, or something else than others. */
static const char *conflict(const names_settings *s, const program_spec *spec) {
  bool teachers = s->teachers.count > 0 || s->ngrams > 0;
  if (s->compare && options_given(spec, "cell")) return "--compare trains every --cell";
  if (s->pseudo > 0 && !teachers) {
    return "--pseudo needs a teacher to label the names: --teacher or --ngrams";
  }
  if (options_given(spec, "hard") && !teachers) return "--hard needs --teacher or --ngrams";
  if (s->how.momentum > 0 && s->how.optimizer != OPTIMIZER_SGD)
    return "--momentum is of --optimizer sgd";
  return NULL;
}

static void use_found(names_settings *s, int which, const char *name, const char **to) {
  s->found[which] = data_files_find(name);
  if (s->found[which] != NULL) *to = s->found[which];
}

/* The names that come along, and what belongs to them, unless others are given. */
static void use_world(names_settings *s) {
  use_found(s, 0, "names/world.tsv", &s->data);
  if (s->run.dev == NULL) use_found(s, 1, "names/world.dev.tsv", &s->run.dev);
  if (s->scripts == NULL) use_found(s, 2, "names/world.scripts.tsv", &s->scripts);
}

/* Defaults that follow from what was given. */
static void fill_in(names_settings *s, const program_spec *spec) {
  bool teachers = s->teachers.count > 0 || s->ngrams > 0;
  if (!options_given(spec, "data")) use_world(s);
  if (s->how.embedding == 0) s->how.dropout_embedding = 0;
  if (!teachers && !options_given(spec, "pseudo")) s->pseudo = 0;
}

static rc_status settle(void *settings, const program_spec *spec, rc_error *error) {
  names_settings *s = settings;
  fill_in(s, spec);
  const char *wrong = conflict(s, spec);
  if (wrong != NULL) return rc_fail(error, RC_ERR_ARGUMENT, "%s", wrong);
  return run_settings_check_input(&s->run, &s->data, 1, error);
}

static void add_data_and_network(option_table *table, names_settings *s) {
  const program_option options[] = {
      OPTION_GROUP("Data"),
      OPTION_TEXT("data", 'd', &s->data, "FILE", "training data, name<TAB>label a line"),
      OPTION_TEXT("dev", 0, &s->run.dev, "FILE",
                  "data to score each epoch on and to calibrate with; the world has its own"),
      OPTION_TEXT("scripts", 0, &s->scripts, "FILE",
                  "which labels other scripts are at home with, script<TAB>label a line (\"Grek\", "
                  "as in ISO 15924), to answer names that the letters cannot write"),
      OPTION_CHOICE("duplicates", 0, &s->how.duplicates, DUPLICATES,
                    "lines that repeat a name with its label"),
      OPTION_CHOICE("several", 0, &s->how.several, SEVERAL,
                    "how a name under several labels is learnt: each line by itself, together as "
                    "one name that has all of them alike, or with each weighed by how likely the "
                    "teachers find it, so that Schmidt is German although others bear it too"),
      OPTION_REAL("unmarked", 0, &s->how.unmarked, 0, 1,
                  "share of the names with marks that are trained without them, for those who type "
                  "none"),
      OPTION_GROUP("Network"),
      OPTION_CHOICE(
          "letters", 0, &s->how.letters, LETTERS,
          "the tutorial's 57, to which all others are folded, or those that the data has, "
          "with their marks and without case"),
      OPTION_INT("rare", 0, &s->how.rare, 1, 1000000,
                 "a learnt letter stands in so many names; others are unknown"),
      OPTION_CHOICE("cell", 'c', &s->how.cell, names_cell_names, "kind of recurrent cell"),
      OPTION_INT("layers", 0, &s->how.layers, 1, RECURRENT_LAYERS_MAX, "recurrent layers"),
      OPTION_INT("hidden", 0, &s->how.hidden, 1, CLASSIFIER_HIDDEN_MAX,
                 "hidden size of each layer and direction"),
      OPTION_INT("directions", 0, &s->how.directions, 1, 2, "1 forward, 2 also backward"),
      OPTION_INT("embedding", 0, &s->how.embedding, 0, CLASSIFIER_HIDDEN_MAX,
                 "size of the letter embedding; 0 feeds letters one-hot"),
      OPTION_CHOICE("pooling", 0, &s->how.pooling, POOLINGS,
                    "what the output layer sees: the last state, or last, maximum and mean"),
      OPTION_CHOICE("letter-case", 0, &s->how.letter_case, CASES,
                    "letters as written, or each word capitalised"),
      OPTION_REAL("dropout", 0, &s->how.dropout, 0, 0.95,
                  "dropout between layers and before the output layer"),
      OPTION_REAL("dropout-embedding", 0, &s->how.dropout_embedding, 0, 0.95,
                  "dropout on the embedded letters"),
  };
  options_add(table, options, OPTION_COUNT(options));
}

static void add_training(option_table *table, names_settings *s) {
  names_learning *how = &s->how;
  const program_option options[] = {
      OPTION_GROUP("Training"),
      OPTION_CHOICE("recipe", 0, &s->recipe, RECIPES,
                    "where all other defaults come from: the best found, or the classic tutorial; "
                    "beside --help, as --cell, it shows its own"),
      OPTION_FLAG("compare", 0, &s->compare,
                  "train RNN, LSTM and GRU in turn; -rnn, -lstm, -gru go into the file names"),
      RUN_OPTION_EPOCHS(how),
      OPTION_INT("batch", 'b', &how->batch, 1, 4096, "names a step"),
      RUN_OPTIONS_RATE(how),
      OPTION_CHOICE("schedule", 0, &how->schedule, run_schedules, "course of the learning rate"),
      OPTION_REAL("warmup", 0, &how->warmup, 0, 0.99,
                  "share of the steps over which the learning rate rises from 0"),
      OPTION_REAL("momentum", 0, &how->momentum, 0, 0.9999, "of SGD"),
      RUN_OPTIONS_UPDATE(how),
      OPTION_REAL("unknown", 0, &how->unknown, 0, 0.99,
                  "share of letters replaced by the unknown letter while training"),
      RUN_OPTION_AVERAGE(how),
      RUN_OPTIONS_MACHINE(&s->run, how),
  };
  options_add(table, options, OPTION_COUNT(options));
}

static void add_teachers_and_files(option_table *table, names_settings *s) {
  run_settings *run = &s->run;
  const program_option options[] = {
      OPTION_GROUP("Teachers (distillation)"),
      OPTION_TEXTS("teacher", 0, &s->teachers, "FILE",
                   "a trained network to learn from; may be repeated"),
      OPTION_REAL(
          "ngrams", 0, &s->ngrams, 0, 1,
          "weight of a regression over letter n-grams among the teachers: all of it without "
          "--teacher, 0 for none"),
      OPTION_REAL("hard", 0, &s->hard, 0, 1, "weight of the true label beside the teachers"),
      OPTION_REAL("pseudo", 0, &s->pseudo, 0, 1000,
                  "names spliced from real ones and labelled by the teachers, an epoch, for each "
                  "real name"),
      OPTION_GROUP("Files"),
      RUN_OPTIONS_OUT(run,
                      "HTML page with curves and confusion matrices (--compare: beside --out)"),
      RUN_OPTIONS_RESUME(run),
      RUN_OPTION_KEEP(run),
      OPTION_CHOICE("prior", 0, &s->prior, classifier_priors,
                    "which shares of the labels answers of these weights suppose unless told: "
                    "those of the data, the same for each, or balanced between the two"),
      RUN_OPTIONS_FILE(run),
  };
  options_add(table, options, OPTION_COUNT(options));
}

static const run_command COMMAND = {
    .spec = {.program = "train names", .usage = USAGE, .summary = SUMMARY, .examples = EXAMPLES},
    .others = (const char *const[]){"prior", NULL},
    .settle = settle};

/* As run_settings_read, with the options that there are. */
static bool parse(names_settings *s, int argc, char **argv, int *code) {
  option_table table = {.count = 0};
  add_data_and_network(&table, s);
  add_training(&table, s);
  add_teachers_and_files(&table, s);
  return run_settings_read(&COMMAND, &table, s, &s->run, argc, argv, code);
}

static void start_from(names_settings *s, int recipe, int cell) {
  *s = COMMON;
  s->recipe = recipe;
  if (recipe == 1) {
    s->how = names_learning_tutorial((names_cell)cell);
  } else {
    s->how = names_learning_best((names_cell)cell);
    s->ngrams = 0.4;
    s->pseudo = 2;
  }
}

bool names_settings_parse(names_settings *settings, int argc, char **argv, int cell, int *code) {
  /* Once to learn the recipe and the cell, once more over their defaults. */
  start_from(settings, 0, NAMES_GRU);
  parse(settings, argc, argv, NULL);
  start_from(settings, settings->recipe, cell >= 0 ? cell : settings->how.cell);
  if (!parse(settings, argc, argv, code)) return false;
  if (cell >= 0) settings->how.cell = cell;
  return true;
}

void names_settings_free(names_settings *settings) {
  for (int i = 0; i < 3; i++) {
    free(settings->found[i]);
    settings->found[i] = NULL;
  }
}

trainer_options names_settings_training(const names_settings *s, long steps) {
  return names_learning_training(&s->how, steps, threads_wanted(s->run.threads));
}
