#ifndef RECUR_TRANSLATOR_SIDE_H
#define RECUR_TRANSLATOR_SIDE_H

#include "embedding.h"
#include "packed.h"
#include "rng.h"

/* One language of a batch: its packing, how it lies in the caller's order, and its embedded tokens.
 * Both languages are packed by their own lengths, so a sentence has a place of its own in each. */

typedef struct translator_side {
  void *packing; /* what packed_build fills */
  size_t packing_bytes;
  packed batch;
  int *starts;             /* [B + 1] first row of each sentence in the caller's order */
  int *rows;               /* [N] packed row of each row in the caller's order */
  int *sentences;          /* [N] sentence, in the caller's order, of each packed row */
  int *ids;                /* [N] packed */
  real *embedded;          /* [N, E] packed, after dropout */
  real *d_embedded, *mask; /* [N, E] training; the mask of the dropout, or NULL */
} translator_side;

/* For up to so many sentences, tokens, and tokens of one sentence; `width` is E. Training adds what
 * translator_side_layout_back lays out. */
translator_side translator_side_layout(int count, int tokens, int length, int width,
                                       rc_arena *arena);
void translator_side_layout_back(translator_side *side, int tokens, int width, real dropout,
                                 rc_arena *arena);

/* RC_ERR_ARGUMENT, naming `what`, unless all lengths lie in [1, length] and make at most `tokens`.
 */
rc_status translator_side_check(const char *what, int count, const int *lengths, int length,
                                int tokens, rc_error *error);

/* Packs a batch whose ids lie in the caller's order. */
rc_status translator_side_pack(translator_side *side, int count, const int *lengths, const int *ids,
                               rc_error *error);

/* rng NULL: no dropout, which backward is to be told. */
void translator_side_embed(translator_side *side, const embedding *table, const real *values,
                           real dropout, rc_rng *rng);
/* Once more, for rows whose ids have changed, under the same dropout. */
void translator_side_embed_again(translator_side *side, const embedding *table, const real *values,
                                 bool dropped, int first, int rows);
void translator_side_embed_back(translator_side *side, const embedding *table, bool dropped,
                                real *gradients);

/* Rows [N, width] of packed order to rows in the caller's. */
void translator_side_unpack(const translator_side *side, int width, const real *from, real *to);
/* Adds rows in the caller's order to those of packed order. */
void translator_side_pack_add(const translator_side *side, int width, const real *from, real *to);

/* One row a sentence, [B, width], from the packed order of one side to that of another. */
void translator_side_reorder(const translator_side *from_side, const translator_side *to_side,
                             int width, const real *from, real *to);

#endif
