#include "scores.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "checks.h"

/* Classes whose F1 or recall is summed in one pass over the examples, to need no memory for all of
 * them. */
enum { F1_CLASSES = 256 };

/* The class of the largest of row [classes]; of equals the first. */
static int predict(const float *row, int classes) {
  int best = 0;
  for (int c = 1; c < classes; c++) {
    if (row[c] > row[best]) best = c;
  }
  return best;
}

/* How many classes come before this one in falling order; of equals the lower comes first. */
static int rank_of(const float *row, int classes, int of) {
  int before = 0;
  for (int c = 0; c < classes; c++) before += row[c] > row[of] || (row[c] == row[of] && c < of);
  return before;
}

/* The bin of a confidence: bin b holds (b / 15, (b + 1) / 15], and the first also 0. */
static int bin_of(double confidence) {
  int bin = (int)ceil(confidence * CALIBRATION_BINS) - 1;
  if (bin < 0) return 0;
  return bin < CALIBRATION_BINS ? bin : CALIBRATION_BINS - 1;
}

/* F1 = 2 TP / (2 TP + FP + FN), summed over the classes of [first, first + F1_CLASSES) that occur;
 * *occurring grows by their number. FP + FN = labels + predictions - 2 TP. */
static double sum_f1(int count, int classes, const float *probabilities, const int *labels,
                     int first, int *occurring) {
  int hits[F1_CLASSES] = {0}, both[F1_CLASSES] = {0}; /* TP; labels + predictions */
  for (int i = 0; i < count; i++) {
    int label = labels[i] - first;
    int prediction = predict(probabilities + (size_t)i * (size_t)classes, classes) - first;
    if (label >= 0 && label < F1_CLASSES) both[label]++;
    if (prediction >= 0 && prediction < F1_CLASSES) both[prediction]++;
    if (label == prediction && label >= 0 && label < F1_CLASSES) hits[label]++;
  }
  double sum = 0;
  for (int c = 0; c < F1_CLASSES; c++) {
    if (both[c] == 0) continue;
    sum += 2.0 * hits[c] / both[c];
    ++*occurring;
  }
  return sum;
}

/* Where the labels of example i start; without starts each has one. */
static int start_of(const label_sets *sets, int i) {
  return sets->starts == NULL ? i : sets->starts[i];
}

/* Recall, summed over the classes of [first, first + F1_CLASSES) that occur; *occurring grows by
 * their number. */
static double sum_recall(int count, int classes, const float *probabilities, const label_sets *sets,
                         int first, int *occurring) {
  int hits[F1_CLASSES] = {0}, all[F1_CLASSES] = {0};
  for (int i = 0; i < count; i++) {
    const int prediction = predict(probabilities + (size_t)i * (size_t)classes, classes);
    for (int k = start_of(sets, i); k < start_of(sets, i + 1); k++) {
      const int label = sets->labels[k] - first;
      if (label < 0 || label >= F1_CLASSES) continue;
      all[label]++;
      hits[label] += prediction == sets->labels[k];
    }
  }
  double sum = 0;
  for (int c = 0; c < F1_CLASSES; c++) {
    if (all[c] == 0) continue;
    sum += (double)hits[c] / all[c];
    ++*occurring;
  }
  return sum;
}

static double macro_recall(int count, int classes, const float *probabilities,
                           const label_sets *sets) {
  int occurring = 0;
  double sum = 0;
  for (int first = 0; first < classes; first += F1_CLASSES) {
    sum += sum_recall(count, classes, probabilities, sets, first, &occurring);
  }
  return sum / occurring;
}

static void count_bin(scores *out, double confidence, bool right) {
  const int bin = bin_of(confidence);
  out->bin_count[bin]++;
  out->bin_confidence[bin] += confidence;
  out->bin_accuracy[bin] += right;
}

static void finish_bins(scores *out) {
  for (int b = 0; b < CALIBRATION_BINS; b++) {
    if (out->bin_count[b] == 0) continue;
    out->calibration_error += fabs(out->bin_accuracy[b] - out->bin_confidence[b]) / out->count;
    out->bin_accuracy[b] /= out->bin_count[b];
    out->bin_confidence[b] /= out->bin_count[b];
  }
}

void scores_classification(int count, int classes, const float *probabilities, const int *labels,
                           int *confusion, scores *out) {
  RC_ASSERT(indices_below(labels, count, classes));
  *out = (scores){.count = count};
  if (confusion != NULL) {
    memset(confusion, 0, (size_t)classes * (size_t)classes * sizeof *confusion);
  }
  for (int i = 0; i < count; i++) {
    const float *row = probabilities + (size_t)i * (size_t)classes;
    int label = labels[i], prediction = predict(row, classes), rank = rank_of(row, classes, label);
    out->top1 += rank < 1;
    out->top3 += rank < 3;
    out->nll -= log((double)(row[label] > FLT_MIN ? row[label] : FLT_MIN));
    count_bin(out, (double)row[prediction], prediction == label);
    if (confusion != NULL) confusion[(size_t)label * (size_t)classes + (size_t)prediction]++;
  }
  if (count == 0) return;
  out->top1 /= count;
  out->top3 /= count;
  out->nll /= count;
  finish_bins(out);
  int occurring = 0;
  for (int first = 0; first < classes; first += F1_CLASSES) {
    out->macro_f1 += sum_f1(count, classes, probabilities, labels, first, &occurring);
  }
  out->macro_f1 /= occurring;
  const label_sets sets = {NULL, labels};
  out->macro_recall = macro_recall(count, classes, probabilities, &sets);
}

