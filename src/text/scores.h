#ifndef RECUR_SCORES_H
#define RECUR_SCORES_H

#include "status.h"

/* Classification scores of a set of predictions. */

enum { CALIBRATION_BINS = 15 };

typedef struct scores {
  int count;
  double top1, top3;        /* share in [0, 1] whose label is first / among the first three */
  double macro_f1;          /* mean F1 of the classes that occur as a label or as a prediction */
  double macro_recall;      /* mean over the labels that occur of the share of their examples for
                               which they are first */
  double calibration_error; /* expected calibration error: sum over 15 bins of equal width of their
                               share times |accuracy - confidence| (Guo et al. 2017, "On
                               Calibration of Modern Neural Networks") */
  double nll;               /* mean, nats; a probability of 0 counts as FLT_MIN */
  /* means over the examples whose highest probability lies in (b / 15, (b + 1) / 15]; 0 if none */
  double bin_confidence[CALIBRATION_BINS], bin_accuracy[CALIBRATION_BINS];
  int bin_count[CALIBRATION_BINS];
} scores;

/* probabilities [count, classes], labels [count]. confusion (may be NULL): [classes, classes], row
 * = label, column = prediction. Ties go to the lower class. With count 0 every score is 0. */
void scores_classification(int count, int classes, const float *probabilities, const int *labels,
                           int *confusion, scores *out);

/* The labels of each example, where several may be right: those of example i are
 * labels[starts[i]] up to labels[starts[i + 1]], at least one, none twice. */
typedef struct label_sets {
  const int *starts; /* [count + 1] */
  const int *labels;
} label_sets;

/* The same, where a prediction is right if it is any of the example's labels: top1 and top3, the
 * calibration of the first prediction, and nll, of all the labels' probability together. Each
 * example counts for the recall of each of its labels, and only as that label. There is no F1. */
void scores_among(int count, int classes, const float *probabilities, const label_sets *sets,
                  scores *out);

/* The temperature T > 0 that minimises the mean NLL of softmax(logits / T) on these examples
 * (Guo et al. 2017), by golden-section search over log T in [log 0.05, log 20]. logits [count,
 * classes]; 1 if count is 0. */
double scores_fit_temperature(int count, int classes, const float *logits, const int *labels);

/* The temperature at which the probability of the first label says best how often it is one of the
 * example's: it minimises the sum of
 *
 *   -log p if the first label is right, -log (1 - p) if not,   p = max softmax(logits / T + bias)
 *
 * over the examples and over all `biases` (each [classes], or NULL for none), where several labels
 * may be right and the likelihood of any one of them would be too modest. The best of 121 values
 * from 0.05 to 20, evenly on a scale of logarithms, refined by golden-section search between its
 * neighbours. 1 if count is 0. */
double scores_fit_confidence(int count, int classes, const float *logits, const label_sets *sets,
                             const float *const *biases, int bias_count);

#endif
