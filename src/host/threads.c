#include "threads.h"

#ifdef _OPENMP
#include <omp.h>
#endif

int threads_wanted(int wanted) {
#ifdef _OPENMP
  return wanted == 0 ? omp_get_num_procs() : wanted;
#else
  (void)wanted;
  return 1;
#endif
}
