#include "schedule.h"

#include <math.h>

#include "checks.h"

/* peak (1 + cos(pi s / S)) / 2, s of the S steps after the warm-up */
static double cosine_factor(const schedule *plan, long step) {
  const double pi = 3.14159265358979323846;
  if (step >= plan->total) return 0;
  double done = (double)(step - plan->warmup) / (double)(plan->total - plan->warmup);
  return 0.5 * (1 + cos(pi * done));
}

/* sqrt(warmup / step), counted from 1 where there is no warm-up */
static double inverse_sqrt_factor(const schedule *plan, long step) {
  if (plan->warmup == 0) return 1 / sqrt((double)step + 1);
  return sqrt((double)plan->warmup / (double)step);
}

static double schedule_factor(const schedule *plan, long step) {
  if (step < plan->warmup) return ((double)step + 1) / ((double)plan->warmup + 1);
  switch (plan->kind) {
    case SCHEDULE_COSINE:
      return cosine_factor(plan, step);
    case SCHEDULE_INVERSE_SQRT:
      return inverse_sqrt_factor(plan, step);
    case SCHEDULE_CONSTANT:
      break;
  }
  return 1;
}

real schedule_rate(const schedule *plan, long step) {
  RC_ASSERT(step >= 0);
  return (real)(plan->peak * schedule_factor(plan, step));
}
