/* The kernels that take one element at a time, and the sum of squares. */

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "checker.h"
#include "guarded.h"

typedef void map_function(size_t n, const float *x, float *y);

static double exact_sigmoid(double x) {
  return 1 / (1 + exp(-x));
}

/* A few roundings; below the normal numbers an absolute error as well. */
static double allowed_map_error(double want) {
  return 4e-7 * fabs(want) + 2 * (double)FLT_MIN;
}

static void compare_map(check *c, double exact(double), size_t n, const float *x, const float *y) {
  for (size_t i = 0; i < n; i++) {
    const double want = exact((double)x[i]);
    check_near(c, y[i], want, allowed_map_error(want), (int)i);
  }
}

static void map_sizes(check *c, map_function *map, double exact(double)) {
  for (int i = 0; i < check_size_count; i++) {
    const size_t n = (size_t)check_sizes[i];
    for (guarded_place place = 0; place < GUARDED_PLACES; place++) {
      float *x = guarded_array(0, place, n), *y = guarded_array(1, place, n);
      fill_random(n, 10, x);
      map(n, x, y);
      compare_map(c, exact, n, x, y);
      memcpy(y, x, n * sizeof *y);
      map(n, y, y);
      compare_map(c, exact, n, x, y);
    }
  }
}

/* Floats of every exponent and both signs, NaN and infinities among them. */
static void map_all_magnitudes(check *c, map_function *map, double exact(double)) {
  enum { BLOCK = 1021 };
  float *x = guarded_array(0, AT_END, BLOCK), *y = guarded_array(1, AT_END, BLOCK);
  const uint32_t step = 5003;
  uint32_t bits = 0;
  for (uint32_t blocks = UINT32_MAX / step / BLOCK + 1; blocks > 0; blocks--) {
    for (int i = 0; i < BLOCK; i++, bits += step) memcpy(x + i, &bits, sizeof bits);
    map(BLOCK, x, y);
    compare_map(c, exact, BLOCK, x, y);
  }
}

static void map_special(check *c, map_function *map, double exact(double)) {
  const float special[] = {0.0f,       -0.0f,     INFINITY, -INFINITY, NAN,   FLT_MAX,  -FLT_MAX,
                           FLT_MIN,    -FLT_MIN,  1e-45f,   -1e-45f,   87.3f, -87.3f,   88,
                           -88,        88.8f,     -88.8f,   104,       -104,  0.34657f, -0.34658f,
                           0.6931472f, -0.17329f, 1e-4f,    -1e-4f,    1,     -1,       9.01f};
  enum { N = sizeof special / sizeof *special };
  float *x = guarded_array(0, AT_END, N), *y = guarded_array(1, AT_END, N);
  memcpy(x, special, sizeof special);
  map(N, x, y);
  compare_map(c, exact, N, x, y);
  check_that(c, !signbit(y[1]) == !signbit(exact(-0.0)), "-0 lost its sign");
  for (int i = 2; i < 4; i++) {
    check_that(c, (double)y[i] == exact((double)x[i]), "not exact at infinity");
  }
}

static void check_map(check *c, const char *name, map_function *map, double exact(double)) {
  check_begin(c, name);
  map_sizes(c, map, exact);
  map_all_magnitudes(c, map, exact);
  map_special(c, map, exact);
  check_end(c);
}

static void check_axpy(check *c) {
  check_begin(c, "axpy");
  const float a = -1.7f;
  for (int i = 0; i < check_size_count; i++) {
    const size_t n = (size_t)check_sizes[i];
    for (guarded_place place = 0; place < GUARDED_PLACES; place++) {
      float *x = guarded_array(0, place, n), *y = guarded_array(1, place, n);
      float *before = guarded_array(2, place, n);
      fill_random(n, 1, x);
      fill_random(n, 1, before);
      memcpy(y, before, n * sizeof *y);
      c->variant->axpy(n, a, x, y);
      for (size_t j = 0; j < n; j++) {
        const double term = (double)a * (double)x[j], old = (double)before[j];
        check_near(c, y[j], old + term, 2 * ROUNDING * (fabs(term) + fabs(old)), (int)j);
      }
    }
  }
  check_end(c);
}

