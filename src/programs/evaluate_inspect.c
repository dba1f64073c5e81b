#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "evaluate.h"
#include "files.h"
#include "gguf.h"
#include "json.h"
#include "programs.h"
#include "terminal.h"
#include "text_buffer.h"

static const char program[] = "evaluate inspect";

/* What a tensor's decoded values come to. */
typedef struct tensor_facts {
  double sum, square_sum, low, high;
  float first[8];
  int first_count;
} tensor_facts;

static const char *tensor_type_name(gguf_tensor_type type) {
  switch (type) {
    case GGUF_TENSOR_F32:
      return "F32";
    case GGUF_TENSOR_F16:
      return "F16";
    case GGUF_TENSOR_Q4_0:
      return "Q4_0";
    case GGUF_TENSOR_Q5_0:
      return "Q5_0";
    case GGUF_TENSOR_Q8_0:
      return "Q8_0";
    case GGUF_TENSOR_I32:
      return "I32";
  }
  return "?";
}

/* values: [count of the tensor] as floats, whatever the type. */
static rc_status decode_tensor(const gguf_tensor *tensor, float *values, rc_error *error) {
  size_t count = (size_t)tensor->count;
  if (tensor->type != GGUF_TENSOR_I32) return gguf_decode(tensor, values, count, error);
  int32_t *integers = malloc(count * sizeof *integers);
  if (integers == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory");
  rc_status status = gguf_decode_i32(tensor, integers, count, error);
  for (size_t i = 0; status == RC_OK && i < count; i++) values[i] = (float)integers[i];
  free(integers);
  return status;
}

static rc_status measure_tensor(const gguf_tensor *tensor, tensor_facts *facts, rc_error *error) {
  size_t count = (size_t)tensor->count;
  float *values = malloc(count * sizeof *values);
  if (values == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory");
  rc_status status = decode_tensor(tensor, values, error);
  *facts = (tensor_facts){.low = INFINITY, .high = -INFINITY};
  for (size_t i = 0; status == RC_OK && i < count; i++) {
    double value = (double)values[i];
    facts->sum += value;
    facts->square_sum += value * value;
    if (value < facts->low) facts->low = value;
    if (value > facts->high) facts->high = value;
    if (i < 8) facts->first[facts->first_count++] = values[i];
  }
  free(values);
  return status;
}

/* Metadata */

/* Adds a value to an object under `key`, or to an array where key is NULL. */
static void add_value(json *parent, const char *key, const gguf_value *value) {
  switch (value->type) {
    case GGUF_STRING:
      json_text_bytes(parent, key, value->string.text, value->string.bytes);
      break;
    case GGUF_F32:
      json_float(parent, key, (float)value->real);
      break;
    case GGUF_F64:
      json_number(parent, key, value->real);
      break;
    case GGUF_BOOL:
      json_bool(parent, key, value->whole != 0);
      break;
    case GGUF_I8:
    case GGUF_I16:
    case GGUF_I32:
    case GGUF_I64:
      json_integer(parent, key, value->integer);
      break;
    default:
      json_unsigned(parent, key, value->whole);
      break;
  }
}

/* Values of any type as JSON; arrays too. False where there is no memory for the key. */
static bool add_entry(json *object, const gguf_entry *entry) {
  text_buffer key = {0};
  text_add_bytes(&key, entry->key.text, entry->key.bytes);
  const bool fine = !key.failed, array = entry->type == GGUF_ARRAY;
  if (fine) {
    json *parent = array ? json_member_array(object, key.text) : object;
    for (gguf_value v = {0}; gguf_next(entry, &v);) add_value(parent, array ? NULL : key.text, &v);
  }
  text_free(&key);
  return fine;
}

static rc_status print_json(const char *path, const gguf_file *file, const uint8_t *bytes,
                            size_t size, rc_error *error) {
  json *root = json_object();
  json_text(root, "file", path);
  json_unsigned(root, "bytes", size);
  json *metadata = json_member_object(root, "metadata");
  for (int i = 0; i < file->entry_count; i++) {
    if (add_entry(metadata, &file->entries[i])) continue;
    json_free(root);
    return rc_fail(error, RC_ERR_MEMORY, "out of memory for a line of JSON");
  }
  json *tensors = json_member_array(root, "tensors");
  for (int i = 0; i < file->tensor_count; i++) {
    const gguf_tensor *tensor = &file->tensors[i];
    tensor_facts facts;
    rc_status status = measure_tensor(tensor, &facts, error);
    if (status != RC_OK) {
      json_free(root);
      return status;
    }
    json *item = json_item_object(tensors);
    json_text_bytes(item, "name", tensor->name.text, tensor->name.bytes);
    json *shape = json_member_array(item, "shape");
    for (int d = 0; d < tensor->dims; d++) json_item_integer(shape, (int64_t)tensor->shape[d]);
    json_text(item, "type", tensor_type_name(tensor->type));
    json_integer(item, "offset", tensor->data - bytes); /* from the start of the file */
    json_unsigned(item, "bytes", tensor->bytes);
    json *first = json_member_array(item, "first");
    for (int v = 0; v < facts.first_count; v++) json_item_number(first, (double)facts.first[v]);
    json_number(item, "sum", facts.sum);
    json_number(item, "square_sum", facts.square_sum);
  }
  return program_print_json(root, error);
}

/* For people */

enum { ITEMS_SHOWN = 20 }; /* of an array */

/* A value as JSON, of a long array its first items and how many there are; NULL without memory. To
 * be freed with cJSON_free. */
static char *value_text(const gguf_entry *entry) {
  json *one = json_object();
  json *value = one != NULL && add_entry(one, entry) ? one->child : NULL;
  const int count = cJSON_IsArray(value) ? cJSON_GetArraySize(value) : 0;
  if (count > ITEMS_SHOWN) {
    json *first = json_member_array(one, "");
    char more[32];
    snprintf(more, sizeof more, "... of %d", count);
    json *last = first == NULL ? NULL : cJSON_CreateRaw(more);
    for (int i = 0; i < ITEMS_SHOWN && last != NULL; i++) {
      cJSON_AddItemToArray(first, cJSON_DetachItemFromArray(value, 0));
    }
    if (last != NULL) cJSON_AddItemToArray(first, last);
    value = last != NULL ? first : NULL;
  }
  char *text = json_to_text(value);
  json_free(one);
  return text;
}

/* A name of the file, terminated; freed with text_free. */
static text_buffer copy_name(gguf_string name) {
  text_buffer copy = {0};
  text_add_bytes(&copy, name.text, name.bytes);
  return copy;
}

/* The columns for names of which this is one; a very long one takes more. */
enum { NAME_COLUMNS_MAX = 64 };

static int widen(int width, gguf_string name) {
  text_buffer copy = copy_name(name);
  int columns = copy.failed ? 0 : terminal_text_width(copy.text);
  text_free(&copy);
  if (columns > NAME_COLUMNS_MAX) columns = NAME_COLUMNS_MAX;
  return columns > width ? columns : width;
}

static rc_status print_name(gguf_string name, int width, rc_error *error) {
  text_buffer copy = copy_name(name);
  if (copy.failed) return rc_fail(error, RC_ERR_MEMORY, "out of memory");
  const int columns = terminal_text_width(copy.text);
  terminal_pad(stdout, copy.text, columns > width ? columns : width, false);
  text_free(&copy);
  return RC_OK;
}

static rc_status print_metadata(const gguf_file *file, const terminal *term, rc_error *error) {
  int width = 0;
  for (int i = 0; i < file->entry_count; i++) width = widen(width, file->entries[i].key);
  for (int i = 0; i < file->entry_count; i++) {
    char *text = value_text(&file->entries[i]);
    if (text == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory");
    printf("  %s", terminal_style_of(term, TERMINAL_ACCENT));
    rc_status status = print_name(file->entries[i].key, width, error);
    printf("%s  ", terminal_style_of(term, TERMINAL_RESET));
    int room = terminal_width(term) - width - 4, needed = terminal_text_width(text);
    bool cut = term->interactive && needed > room && room > 8;
    terminal_pad(stdout, text, cut ? room : needed, false);
    printf("\n");
    cJSON_free(text);
    RC_TRY(status);
  }
  return RC_OK;
}

/* "[128, 58]", slowest dimension first as PyTorch writes it. */
static void format_shape(const gguf_tensor *tensor, char *text, size_t size) {
  size_t used = (size_t)snprintf(text, size, "[");
  for (int d = tensor->dims - 1; d >= 0 && used < size; d--) {
    used += (size_t)snprintf(text + used, size - used, "%llu%s",
                             (unsigned long long)tensor->shape[d], d > 0 ? ", " : "]");
  }
}

enum { TENSOR_COLUMNS = 4, TENSOR_COLUMN_WIDTH = 10 };

/* A narrow terminal gets the columns that fit. */
static int tensor_columns_that_fit(const terminal *term, int name_width) {
  if (!term->interactive) return TENSOR_COLUMNS;
  int fit = (terminal_width(term) - name_width - 26) / TENSOR_COLUMN_WIDTH;
  return fit < 0 ? 0 : fit < TENSOR_COLUMNS ? fit : TENSOR_COLUMNS;
}

static rc_status print_tensor(const gguf_tensor *tensor, int width, int shown, rc_error *error) {
  tensor_facts facts;
  RC_TRY(measure_tensor(tensor, &facts, error));
  double count = tensor->count > 0 ? (double)tensor->count : 1;
  const double values[TENSOR_COLUMNS] = {facts.sum / count, sqrt(facts.square_sum / count),
                                         facts.low, facts.high};
  char shape[96];
  format_shape(tensor, shape, sizeof shape);
  printf("  ");
  RC_TRY(print_name(tensor->name, width, error));
  printf("  %-5s %-16s", tensor_type_name(tensor->type), shape);
  for (int c = 0; c < shown; c++) printf("%*.4f", TENSOR_COLUMN_WIDTH, values[c]);
  printf("\n");
  return RC_OK;
}

static rc_status print_tensors(const gguf_file *file, const terminal *term, rc_error *error) {
  static const char *const titles[TENSOR_COLUMNS] = {"mean", "rms", "least", "most"};
  int width = 6;
  for (int i = 0; i < file->tensor_count; i++) width = widen(width, file->tensors[i].name);
  int shown = tensor_columns_that_fit(term, width);
  printf("  %s%-*s  %-5s %-16s", terminal_style_of(term, TERMINAL_DIM), width, "tensor", "type",
         "shape");
  for (int c = 0; c < shown; c++) printf("%*s", TENSOR_COLUMN_WIDTH, titles[c]);
  printf("%s\n", terminal_style_of(term, TERMINAL_RESET));
  long parameters = 0;
  for (int i = 0; i < file->tensor_count; i++) {
    RC_TRY(print_tensor(&file->tensors[i], width, shown, error));
    parameters += (long)file->tensors[i].count;
  }
  char grouped[TEXT_GROUPED_BYTES];
  printf("  %d tensors, %s parameters\n", file->tensor_count, text_grouped(parameters, grouped));
  return RC_OK;
}

static rc_status inspect(const char *path, const uint8_t *bytes, size_t size, bool as_json,
                         rc_error *error) {
  rc_arena arena;
  rc_error reason;
  RC_TRY(arena_new(&arena, gguf_open_bytes(bytes, size), error));
  gguf_file file = {0};
  rc_status status = gguf_open(&file, bytes, size, &arena, &reason);
  if (status != RC_OK) {
    files_explain(status, path, &reason, error);
  } else if (as_json) {
    status = print_json(path, &file, bytes, size, error);
  } else {
    terminal term = terminal_of(stdout);
    char grouped[TEXT_GROUPED_BYTES];
    printf("%s%s%s, %s bytes\n\n", terminal_style_of(&term, TERMINAL_BOLD), path,
           terminal_style_of(&term, TERMINAL_RESET), text_grouped((long)size, grouped));
    status = print_metadata(&file, &term, error);
    printf("\n");
    if (status == RC_OK) status = print_tensors(&file, &term, error);
  }
  arena_free(&arena);
  return status;
}

int evaluate_inspect(int argc, char **argv) {
  const char *path = NULL;
  bool as_json = false;
  program_option table[] = {
      OPTION_GROUP("Options"),
      OPTION_TEXT("model", 'm', &path, "FILE", "weight file (GGUF); needed"),
      OPTION_FLAG("json", 'j', &as_json,
                  "print one JSON object: metadata, and for each tensor its name, shape (fastest "
                  "dimension first), type, offset in the file, first values, sum and sum of "
                  "squares of the decoded values"),
  };
  program_spec spec = {
      .program = program,
      .usage = "--model FILE [--json]",
      .summary = "Shows the metadata and the tensors of a weight file.",
      .examples = "evaluate inspect --model names-gru.gguf\n",
      .options = table,
      .option_count = OPTION_COUNT(table),
  };
  int code;
  if (!program_options(&spec, argc, argv, NULL, &code)) return code;
  if (path == NULL) return program_wrong_usage(program, "--model FILE is needed");
  char *bytes;
  size_t size;
  rc_error error;
  rc_status status = files_read_all(path, &bytes, &size, &error);
  if (status == RC_OK) status = inspect(path, (const uint8_t *)bytes, size, as_json, &error);
  free(bytes);
  return status == RC_OK ? PROGRAM_OK : program_fail(program, &error);
}
