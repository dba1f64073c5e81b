#ifndef RECUR_QUANTIZE_H
#define RECUR_QUANTIZE_H

#include <stdbool.h>
#include <stdint.h>

/* Weights in int8, w ~ scale q, with a scale for each row, within what the int8 products ask for
 * (kernels.h). All w are finite. */

/* The least scale of a row: the larger of max |w| / 127 and, of any four weights that one sum of 16
 * bits adds, what those of one sign come to / (INT8_SUM_MAX - 2), as rounding may add half a step
 * to each. */
float quantize_scale(int columns, const float *w);

/* Rounds each row of w [rows, columns] to q, to the nearest, to even from the middle, by its least
 * scale; the same everywhere. */
void quantize_rows(int rows, int columns, const float *w, int8_t *q, float *scales);

/* Whether q [rows, columns], made by another rule, is within that too. No q is -128. */
bool quantized_rows_fit(int rows, int columns, const int8_t *q);

#endif
