/* The cell steps of fast.h: all gates of a step in one pass over its rows. The equations are in
 * ref.c. */

#include "kernels.h"
#include "vec.h"

/* tanh(x) = sign(x) (1 - e^(-2|x|)) / (1 + e^(-2|x|)) = -sign(x) q / (2 + q), q = e^(-2|x|) - 1
 * Relative error at most 4e-7, near 0 too; +-1 exactly at infinity. */
VEC_SHARED vec vec_tanh(vec x) {
  const vec negative = vec_minus_abs(x);
  const vec q = vec_expm1(vec_add(negative, negative));
  return vec_copy_sign(vec_div(vec_sub(vec_set1(0), q), vec_add(vec_set1(2), q)), x);
}

/* sigmoid(x) = 1 / (1 + e^-x) = e^x / (1 + e^x), whichever has the exponential below 1.
 * Relative error at most 4e-7, absolute 2e-7; 0 exactly below -88. */
VEC_SHARED vec vec_sigmoid(vec x) {
  const vec e = vec_exp(vec_minus_abs(x));
  const vec one = vec_set1(1);
  return vec_div(vec_if_negative(x, e, one), vec_add(one, e));
}

/* What a step does to `lanes` elements from element k of row b on. */
typedef void cell_lanes(const cell_step *step, ptrdiff_t b, ptrdiff_t k, int lanes);

ALWAYS_INLINE void each_row(const cell_step *step, cell_lanes *run) {
  const ptrdiff_t hidden = step->hidden;
  for (ptrdiff_t b = 0; b < step->rows; b++) {
    ptrdiff_t k = 0;
    for (; k + VEC <= hidden; k += VEC) run(step, b, k, VEC);
    if (k < hidden) run(step, b, k, (int)(hidden - k));
  }
}

/* The state after the step, to where it goes. */
ALWAYS_INLINE void put_state(const cell_step *step, ptrdiff_t b, ptrdiff_t k, int lanes, vec h) {
  store_lanes(lanes, step->h + b * step->hidden + k, h);
  store_lanes(lanes, step->y + b * step->ldy + k, h);
}

/* The gradient of the state after the step. */
ALWAYS_INLINE vec state_gradient(const cell_step *step, ptrdiff_t b, ptrdiff_t k, int lanes) {
  const vec dh = load_lanes(lanes, step->dh + b * step->hidden + k);
  if (step->dy == NULL) return dh;
  return vec_add(dh, load_lanes(lanes, step->dy + b * step->ldy + k));
}

/* 1 - x^2, x (1 - x): the derivatives of tanh and sigmoid by their results */
ALWAYS_INLINE vec tanh_slope(vec x) {
  return vec_sub(vec_set1(1), vec_mul(x, x));
}
ALWAYS_INLINE vec sigmoid_slope(vec x) {
  return vec_mul(x, vec_sub(vec_set1(1), x));
}

ALWAYS_INLINE void rnn_lanes_forward(const cell_step *step, ptrdiff_t b, ptrdiff_t k, int lanes) {
  float *a = step->gates + b * step->hidden + k;
  const vec h = vec_tanh(load_lanes(lanes, a));
  store_lanes(lanes, a, h);
  put_state(step, b, k, lanes, h);
}

ALWAYS_INLINE void rnn_lanes_backward(const cell_step *step, ptrdiff_t b, ptrdiff_t k, int lanes) {
  float *a = step->gates + b * step->hidden + k;
  const vec slope = tanh_slope(load_lanes(lanes, a));
  store_lanes(lanes, a, vec_mul(state_gradient(step, b, k, lanes), slope));
}

ALWAYS_INLINE void lstm_lanes_forward(const cell_step *step, ptrdiff_t b, ptrdiff_t k, int lanes) {
  const ptrdiff_t hidden = step->hidden, at = b * hidden + k;
  float *i = step->gates + 4 * b * hidden + k, *f = i + hidden, *g = f + hidden, *o = g + hidden;
  const vec in = vec_sigmoid(load_lanes(lanes, i)), forget = vec_sigmoid(load_lanes(lanes, f));
  const vec cell = vec_tanh(load_lanes(lanes, g)), out = vec_sigmoid(load_lanes(lanes, o));
  const vec c = vec_fma(forget, load_lanes(lanes, step->c_previous + at), vec_mul(in, cell));
  const vec squashed = vec_tanh(c);
  store_lanes(lanes, i, in);
  store_lanes(lanes, f, forget);
  store_lanes(lanes, g, cell);
  store_lanes(lanes, o, out);
  store_lanes(lanes, step->c + at, c);
  store_lanes(lanes, step->tanh_c + at, squashed);
  put_state(step, b, k, lanes, vec_mul(out, squashed));
}

