#include "cell.h"

/* Each asks for the kernels when it runs: they are chosen after the tables below are made. */
static void rnn_forward(const cell_step *step) {
  kernels->rnn_forward(step);
}
static void lstm_forward(const cell_step *step) {
  kernels->lstm_forward(step);
}
static void gru_forward(const cell_step *step) {
  kernels->gru_forward(step);
}

const recurrent_cell rnn_cell = {
    .name = "rnn", .gates = 1, .states = 1, .split = false, .forward = rnn_forward};
const recurrent_cell lstm_cell = {
    .name = "lstm", .gates = 4, .states = 2, .split = false, .forward = lstm_forward};
const recurrent_cell gru_cell = {
    .name = "gru", .gates = 3, .states = 1, .split = true, .forward = gru_forward};

static void rnn_backward(const cell_step *step) {
  kernels->rnn_backward(step);
}
static void lstm_backward(const cell_step *step) {
  kernels->lstm_backward(step);
}
static void gru_backward(const cell_step *step) {
  kernels->gru_backward(step);
}

/* Not in the tables: what never trains then carries none of it. By pointers to functions, as three
 * calls would be made one of whatever the kernels have at some place, and then nothing of them is
 * left out of a WASM module. */
void cell_backward(const recurrent_cell *cell, const cell_step *step) {
  void (*backward)(const cell_step *) = gru_backward;
  if (cell == &rnn_cell) backward = rnn_backward;
  if (cell == &lstm_cell) backward = lstm_backward;
  backward(step);
}
