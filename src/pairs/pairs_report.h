#ifndef RECUR_PAIRS_REPORT_H
#define RECUR_PAIRS_REPORT_H

#include "pairs_run.h"

/* A translator's training as an HTML page: curves of loss, BLEU and learning rate, and what became
 * of sample sentences. command: the command line that makes it again. */
rc_status pairs_report_write(const char *path, const char *command, const pairs_settings *settings,
                             const pairs_corpus *corpus, const pairs_result *result,
                             rc_error *error);

#endif
