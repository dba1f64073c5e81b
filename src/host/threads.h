#ifndef RECUR_THREADS_H
#define RECUR_THREADS_H

/* `wanted`, or for 0 as many threads as there are processors. */
int threads_wanted(int wanted);

#endif