static void add_among(int classes, const float *row, const int *labels, int label_count,
                      scores *out) {
  int best = classes; /* the rank of the label that comes first */
  double together = 0;
  for (int k = 0; k < label_count; k++) {
    const int rank = rank_of(row, classes, labels[k]);
    if (rank < best) best = rank;
    together += (double)row[labels[k]];
  }
  out->top1 += best < 1;
  out->top3 += best < 3;
  out->nll -= log(fmax(together, (double)FLT_MIN));
  count_bin(out, (double)row[predict(row, classes)], best == 0);
}

void scores_among(int count, int classes, const float *probabilities, const label_sets *sets,
                  scores *out) {
  *out = (scores){.count = count};
  for (int i = 0; i < count; i++) {
    const int from = sets->starts[i];
    RC_ASSERT(from < sets->starts[i + 1]);
    add_among(classes, probabilities + (size_t)i * (size_t)classes, sets->labels + from,
              sets->starts[i + 1] - from, out);
  }
  if (count == 0) return;
  out->top1 /= count;
  out->top3 /= count;
  out->nll /= count;
  finish_bins(out);
  out->macro_recall = macro_recall(count, classes, probabilities, sets);
}

/* mean over examples of log sum_c exp(x_c / T) - x_label / T */
static double mean_nll(int count, int classes, const float *logits, const int *labels,
                       double temperature) {
  double sum = 0;
  for (int i = 0; i < count; i++) {
    const float *row = logits + (size_t)i * (size_t)classes;
    double largest = row[predict(row, classes)], total = 0;
    for (int c = 0; c < classes; c++) total += exp((row[c] - largest) / temperature);
    sum += log(total) + (largest - row[labels[i]]) / temperature;
  }
  return sum / count;
}

/* What a temperature is judged by. */
typedef struct fitting {
  int count, classes;
  const float *logits;
  const int *labels;      /* of scores_fit_temperature */
  const label_sets *sets; /* of scores_fit_confidence, with: */
  const float *const *biases;
  int bias_count;
} fitting;

static double nll_at(const fitting *f, double log_temperature) {
  return mean_nll(f->count, f->classes, f->logits, f->labels, exp(log_temperature));
}

/* The first label of softmax(row / temperature + bias); *confidence: its probability. */
static int first_of(int classes, const float *row, const float *bias, double temperature,
                    double *confidence) {
  double highest = -INFINITY, total = 0;
  int first = 0;
  for (int c = 0; c < classes; c++) {
    const double x = (double)row[c] / temperature + (bias == NULL ? 0 : (double)bias[c]);
    total = x > highest ? total * exp(highest - x) + 1 : total + exp(x - highest);
    if (x > highest) {
      highest = x;
      first = c;
    }
  }
  *confidence = 1 / total;
  return first;
}

static bool is_among(const label_sets *sets, int i, int label) {
  for (int k = sets->starts[i]; k < sets->starts[i + 1]; k++) {
    if (sets->labels[k] == label) return true;
  }
  return false;
}

static double confidence_loss_at(const fitting *f, double log_temperature) {
  const double least = 1e-12;
  double sum = 0;
  for (int b = 0; b < f->bias_count; b++) {
    for (int i = 0; i < f->count; i++) {
      double p;
      const int first = first_of(f->classes, f->logits + (size_t)i * (size_t)f->classes,
                                 f->biases[b], exp(log_temperature), &p);
      sum -= log(fmax(is_among(f->sets, i, first) ? p : 1 - p, least));
    }
  }
  return sum;
}

typedef double loss_at(const fitting *f, double log_temperature);

/* Where `loss` is least in [low, high], in which it has one valley. */
static double golden_section(const fitting *f, loss_at *loss, double low, double high) {
  const double shrink = 0.61803398874989485; /* (sqrt 5 - 1) / 2 */
  const double width = 1e-7;
  double a = high - shrink * (high - low), b = low + shrink * (high - low);
  double at_a = loss(f, a), at_b = loss(f, b);
  while (high - low > width) {
    if (at_a <= at_b) {
      high = b;
      b = a;
      at_b = at_a;
      a = high - shrink * (high - low);
      at_a = loss(f, a);
    } else {
      low = a;
      a = b;
      at_a = at_b;
      b = low + shrink * (high - low);
      at_b = loss(f, b);
    }
  }
  return (low + high) / 2;
}

static const double LOWEST = 0.05, HIGHEST = 20;

double scores_fit_temperature(int count, int classes, const float *logits, const int *labels) {
  if (count == 0) return 1;
  const fitting f = {.count = count, .classes = classes, .logits = logits, .labels = labels};
  /* The NLL is convex in 1 / T, so it has one valley over log T as well. */
  return exp(golden_section(&f, nll_at, log(LOWEST), log(HIGHEST)));
}

double scores_fit_confidence(int count, int classes, const float *logits, const label_sets *sets,
                             const float *const *biases, int bias_count) {
  enum { STEPS = 120 };
  if (count == 0) return 1;
  const fitting f = {.count = count,
                     .classes = classes,
                     .logits = logits,
                     .sets = sets,
                     .biases = biases,
                     .bias_count = bias_count};
  const double step = (log(HIGHEST) - log(LOWEST)) / STEPS;
  double best = log(LOWEST), least = INFINITY;
  for (int i = 0; i <= STEPS; i++) {
    const double loss = confidence_loss_at(&f, log(LOWEST) + i * step);
    if (loss < least) {
      least = loss;
      best = log(LOWEST) + i * step;
    }
  }
  return exp(golden_section(&f, confidence_loss_at, best - step, best + step));
}
