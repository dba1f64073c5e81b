#ifndef RECUR_PLACEHOLDERS_H
#define RECUR_PLACEHOLDERS_H

#include "marks.h"
#include "translator_vocabulary.h"

/* Which tokens stand for which placeholder (marks.h) in a translator with a text layer, so that the
 * search writes each of the source's exactly once. */

enum {
  PLACEHOLDERS_MAX = 2 * MARK_FAMILY, /* of both families, in one row: a bit of 32 each */
  PLACEHOLDER_NONE = -1,
  PLACEHOLDER_NEVER = -2, /* never to be written: it could make characters of private use */
};

typedef struct placeholders {
  const int16_t *source, *target; /* [Vs], [Vt] of each token; NULL: there is no text layer */
  int target_count;               /* target tokens that stand for one */
} placeholders;

/* Finds them in the arena, which has room for as many bytes as both vocabularies have tokens and
 * two alignments. The vocabularies may be one. RC_ERR_FORMAT where a vocabulary lacks one. */
rc_status placeholders_find(placeholders *out, const translator_vocabulary *source,
                            const translator_vocabulary *target, rc_arena *arena, rc_error *error);

/* Those of a source ids [count], each a bit. */
uint32_t placeholders_of(const placeholders *p, const int *ids, int count);

/* How many bits are set. */
static inline int placeholders_count(uint32_t set) {
  int count = 0;
  for (; set != 0; set &= set - 1) count++;
  return count;
}

#endif
