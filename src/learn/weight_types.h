#ifndef RECUR_WEIGHT_TYPES_H
#define RECUR_WEIGHT_TYPES_H

#include "gguf.h"
#include "trainer.h"

/* --type of the training commands: how a file's tensors are stored. */

extern const char *const weight_type_names[]; /* "f16", "f32", "q8_0", NULL: OPTION_CHOICE's */
/* Those, and behind them "q5_0" and "q4_0", which only conversion writes. */
extern const char *const weight_conversion_names[];

/* --round of training: "no", "q5_0", "q4_0", NULL, and what trainer_options wants for each. */
extern const char *const weight_rounding_names[];
trainer_rounding *weight_rounding(int index);

/* index: into those names. */
gguf_tensor_type weight_type(int index);

/* What writing a file gave: for RC_ERR_RANGE the error says which type does not hold the weights
 * and what does. Returns `status`. */
rc_status weight_type_explain(rc_status status, const char *path, int index, rc_error *error);

#endif
