#ifndef RECUR_THREADS_H
#define RECUR_THREADS_H

/* `wanted`, or for 0 as many threads as there are processors, shared with the other ranks of the
 * machine (ranks.h). */
int threads_wanted(int wanted);

#endif
