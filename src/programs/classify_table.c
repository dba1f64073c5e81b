#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "classify.h"
#include "classify_cache.h"
#include "clocks.h"
#include "csv.h"
#include "files.h"
#include "model_files.h"
#include "progress.h"
#include "text_buffer.h"

enum {
  BATCH = 1024,          /* records that are answered together */
  CHUNK = 1 << 20,       /* bytes that are read at a time */
  RECORD_MAX = 16 << 20, /* bytes of one record: beyond it a quote was never closed */
  NUMBER_BYTES = 16,     /* of a probability */
};

typedef struct table_run {
  const classify_options *options;
  classifier_ensemble *networks;
  const classifier_model *model; /* the first, whose labels all have */
  FILE *in, *out;
  files_pending new_file; /* that of --out, until all is written */
  const char *in_name, *out_name;
  csv_format format;
  int column, columns, top;
  char *bytes; /* [capacity] what was read: `size` of it, handled up to `at` */
  size_t capacity, size, at;
  bool ended; /* nothing more comes */
  classify_cache cache;
  size_t beside_max; /* bytes of what is written beside a name, at most */
  /* Of a batch. */
  csv_record records[BATCH];
  cache_entry *entries[BATCH]; /* NULL: a record without fields */
  int count;
  cache_entry *asked[BATCH];
  utf8_text texts[BATCH];
  int asked_count;
  char *names; /* what the fields of the records say */
  size_t names_capacity;
  float *probabilities; /* [BATCH, C] */
  answer *answers;      /* [BATCH] */
  int *best;            /* [top] */
  text_buffer beside;
  /* What is told. */
  long rows;
  long long done, total; /* bytes; total 0: not known */
  progress bar;
  double began;
} table_run;

static rc_status no_memory(rc_error *error) {
  return rc_fail(error, RC_ERR_MEMORY, "out of memory for a table");
}

/* Reads more behind what is there. */
static rc_status read_more(table_run *run, rc_error *error) {
  if (run->at > 0) memmove(run->bytes, run->bytes + run->at, run->size - run->at);
  run->size -= run->at;
  run->at = 0;
  if (run->size > RECORD_MAX) {
    return rc_fail(error, RC_ERR_FORMAT, "%s: row %ld has more than %d MiB: is a quote not closed?",
                   run->in_name, run->rows + 2, RECORD_MAX >> 20);
  }
  if (run->capacity - run->size < CHUNK) {
    const size_t capacity = 2 * run->capacity + CHUNK;
    char *grown = realloc(run->bytes, capacity);
    if (grown == NULL) return no_memory(error);
    run->bytes = grown;
    run->capacity = capacity;
  }
  const size_t got = fread(run->bytes + run->size, 1, CHUNK, run->in);
  run->size += got;
  run->ended = got < CHUNK;
  if (ferror(run->in)) return rc_fail(error, RC_ERR_IO, "%s: %s", run->in_name, strerror(errno));
  return RC_OK;
}

static rc_status write_bytes(const table_run *run, const char *bytes, size_t count,
                             rc_error *error) {
  if (fwrite(bytes, 1, count, run->out) == count) return RC_OK;
  return rc_fail(error, RC_ERR_IO, "%s: %s", run->out_name, strerror(errno));
}

static void add_field(text_buffer *to, csv_format format, utf8_text text) {
  char *quoted = malloc(2 * text.bytes + 2);
  to->failed = to->failed || quoted == NULL;
  if (quoted == NULL) return;
  text_add_bytes(to, &format.separator, 1);
  text_add_bytes(to, quoted, csv_quote(text, format, quoted));
  free(quoted);
}

static utf8_text text_of(const char *text) {
  return (utf8_text){text, strlen(text)};
}

/* ---- the header ---- */

static bool field_is(utf8_text field, csv_format format, const char *name) {
  char *value = malloc(field.bytes + 1);
  bool same = false;
  if (value != NULL) {
    const size_t bytes = csv_unquote(field, format, value);
    same = bytes == strlen(name) && memcmp(value, name, bytes) == 0;
  }
  free(value);
  return same;
}

