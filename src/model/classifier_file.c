#include "classifier_file.h"

#include <string.h>

#include "alphabet_build.h"

static const char ARCHITECTURE[] = "recur-classifier";
static const char *const POOLING_NAMES[] = {"last", "all"};
static const char *const CASE_NAMES[] = {"keep", "title"};

static const char SCRIPTS[] = "recur.scripts";
static const char PRIOR[] = "recur.prior", USUAL[] = "recur.prior.default";
enum { PRIORS = 3 };
const char *const classifier_priors[PRIORS + 1] = {"data", "equal", "balanced", NULL};
static const char LETTERS[] = "recur.letters", SPELLINGS[] = "recur.letters.spellings";

/* How many ids the alphabet has. */
static rc_status count_letters(const gguf_file *file, int *count, rc_error *error) {
  const gguf_entry *letters = gguf_find(file, LETTERS);
  if (letters == NULL) {
    gguf_string text;
    RC_TRY(gguf_get_string(file, "recur.alphabet", &text, error));
    if (text.bytes != ALPHABET_LETTERS || memcmp(text.text, alphabet_letters, text.bytes) != 0) {
      return rc_fail(error, RC_ERR_FORMAT, "the file was made for another alphabet");
    }
    *count = ALPHABET_SIZE;
    return RC_OK;
  }
  if (letters->type != GGUF_ARRAY || letters->count < 1 || letters->count > ALPHABET_LEARNT_MAX) {
    return rc_fail(error, RC_ERR_FORMAT, "%s is not an array of 1 to %d letters", LETTERS,
                   ALPHABET_LEARNT_MAX);
  }
  *count = (int)letters->count + 1;
  return RC_OK;
}

static rc_status read_config(const gguf_file *file, classifier_config *config, rc_error *error) {
  *config = (classifier_config){0};
  RC_TRY(weight_file_check_architecture(file, ARCHITECTURE, "name classifier", error));
  RC_TRY(count_letters(file, &config->letters, error));
  static const char *const cells[] = {"rnn", "lstm", "gru"};
  int cell, pooling, letter_case;
  RC_TRY(weight_file_choice(file, "recur.cell", cells, 3, &cell, error));
  RC_TRY(weight_file_choice(file, "recur.pooling", POOLING_NAMES, 2, &pooling, error));
  RC_TRY(weight_file_choice(file, "recur.letter_case", CASE_NAMES, 2, &letter_case, error));
  config->cell = recurrent_cell_find(cells[cell]);
  config->pooling = (pooling_kind)pooling;
  config->letter_case = (alphabet_case)letter_case;
  RC_TRY(weight_file_int(file, "recur.layers", 1, RECURRENT_LAYERS_MAX, &config->layers, error));
  RC_TRY(weight_file_int(file, "recur.hidden", 1, CLASSIFIER_HIDDEN_MAX, &config->hidden, error));
  RC_TRY(weight_file_int(file, "recur.directions", 1, 2, &config->directions, error));
  return weight_file_int(file, "recur.embedding", 0, CLASSIFIER_HIDDEN_MAX, &config->embedding,
                         error);
}

static rc_status read_texts(const gguf_file *file, const char *key, int count, rc_arena *arena,
                            utf8_text **texts, rc_error *error) {
  gguf_string *strings = ARENA_ARRAY(arena, gguf_string, (size_t)count);
  *texts = ARENA_ARRAY(arena, utf8_text, (size_t)count);
  size_t read = 0;
  RC_TRY(arena_check(arena, "the letters", error));
  RC_TRY(gguf_get_strings(file, key, strings, (size_t)count, &read, error));
  if (read != (size_t)count) {
    return rc_fail(error, RC_ERR_FORMAT, "%s has %zu texts for %d letters", key, read, count);
  }
  for (int i = 0; i < count; i++) (*texts)[i] = (utf8_text){strings[i].text, strings[i].bytes};
  return RC_OK;
}

static size_t alphabet_bytes(int letters) {
  const size_t count = (size_t)letters;
  const size_t texts = 2 * count * (sizeof(gguf_string) + sizeof(utf8_text));
  rc_arena need = arena_measure();
  alphabet measured;
  (void)alphabet_build(&measured, NULL, NULL, letters, &need, NULL);
  return texts + need.used + (size_t)(8 * ARENA_MORE);
}

