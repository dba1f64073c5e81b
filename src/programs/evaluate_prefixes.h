#ifndef RECUR_EVALUATE_PREFIXES_H
#define RECUR_EVALUATE_PREFIXES_H

#include "json.h"
#include "prefixes.h"
#include "translating.h"

/* How a translator does while someone types: it translates each prefix (prefixes.h) of sources. */

typedef struct prefix_example {
  char *prefix, *translation, *before; /* before: the translation of the prefix before */
  prefix_verdict verdict;
} prefix_example;

typedef struct prefix_evaluation {
  prefix_scores scores;
  int sources;
  double seconds;
  prefix_example *worst; /* [worst_count], the worst first */
  int worst_count, worst_room;
} prefix_evaluation;

/* how: as texts are translated, with one best. examples: that are kept, at most, one of a source;
 * none of them is without fault. RC_ERR_MEMORY, and as translate_lines. Freed with
 * prefix_evaluation_free, on failure too. */
rc_status evaluate_prefixes(const translating *how, const utf8_text *sources, int count,
                            int examples, prefix_evaluation *out, rc_error *error);
void prefix_evaluation_free(prefix_evaluation *evaluation);

void prefix_evaluation_print(const prefix_evaluation *evaluation);
void prefix_evaluation_json(const prefix_evaluation *evaluation, json *row);

#endif
