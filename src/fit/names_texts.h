#ifndef RECUR_NAMES_TEXTS_H
#define RECUR_NAMES_TEXTS_H

#include "kernels.h"
#include "names_data.h"

/* What is learnt from labelled names: texts, each with a distribution over the labels. */

typedef struct names_texts {
  int count;       /* of the texts as they are written; behind them come */
  int plain_count; /* those that are some of them without marks */
  const int **ids; /* [count + plain_count] */
  int *lengths;    /* [count + plain_count], each >= 1 */
  int *labels;     /* [count + plain_count] one of the likeliest */
  int *plain;      /* [count] index of the text without its marks; -1 where it has none */
  real *targets;   /* [count + plain_count, C] each sums to 1 */
  rc_arena memory; /* owns all of it */
} names_texts;

/* How names that stand under several labels are learnt. */
typedef enum names_several {
  NAMES_EACH,     /* every line by itself */
  NAMES_TOGETHER, /* once, with all of its labels; those that the name has only with other marks
                     count half */
  NAMES_WEIGHED,  /* as often as it has lines, each time with all of its labels, of which one
                     counts by its lines and by how likely the teachers find it, who hold it
                     against names that have no other (Jin and Ghahramani 2002, "Learning with
                     Multiple Labels") */
} names_several;

/* pairs: distinct; they must outlive the texts. unmarked: also as they are without marks, and then
 * with the labels of all that look the same. RC_ERR_MEMORY. */
rc_status names_texts_make(names_texts *out, const name_set *pairs, const alphabet *letters,
                           int classes, names_several several, bool unmarked, rc_error *error);
void names_texts_free(names_texts *texts);

/* The letters without their marks: at most NAMES_PLAIN_MAX for each, to out; how many. The
 * tutorial's have none. */
enum { NAMES_PLAIN_MAX = 3 };
int names_plain(const alphabet *letters, const int *ids, int length, int *out);

#endif
