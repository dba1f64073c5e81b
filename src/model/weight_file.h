#ifndef RECUR_WEIGHT_FILE_H
#define RECUR_WEIGHT_FILE_H

#include "gguf.h"
#include "params.h"

/* What the weight files of all networks have in common: the parameter list as tensors of the same
 * names, choices by name, and a record of how the weights were made. */

/* One line of the training record. */
typedef struct record_entry {
  const char *key;  /* without the prefix "recur.training." unless it contains a dot */
  const char *text; /* NULL: a number */
  double number;
} record_entry;

bool weight_file_string_is(gguf_string string, const char *text);

/* RC_ERR_FORMAT, naming what it is instead, unless general.architecture is `architecture`. */
rc_status weight_file_check_architecture(const gguf_file *file, const char *architecture,
                                         const char *what, rc_error *error);

rc_status weight_file_int(const gguf_file *file, const char *key, int low, int high, int *value,
                          rc_error *error);

/* The index of the key's text among `names`. */
rc_status weight_file_choice(const gguf_file *file, const char *key, const char *const *names,
                             int count, int *value, rc_error *error);

/* Whether the file has every parameter in its shape, and no other tensor: to be asked before memory
 * for all of them is. */
rc_status weight_file_check_tensors(const gguf_file *file, const param_list *params,
                                    rc_error *error);

void weight_file_put_record(gguf_writer *writer, const record_entry *record, int count);

/* How a parameter of so many dimensions and numbers in a row is stored where `type` is asked for:
 * vectors as F32, and as F16 what blocks cannot hold. */
gguf_tensor_type weight_file_type(int dims, uint64_t row, gguf_tensor_type type);

/* The infos of all parameters, and then their data from values [params->total]: matrices as `type`
 * (F32, F16 or Q8_0; F16 where a row is no whole blocks), vectors as F32. by_row: see
 * gguf_put_data_by_row. */
void weight_file_put_params(gguf_writer *writer, const param_list *params, const float *values,
                            gguf_tensor_type type, bool by_row);

#endif
