#include <stdlib.h>

#include "kernels.h"

/* What librecur does when it is loaded: before any thread of its user can have an engine. */
__attribute__((constructor)) static void choose_kernels(void) {
  const char *variant = getenv("RECUR_CPU");
  if (variant == NULL || kernels_select(variant, NULL) != RC_OK) kernels_select(NULL, NULL);
}
