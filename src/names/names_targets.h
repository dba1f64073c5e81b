#ifndef RECUR_NAMES_TARGETS_H
#define RECUR_NAMES_TARGETS_H

#include "names_data.h"
#include "names_settings.h"
#include "names_task.h"

/* What a network is trained towards: labels alone, or labels and teachers (Hinton et al. 2015,
 * "Distilling the Knowledge in a Neural Network"). */

typedef struct names_targets {
  train_set set;
  rc_arena memory;
  name_set pseudo;
} names_targets;

/* labels: [label_count], which teachers must share. `known` must outlive the targets. */
rc_status names_targets_make(names_targets *out, const names_settings *settings,
                             const name_set *known, const char *const *labels, int label_count,
                             rc_error *error);
void names_targets_free(names_targets *targets);

#endif
