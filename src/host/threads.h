#ifndef RECUR_THREADS_H
#define RECUR_THREADS_H

/* `wanted`, or for 0 as many threads as there are processors, shared with the other ranks of the
 * machine (ranks.h). */
int threads_wanted(int wanted);

/* A trainer's `each` (trainer.h): run(self, i, thread) for each i below count. */
void threads_each(int threads, int count, void (*run)(void *self, int i, int thread), void *self);

#endif
