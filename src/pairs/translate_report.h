#ifndef RECUR_TRANSLATE_REPORT_H
#define RECUR_TRANSLATE_REPORT_H

#include "translate_run.h"

/* A translator's training as an HTML page: curves of loss, BLEU and learning rate, and what became
 * of sample sentences. command: the command line that makes it again. */
rc_status translate_report_write(const char *path, const char *command,
                                 const translate_settings *settings, const translate_corpus *corpus,
                                 const translate_result *result, rc_error *error);

#endif
