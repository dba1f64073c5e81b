#include "threads.h"

#ifdef _OPENMP
#include <omp.h>
#endif
#include <unistd.h>

#include "ranks.h"

int threads_wanted(int wanted) {
#ifdef _OPENMP
  if (wanted > 0) return wanted;
  /* mpirun may have bound each rank to processors of its own, or none. */
  const int ranks = ranks_on_this_machine(), mine = omp_get_num_procs();
  const int share = (int)sysconf(_SC_NPROCESSORS_ONLN) / ranks;
  if (ranks == 1 || mine <= share) return mine;
  return share > 1 ? share : 1;
#else
  (void)wanted;
  return 1;
#endif
}

void threads_each(int threads, int count, void (*run)(void *self, int i, int thread), void *self) {
#ifdef _OPENMP
  /* So scheduled, a thread whose number is not below the count has nothing to do. */
#pragma omp parallel for schedule(static, 1) num_threads(threads)
  for (int i = 0; i < count; i++) run(self, i, omp_get_thread_num());
#else
  (void)threads;
  for (int i = 0; i < count; i++) run(self, i, 0);
#endif
}
