#ifndef RECUR_SHORTLIST_H
#define RECUR_SHORTLIST_H

#include <stdint.h>

#include "gguf.h"
#include "placeholders.h"

/* A lexical shortlist (Jean et al. 2015, "On Using Very Large Target Vocabulary for Neural Machine
 * Translation"): which target tokens each source token is likely to become. A sentence is then
 * translated to these alone, some hundreds of many thousands, so that most of the output layer is
 * never computed.
 *
 * Keys of a weight file, each an array of U16: recur.shortlist.counts [Vs], how many target tokens
 * a source token has; recur.shortlist.targets [sum of counts], those of all; and
 * recur.shortlist.common, the tokens that any sentence may have. */

#define SHORTLIST_COUNTS "recur.shortlist.counts"
#define SHORTLIST_TARGETS "recur.shortlist.targets"
#define SHORTLIST_COMMON "recur.shortlist.common"

typedef struct shortlist {
  const int *starts;       /* [Vs + 1] in targets; NULL: there is no list, anything may be said */
  const uint16_t *targets; /* in [0, Vt) */
  const uint16_t *common;  /* [common_count] in [0, Vt) */
  int common_count;
} shortlist;

/* Arena space for the shortlist of a file, in bytes. */
size_t shortlist_bytes(const gguf_file *file);

/* Copies it into the arena; a file without one gives none. RC_ERR_FORMAT where it does not fit the
 * vocabularies. */
rc_status shortlist_read(shortlist *out, const gguf_file *file, int source_vocabulary,
                         int target_vocabulary, rc_arena *arena, rc_error *error);

/* The most target tokens that a source ids [count] may become beside those that any may. */
int shortlist_room(const shortlist *list, const placeholders *marks, int target_vocabulary,
                   const int *ids, int count);

/* What any source may become, in ascending order without BPE_BEGIN and always with BPE_END, to
 * targets [common_count + 1]; returns how many. chosen: [Vt] scratch. */
int shortlist_shared(const shortlist *list, int target_vocabulary, unsigned char *chosen,
                     int *targets);

/* What a source ids [count] may become: what any may, as above, and then what only its own tokens
 * may, in ascending order and always with its placeholders, to targets [common_count + 1 +
 * shortlist_room]; returns how many. chosen: [Vt] scratch. */
int shortlist_choose(const shortlist *list, const placeholders *marks, int target_vocabulary,
                     const int *ids, int count, unsigned char *chosen, int *targets);

#endif
