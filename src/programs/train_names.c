#include "train_names.h"

#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clocks.h"
#include "examples.h"
#include "files.h"
#include "names_plan.h"
#include "names_report.h"
#include "script_labels.h"
#include "train_command.h"

/* The files of one command, read and encoded. */
typedef struct corpus_files {
  char *data_bytes, *dev_bytes;
  examples data, dev;
  alphabet letters;
  rc_arena letters_memory;
  script_label *scripts;
  name_set known, dev_pairs;
  names_dev dev_names;
  names_corpus corpus;
} corpus_files;

static void corpus_close(corpus_files *files) {
  name_set_free(&files->known);
  name_set_free(&files->dev_pairs);
  names_alike_free(&files->dev_names.alike);
  arena_free(&files->letters_memory);
  free(files->scripts);
  examples_free(&files->data);
  examples_free(&files->dev);
  free(files->data_bytes);
  free(files->dev_bytes);
}

static rc_status read_examples(const char *path, char **bytes, char sha256[65],
                               const char *const *labels, int label_count, examples *out,
                               rc_error *error) {
  size_t size;
  RC_TRY(files_read_all(path, bytes, &size, error));
  SHA256Data((const uint8_t *)*bytes, size, sha256);
  return examples_read(out, path, *bytes, size, labels, label_count, error);
}

static rc_status corpus_open(corpus_files *files, const names_settings *settings, rc_error *error) {
  names_corpus *corpus = &files->corpus;
  alphabet_case letter_case = (alphabet_case)settings->how.letter_case;
  examples *data = &files->data, *dev = &files->dev;
  RC_TRY(
      read_examples(settings->data, &files->data_bytes, corpus->data_sha256, NULL, 0, data, error));
  if (data->label_count > CLASSIFIER_LABELS_MAX) {
    return rc_fail(error, RC_ERR_FORMAT, "%s: %d labels, at most %d can be told apart",
                   settings->data, data->label_count, CLASSIFIER_LABELS_MAX);
  }
  if (settings->how.duplicates == 1) RC_TRY(examples_drop_repeated(data, error));
  files->letters = alphabet_tutorial;
  if (settings->how.letters == 1) {
    RC_TRY(names_data_letters(&files->letters, data, settings->how.rare, &files->letters_memory,
                              error));
  }
  corpus->letters = &files->letters;
  RC_TRY(name_set_encode(&files->known, data, settings->data, corpus->letters, letter_case, error));
  if (settings->scripts != NULL) {
    RC_TRY(script_labels_read(&files->scripts, &corpus->script_count, settings->scripts,
                              data->labels, data->label_count, error));
    corpus->scripts = files->scripts;
  }
  corpus->known = &files->known;
  corpus->labels = data->labels;
  corpus->label_count = data->label_count;
  if (settings->run.dev == NULL) return RC_OK;
  RC_TRY(read_examples(settings->run.dev, &files->dev_bytes, corpus->dev_sha256, data->labels,
                       data->label_count, dev, error));
  RC_TRY(examples_drop_repeated(dev, error));
  RC_TRY(name_set_encode(&files->dev_pairs, dev, settings->run.dev, corpus->letters, letter_case,
                         error));
  RC_TRY(names_alike_make(&files->dev_names.alike, dev, error));
  files->dev_names.pairs = &files->dev_pairs;
  corpus->dev = &files->dev_names;
  return RC_OK;
}

static void print_scored(progress *bar, const char *what, const names_scored *scored) {
  progress_message(
      bar,
      "%s, %d names with any of their labels right: top-1 %.2f %%, top-3 %.2f %%, mean "
      "recall %.2f %% under equal priors; %.2f, %.2f, %.2f %% under the data's; "
      "calibration error %.2f and %.2f %%",
      what, scored->data.count, 100 * scored->equal.top1, 100 * scored->equal.top3,
      100 * scored->equal.macro_recall, 100 * scored->data.top1, 100 * scored->data.top3,
      100 * scored->data.macro_recall, 100 * scored->equal.calibration_error,
      100 * scored->data.calibration_error);
}

