#ifndef RECUR_SCRIPT_LABELS_H
#define RECUR_SCRIPT_LABELS_H

#include "classifier_file.h"

/* Reads which labels scripts are at home with: lines of a script's code, a tab and a label. Labels
 * that are none of the [label_count] are passed over, so that one file serves several sets of
 * names. *out: malloc'd, [*count]. RC_ERR_FORMAT, "FILE:LINE: reason", for what is no script, or
 * for more than CLASSIFIER_SCRIPTS_MAX; RC_ERR_IO; RC_ERR_MEMORY. */
rc_status script_labels_read(script_label **out, int *count, const char *path,
                             const char *const *labels, int label_count, rc_error *error);

#endif