/* The header's column of that name, or -1. */
static int find_column(const table_run *run, size_t start, const char *name) {
  csv_record record;
  for (int i = 0; i < run->columns; i++) {
    csv_next(run->bytes + start, run->size - start, run->ended, run->format, i, &record);
    if (field_is(record.field, run->format, name)) return i;
  }
  return -1;
}

static rc_status choose_column(table_run *run, size_t start, rc_error *error) {
  const char *wanted = run->options->column;
  char *end;
  run->column = find_column(run, start, wanted);
  if (run->column >= 0) return RC_OK;
  const long number = strtol(wanted, &end, 10);
  if (*wanted != '\0' && *end == '\0' && number >= 1 && number <= run->columns) {
    run->column = (int)number - 1;
    return RC_OK;
  }
  return rc_fail(error, RC_ERR_ARGUMENT, "%s: the header has no column '%.80s', and %d columns",
                 run->in_name, wanted, run->columns);
}

/* The names of the columns that are added: "label", "probability", "label_2"...; where the table
 * has one of these, "predicted_label"... */
static void add_header(table_run *run, size_t start) {
  char name[64];
  const char *prefix = "";
  for (int pass = 0; pass < 2; pass++) {
    run->beside.size = 0;
    bool taken = false;
    for (int i = 0; i < 2 * run->top; i++) {
      const char *what = i % 2 == 0 ? "label" : "probability";
      if (i < 2) {
        snprintf(name, sizeof name, "%s%s", prefix, what);
      } else {
        snprintf(name, sizeof name, "%s%s_%d", prefix, what, i / 2 + 1);
      }
      taken = taken || find_column(run, start, name) >= 0;
      add_field(&run->beside, run->format, text_of(name));
    }
    if (!taken) return;
    prefix = "predicted_";
  }
}

static rc_status read_header(table_run *run, rc_error *error) {
  csv_record header;
  size_t start = 0;
  RC_TRY(read_more(run, error));
  if (run->size >= 2 &&
      (memcmp(run->bytes, "\xFF\xFE", 2) == 0 || memcmp(run->bytes, "\xFE\xFF", 2) == 0)) {
    return rc_fail(error, RC_ERR_FORMAT, "%s: the table is in UTF-16; save it as UTF-8",
                   run->in_name);
  }
  if (run->size >= 3 && memcmp(run->bytes, "\xEF\xBB\xBF", 3) == 0) start = 3;
  run->format = run->options->separator != NULL ? csv_format_of(run->options->separator[0])
                                                : csv_guess(run->bytes, run->size);
  while (!csv_next(run->bytes + start, run->size - start, run->ended, run->format, 0, &header)) {
    if (run->ended) return rc_fail(error, RC_ERR_FORMAT, "%s: no header", run->in_name);
    RC_TRY(read_more(run, error));
  }
  run->columns = header.fields;
  RC_TRY(choose_column(run, start, error));
  add_header(run, start);
  if (run->beside.failed) return no_memory(error);
  RC_TRY(write_bytes(run, run->bytes, start + header.end, error));
  RC_TRY(write_bytes(run, run->beside.text, run->beside.size, error));
  RC_TRY(write_bytes(run, run->bytes + start + header.end, header.bytes - header.end, error));
  run->at = start + header.bytes;
  run->done = (long long)run->at;
  return RC_OK;
}

/* ---- rows ---- */

/* What stands beside a name: its labels with their probabilities, or as many empty fields. */
static void describe(table_run *run, const answer *given, const float *probabilities) {
  const classifier_model *model = run->model;
  char number[NUMBER_BYTES];
  run->beside.size = 0;
  if (given->basis != ANSWER_NONE) {
    model_files_best(probabilities, model->net.config.labels, run->top, run->best);
  }
  for (int i = 0; i < run->top; i++) {
    if (given->basis == ANSWER_NONE) {
      add_field(&run->beside, run->format, text_of(""));
      add_field(&run->beside, run->format, text_of(""));
      continue;
    }
    snprintf(number, sizeof number, "%.6f", (double)probabilities[run->best[i]]);
    add_field(&run->beside, run->format, text_of(model->labels[run->best[i]]));
    add_field(&run->beside, run->format, text_of(number));
  }
}

