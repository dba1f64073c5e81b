#include "classifier_file.h"

#include <string.h>

static const char ARCHITECTURE[] = "recur-classifier";
static const char *const POOLING_NAMES[] = {"last", "all"};
static const char *const CASE_NAMES[] = {"keep", "title"};

static rc_status read_config(const gguf_file *file, classifier_config *config, rc_error *error) {
  *config = (classifier_config){0};
  RC_TRY(weight_file_check_architecture(file, ARCHITECTURE, "name classifier", error));
  gguf_string text;
  RC_TRY(gguf_get_string(file, "recur.alphabet", &text, error));
  if (text.bytes != ALPHABET_LETTERS || memcmp(text.text, alphabet_letters, text.bytes) != 0) {
    return rc_fail(error, RC_ERR_FORMAT, "the file was made for another alphabet");
  }
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

/* Copies the labels into the arena. */
static rc_status read_labels(const gguf_file *file, int count, const char ***labels,
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
  size_t labels = (size_t)net->config.labels;
  size_t bytes = net->params.total * sizeof(real) +
                 labels * (sizeof(char *) + sizeof(gguf_string) + ARENA_ALIGNMENT + 1) +
                 label_bytes + (size_t)(3 * ARENA_ALIGNMENT);
  RC_TRY(arena_new(&model->memory, bytes, error));
  model->values = ARENA_ARRAY(&model->memory, real, net->params.total);
  RC_TRY(arena_check(&model->memory, "the weights", error));
  RC_TRY(read_labels(file, net->config.labels, &model->labels, &model->memory, error));
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

void classifier_model_free(classifier_model *model) {
  arena_free(&model->memory);
  *model = (classifier_model){0};
}

rc_status classifier_model_write(const classifier *net, const real *values,
                                 const char *const *labels, double temperature,
                                 gguf_tensor_type type, const record_entry *record,
                                 int record_count, uint8_t *buffer, size_t capacity, size_t *size,
                                 rc_error *error) {
  const classifier_config *config = &net->config;
  enum { FIXED_KEYS = 11 };
  gguf_writer w = gguf_writer_begin(buffer, capacity, FIXED_KEYS + (uint64_t)record_count,
                                    (uint64_t)net->params.count);
  char alphabet[ALPHABET_LETTERS + 1];
  memcpy(alphabet, alphabet_letters, ALPHABET_LETTERS);
  alphabet[ALPHABET_LETTERS] = '\0';
  gguf_put_string(&w, "general.architecture", ARCHITECTURE);
  gguf_put_string(&w, "recur.cell", recurrent_cell_name(config->cell));
  gguf_put_u32(&w, "recur.layers", (uint32_t)config->layers);
  gguf_put_u32(&w, "recur.hidden", (uint32_t)config->hidden);
  gguf_put_u32(&w, "recur.directions", (uint32_t)config->directions);
  gguf_put_u32(&w, "recur.embedding", (uint32_t)config->embedding);
  gguf_put_string(&w, "recur.pooling", POOLING_NAMES[config->pooling]);
  gguf_put_string(&w, "recur.letter_case", CASE_NAMES[config->letter_case]);
  gguf_put_string(&w, "recur.alphabet", alphabet);
  gguf_put_strings(&w, "recur.labels", labels, (size_t)config->labels);
  gguf_put_f32(&w, "recur.temperature", (float)temperature);
  weight_file_put_record(&w, record, record_count);
  weight_file_put_params(&w, &net->params, values, type, false);
  return gguf_writer_end(&w, size, error);
}