static rc_status read_alphabet(const gguf_file *file, int ids, rc_arena *arena, alphabet *out,
                               rc_error *error) {
  *out = alphabet_tutorial;
  if (gguf_find(file, LETTERS) == NULL) return RC_OK;
  utf8_text *letters, *spellings;
  RC_TRY(read_texts(file, LETTERS, ids - 1, arena, &letters, error));
  RC_TRY(read_texts(file, SPELLINGS, ids - 1, arena, &spellings, error));
  return alphabet_build(out, letters, spellings, ids - 1, arena, error);
}

/* NULL where the file does not tell it. */
static rc_status read_prior(const gguf_file *file, int labels, rc_arena *arena, real **prior,
                            rc_error *error) {
  const gguf_entry *entry = gguf_find(file, PRIOR);
  *prior = NULL;
  if (entry == NULL) return RC_OK;
  real *shares = ARENA_ARRAY(arena, real, (size_t)labels);
  RC_TRY(arena_check(arena, "the prior", error));
  int count = 0;
  double sum = 0;
  if (entry->type == GGUF_ARRAY && entry->element == GGUF_F32 && entry->count == (uint64_t)labels) {
    for (gguf_value v = {0}; gguf_next(entry, &v) && v.real > 0; sum += v.real) {
      shares[count++] = (real)v.real;
    }
  }
  if (count < labels || !(sum > 0.99 && sum < 1.01)) {
    return rc_fail(error, RC_ERR_FORMAT, "%s is not the shares of %d labels", PRIOR, labels);
  }
  *prior = shares;
  return RC_OK;
}

static int find_label(const classifier_model *model, const char *text, size_t bytes) {
  for (int c = 0; c < model->net.config.labels; c++) {
    if (strlen(model->labels[c]) == bytes && memcmp(model->labels[c], text, bytes) == 0) return c;
  }
  return -1;
}

/* "Grek Greece" */
static bool parse_script(const classifier_model *model, gguf_string string, script_label *out) {
  enum { CODE = 4, BEFORE_LABEL = CODE + 1 };
  if (string.bytes <= BEFORE_LABEL || string.text[CODE] != ' ') return false;
  out->script = script_parse((utf8_text){string.text, CODE});
  out->label = find_label(model, string.text + BEFORE_LABEL, string.bytes - BEFORE_LABEL);
  return out->script != SCRIPT_NONE && out->label >= 0;
}

/* How many scripts the file tells of. */
static rc_status count_scripts(const gguf_file *file, int *count, rc_error *error) {
  const gguf_entry *entry = gguf_find(file, SCRIPTS);
  *count = 0;
  if (entry == NULL) return RC_OK;
  if (entry->type != GGUF_ARRAY || entry->element != GGUF_STRING ||
      entry->count > CLASSIFIER_SCRIPTS_MAX) {
    return rc_fail(error, RC_ERR_FORMAT, "%s is not an array of at most %d texts", SCRIPTS,
                   CLASSIFIER_SCRIPTS_MAX);
  }
  *count = (int)entry->count;
  return RC_OK;
}

static rc_status read_scripts(classifier_model *model, const gguf_file *file, rc_error *error) {
  if (model->script_count == 0) return RC_OK;
  const gguf_entry *entry = gguf_find(file, SCRIPTS);
  model->scripts = ARENA_ARRAY(&model->memory, script_label, (size_t)model->script_count);
  RC_TRY(arena_check(&model->memory, "the scripts", error));
  script_label *next = model->scripts;
  for (gguf_value v = {0}; gguf_next(entry, &v);) {
    if (!parse_script(model, v.string, next++)) {
      return rc_fail(error, RC_ERR_FORMAT, "%s has a text that is no script and a label", SCRIPTS);
    }
  }
  return RC_OK;
}

/* Copies the labels into the arena. */
static rc_status read_labels(const gguf_file *file, int count, const char *const **labels,
                             rc_arena *arena, rc_error *error) {
  const char **list = ARENA_ARRAY(arena, const char *, (size_t)count);
  gguf_string *strings = ARENA_ARRAY(arena, gguf_string, (size_t)count);
  size_t read = 0;
  RC_TRY(arena_check(arena, "the labels", error));
  RC_TRY(gguf_get_strings(file, "recur.labels", strings, (size_t)count, &read, error));
  for (int i = 0; i < count; i++) {
    char *copy = ARENA_ARRAY(arena, char, strings[i].bytes + 1);
    RC_TRY(arena_check(arena, "the labels", error));
    memcpy(copy, strings[i].text, strings[i].bytes);
    copy[strings[i].bytes] = '\0';
    list[i] = copy;
  }
  *labels = list;
  return RC_OK;
}