/* Answers the names of the batch that have none yet. */
static rc_status ask(table_run *run, rc_error *error) {
  const size_t labels = (size_t)run->model->net.config.labels;
  if (run->asked_count == 0) return RC_OK;
  RC_TRY(classifier_ensemble_predict_texts(run->networks, run->asked_count, run->texts,
                                           run->probabilities, run->answers, error));
  for (int i = 0; i < run->asked_count; i++) {
    describe(run, &run->answers[i], run->probabilities + (size_t)i * labels);
    if (run->beside.failed) return no_memory(error);
    classify_cache_answer(&run->cache, run->asked[i],
                          (utf8_text){run->beside.text, run->beside.size});
  }
  return RC_OK;
}

/* The records of the next batch, and which of their names are new. */
static rc_status gather(table_run *run, rc_error *error) {
  size_t at = run->at, name_bytes = 0;
  run->count = run->asked_count = 0;
  while (run->count < BATCH && csv_next(run->bytes + at, run->size - at, run->ended, run->format,
                                        run->column, &run->records[run->count])) {
    at += run->records[run->count].bytes;
    name_bytes += run->records[run->count++].field.bytes;
  }
  if (name_bytes > run->names_capacity) {
    char *grown = realloc(run->names, name_bytes);
    if (grown == NULL) return no_memory(error);
    run->names = grown;
    run->names_capacity = name_bytes;
  }
  if (!classify_cache_make_room(&run->cache, run->count,
                                name_bytes + (size_t)run->count * run->beside_max)) {
    return rc_fail(error, RC_ERR_FORMAT, "%s: names of %zu bytes after row %ld", run->in_name,
                   name_bytes, run->rows + 1);
  }
  char *name = run->names;
  for (int i = 0; i < run->count; i++) {
    const csv_record *record = &run->records[i];
    run->entries[i] = NULL;
    if (record->end == 0) continue; /* an empty line stays as it is */
    const utf8_text text = {name, csv_unquote(record->field, run->format, name)};
    name += text.bytes;
    cache_entry *entry = run->entries[i] =
        classify_cache_find(&run->cache, classify_part(run->options, text));
    if (entry->beside != NULL || entry->beside_bytes == UINT32_MAX) continue;
    entry->beside_bytes = UINT32_MAX; /* asked for */
    run->texts[run->asked_count] = (utf8_text){entry->name, entry->name_bytes};
    run->asked[run->asked_count++] = entry;
  }
  return RC_OK;
}

static rc_status write_batch(table_run *run, rc_error *error) {
  for (int i = 0; i < run->count; i++) {
    const csv_record *record = &run->records[i];
    const char *bytes = run->bytes + run->at;
    RC_TRY(write_bytes(run, bytes, record->end, error));
    for (int k = record->fields; run->entries[i] != NULL && k < run->columns; k++) {
      RC_TRY(write_bytes(run, &run->format.separator, 1, error));
    }
    if (run->entries[i] != NULL) {
      RC_TRY(write_bytes(run, run->entries[i]->beside, run->entries[i]->beside_bytes, error));
    }
    RC_TRY(write_bytes(run, bytes + record->end, record->bytes - record->end, error));
    run->at += record->bytes;
    run->done += (long long)record->bytes;
  }
  run->rows += run->count;
  return RC_OK;
}

static void show_progress(table_run *run) {
  const double share = run->total > 0 ? (double)run->done / (double)run->total : 0;
  const double total = share > 0 ? (double)run->rows / share : 0;
  progress_count(&run->bar, (double)run->rows, total, run->began, clocks_now());
}

static rc_status copy_rows(table_run *run, rc_error *error) {
  for (;;) {
    RC_TRY(gather(run, error));
    if (run->count == 0 && run->ended) return RC_OK;
    if (run->count == 0) {
      RC_TRY(read_more(run, error));
      continue;
    }
    RC_TRY(ask(run, error));
    RC_TRY(write_batch(run, error));
    show_progress(run);
  }
}

/* ---- files ---- */

