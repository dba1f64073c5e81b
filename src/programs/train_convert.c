#include "train_convert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "convert_chances.h"
#include "files.h"
#include "gguf.h"
#include "known_words_learn.h"
#include "programs.h"
#include "quantize.h"
#include "run_files.h"
#include "shortlist_learn.h"
#include "text_buffer.h"
#include "weight_file.h"
#include "weight_types.h"

/* A weight file written anew: the metadata as they are, the tensors in another type, or as the mean
 * of several files of the same network. It knows what files hold, not what networks they are; a
 * translator's shortlist is made by shortlist_learn.h, its known words by known_words_learn.h, a
 * classifier's chances by convert_chances.h. */

static const char PROGRAM[] = "train convert";

typedef struct settings {
  option_texts models;
  const char *out;
  int type;
  shortlist_options shortlist;
  option_texts words; /* pairs that tell the known words */
  chances_options chances;
} settings;

typedef struct weights {
  char *bytes; /* malloc'd */
  size_t size;
  rc_arena tables;
  gguf_file file;
} weights;

typedef struct conversion {
  const settings *settings;
  weights models[OPTION_TEXTS_MAX];
  int count;
  float *values, *sum; /* [the largest tensor] */
  learnt_shortlist shortlist;
  learnt_words words;
  learnt_chances chances;
} conversion;

static rc_status open_weights(weights *w, const char *path, rc_error *error) {
  rc_error reason;
  RC_TRY(files_read_all(path, &w->bytes, &w->size, error));
  const uint8_t *bytes = (const uint8_t *)w->bytes;
  rc_status status = arena_new(&w->tables, gguf_open_bytes(bytes, w->size), &reason);
  if (status == RC_OK) status = gguf_open(&w->file, bytes, w->size, &w->tables, &reason);
  return files_explain(status, path, &reason, error);
}

static bool same_shape(const gguf_tensor *a, const gguf_tensor *b) {
  return a->dims == b->dims && memcmp(a->shape, b->shape, sizeof a->shape) == 0;
}

/* Whether every file has the first one's tensors. */
static rc_status check_tensors(const conversion *c, rc_error *error) {
  const gguf_file *first = &c->models[0].file;
  for (int m = 1; m < c->count; m++) {
    const gguf_file *file = &c->models[m].file;
    const char *path = c->settings->models.items[m];
    if (file->tensor_count != first->tensor_count) {
      return rc_fail(error, RC_ERR_FORMAT, "%.100s: has %d tensors, the first model %d", path,
                     file->tensor_count, first->tensor_count);
    }
    for (int i = 0; i < first->tensor_count; i++) {
      const gguf_tensor *a = &first->tensors[i], *b = &file->tensors[i];
      if (a->name.bytes != b->name.bytes ||
          memcmp(a->name.text, b->name.text, a->name.bytes) != 0 || !same_shape(a, b)) {
        return rc_fail(error, RC_ERR_FORMAT, "%.100s: is of another network than the first model",
                       path);
      }
    }
  }
  return RC_OK;
}

static rc_status open_models(conversion *c, rc_error *error) {
  size_t largest = 1;
  for (c->count = 0; c->count < c->settings->models.count; c->count++) {
    RC_TRY(open_weights(&c->models[c->count], c->settings->models.items[c->count], error));
  }
  RC_TRY(check_tensors(c, error));
  const gguf_file *first = &c->models[0].file;
  for (int i = 0; i < first->tensor_count; i++) {
    if (first->tensors[i].count > largest) largest = (size_t)first->tensors[i].count;
  }
  c->values = malloc(largest * sizeof *c->values);
  c->sum = malloc(largest * sizeof *c->sum);
  return c->values == NULL || c->sum == NULL ? rc_fail(error, RC_ERR_MEMORY, "out of memory")
                                             : RC_OK;
}

