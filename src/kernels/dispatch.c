#include <stdio.h>
#include <string.h>

#include "variants.h"

/* Slowest first. */
static const struct {
  const rc_kernels *table;
  bool (*runs_here)(void);
} variants[] = {
    {&kernels_ref, NULL},
};

enum { VARIANTS = sizeof variants / sizeof variants[0] };

const rc_kernels *kernels = &kernels_ref;

const rc_kernels *kernels_available(int index) {
  for (int i = 0; i < VARIANTS; i++) {
    if (variants[i].runs_here != NULL && !variants[i].runs_here()) continue;
    if (index-- == 0) return variants[i].table;
  }
  return NULL;
}

static rc_status unknown_name(const char *name, rc_error *error) {
  char names[128] = "";
  size_t length = 0;
  const rc_kernels *variant;
  for (int i = 0; (variant = kernels_available(i)) != NULL && length < sizeof names; i++) {
    int written =
        snprintf(names + length, sizeof names - length, i == 0 ? "%s" : ", %s", variant->name);
    if (written > 0) length += (size_t)written;
  }
  return rc_fail(error, RC_ERR_ARGUMENT, "no kernels named \"%s\" run here; there are: %s", name,
                 names);
}

rc_status kernels_select(const char *name, rc_error *error) {
  const rc_kernels *chosen = NULL, *variant;
  for (int i = 0; (variant = kernels_available(i)) != NULL; i++) {
    if (name == NULL || strcmp(name, variant->name) == 0) chosen = variant;
  }
  if (chosen == NULL) return unknown_name(name, error);
  kernels = chosen;
  return RC_OK;
}