static size_t longest_label(const classifier_model *model) {
  size_t longest = 0;
  for (int c = 0; c < model->net.config.labels; c++) {
    const size_t bytes = strlen(model->labels[c]);
    if (bytes > longest) longest = bytes;
  }
  return longest;
}

static rc_status prepare(table_run *run, rc_error *error) {
  const classifier_model *model = run->model;
  const size_t labels = (size_t)model->net.config.labels;
  struct stat status;
  run->top = classify_top(run->options, model);
  run->beside_max = (size_t)run->top *
                    (2 * longest_label(model) + 4 + NUMBER_BYTES); /* quoted, with separators */
  run->probabilities = malloc(BATCH * labels * sizeof *run->probabilities);
  run->answers = malloc(BATCH * sizeof *run->answers);
  run->best = malloc(labels * sizeof *run->best);
  if (run->probabilities == NULL || run->answers == NULL || run->best == NULL) {
    return no_memory(error);
  }
  if (fstat(fileno(run->in), &status) == 0 && S_ISREG(status.st_mode)) run->total = status.st_size;
  run->bar = progress_begin(stderr, "classify", 10);
  run->bar.unit = "rows";
  run->began = clocks_now();
  return classify_cache_new(&run->cache, error);
}

static rc_status open_files(table_run *run, rc_error *error) {
  const classify_options *options = run->options;
  run->in_name = options->input == NULL ? "standard input" : options->input;
  run->out_name = options->output == NULL ? "standard output" : options->output;
  if (options->input != NULL && options->output != NULL &&
      files_same(options->input, options->output)) {
    return rc_fail(error, RC_ERR_ARGUMENT, "--in and --out are the same file: %s", options->input);
  }
  for (int i = 0; options->output != NULL && i < options->models.count; i++) {
    if (!files_same(options->models.items[i], options->output)) continue;
    return rc_fail(error, RC_ERR_ARGUMENT, "--model and --out are the same file: %s",
                   options->output);
  }
  run->in = options->input == NULL ? stdin : fopen(options->input, "rb");
  if (run->in == NULL) {
    return rc_fail(error, RC_ERR_IO, "%s: %s", run->in_name, strerror(errno));
  }
  if (options->output != NULL) RC_TRY(files_begin(&run->new_file, options->output, error));
  run->out = options->output == NULL ? stdout : files_stream(&run->new_file);
  if (run->out == NULL) {
    return rc_fail(error, RC_ERR_IO, "%s: %s", run->out_name, strerror(errno));
  }
  return RC_OK;
}

/* What --out names becomes the new table if all went well, and stays as it was otherwise. */
static rc_status close_files(table_run *run, bool whole, rc_error *error) {
  if (run->in != NULL && run->in != stdin) fclose(run->in);
  if (whole && run->options->output != NULL) return files_commit(&run->new_file, error);
  files_discard(&run->new_file);
  return RC_OK;
}

rc_status classify_table(const classify_options *options, classifier_ensemble *networks,
                         rc_error *error) {
  table_run *run = calloc(1, sizeof *run);
  if (run == NULL) return no_memory(error);
  run->options = options;
  run->networks = networks;
  run->model = classify_model(networks);
  run->new_file.descriptor = -1;
  rc_status status = open_files(run, error);
  if (status == RC_OK) status = prepare(run, error);
  if (status == RC_OK) status = read_header(run, error);
  if (status == RC_OK) status = copy_rows(run, error);
  const rc_status closed = close_files(run, status == RC_OK, error);
  if (status == RC_OK) status = closed;
  progress_end(&run->bar);
  if (status == RC_OK && options->output != NULL) {
    char rows[TEXT_GROUPED_BYTES], span[CLOCKS_SPAN_BYTES];
    fprintf(stderr, "wrote %s: %s rows in %s\n", options->output, text_grouped(run->rows, rows),
            clocks_span(clocks_now() - run->began, span));
  }
  classify_cache_free(&run->cache);
  text_free(&run->beside);
  free(run->bytes);
  free(run->names);
  free(run->probabilities);
  free(run->answers);
  free(run->best);
  free(run);
  return status;
}
