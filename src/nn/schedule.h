#ifndef RECUR_SCHEDULE_H
#define RECUR_SCHEDULE_H

#include "kernels.h"

/* Learning-rate schedules over a run of `total` steps. Over the first `warmup` steps the rate rises
 * linearly, from peak / (warmup + 1) at step 0, so that no step is lost at rate 0, to the peak at
 * step `warmup`. After that SCHEDULE_COSINE falls to 0 at `total` (Loshchilov & Hutter 2017) and
 * stays there, and SCHEDULE_INVERSE_SQRT falls as sqrt(warmup / step) (Vaswani et al. 2017). */
typedef enum schedule_kind {
  SCHEDULE_CONSTANT,
  SCHEDULE_COSINE,
  SCHEDULE_INVERSE_SQRT
} schedule_kind;

typedef struct schedule {
  schedule_kind kind;
  real peak;
  long warmup, total; /* >= 0 */
} schedule;

/* The rate of step 0, 1, 2... */
real schedule_rate(const schedule *plan, long step);

#endif
