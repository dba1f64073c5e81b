#include "params.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

rc_status params_add(param_list *list, const char *prefix, const char *name, int rows, int columns,
                     size_t *offset, rc_error *error) {
  bool bare = prefix == NULL || prefix[0] == '\0';
  param item = {.dims = columns == 0 ? 1 : 2, .offset = list->total};
  int length =
      snprintf(item.name, sizeof item.name, "%s%s%s", bare ? "" : prefix, bare ? "" : ".", name);
  if (length <= 0 || (size_t)length >= sizeof item.name || list->count == PARAMS_MAX ||
      params_find(list, item.name) != NULL) {
    return rc_fail(error, RC_ERR_ARGUMENT, "parameter %s is there already, too long or too many",
                   item.name);
  }
  size_t width = columns > 0 ? (size_t)columns : 1;
  size_t room = PTRDIFF_MAX / sizeof(real) - list->total;
  if (rows < 1 || columns < 0 || (size_t)rows > room / width) {
    return rc_fail(error, RC_ERR_ARGUMENT, "parameter %s cannot be [%d, %d]", item.name, rows,
                   columns);
  }
  item.shape[0] = rows;
  item.shape[1] = columns;
  item.count = (size_t)rows * width;
  list->items[list->count++] = item;
  list->total += item.count;
  *offset = item.offset;
  return RC_OK;
}

const param *params_find(const param_list *list, const char *name) {
  for (int i = 0; i < list->count; i++) {
    if (strcmp(list->items[i].name, name) == 0) return &list->items[i];
  }
  return NULL;
}
