#include "weight_file.h"

#include <stdio.h>
#include <string.h>

#include "quantize.h"

static int shown(gguf_string text) {
  return (int)(text.bytes < 40 ? text.bytes : 40);
}

bool weight_file_string_is(gguf_string string, const char *text) {
  return string.bytes == strlen(text) && memcmp(string.text, text, string.bytes) == 0;
}

rc_status weight_file_check_architecture(const gguf_file *file, const char *architecture,
                                         const char *what, rc_error *error) {
  gguf_string text;
  RC_TRY(gguf_get_string(file, "general.architecture", &text, error));
  if (weight_file_string_is(text, architecture)) return RC_OK;
  return rc_fail(error, RC_ERR_FORMAT, "this is not a %s but \"%.*s\"", what, shown(text),
                 text.text);
}

rc_status weight_file_int(const gguf_file *file, const char *key, int low, int high, int *value,
                          rc_error *error) {
  int64_t wide = 0;
  RC_TRY(gguf_get_int(file, key, low, high, &wide, error));
  *value = (int)wide;
  return RC_OK;
}

rc_status weight_file_choice(const gguf_file *file, const char *key, const char *const *names,
                             int count, int *value, rc_error *error) {
  gguf_string text;
  RC_TRY(gguf_get_string(file, key, &text, error));
  for (*value = 0; *value < count; (*value)++) {
    if (weight_file_string_is(text, names[*value])) return RC_OK;
  }
  return rc_fail(error, RC_ERR_FORMAT, "%s is \"%.*s\", which this version does not know", key,
                 shown(text), text.text);
}

rc_status weight_file_check_tensors(const gguf_file *file, const param_list *params,
                                    rc_error *error) {
  for (int i = 0; i < params->count; i++) {
    const param *p = &params->items[i];
    const gguf_tensor *tensor = gguf_find_tensor(file, p->name);
    if (tensor == NULL) return rc_fail(error, RC_ERR_FORMAT, "tensor %s is missing", p->name);
    bool same = tensor->dims == p->dims;
    for (int d = 0; same && d < p->dims; d++) {
      same = tensor->shape[d] == (uint64_t)p->shape[p->dims - 1 - d];
    }
    if (!same) return rc_fail(error, RC_ERR_FORMAT, "tensor %s has another shape", p->name);
  }
  if (file->tensor_count != params->count) {
    return rc_fail(error, RC_ERR_FORMAT, "the file has %d tensors, this network %d",
                   file->tensor_count, params->count);
  }
  return RC_OK;
}

void weight_file_put_record(gguf_writer *writer, const record_entry *record, int count) {
  for (int i = 0; i < count; i++) {
    const record_entry *entry = &record[i];
    char key[GGUF_NAME_MAX];
    bool whole = strchr(entry->key, '.') != NULL;
    snprintf(key, sizeof key, "%s%s", whole ? "" : "recur.training.", entry->key);
    if (entry->text != NULL) {
      gguf_put_string(writer, key, entry->text);
    } else {
      gguf_put_f64(writer, key, entry->number);
    }
  }
}

/* Vectors are few and stay exact; blocks want rows of whole ones. */
gguf_tensor_type weight_file_type(int dims, uint64_t row, gguf_tensor_type type) {
  if (dims == 1) return GGUF_TENSOR_F32;
  return gguf_block_bytes(type) > 0 && row % GGUF_BLOCK != 0 ? GGUF_TENSOR_F16 : type;
}

void weight_file_put_params(gguf_writer *writer, const param_list *params, const float *values,
                            gguf_tensor_type type, bool by_row) {
  for (int i = 0; i < params->count; i++) {
    const param *p = &params->items[i];
    uint64_t shape[PARAM_DIMS_MAX];
    for (int d = 0; d < p->dims; d++) shape[d] = (uint64_t)p->shape[p->dims - 1 - d];
    gguf_put_tensor(writer, p->name,
                    weight_file_type(p->dims, (uint64_t)p->shape[p->dims - 1], type), p->dims,
                    shape);
  }
  for (int i = 0; i < params->count; i++) {
    const float *data = values + params->items[i].offset;
    if (by_row) {
      gguf_put_data_by_row(writer, data, quantize_scale);
    } else {
      gguf_put_data(writer, data);
    }
  }
}
