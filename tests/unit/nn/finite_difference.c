#include "finite_difference.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* In double the truncation error of a step of 1e-5 is around 1e-10, its rounding error below that.
 */
static const double step_size = 1e-5;
static const double tolerance = 1e-7;

void assert_gradient(const char *what, loss_function loss, void *context, real *x, size_t n,
                     const real *gradient) {
  double scale = 1e-3;
  for (size_t i = 0; i < n; i++) scale = fmax(scale, fabs((double)gradient[i]));
  for (size_t i = 0; i < n; i++) {
    real kept = x[i];
    x[i] = kept + (real)step_size;
    double above = loss(context);
    x[i] = kept - (real)step_size;
    double below = loss(context);
    x[i] = kept;
    double expected = (above - below) / (2 * step_size);
    if (!(fabs(expected - (double)gradient[i]) <= tolerance * scale)) {
      fail_msg("%s[%zu]: gradient %.12g, finite difference %.12g", what, i, (double)gradient[i],
               expected);
    }
  }
}

void fill_normal(rc_rng *rng, real *x, size_t n) {
  for (size_t i = 0; i < n; i++) x[i] = rng_normal(rng);
}

double weighted_sum(const real *weights, const real *x, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += (double)(weights[i] * x[i]);
  return sum;
}
