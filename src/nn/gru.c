#include "cell.h"

/* r = sigmoid(W_ir x + b_ir + W_hr h + b_hr)
 * z = sigmoid(W_iz x + b_iz + W_hz h + b_hz)
 * n = tanh(W_in x + b_in + r (W_hn h + b_hn))
 * h' = (1 - z) n + z h
 *
 * One row of the gates and of the recurrent part: r | z | n. */

static void gru_row_forward(size_t hidden, real *restrict gates, const real *restrict state_part,
                            const real *restrict h_previous, real *restrict h) {
  real *r = gates, *z = r + hidden, *n = z + hidden;
  const real *hn = state_part + 2 * hidden;
  for (size_t k = 0; k < 2 * hidden; k++) gates[k] += state_part[k];
  kernels->sigmoid(2 * hidden, gates, gates);
  for (size_t k = 0; k < hidden; k++) n[k] += r[k] * hn[k];
  kernels->tanh(hidden, n, n);
  for (size_t k = 0; k < hidden; k++) h[k] = (1 - z[k]) * n[k] + z[k] * h_previous[k];
}

static void gru_forward(const cell_step *step) {
  size_t hidden = (size_t)step->hidden;
  for (size_t row = 0; row < (size_t)step->rows; row++) {
    size_t at = row * hidden;
    gru_row_forward(hidden, step->gates + 3 * at, step->recurrent + 3 * at, step->h_previous + at,
                    step->h + at);
  }
}

/* dn = dh' (1 - z),  dz = dh' (h - n),  dh = dh' z
 * through the activations: da_n = dn (1 - n^2),  da_r = da_n (W_hn h + b_hn) r (1 - r),
 * da_z = dz z (1 - z); the recurrent part of n has da_n r. */
static void gru_row_backward(size_t hidden, real *restrict gates, real *restrict state_part,
                             const real *restrict h_previous, real *restrict dh) {
  real *r = gates, *z = r + hidden, *n = z + hidden;
  real *hr = state_part, *hz = hr + hidden, *hn = hz + hidden;
  for (size_t k = 0; k < hidden; k++) {
    real reset = r[k], update = z[k], fresh = n[k];
    real d_fresh = dh[k] * (1 - update) * (1 - fresh * fresh);
    real d_reset = d_fresh * hn[k] * reset * (1 - reset);
    real d_update = dh[k] * (h_previous[k] - fresh) * update * (1 - update);
    r[k] = hr[k] = d_reset;
    z[k] = hz[k] = d_update;
    n[k] = d_fresh;
    hn[k] = d_fresh * reset;
    dh[k] *= update;
  }
}

static void gru_backward(const cell_step *step) {
  size_t hidden = (size_t)step->hidden;
  for (size_t row = 0; row < (size_t)step->rows; row++) {
    size_t at = row * hidden;
    gru_row_backward(hidden, step->gates + 3 * at, step->recurrent + 3 * at, step->h_previous + at,
                     step->dh + at);
  }
}

const recurrent_cell gru_cell = {.name = "gru",
                                 .gates = 3,
                                 .states = 1,
                                 .split = true,
                                 .forward = gru_forward,
                                 .backward = gru_backward};
