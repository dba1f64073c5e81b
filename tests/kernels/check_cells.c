/* The steps of the recurrent cells, against the reference. */

#include <stddef.h>
#include <string.h>

#include "checker.h"
#include "guarded.h"
#include "variants.h"

/* The tensors of a cell_step; Y serves as dy too. */
enum { GATES, RECURRENT, BIAS, H_PREVIOUS, C_PREVIOUS, H, C, TANH_C, Y, DH, DC, TENSORS };

enum { ROWS_MAX = 3, GAP = 2, LARGEST = ROWS_MAX * 4 * 129 };

typedef struct cell_kernel {
  const char *name;
  size_t function; /* where the table has it */
  int gates;
  bool backward;
  unsigned used; /* bit set of tensors */
} cell_kernel;

enum {
  RNN = 1 << GATES | 1 << Y,
  LSTM = 1 << GATES | 1 << C_PREVIOUS | 1 << TANH_C | 1 << Y,
  GRU = 1 << GATES | 1 << RECURRENT | 1 << BIAS | 1 << H_PREVIOUS | 1 << Y
};

static const cell_kernel cell_kernels[] = {
    {"rnn_forward", offsetof(rc_kernels, rnn_forward), 1, false, RNN | 1 << H},
    {"rnn_backward", offsetof(rc_kernels, rnn_backward), 1, true, RNN | 1 << DH},
    {"lstm_forward", offsetof(rc_kernels, lstm_forward), 4, false, LSTM | 1 << H | 1 << C},
    {"lstm_backward", offsetof(rc_kernels, lstm_backward), 4, true, LSTM | 1 << DH | 1 << DC},
    {"gru_forward", offsetof(rc_kernels, gru_forward), 3, false, GRU | 1 << H},
    {"gru_backward", offsetof(rc_kernels, gru_backward), 3, true, GRU | 1 << DH},
};

/* One call. */
typedef struct cell_trial {
  const cell_kernel *kernel;
  int rows, hidden;
  bool absent; /* forward: the state is overwritten in place; backward: no dy */
  guarded_place place;
} cell_trial;

static void run(const rc_kernels *variant, const cell_trial *x, float *const t[TENSORS]) {
  cell_step step = {
      .rows = x->rows,
      .hidden = x->hidden,
      .gates = t[GATES],
      .recurrent = t[RECURRENT],
      .bias = t[BIAS],
      .h_previous = t[H_PREVIOUS],
      .c_previous = t[C_PREVIOUS],
      .h = t[H],
      .c = t[C],
      .tanh_c = t[TANH_C],
      .y = t[Y],
      .dy = x->absent ? NULL : t[Y],
      .ldy = x->hidden + GAP,
      .dh = t[DH],
      .dc = t[DC],
  };
  if (x->absent && !x->kernel->backward) {
    if (t[H_PREVIOUS] != NULL) step.h = t[H_PREVIOUS];
    if (t[C_PREVIOUS] != NULL) step.c = t[C_PREVIOUS];
  }
  void (*function)(const cell_step *);
  memcpy(&function, (const char *)variant + x->kernel->function, sizeof function);
  function(&step);
}

static size_t count_of(const cell_trial *x, int tensor) {
  const size_t rows = (size_t)x->rows, hidden = (size_t)x->hidden;
  const size_t gates = (size_t)x->kernel->gates * hidden;
  switch (tensor) {
    case GATES:
    case RECURRENT:
      return rows * gates;
    case BIAS:
      return gates;
    case Y:
      return rows == 0 || hidden == 0 ? 0 : rows * (hidden + GAP) - GAP;
    default:
      return rows * hidden;
  }
}

static bool is_output(const cell_trial *x, int tensor) {
  return tensor == H || tensor == C || (!x->kernel->backward && (tensor == TANH_C || tensor == Y));
}

/* Inputs lie in [-1, 1), pre-activations in [-3, 3), so that no value before the last rounding is
 * above 8; an exponential is off by 4e-7. */
static const double ALLOWED = 2e-6;

static void compare(check *c, const cell_trial *x, int tensor, const float *got,
                    const float *want) {
  const size_t count = count_of(x, tensor), row = (size_t)x->hidden + GAP;
  for (size_t i = 0; i < count; i++) {
    if (is_untouched(want[i]) || (tensor == Y && i % row >= (size_t)x->hidden)) {
      check_that(c, memcmp(got + i, want + i, sizeof *got) == 0, "wrote what is not its own");
    } else {
      check_near(c, got[i], (double)want[i], ALLOWED, (int)i);
    }
  }
}

static void try_cell(check *c, const cell_trial *x) {
  static float copies[TENSORS][LARGEST];
  float *mine[TENSORS] = {0}, *theirs[TENSORS] = {0};
  int slot = 0;
  for (int i = 0; i < TENSORS; i++) {
    if ((x->kernel->used >> i & 1) == 0) continue;
    const size_t count = count_of(x, i);
    mine[i] = guarded_array(slot++, x->place, count);
    theirs[i] = copies[i];
    if (!is_output(x, i)) fill_random(count, i == GATES && !x->kernel->backward ? 3 : 1, mine[i]);
    memcpy(theirs[i], mine[i], count * sizeof(float));
  }
  run(c->variant, x, mine);
  run(&kernels_ref, x, theirs);
  for (int i = 0; i < TENSORS; i++) {
    if (mine[i] != NULL) compare(c, x, i, mine[i], theirs[i]);
  }
}

void check_cells(check *c) {
  for (size_t i = 0; i < sizeof cell_kernels / sizeof *cell_kernels; i++) {
    check_begin(c, cell_kernels[i].name);
    for (int j = 0; j < check_size_count * (ROWS_MAX + 1) * 4; j++) {
      try_cell(c, &(cell_trial){.kernel = &cell_kernels[i],
                                .rows = j / 4 % (ROWS_MAX + 1),
                                .hidden = check_sizes[j / 4 / (ROWS_MAX + 1)],
                                .absent = j % 2 != 0,
                                .place = j / 2 % 2 != 0 ? AT_START : AT_END});
    }
    check_end(c);
  }
}
