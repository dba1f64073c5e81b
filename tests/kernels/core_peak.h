#ifndef RECUR_CORE_PEAK_H
#define RECUR_CORE_PEAK_H

#include "kernels.h"

/* Floating-point operations a second, two for each a b + c of operands of that precision, of a loop
 * that stays in the registers of the variant's instruction set; 0 where there is no such loop. */
double measured_peak(const rc_kernels *variant, kernel_precision precision);

/* Seconds from some origin. */
double seconds_now(void);

#endif