/* sum [count] = the mean of all models' i-th tensors */
static rc_status read_mean(conversion *c, int i, rc_error *error) {
  size_t count = (size_t)c->models[0].file.tensors[i].count;
  memset(c->sum, 0, count * sizeof *c->sum);
  for (int m = 0; m < c->count; m++) {
    rc_error reason;
    rc_status status = gguf_decode(&c->models[m].file.tensors[i], c->values, count, &reason);
    RC_TRY(files_explain(status, c->settings->models.items[m], &reason, error));
    for (size_t k = 0; k < count; k++) c->sum[k] += c->values[k] / (float)c->count;
  }
  return RC_OK;
}

static void put_info(gguf_writer *writer, const gguf_tensor *tensor, gguf_tensor_type type) {
  char name[GGUF_NAME_MAX + 1];
  memcpy(name, tensor->name.text, tensor->name.bytes);
  name[tensor->name.bytes] = '\0';
  gguf_put_tensor(writer, name, weight_file_type(tensor->dims, tensor->shape[0], type),
                  tensor->dims, tensor->shape);
}

static bool makes_shortlist(const conversion *c) {
  return c->settings->shortlist.pairs.count > 0;
}

static bool learns_words(const conversion *c) {
  return c->settings->words.count > 0;
}

/* An entry of the first file, unless a new one takes its place. */
static bool keeps(const conversion *c, const gguf_entry *entry) {
  return !(makes_shortlist(c) && shortlist_is_entry(entry)) &&
         !(learns_words(c) && known_words_is_entry(entry)) && !chances_replace(&c->chances, entry);
}

static uint64_t count_entries(const conversion *c) {
  const gguf_file *first = &c->models[0].file;
  uint64_t count = (makes_shortlist(c) ? SHORTLIST_ENTRIES : 0) +
                   (learns_words(c) ? KNOWN_WORDS_ENTRIES : 0) +
                   (uint64_t)classifier_chances_count(&c->chances.learnt);
  for (int i = 0; i < first->entry_count; i++) count += keeps(c, &first->entries[i]);
  return count;
}

static void put_entries(const conversion *c, gguf_writer *writer) {
  const gguf_file *first = &c->models[0].file;
  for (int i = 0; i < first->entry_count; i++) {
    if (keeps(c, &first->entries[i])) gguf_put_entry(writer, &first->entries[i]);
  }
  if (makes_shortlist(c)) shortlist_put(writer, &c->shortlist);
  if (learns_words(c)) known_words_put(writer, &c->words);
  classifier_chances_put(writer, &c->chances.learnt);
}

/* The data of the i-th tensor; what need not change does not. */
static rc_status put_tensor(conversion *c, int i, bool by_row, gguf_writer *writer,
                            rc_error *error) {
  const gguf_tensor *tensor = &c->models[0].file.tensors[i];
  const gguf_tensor_type type =
      weight_file_type(tensor->dims, tensor->shape[0], weight_type(c->settings->type));
  if (c->count == 1 && tensor->type == type) {
    gguf_put_data_of(writer, tensor);
    return RC_OK;
  }
  if (writer->buffer != NULL) RC_TRY(read_mean(c, i, error));
  if (type == GGUF_TENSOR_Q5_0 || type == GGUF_TENSOR_Q4_0) {
    gguf_put_data_small(writer, c->sum);
  } else if (by_row) {
    gguf_put_data_by_row(writer, c->sum, quantize_scale);
  } else {
    gguf_put_data(writer, c->sum);
  }
  return RC_OK;
}

/* buffer NULL: only the size. */
static rc_status lay_out(conversion *c, uint8_t *buffer, size_t capacity, size_t *size,
                         rc_error *error) {
  const gguf_file *first = &c->models[0].file;
  gguf_string architecture;
  RC_TRY(gguf_get_string(first, "general.architecture", &architecture, error));
  bool by_row = weight_file_string_is(architecture, "recur-translator");
  gguf_writer writer =
      gguf_writer_begin(buffer, capacity, count_entries(c), (uint64_t)first->tensor_count);
  put_entries(c, &writer);
  for (int i = 0; i < first->tensor_count; i++) {
    put_info(&writer, &first->tensors[i], weight_type(c->settings->type));
  }
  for (int i = 0; i < first->tensor_count; i++) {
    RC_TRY(put_tensor(c, i, by_row, &writer, error));
  }
  return gguf_writer_end(&writer, size, error);
}