static void print_result(progress *bar, const names_settings *settings,
                         const names_result *result) {
  char span[CLOCKS_SPAN_BYTES];
  clocks_span(result->run.history.seconds, span);
  if (result->confusion == NULL) {
    progress_message(bar, "wrote %s: %zu bytes, trained in %s", settings->run.out,
                     result->run.file_bytes, span);
    return;
  }
  progress_message(bar,
                   "wrote %s: %zu bytes, trained in %s; on %d distinct pairs of %s: top-1 %.2f %%, "
                   "top-3 %.2f %%, macro-F1 %.2f %%, calibration error %.2f %%",
                   settings->run.out, result->run.file_bytes, span, result->final.count,
                   settings->run.dev, 100 * result->final.top1, 100 * result->final.top3,
                   100 * result->final.macro_f1, 100 * result->final.calibration_error);
  print_scored(bar, "network", &result->names);
  if (result->has_ngrams) print_scored(bar, "n-gram regression", &result->ngrams);
}

static rc_status write_report(const char *path, const char *command, const names_settings *settings,
                              const names_corpus *corpus, const names_report_run *runs,
                              int run_count, rc_error *error) {
  char names[32], dev_names[32], seed[32], date[CLOCKS_UTC_BYTES], title[160];
  const char *slash = strrchr(settings->data, '/');
  const char *base = slash != NULL ? slash + 1 : settings->data;
  snprintf(title, sizeof title, "%s on %.100s", run_count > 1 ? "RNN, LSTM and GRU" : "Training",
           base);
  snprintf(names, sizeof names, "%d", corpus->known->count);
  snprintf(dev_names, sizeof dev_names, "%d", corpus->dev == NULL ? 0 : corpus->dev->pairs->count);
  snprintf(seed, sizeof seed, "%llu", (unsigned long long)settings->how.seed);
  report_fact facts[] = {
      {"Training names", names},
      {"Dev names (distinct pairs)", dev_names},
      {"Seed", seed},
      {"Kernels", kernels->name},
      {"SHA-256 of the training data", corpus->data_sha256},
      {"Settings", settings->run.text},
  };
  clocks_utc(date);
  names_report page = {
      .title = title,
      .command = command,
      .date = date,
      .labels = corpus->labels,
      .label_count = corpus->label_count,
      .facts = facts,
      .fact_count = (int)(sizeof facts / sizeof *facts),
      .runs = runs,
      .run_count = run_count,
  };
  char *html = NULL;
  size_t size = 0;
  RC_TRY(names_report_html(&page, &html, &size, error));
  rc_status status = files_write_atomically(path, html, size, error);
  free(html);
  return status;
}

typedef struct command {
  names_plan plan;
  corpus_files files;
} command;

static rc_status check(const void *self, rc_error *error) {
  return names_plan_check(&((const command *)self)->plan, error);
}

static rc_status train(void *self, json_log *log, bool *stopped, rc_error *error) {
  command *c = self;
  names_plan *p = &c->plan;
  RC_TRY(corpus_open(&c->files, &p->settings[0], error));
  for (int i = 0; i < p->count && !*stopped; i++) {
    const names_settings *s = &p->settings[i];
    progress bar = progress_begin(stderr, names_cell_names[s->how.cell], 10);
    RC_TRY(names_run(s, p->checkpoints[i], &c->files.corpus, log, &bar, &p->results[i], error));
    *stopped = p->results[i].run.stopped;
    if (!*stopped) print_result(&bar, s, &p->results[i]);
  }
  return RC_OK;
}

static rc_status finish(void *self, const char *words, rc_error *error) {
  static const char *const titles[] = {"RNN", "LSTM", "GRU"};
  const command *c = self;
  const names_plan *p = &c->plan;
  names_report_run runs[NAMES_CELLS];
  for (int i = 0; i < p->count; i++) {
    runs[i] = (names_report_run){titles[p->settings[i].how.cell], &p->results[i]};
  }
  if (p->report != NULL) {
    RC_TRY(
        write_report(p->report, words, &p->settings[0], &c->files.corpus, runs, p->count, error));
    fprintf(stderr, "wrote %s\n", p->report);
  }
  /* Only now may the checkpoints go: an interrupted --compare takes finished cells from them. */
  names_plan_forget(p);
  return RC_OK;
}

int train_names(int argc, char **argv) {
  static const train_command names = {"train names", check, train, finish};
  command c = {.files = {.data_bytes = NULL}};
  int code;
  if (names_plan_make(&c.plan, argc, argv, &code)) {
    code = train_command_run(&names, &c.plan.settings[0].run, &c, argc, argv);
  }
  corpus_close(&c.files);
  names_plan_free(&c.plan);
  return code;
}
