#include <string.h>

#include "cell.h"

/* h' = tanh(W_ih x + b_ih + W_hh h + b_hh) */
static void rnn_forward(const cell_step *step) {
  size_t n = (size_t)step->rows * (size_t)step->hidden;
  kernels->tanh(n, step->gates, step->gates);
  memcpy(step->h, step->gates, n * sizeof(real));
}

/* da = dh' (1 - h'^2) */
static void rnn_backward(const cell_step *step) {
  size_t n = (size_t)step->rows * (size_t)step->hidden;
  const real *restrict dh = step->dh;
  real *restrict gates = step->gates;
  for (size_t k = 0; k < n; k++) gates[k] = dh[k] * (1 - gates[k] * gates[k]);
  memset(step->dh, 0, n * sizeof(real));
}

const recurrent_cell rnn_cell = {.name = "rnn",
                                 .gates = 1,
                                 .states = 1,
                                 .split = false,
                                 .forward = rnn_forward,
                                 .backward = rnn_backward};