static rc_status read_into(classifier_model *model, const gguf_file *file, size_t label_bytes,
                           rc_error *error) {
  const classifier *net = &model->net;
  RC_TRY(count_scripts(file, &model->script_count, error));
  size_t labels = (size_t)net->config.labels;
  size_t bytes = net->params.total * sizeof(real) +
                 labels * (sizeof(char *) + sizeof(gguf_string) + ARENA_MORE + 1) + label_bytes +
                 labels * sizeof(real) + alphabet_bytes(net->config.letters) +
                 (size_t)model->script_count * sizeof(script_label) + (size_t)(5 * ARENA_MORE);
  RC_TRY(arena_new(&model->memory, bytes, error));
  model->values = ARENA_ARRAY(&model->memory, real, net->params.total);
  RC_TRY(arena_check(&model->memory, "the weights", error));
  RC_TRY(read_labels(file, net->config.labels, &model->labels, &model->memory, error));
  RC_TRY(read_scripts(model, file, error));
  RC_TRY(read_prior(file, net->config.labels, &model->memory, &model->prior, error));
  RC_TRY(read_alphabet(file, net->config.letters, &model->memory, &model->letters, error));
  for (int i = 0; i < net->params.count; i++) {
    const param *p = &net->params.items[i];
    RC_TRY(
        gguf_decode(gguf_find_tensor(file, p->name), model->values + p->offset, p->count, error));
  }
  double temperature = 0;
  RC_TRY(gguf_get_float(file, "recur.temperature", &temperature, error));
  if (!(temperature >= 0.01 && temperature <= 100)) {
    return rc_fail(error, RC_ERR_FORMAT, "recur.temperature is %g, allowed is 0.01 to 100",
                   temperature);
  }
  model->temperature = (real)temperature;
  return RC_OK;
}

static rc_status read_file(classifier_model *model, const gguf_file *file, rc_error *error) {
  classifier_config config;
  RC_TRY(read_config(file, &config, error));
  const gguf_entry *labels = gguf_find(file, "recur.labels");
  if (labels == NULL || labels->type != GGUF_ARRAY || labels->count < 1 ||
      labels->count > CLASSIFIER_LABELS_MAX) {
    return rc_fail(error, RC_ERR_FORMAT, "recur.labels is not an array of 1 to %d labels",
                   CLASSIFIER_LABELS_MAX);
  }
  config.labels = (int)labels->count;
  RC_TRY(classifier_build(&model->net, &config, error));
  RC_TRY(weight_file_check_tensors(file, &model->net.params, error));
  return read_into(model, file, labels->bytes, error);
}

rc_status classifier_model_read(classifier_model *model, const uint8_t *bytes, size_t size,
                                rc_error *error) {
  *model = (classifier_model){0};
  rc_arena tables;
  RC_TRY(arena_new(&tables, gguf_open_bytes(bytes, size), error));
  gguf_file file;
  rc_status status = gguf_open(&file, bytes, size, &tables, error);
  if (status == RC_OK) status = read_file(model, &file, error);
  if (status != RC_OK) classifier_model_free(model);
  arena_free(&tables);
  return status;
}

static rc_status read_usual(const gguf_file *file, const char **usual, rc_error *error) {
  int which;
  *usual = NULL;
  if (gguf_find(file, USUAL) == NULL) return RC_OK;
  RC_TRY(weight_file_choice(file, USUAL, classifier_priors, PRIORS, &which, error));
  *usual = classifier_priors[which];
  return RC_OK;
}

rc_status classifier_usual_prior(const char **usual, const uint8_t *bytes, size_t size,
                                 rc_error *error) {
  rc_arena tables;
  RC_TRY(arena_new(&tables, gguf_open_bytes(bytes, size), error));
  gguf_file file;
  rc_status status = gguf_open(&file, bytes, size, &tables, error);
  if (status == RC_OK) status = read_usual(&file, usual, error);
  arena_free(&tables);
  return status;
}