static void check_square_sum(check *c) {
  check_begin(c, "square_sum");
  for (int i = 0; i < check_size_count; i++) {
    const size_t n = (size_t)check_sizes[i];
    for (guarded_place place = 0; place < GUARDED_PLACES; place++) {
      float *x = guarded_array(0, place, n);
      fill_random(n, 1e10f, x); /* squares would lose their ends in float */
      long double sum = 0;
      for (size_t j = 0; j < n; j++) sum += (long double)x[j] * (long double)x[j];
      const double got = c->variant->square_sum(n, x);
      check_that(c, fabs(got - (double)sum) <= 1e-13 * (double)sum, "not summed in double");
    }
  }
  check_end(c);
}

/* The equations of torch.optim.AdamW, or Adam with l2, in double. */
static void compare_adam(check *c, const adam_step *s, size_t n, const float *gradient,
                         const float *const before[3], const float *const after[3]) {
  const double beta1 = (double)s->beta1, beta2 = (double)s->beta2, lr = (double)s->lr;
  for (size_t i = 0; i < n; i++) {
    const double value = (double)before[2][i];
    const double g = (double)gradient[i] + (double)s->l2 * value;
    const double m = beta1 * (double)before[0][i] + (1 - beta1) * g;
    const double v = beta2 * (double)before[1][i] + (1 - beta2) * g * g;
    const double scale = sqrt(v) / sqrt((double)s->correction2) + (double)s->epsilon;
    const double move = lr / (double)s->correction1 * m / scale;
    const double want = value * (1 - lr * (double)s->decoupled_decay) - move;
    const double size = fabs(beta1 * (double)before[0][i]) + fabs((1 - beta1) * g);
    check_near(c, after[0][i], m, 6 * ROUNDING * size, (int)i);
    check_near(c, after[1][i], v, 8 * ROUNDING * v, (int)i);
    check_near(c, after[2][i], want,
               3 * ROUNDING * fabs(value) + 20 * ROUNDING * size / fabs(m) * fabs(move), (int)i);
  }
}

static void try_adam(check *c, const adam_step *step, size_t n, guarded_place place) {
  float *gradient = guarded_array(0, place, n);
  fill_random(n, 0.1f, gradient);
  float *before[3], *after[3]; /* m, v, value */
  for (int i = 0; i < 3; i++) {
    before[i] = guarded_array(1 + i, place, n);
    after[i] = guarded_array(4 + i, place, n);
    fill_random(n, i == 2 ? 1 : 0.1f, before[i]);
    for (size_t j = 0; j < n && i == 1; j++) before[1][j] *= before[1][j];
    memcpy(after[i], before[i], n * sizeof(float));
  }
  c->variant->adam(step, n, gradient, after[0], after[1], after[2]);
  compare_adam(c, step, n, gradient, (const float *const[]){before[0], before[1], before[2]},
               (const float *const[]){after[0], after[1], after[2]});
}

static void check_adam(check *c) {
  const adam_step steps[] = {
      {.lr = 3e-3f,
       .beta1 = 0.9f,
       .beta2 = 0.999f,
       .epsilon = 1e-8f,
       .decoupled_decay = 0.01f,
       .correction1 = 0.1f,
       .correction2 = 1e-3f},
      {.lr = 1e-3f,
       .beta1 = 0.9f,
       .beta2 = 0.98f,
       .epsilon = 1e-9f,
       .l2 = 1e-4f,
       .correction1 = 0.95f,
       .correction2 = 0.4f},
  };
  check_begin(c, "adam");
  for (int i = 0; i < check_size_count; i++) {
    for (guarded_place place = 0; place < GUARDED_PLACES; place++) {
      for (int j = 0; j < 2; j++) try_adam(c, &steps[j], (size_t)check_sizes[i], place);
    }
  }
  check_end(c);
}

