#include "cell.h"

/* i = sigmoid(W_ii x + b_ii + W_hi h + b_hi)
 * f = sigmoid(W_if x + b_if + W_hf h + b_hf)
 * g =    tanh(W_ig x + b_ig + W_hg h + b_hg)
 * o = sigmoid(W_io x + b_io + W_ho h + b_ho)
 * c' = f c + i g
 * h' = o tanh(c')
 *
 * One row of the gates: i | f | g | o. */

static void lstm_row_forward(size_t hidden, real *restrict gates, const real *restrict c_previous,
                             real *restrict c, real *restrict tanh_c, real *restrict h) {
  const real *i = gates, *f = i + hidden, *g = f + hidden, *o = g + hidden;
  kernels->sigmoid(2 * hidden, gates, gates);
  kernels->tanh(hidden, gates + 2 * hidden, gates + 2 * hidden);
  kernels->sigmoid(hidden, gates + 3 * hidden, gates + 3 * hidden);
  for (size_t k = 0; k < hidden; k++) c[k] = f[k] * c_previous[k] + i[k] * g[k];
  kernels->tanh(hidden, c, tanh_c);
  for (size_t k = 0; k < hidden; k++) h[k] = o[k] * tanh_c[k];
}

static void lstm_forward(const cell_step *step) {
  size_t hidden = (size_t)step->hidden;
  for (size_t row = 0; row < (size_t)step->rows; row++) {
    size_t at = row * hidden;
    lstm_row_forward(hidden, step->gates + 4 * at, step->c_previous + at, step->c + at,
                     step->tanh_c + at, step->h + at);
  }
}

/* dc' += dh' o (1 - tanh(c')^2)
 * di = dc' g,  df = dc' c,  dg = dc' i,  do = dh' tanh(c')
 * dc = dc' f
 * and through the activations: sigmoid' = s (1 - s), tanh' = 1 - t^2 */
static void lstm_row_backward(size_t hidden, real *restrict gates, const real *restrict c_previous,
                              const real *restrict tanh_c, real *restrict dh, real *restrict dc) {
  real *i = gates, *f = i + hidden, *g = f + hidden, *o = g + hidden;
  for (size_t k = 0; k < hidden; k++) {
    real in = i[k], forget = f[k], cell = g[k], out = o[k], squashed = tanh_c[k];
    real d_cell = dc[k] + dh[k] * out * (1 - squashed * squashed);
    i[k] = d_cell * cell * in * (1 - in);
    f[k] = d_cell * c_previous[k] * forget * (1 - forget);
    g[k] = d_cell * in * (1 - cell * cell);
    o[k] = dh[k] * squashed * out * (1 - out);
    dc[k] = d_cell * forget;
    dh[k] = 0;
  }
}

static void lstm_backward(const cell_step *step) {
  size_t hidden = (size_t)step->hidden;
  for (size_t row = 0; row < (size_t)step->rows; row++) {
    size_t at = row * hidden;
    lstm_row_backward(hidden, step->gates + 4 * at, step->c_previous + at, step->tanh_c + at,
                      step->dh + at, step->dc + at);
  }
}

const recurrent_cell lstm_cell = {.name = "lstm",
                                  .gates = 4,
                                  .states = 2,
                                  .split = false,
                                  .forward = lstm_forward,
                                  .backward = lstm_backward};
