#ifndef RECUR_SIGNALS_H
#define RECUR_SIGNALS_H

#include <stdbool.h>

/* Ctrl-C and SIGTERM as a question that a loop asks. A signal handler can reach only a variable of
 * static storage, so there is one here. */

/* From now on SIGINT and SIGTERM only set a flag; a second one ends the program at once. */
void signals_catch(void);

bool signals_stop_requested(void);

/* From now on writing to a closed pipe is an error (EPIPE), not the end. */
void signals_ignore_pipe(void);

#endif
