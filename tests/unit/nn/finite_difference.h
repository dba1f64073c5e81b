#ifndef RECUR_FINITE_DIFFERENCE_H
#define RECUR_FINITE_DIFFERENCE_H

#include <stddef.h>

#include "kernels.h"
#include "rng.h"

/* The loss as a function of whatever `context` points to. */
typedef double (*loss_function)(void *context);

/* Asserts that gradient[i] = d loss / d x[i] for each of the n elements of x, by central
 * differences: (loss(x + e) - loss(x - e)) / 2e. The error is relative to the largest of the
 * tensor. */
void assert_gradient(const char *what, loss_function loss, void *context, real *x, size_t n,
                     const real *gradient);

/* Standard normal values, and a weighted sum that makes a scalar loss of a tensor. */
void fill_normal(rc_rng *rng, real *x, size_t n);
double weighted_sum(const real *weights, const real *x, size_t n);

#endif