/* The equations of torch.optim.SGD in double. */
static void try_sgd(check *c, const sgd_step *s, bool with_velocity, size_t n,
                    guarded_place place) {
  float *gradient = guarded_array(0, place, n), *value = guarded_array(1, place, n);
  float *velocity = guarded_array(2, place, with_velocity ? n : 0), *before[3];
  float *const arrays[] = {gradient, value, velocity};
  for (int i = 0; i < 2 + with_velocity; i++) {
    before[i] = guarded_array(3 + i, place, n);
    fill_random(n, 1, before[i]);
    memcpy(arrays[i], before[i], n * sizeof(float));
  }
  c->variant->sgd(s, n, gradient, with_velocity ? velocity : NULL, value);
  for (size_t i = 0; i < n; i++) {
    const double old = (double)before[1][i], decay = (double)s->decay * old;
    const double carried = with_velocity ? (double)s->momentum * (double)before[2][i] : 0;
    const double d = carried + (double)before[0][i] + decay;
    const double size = fabs(carried) + fabs((double)before[0][i]) + fabs(decay);
    if (with_velocity) check_near(c, velocity[i], d, 4 * ROUNDING * size, (int)i);
    check_near(c, value[i], old - (double)s->lr * d,
               2 * ROUNDING * fabs(old) + 6 * ROUNDING * (double)s->lr * size, (int)i);
    check_that(c, gradient[i] == 0, "the gradient is not cleared");
  }
}

/* Moments of what is never touched again end at 0, not among the denormal numbers; NaN stays. */
static void check_settling(check *c) {
  enum { N = 19 };
  const adam_step step = {.lr = 1e-3f,
                          .beta1 = 0.9f,
                          .beta2 = 0.9f,
                          .epsilon = 1e-8f,
                          .correction1 = 1,
                          .correction2 = 1};
  const sgd_step descent = {.lr = 1e-3f, .momentum = 0.9f};
  float gradient[N] = {0}, m[N], v[N], velocity[N], value[N] = {0};
  for (int i = 0; i < N; i++) {
    m[i] = velocity[i] = (i % 2 == 0 ? 1 : -1) * 1e-3f * (float)(i + 1);
    v[i] = 1e-6f;
  }
  m[3] = v[3] = velocity[3] = NAN;
  check_begin(c, "moments");
  for (int t = 0; t < 1000; t++) {
    c->variant->adam(&step, N, gradient, m, v, value);
    c->variant->sgd(&descent, N, gradient, velocity, value);
    for (int i = 0; i < N; i++) {
      const bool is_nan = isnan(m[i]) && isnan(v[i]) && isnan(velocity[i]);
      check_that(c, is_nan == (i == 3), "what is no number stays so, and nothing else is none");
      const bool fine = fpclassify(m[i]) != FP_SUBNORMAL && fpclassify(v[i]) != FP_SUBNORMAL &&
                        fpclassify(velocity[i]) != FP_SUBNORMAL;
      check_that(c, fine, "is denormal");
    }
  }
  for (int i = 0; i < N; i++) {
    const bool settled = i == 3 || (m[i] == 0 && v[i] == 0 && velocity[i] == 0);
    check_that(c, settled, "has not come to 0");
  }
  check_end(c);
}

static void check_sgd(check *c) {
  const sgd_step steps[] = {{.lr = 1e-3f}, {.lr = 0.3f, .momentum = 0.9f, .decay = 0.01f}};
  check_begin(c, "sgd");
  for (int i = 0; i < check_size_count; i++) {
    for (guarded_place place = 0; place < GUARDED_PLACES; place++) {
      for (int j = 0; j < 4; j++) {
        try_sgd(c, &steps[j / 2], j % 2 != 0, (size_t)check_sizes[i], place);
      }
    }
  }
  check_end(c);
}

void check_maps(check *c) {
  check_map(c, "tanh", c->variant->tanh, tanh);
  check_map(c, "sigmoid", c->variant->sigmoid, exact_sigmoid);
  check_axpy(c);
  check_square_sum(c);
  check_adam(c);
  check_sgd(c);
  check_settling(c);
}
