#ifndef RECUR_HALF_H
#define RECUR_HALF_H

#include <stdint.h>

/* IEEE 754 binary16: 1 bit sign, 5 exponent (bias 15), 10 fraction. */

/* Exact. */
float half_to_float(uint16_t half);

/* Rounded to the nearest, ties to even; at and above 65520 infinity, NaN stays NaN. */
uint16_t half_from_float(float value);

#endif