ALWAYS_INLINE void lstm_lanes_backward(const cell_step *step, ptrdiff_t b, ptrdiff_t k, int lanes) {
  const ptrdiff_t hidden = step->hidden, at = b * hidden + k;
  float *i = step->gates + 4 * b * hidden + k, *f = i + hidden, *g = f + hidden, *o = g + hidden;
  const vec in = load_lanes(lanes, i), forget = load_lanes(lanes, f);
  const vec cell = load_lanes(lanes, g), out = load_lanes(lanes, o);
  const vec squashed = load_lanes(lanes, step->tanh_c + at);
  const vec dh = state_gradient(step, b, k, lanes);
  const vec d_cell =
      vec_fma(vec_mul(dh, out), tanh_slope(squashed), load_lanes(lanes, step->dc + at));
  const vec c_previous = load_lanes(lanes, step->c_previous + at);
  store_lanes(lanes, i, vec_mul(vec_mul(d_cell, cell), sigmoid_slope(in)));
  store_lanes(lanes, f, vec_mul(vec_mul(d_cell, c_previous), sigmoid_slope(forget)));
  store_lanes(lanes, g, vec_mul(vec_mul(d_cell, in), tanh_slope(cell)));
  store_lanes(lanes, o, vec_mul(vec_mul(dh, squashed), sigmoid_slope(out)));
  store_lanes(lanes, step->dc + at, vec_mul(d_cell, forget));
}

/* W_h* h + b_h* of one gate, `gate` elements into the row */
ALWAYS_INLINE vec recurrent_part(const cell_step *step, ptrdiff_t b, ptrdiff_t gate, int lanes) {
  return vec_add(load_lanes(lanes, step->recurrent + 3 * b * step->hidden + gate),
                 load_lanes(lanes, step->bias + gate));
}

ALWAYS_INLINE void gru_lanes_forward(const cell_step *step, ptrdiff_t b, ptrdiff_t k, int lanes) {
  const ptrdiff_t hidden = step->hidden;
  float *r = step->gates + 3 * b * hidden + k, *z = r + hidden, *n = z + hidden;
  const vec reset = vec_sigmoid(vec_add(load_lanes(lanes, r), recurrent_part(step, b, k, lanes)));
  const vec update =
      vec_sigmoid(vec_add(load_lanes(lanes, z), recurrent_part(step, b, hidden + k, lanes)));
  const vec fresh = vec_tanh(
      vec_fma(reset, recurrent_part(step, b, 2 * hidden + k, lanes), load_lanes(lanes, n)));
  const vec h_previous = load_lanes(lanes, step->h_previous + b * hidden + k);
  store_lanes(lanes, r, reset);
  store_lanes(lanes, z, update);
  store_lanes(lanes, n, fresh);
  put_state(step, b, k, lanes, vec_fma(update, vec_sub(h_previous, fresh), fresh));
}

ALWAYS_INLINE void gru_lanes_backward(const cell_step *step, ptrdiff_t b, ptrdiff_t k, int lanes) {
  const ptrdiff_t hidden = step->hidden, at = b * hidden + k;
  float *r = step->gates + 3 * b * hidden + k, *z = r + hidden, *n = z + hidden;
  float *hr = step->recurrent + 3 * b * hidden + k, *hz = hr + hidden, *hn = hz + hidden;
  const vec reset = load_lanes(lanes, r), update = load_lanes(lanes, z);
  const vec fresh = load_lanes(lanes, n), dh = state_gradient(step, b, k, lanes);
  const vec kept = vec_mul(dh, update);
  const vec d_fresh = vec_mul(vec_sub(dh, kept), tanh_slope(fresh));
  const vec part = recurrent_part(step, b, 2 * hidden + k, lanes);
  const vec d_reset = vec_mul(vec_mul(d_fresh, part), sigmoid_slope(reset));
  const vec moved = vec_sub(load_lanes(lanes, step->h_previous + at), fresh);
  const vec d_update = vec_mul(vec_mul(dh, moved), sigmoid_slope(update));
  store_lanes(lanes, r, d_reset);
  store_lanes(lanes, hr, d_reset);
  store_lanes(lanes, z, d_update);
  store_lanes(lanes, hz, d_update);
  store_lanes(lanes, n, d_fresh);
  store_lanes(lanes, hn, vec_mul(d_fresh, reset));
  store_lanes(lanes, step->dh + at, kept);
}

static void fast_rnn_forward(const cell_step *step) {
  each_row(step, rnn_lanes_forward);
}
static void fast_rnn_backward(const cell_step *step) {
  each_row(step, rnn_lanes_backward);
}
static void fast_lstm_forward(const cell_step *step) {
  each_row(step, lstm_lanes_forward);
}
static void fast_lstm_backward(const cell_step *step) {
  each_row(step, lstm_lanes_backward);
}
static void fast_gru_forward(const cell_step *step) {
  each_row(step, gru_lanes_forward);
}
static void fast_gru_backward(const cell_step *step) {
  each_row(step, gru_lanes_backward);
}
