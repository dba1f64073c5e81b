#ifndef RECUR_TRANSLATOR_GROW_H
#define RECUR_TRANSLATOR_GROW_H

#include "translator.h"

/* A trained network as the start of a wider one that says the same (Chen, Goodfellow and Shlens
 * 2016, "Net2Net"): what was learnt stays in its place, new units read what they like, and nobody
 * listens to them yet. */

/* The values [to->params.total] of `to` from those of `from`, which is the same network but for
 * smaller sizes (embedding, hidden, encoder_hidden, attentional), or without the lexical part:
 * new units begin as translator_init makes them for that seed, what reads them at 0, a lexical part
 * at 0. Its outputs are those of `from`, up to rounding. RC_ERR_ARGUMENT, naming what, where the
 * networks differ by more, a size is smaller, or where the decoder's state is the encoder's (no
 * bridge, or a dot product as attention) and would be another. */
rc_status translator_grow(const translator *from, const real *old, const translator *to,
                          uint64_t seed, real *values, rc_error *error);

#endif
