#ifndef RECUR_SIGNALS_H
#define RECUR_SIGNALS_H

#include <stdbool.h>

/* Ctrl-C, SIGTERM and SIGUSR1 as a question that a loop asks. A signal handler can reach only a
 * variable of static storage, so there is one here. */

/* From now on SIGINT, SIGTERM and SIGUSR1, which mpirun and batch systems hand on without an end in
 * mind, only set a flag; a second SIGINT or SIGTERM ends the program at once. */
void signals_catch(void);

bool signals_stop_requested(void);

/* From now on writing to a closed pipe is an error (EPIPE), not the end. */
void signals_ignore_pipe(void);

#endif
