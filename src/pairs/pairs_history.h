#ifndef RECUR_PAIRS_HISTORY_H
#define RECUR_PAIRS_HISTORY_H

#include <stdbool.h>

#include "status.h"

/* What the evaluations of a translator's training came to. Shown on the terminal, logged, drawn in
 * the report, and kept in the checkpoint. */

enum { PAIRS_SAMPLES = 4 };

typedef struct pairs_record {
  long step;       /* updates done */
  double epochs;   /* done, with the share of the running one */
  double loss;     /* mean since the evaluation before, nats a target token, with label smoothing */
  double dev_loss; /* nats a target token, without; NaN without dev data, as the next two, or where
                      all of it is too long */
  double bleu;     /* of greedy translations, 0 to 100 */
  double chrf;
  double lr;           /* learning rate at the end */
  double seconds;      /* of training since the evaluation before */
  double tokens_per_s; /* target tokens in that time */
  int best;            /* the best BLEU so far */
} pairs_record;

typedef struct pairs_history {
  pairs_record *records;           /* [count] */
  char *(*samples)[PAIRS_SAMPLES]; /* [count] translations of the sample sentences, or NULL */
  int count, capacity;
  double seconds; /* of training */
} pairs_history;

/* Appends a record without samples. RC_ERR_MEMORY. */
rc_status pairs_history_add(pairs_history *history, const pairs_record *record, rc_error *error);
void pairs_history_free(pairs_history *history);

/* Index of the record with the best BLEU, -1 without any. */
int pairs_history_best(const pairs_history *history);

/* How many evaluations in a row, up to the last, had neither a better BLEU nor a lower loss on the
 * development data than all before: at first BLEU says little. */
int pairs_history_stalled(const pairs_history *history);

/* A record as text, whose numbers read back to the same bits. False for text that is none. */
enum { PAIRS_RECORD_TEXT = 320 };
void pairs_record_to_text(const pairs_record *record, char text[PAIRS_RECORD_TEXT]);
bool pairs_record_from_text(const char *text, pairs_record *record);

#endif
