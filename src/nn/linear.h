#ifndef RECUR_LINEAR_H
#define RECUR_LINEAR_H

#include "arena.h"
#include "params.h"
#include "rng.h"

/* y = x W^T + b, as torch.nn.Linear: W [out, in], b [out]. */

typedef struct linear {
  int in, out;
  size_t weight, bias; /* offsets into a parameter block */
} linear;

rc_status linear_add(linear *layer, param_list *list, const char *prefix, int in, int out,
                     rc_error *error);

/* U(-1/sqrt(in), 1/sqrt(in)) for both, as PyTorch. */
void linear_init(const linear *layer, real *values, rc_rng *rng);

/* Elements of scratch that forward and backward need for up to `rows` rows, with the kernels now
 * selected; 0 rows is enough for forward alone. */
size_t linear_scratch(const linear *layer, int rows);

/* Whether to pack a matrix whose rows of n elements lie one after another before `rows` rows are
 * multiplied with it, or to give it to kernels->gemm_unpacked; the result is the same. Rows that
 * are close together come from the second-level cache as fast as packed ones. */
bool linear_packs(int rows, int n);

/* W packed for linear_forward_packed: [linear_packed_size] elements, for the kernels now selected.
 */
size_t linear_packed_size(const linear *layer);
void linear_pack(const linear *layer, const real *values, real *packed);

/* x [rows, in] -> y [rows, out]. The first packs W into the scratch. */
void linear_forward(const linear *layer, const real *values, int rows, const real *x, real *y,
                    real *scratch);

void linear_forward_packed(const linear *layer, const real *values, const real *packed, int rows,
                           const real *x, real *y);

/* x W^T of a few rows, which lie ldx apart, without b and from W as it lies: packing it would take
 * longer. Not in bf16: see linear_reads_few. The last bits differ from those of the above. */
void linear_forward_few(const linear *layer, const real *values, int rows, const real *x, int ldx,
                        real *y);

/* Whether so few rows are best multiplied so. */
bool linear_reads_few(int rows);

/* dy [rows, out] -> dx [rows, in] (overwritten; may be NULL); adds to gradients. */
void linear_backward(const linear *layer, const real *values, int rows, const real *x,
                     const real *dy, real *dx, real *gradients, real *scratch);

/* The two halves of linear_backward: dx = dy W, or dx += dy W with `accumulate`; and the gradients
 * of W and b, or of W alone. */
void linear_backward_input(const linear *layer, const real *values, int rows, const real *dy,
                           bool accumulate, real *dx, real *scratch);
void linear_backward_weights(const linear *layer, int rows, const real *x, const real *dy,
                             real *gradients, real *scratch);
void linear_backward_matrix(const linear *layer, int rows, const real *x, const real *dy,
                            real *gradients, real *scratch);

#endif