static rc_status check_files(const settings *s, rc_error *error) {
  named_file files[3 * OPTION_TEXTS_MAX + 3];
  int count = 0;
  for (int i = 0; i < s->models.count; i++) {
    files[count++] = (named_file){"--model", s->models.items[i], false};
  }
  for (int i = 0; i < s->shortlist.pairs.count; i++) {
    files[count++] = (named_file){"--shortlist", s->shortlist.pairs.items[i], false};
  }
  for (int i = 0; i < s->words.count; i++) {
    files[count++] = (named_file){"--known-words", s->words.items[i], false};
  }
  const named_file chances[] = {{"--shares", s->chances.shares, false},
                                {"--scripts", s->chances.scripts, false}};
  for (int i = 0; i < 2; i++) {
    if (chances[i].path != NULL) files[count++] = chances[i];
  }
  files[count++] = (named_file){"--out", s->out, true};
  return run_files_check(files, count, error);
}

/* What the file has beside its tensors, from pairs. */
static rc_status learn_of_translator(conversion *c, const char *path, rc_error *error) {
  const settings *s = c->settings;
  const weights *first = &c->models[0];
  translator_model model;
  rc_error reason;
  rc_status status =
      translator_model_read_text(&model, (const uint8_t *)first->bytes, first->size, &reason);
  RC_TRY(files_explain(status, path, &reason, error));
  if (makes_shortlist(c)) status = shortlist_learn(&c->shortlist, &s->shortlist, &model, error);
  if (status == RC_OK && learns_words(c)) {
    status = known_words_learn(&c->words, &s->words, path, &model, error);
  }
  translator_model_free(&model);
  return status;
}

static rc_status learn(conversion *c, rc_error *error) {
  const settings *s = c->settings;
  const weights *first = &c->models[0];
  const char *path = s->models.items[0];
  if (makes_shortlist(c) || learns_words(c)) RC_TRY(learn_of_translator(c, path, error));
  if (!chances_wanted(&s->chances)) return RC_OK;
  return chances_learn(&c->chances, &s->chances, path, (const uint8_t *)first->bytes, first->size,
                       error);
}

