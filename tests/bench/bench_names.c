/* bench_names: how many names a second one thread trains the tutorial's network on (one-hot letters
 * -> RNN, LSTM or GRU of 128 -> linear -> softmax, SGD), one name and 64 a step. */

#include <stdlib.h>

#include "clocks.h"
#include "files.h"
#include "measure.h"
#include "names_data.h"
#include "names_settings.h"

enum { RUNS_MAX = 99 };

/* Short data is gone through several times, so that a run takes at least this long. */
static const double RUN_SECONDS = 0.2;

typedef struct bench_options {
  const char *data;
  int cell;  /* NAMES_CELLS: all */
  int batch; /* choice: 0 both, 1, 2 */
  int runs;
  bool json;
} bench_options;

typedef struct bench_data {
  char *bytes;
  examples examples;
  name_set names;
} bench_data;

/* Names a second. */
typedef struct speeds {
  double low, median, high;
} speeds;

static rc_status data_open(bench_data *data, const char *path, rc_error *error) {
  size_t size;
  RC_TRY(files_read_all(path, &data->bytes, &size, error));
  RC_TRY(examples_read(&data->examples, path, data->bytes, size, NULL, 0, error));
  return name_set_encode(&data->names, &data->examples, path, &alphabet_tutorial,
                         ALPHABET_CASE_KEEP, error);
}

static void data_close(bench_data *data) {
  name_set_free(&data->names);
  examples_free(&data->examples);
  free(data->bytes);
}

static rc_status epoch(trainer *t, rc_error *error) {
  trainer_begin_epoch(t);
  while (t->batch < t->batches) RC_TRY(trainer_step(t, error));
  trainer_end_epoch(t);
  return RC_OK;
}

static int compare_doubles(const void *left, const void *right) {
  const double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

/* One epoch of `names` to warm up, then `runs` of whole epochs. */
static rc_status measure(trainer *t, int names, int runs, speeds *out, rc_error *error) {
  double found[RUNS_MAX];
  double start = clocks_now();
  RC_TRY(epoch(t, error));
  const int epochs = 1 + (int)(RUN_SECONDS / (clocks_now() - start));
  for (int i = 0; i < runs; i++) {
    start = clocks_now();
    for (int k = 0; k < epochs; k++) RC_TRY(epoch(t, error));
    found[i] = (double)epochs * names / (clocks_now() - start);
  }
  qsort(found, (size_t)runs, sizeof *found, compare_doubles);
  *out = (speeds){found[0], (found[(runs - 1) / 2] + found[runs / 2]) / 2, found[runs - 1]};
  return RC_OK;
}

static rc_status print(const bench_options *options, const char *name, const speeds *s,
                       rc_error *error) {
  if (!options->json) {
    printf("%-20s %9.0f names/s  (%.0f to %.0f)\n", name, s->median, s->low, s->high);
    return RC_OK;
  }
  json *row = json_object();
  json_text(row, "name", name);
  json_number(row, "value", s->median);
  json_text(row, "unit", "names/s");
  json_number(row, "low", s->low);
  json_number(row, "high", s->high);
  return json_print_line(row, stdout, error);
}

static rc_status bench(const bench_options *options, const bench_data *data, names_cell cell,
                       char *batch, rc_error *error) {
  char *words[] = {"train names", "--recipe", "tutorial", "--threads", "1", "--batch", batch};
  names_settings settings;
  int code;
  if (!names_settings_parse(&settings, 7, words, (int)cell, &code)) {
    return rc_fail(error, RC_ERR_ARGUMENT, "the tutorial's settings were refused");
  }
  const classifier_config config =
      names_learning_network(&settings.how, ALPHABET_SIZE, data->examples.label_count);
  const names_task_options learning = names_learning_task(&settings.how);
  const train_set set = {.count = data->names.count,
                         .always = data->names.count,
                         .ids = data->names.ids,
                         .lengths = data->names.lengths,
                         .labels = data->names.labels};
  char name[64];
  snprintf(name, sizeof name, "names %s batch %s", names_cell_names[cell], batch);
  names_task task;
  trainer t;
  speeds found;
  RC_TRY(names_task_make(&task, &config, &learning, &set, error));
  const trainer_options training =
      names_settings_training(&settings, names_task_epoch_steps(&task));
  const train_task of_trainer = names_task_of(&task);
  RC_TRY(trainer_new(&t, &of_trainer, &training, error));
  rc_status status = measure(&t, set.count, options->runs, &found, error);
  if (status == RC_OK) status = print(options, name, &found, error);
  trainer_free(&t);
  return status;
}

static rc_status bench_all(void *context, rc_error *error) {
  const bench_options *options = context;
  bench_data data = {0};
  rc_status status = data_open(&data, options->data, error);
  for (int b = 1; b <= 2; b++) {
    char *batch = b == 1 ? "1" : "64";
    if (options->batch != 0 && options->batch != b) continue;
    for (int cell = 0; cell < NAMES_CELLS && status == RC_OK; cell++) {
      if (options->cell != NAMES_CELLS && options->cell != cell) continue;
      status = bench(options, &data, (names_cell)cell, batch, error);
    }
  }
  data_close(&data);
  return status;
}

int main(int argc, char **argv) {
  static const char *const cells[] = {"rnn", "lstm", "gru", "all", NULL};
  static const char *const batches[] = {"all", "1", "64", NULL};
  bench_options options = {.data = "data/sample/names.tsv", .cell = NAMES_CELLS, .runs = 5};
  program_option table[] = {
      OPTION_TEXT("data", 'd', &options.data, "FILE", "names to train on, name<TAB>label a line"),
      OPTION_CHOICE("cell", 'c', &options.cell, cells, "which network"),
      OPTION_CHOICE("batch", 'b', &options.batch, batches, "names a step"),
      OPTION_INT("runs", 'r', &options.runs, 1, RUNS_MAX, "how many to take the median of"),
      OPTION_FLAG("json", 'j', &options.json, "print one JSON object a line"),
  };
  program_spec spec = {
      .program = "bench_names",
      .usage = "[options]",
      .summary =
          "Times the training of the tutorial's networks on one thread: the median and, in "
          "brackets, the slowest and the fastest run.",
      .options = table,
      .option_count = OPTION_COUNT(table),
  };
  return measure_program(&spec, argc, argv, bench_all, &options);
}
