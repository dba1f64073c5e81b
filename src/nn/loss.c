#include "loss.h"

#include <math.h>
#include <string.h>

void log_softmax_backward(int rows, int classes, const real *y, const real *dy, real *dx) {
  for (int row = 0; row < rows; row++, y += classes, dy += classes, dx += classes) {
    real sum = 0;
    for (int j = 0; j < classes; j++) sum += dy[j];
    for (int j = 0; j < classes; j++) dx[j] = dy[j] - (real)exp(y[j]) * sum;
  }
}

double nll_forward(int rows, int classes, const real *log_probability, const int *targets) {
  double loss = 0;
  for (int row = 0; row < rows; row++) {
    loss -= log_probability[(size_t)row * (size_t)classes + (size_t)targets[row]];
  }
  return loss;
}

void nll_backward(int rows, int classes, const int *targets, real scale, real *d) {
  memset(d, 0, (size_t)rows * (size_t)classes * sizeof(real));
  for (int row = 0; row < rows; row++) {
    d[(size_t)row * (size_t)classes + (size_t)targets[row]] = -scale;
  }
}

/* One row of the target distribution q, as what each class and the target have in it; `soft` is
 * NULL or a row to be weighed by soft_weight. */
typedef struct mixture {
  int target;
  real base, peak; /* q[j] = base + (j == target) peak + soft_weight soft[j] */
  const real *soft;
  real soft_weight;
} mixture;

static mixture mixture_row(const cross_entropy_target *target, int classes, int row) {
  real hard = 1 - target->soft_weight;
  return (mixture){
      .target = target->targets[row],
      .base = hard * target->smoothing / (real)classes,
      .peak = hard * (1 - target->smoothing),
      .soft = target->soft == NULL ? NULL : target->soft + (size_t)row * (size_t)classes,
      .soft_weight = target->soft_weight,
  };
}

/* -sum(q log_probability) */
static double row_loss(const mixture *q, int classes, const real *log_probability) {
  double sum = (double)q->peak * log_probability[q->target];
  if (q->base != 0) {
    double all = 0;
    for (int j = 0; j < classes; j++) all += log_probability[j];
    sum += q->base * all;
  }
  if (q->soft != NULL) {
    double all = 0;
    for (int j = 0; j < classes; j++) all += (double)q->soft[j] * log_probability[j];
    sum += q->soft_weight * all;
  }
  return -sum;
}

/* d = scale (p sum(q) - q), where d holds p = softmax(logits) on the way in */
static void row_backward(const mixture *q, int classes, real scale, real *d) {
  real total = q->peak + q->base * (real)classes;
  if (q->soft != NULL) {
    real sum = 0;
    for (int j = 0; j < classes; j++) sum += q->soft[j];
    total += q->soft_weight * sum;
  }
  for (int j = 0; j < classes; j++) d[j] = scale * (d[j] * total - q->base);
  d[q->target] -= scale * q->peak;
  if (q->soft != NULL) kernels->axpy((size_t)classes, -scale * q->soft_weight, q->soft, d);
}

double cross_entropy(int rows, int classes, const real *logits, const cross_entropy_target *target,
                     real scale, real *log_probability, real *d_logits) {
  kernels->log_softmax(rows, classes, logits, log_probability);
  if (d_logits != NULL) kernels->softmax(rows, classes, log_probability, d_logits);
  double loss = 0;
  for (int row = 0; row < rows; row++) {
    mixture q = mixture_row(target, classes, row);
    real weight = target->weights == NULL ? 1 : target->weights[row];
    size_t at = (size_t)row * (size_t)classes;
    loss += weight * row_loss(&q, classes, log_probability + at);
    if (d_logits != NULL) row_backward(&q, classes, scale * weight, d_logits + at);
  }
  return loss;
}
