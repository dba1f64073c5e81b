#ifndef RECUR_QUANTIZE_H
#define RECUR_QUANTIZE_H

#include <stdint.h>

/* Rounds each row of w [rows, columns], all finite, to q in -127..127 with a scale of its own:
 * w ~ scale q, scale = max |w| / 127. To the nearest, to even from the middle; the same everywhere.
 */
void quantize_rows(int rows, int columns, const float *w, int8_t *q, float *scales);

#endif
