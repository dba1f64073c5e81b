#ifndef RECUR_NAMES_SPLICE_H
#define RECUR_NAMES_SPLICE_H

#include "names_data.h"
#include "rng.h"

/* Pseudo-names: the beginning of one name and the end of another of the same label, cut behind the
 * same two letters (Peter|s and Ander|sen make Petersen), which in the tutorial's alphabet may
 * differ in case. `wanted` are tried; those that are known names, came before or are longer than
 * SPLICE_LETTERS_MAX are left out. A share of `plain_rate` loses its marks. */
enum { SPLICE_CONTEXT = 2, SPLICE_LETTERS_MAX = 20 };
rc_status names_splice(name_set *out, const name_set *known, const alphabet *letters, int wanted,
                       double plain_rate, uint64_t seed, rc_error *error);

#endif
