#ifndef RECUR_SHORTLIST_LEARN_H
#define RECUR_SHORTLIST_LEARN_H

#include "options.h"
#include "translator_file.h"

/* Makes the shortlist of a translator (shortlist.h) from pairs of sentences. */

typedef struct shortlist_options {
  option_texts pairs; /* files, source<TAB>target a line */
  int width, common;  /* the most targets of a source token; those of any sentence */
  double least;       /* probability of a target */
} shortlist_options;

typedef struct learnt_shortlist {
  uint16_t *counts, *targets, *common; /* as the file has them */
  size_t source_count, target_count, common_count;
} learnt_shortlist;

/* For the model, of which the texts are enough. A source token that is a target token as well is
 * its own first translation: names stay what they are. RC_ERR_FORMAT, RC_ERR_IO, RC_ERR_MEMORY;
 * freed with learnt_shortlist_free, on failure too. */
rc_status shortlist_learn(learnt_shortlist *out, const shortlist_options *options,
                          const translator_model *model, rc_error *error);
void learnt_shortlist_free(learnt_shortlist *list);

/* The entries of the file. */
enum { SHORTLIST_ENTRIES = 3 };
void shortlist_put(gguf_writer *writer, const learnt_shortlist *list);
bool shortlist_is_entry(const gguf_entry *entry);

#endif
