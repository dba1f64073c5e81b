#ifndef RECUR_PARAMS_H
#define RECUR_PARAMS_H

#include <stddef.h>

#include "kernels.h"
#include "status.h"

/* The one list of a network's parameters. A row says where a tensor lies in the parallel blocks
 * that hold values, gradients and optimiser state, all of `total` elements: initialisation, the
 * optimiser, saving and loading walk this list. Layers remember the offsets that params_add gave
 * them and take the blocks' start as an argument. */

enum { PARAMS_MAX = 96, PARAM_NAME_MAX = 48, PARAM_DIMS_MAX = 2 };

typedef struct param {
  char name[PARAM_NAME_MAX]; /* PyTorch's state_dict names: "rnn.weight_ih_l0_reverse" */
  int dims;                  /* 1 or 2 */
  int shape[PARAM_DIMS_MAX]; /* row-major, slowest first, as PyTorch prints it */
  size_t offset, count;      /* elements */
} param;

typedef struct param_list {
  param items[PARAMS_MAX];
  int count;
  size_t total; /* elements in a block */
} param_list;

/* Appends the row "prefix.name" (only "name" where the prefix is NULL or empty); `columns` 0 makes
 * a vector. RC_ERR_ARGUMENT, with the list as it was, when it is full, the name too long or already
 * there, the size not positive or the block too large for memory. */
rc_status params_add(param_list *list, const char *prefix, const char *name, int rows, int columns,
                     size_t *offset, rc_error *error);

/* NULL when there is none of that name. */
const param *params_find(const param_list *list, const char *name);

#endif
