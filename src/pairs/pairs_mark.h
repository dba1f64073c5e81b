#ifndef RECUR_PAIRS_MARK_H
#define RECUR_PAIRS_MARK_H

#include "layer_pair.h"
#include "pairs.h"

/* Gives pairs the marked texts of a text layer (layer_pair.h) instead of normalised ones, and
 * leaves out those that have more spans than there are placeholders. seed: draws placeholders and
 * names; NULL: the first placeholders and no names. RC_ERR_MEMORY; RC_ERR_FORMAT where no pair is
 * left. */
rc_status pairs_mark(text_pairs *pairs, const layer_pairing *how, const uint64_t *seed,
                     rc_error *error);

#endif