void classifier_model_free(classifier_model *model) {
  arena_free(&model->memory);
  *model = (classifier_model){0};
}

static int alphabet_keys(const alphabet *letters) {
  return letters->characters == NULL ? 1 : 2;
}

static void put_alphabet(gguf_writer *w, const alphabet *letters) {
  if (letters->characters == NULL) {
    gguf_put_string(w, "recur.alphabet", alphabet_letters);
    return;
  }
  char characters[ALPHABET_TEXT_MAX], spelling[ALPHABET_TEXT_MAX];
  gguf_begin_texts(w, LETTERS, (size_t)letters->letters);
  for (int id = 0; id < letters->letters; id++) {
    alphabet_describe(letters, id, characters, spelling);
    gguf_put_next_text(w, characters);
  }
  gguf_begin_texts(w, SPELLINGS, (size_t)letters->letters);
  for (int id = 0; id < letters->letters; id++) {
    alphabet_describe(letters, id, characters, spelling);
    gguf_put_next_text(w, spelling);
  }
}

static void put_scripts(gguf_writer *w, const classifier_model *model) {
  if (model->script_count == 0) return;
  gguf_begin_texts(w, SCRIPTS, (size_t)model->script_count);
  for (int i = 0; i < model->script_count; i++) {
    char code[5];
    script_write(model->scripts[i].script, code);
    const utf8_text parts[] = {
        {code, 4},
        {" ", 1},
        {model->labels[model->scripts[i].label], strlen(model->labels[model->scripts[i].label])}};
    gguf_put_next_parts(w, parts, 3);
  }
}

int classifier_chances_count(const classifier_model *model) {
  return (model->prior != NULL ? 1 : 0) + (model->usual != NULL ? 1 : 0) +
         (model->script_count > 0 ? 1 : 0);
}

void classifier_chances_put(gguf_writer *w, const classifier_model *model) {
  if (model->prior != NULL) {
    gguf_put_numbers(w, PRIOR, GGUF_F32, model->prior, (size_t)model->net.config.labels);
  }
  if (model->usual != NULL) gguf_put_string(w, USUAL, model->usual);
  put_scripts(w, model);
}

bool classifier_chances_is_prior(const gguf_entry *entry) {
  return weight_file_string_is(entry->key, PRIOR);
}

bool classifier_chances_is_usual(const gguf_entry *entry) {
  return weight_file_string_is(entry->key, USUAL);
}

bool classifier_chances_is_scripts(const gguf_entry *entry) {
  return weight_file_string_is(entry->key, SCRIPTS);
}

rc_status classifier_model_write(const classifier_model *model, gguf_tensor_type type,
                                 const record_entry *record, int record_count, uint8_t *buffer,
                                 size_t capacity, size_t *size, rc_error *error) {
  const classifier_config *config = &model->net.config;
  const param_list *params = &model->net.params;
  enum { FIXED_KEYS = 10 };
  const int keys = FIXED_KEYS + alphabet_keys(&model->letters) + classifier_chances_count(model);
  gguf_writer w = gguf_writer_begin(buffer, capacity, (uint64_t)keys + (uint64_t)record_count,
                                    (uint64_t)params->count);
  gguf_put_string(&w, "general.architecture", ARCHITECTURE);
  gguf_put_string(&w, "recur.cell", recurrent_cell_name(config->cell));
  gguf_put_u32(&w, "recur.layers", (uint32_t)config->layers);
  gguf_put_u32(&w, "recur.hidden", (uint32_t)config->hidden);
  gguf_put_u32(&w, "recur.directions", (uint32_t)config->directions);
  gguf_put_u32(&w, "recur.embedding", (uint32_t)config->embedding);
  gguf_put_string(&w, "recur.pooling", POOLING_NAMES[config->pooling]);
  gguf_put_string(&w, "recur.letter_case", CASE_NAMES[config->letter_case]);
  put_alphabet(&w, &model->letters);
  gguf_put_strings(&w, "recur.labels", model->labels, (size_t)config->labels);
  gguf_put_f32(&w, "recur.temperature", (float)model->temperature);
  classifier_chances_put(&w, model);
  weight_file_put_record(&w, record, record_count);
  weight_file_put_params(&w, params, model->values, type, false);
  return gguf_writer_end(&w, size, error);
}