static rc_status convert(conversion *c, rc_error *error) {
  const settings *s = c->settings;
  size_t size;
  RC_TRY(check_files(s, error));
  RC_TRY(open_models(c, error));
  RC_TRY(learn(c, error));
  RC_TRY(lay_out(c, NULL, 0, &size, error));
  uint8_t *bytes = malloc(size);
  if (bytes == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory");
  rc_status status = lay_out(c, bytes, size, &size, error);
  if (status == RC_OK) status = files_write_atomically(s->out, bytes, size, error);
  free(bytes);
  char grouped[TEXT_GROUPED_BYTES];
  if (status == RC_OK) {
    fprintf(stderr, "wrote %s: %s bytes, %s\n", s->out, text_grouped((long)size, grouped),
            weight_conversion_names[s->type]);
  }
  return status;
}

static rc_status run(const settings *s, rc_error *error) {
  conversion c = {.settings = s};
  rc_status status = convert(&c, error);
  for (int m = 0; m < OPTION_TEXTS_MAX; m++) {
    free(c.models[m].bytes);
    arena_free(&c.models[m].tables);
  }
  learnt_shortlist_free(&c.shortlist);
  learnt_words_free(&c.words);
  learnt_chances_free(&c.chances);
  free(c.values);
  free(c.sum);
  return status;
}

static bool is_prior(const char *name) {
  const char *const *prior = classifier_priors;
  while (*prior != NULL && strcmp(*prior, name) != 0) prior++;
  return *prior != NULL;
}

int train_convert(int argc, char **argv) {
  settings s = {.type = 0, .shortlist = {.width = 100, .common = 300, .least = 0.002}};
  program_option table[] = {
      OPTION_GROUP("Options"),
      OPTION_TEXTS("model", 'm', &s.models, "FILE",
                   "weight file (GGUF); needed. Several of one network, such as runs that began "
                   "from the same weights: their mean, with the first one's metadata"),
      OPTION_TEXT("out", 'o', &s.out, "FILE", "the new file; needed"),
      OPTION_CHOICE(
          "type", 0, &s.type, weight_conversion_names,
          "how matrices are stored; a translator of q8_0, q5_0 or q4_0 is computed in int8"),
      OPTION_GROUP("Shortlist, for a translator in int8: twice as fast"),
      OPTION_TEXTS("shortlist", 0, &s.shortlist.pairs, "FILE",
                   "note for each source token what it becomes in these pairs, "
                   "source<TAB>target a line, so that a sentence is translated to that alone; may "
                   "be repeated"),
      OPTION_INT("shortlist-width", 0, &s.shortlist.width, 1, 1000,
                 "target tokens of a source token, at most"),
      OPTION_REAL("shortlist-least", 0, &s.shortlist.least, 0, 1, "probability of each of them"),
      OPTION_INT("shortlist-common", 0, &s.shortlist.common, 0, 10000,
                 "frequent target tokens that every sentence may have"),
      OPTION_GROUP("Text layer"),
      OPTION_TEXTS("known-words", 0, &s.words, "FILE",
                   "learn anew from these pairs, source<TAB>target a line, which words are known "
                   "and which are names, in the place of what training noted: unknown ones are "
                   "copied; may be repeated"),
      OPTION_GROUP("Chances, for a classifier: what other priors need"),
      OPTION_TEXT("shares", 0, &s.chances.shares, "FILE",
                  "note the share of each label in the names that it learnt, name<TAB>label lines"),
      OPTION_TEXT("scripts", 0, &s.chances.scripts, "FILE",
                  "note which labels other scripts are at home with, script<TAB>label lines"),
      OPTION_TEXT("prior", 0, &s.chances.usual, "PRIOR",
                  "note which prior answers take unless told: equal, balanced or data"),
  };
  program_spec spec = {
      .program = PROGRAM,
      .usage = "--model FILE... --out FILE [--type TYPE]",
      .summary =
          "Writes weights in another type of numbers, the mean of several files, a translator with "
          "a shortlist or other known words, or a classifier that knows the shares of its labels.",
      .examples =
          "train convert --model teacher.gguf --type q8_0 --out teacher-int8.gguf\n"
          "# a quarter of the size, and faster\n"
          "train convert --model en-fr.gguf --type q8_0 --shortlist pairs.tsv --out small.gguf\n"
          "# still faster: only what the pairs say that words can become\n"
          "train convert --model en-fr.gguf --type f32 --known-words all.tsv --out knowing.gguf\n"
          "# what is copied as a name: what these pairs do not know\n"
          "train convert --model old.gguf --type q8_0 --shares names.tsv --out names.gguf\n"
          "# a classifier that can suppose other chances than those of the names that it learnt\n"
          "train convert --model a.gguf --model b.gguf --type f32 --out mean.gguf\n",
      .options = table,
      .option_count = OPTION_COUNT(table),
  };
  int code;
  if (!program_options(&spec, argc, argv, NULL, &code)) return code;
  if (s.models.count == 0) return program_wrong_usage(PROGRAM, "--model FILE is needed");
  if (s.out == NULL) return program_wrong_usage(PROGRAM, "--out FILE is needed");
  if (s.chances.usual != NULL && !is_prior(s.chances.usual)) {
    return program_wrong_usage(PROGRAM, "--prior is equal, balanced or data, not '%s'",
                               s.chances.usual);
  }
  rc_error error;
  return run(&s, &error) == RC_OK ? PROGRAM_OK : program_fail(PROGRAM, &error);
}
