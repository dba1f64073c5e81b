#ifndef RECUR_CLASSIFY_INSPECT_H
#define RECUR_CLASSIFY_INSPECT_H

#include "inspect.h"
#include "json.h"

/* `classify --inspect`: what happens in the cells, as JSON. */

/* The index of a label, or -1 for the name NULL; RC_ERR_ARGUMENT where there is none of it. */
rc_status classify_inspect_label(const classifier_model *model, const char *name, int *label,
                                 rc_error *error);

/* Adds the member "inside". label: as it was given to classifier_inspect. */
void classify_inspect_add(json *row, const classifier_model *model, int label,
                          const inspection *inside);

#endif
