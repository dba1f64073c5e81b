#include "ngrams.h"

#include <lbfgs.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "alphabet.h"

enum { BEGIN = ALPHABET_SIZE, END, SYMBOL_BITS = 6, ITERATIONS = 80, WEIGHTS_MAX = 8000000 };

static int compare_keys(const void *left, const void *right) {
  uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
  return (a > b) - (a < b);
}

static size_t sort_unique(uint32_t *keys, size_t count) {
  qsort(keys, count, sizeof *keys, compare_keys);
  size_t kept = 0;
  for (size_t i = 0; i < count; i++) {
    if (kept == 0 || keys[i] != keys[kept - 1]) keys[kept++] = keys[i];
  }
  return kept;
}

static int symbol_at(const int *ids, int length, int position) {
  if (position == 0) return BEGIN;
  return position == length + 1 ? END : ids[position - 1];
}

static int keys_bound(int length) {
  return NGRAM_LONGEST * (length + 2);
}

/* The distinct n-grams of one text: up to 5 symbols of 6 bits above which a 1 marks the length.
 * keys: [keys_bound(length)]. */
static int extract(const int *ids, int length, uint32_t *keys) {
  int count = 0;
  for (int start = 0; start < length + 2; start++) {
    uint32_t key = 1;
    for (int n = 0; n < NGRAM_LONGEST && start + n < length + 2; n++) {
      key = key << SYMBOL_BITS | (uint32_t)symbol_at(ids, length, start + n);
      keys[count++] = key;
    }
  }
  return (int)sort_unique(keys, (size_t)count);
}

static int find_feature(const ngram_model *model, uint32_t key) {
  const uint32_t *found =
      bsearch(&key, model->keys, (size_t)model->features, sizeof key, compare_keys);
  return found == NULL ? -1 : (int)(found - model->keys);
}

/* Feature numbers in place of the keys, unknown ones left out. */
static int look_up(const ngram_model *model, uint32_t *keys, int count) {
  int kept = 0;
  for (int i = 0; i < count; i++) {
    int feature = find_feature(model, keys[i]);
    if (feature >= 0) keys[kept++] = (uint32_t)feature;
  }
  return kept;
}

/* p = softmax(bias + sum of the features' rows) */
static void predict(const double *weights, int features, int classes, const uint32_t *active,
                    int count, double *p) {
  memcpy(p, weights + (size_t)features * (size_t)classes, (size_t)classes * sizeof *p);
  for (int i = 0; i < count; i++) {
    const double *row = weights + (size_t)active[i] * (size_t)classes;
    for (int c = 0; c < classes; c++) p[c] += row[c];
  }
  double highest = p[0], sum = 0;
  for (int c = 1; c < classes; c++) highest = fmax(highest, p[c]);
  for (int c = 0; c < classes; c++) sum += p[c] = exp(p[c] - highest);
  for (int c = 0; c < classes; c++) p[c] /= sum;
}

/* All texts that there are. */
typedef struct ngram_texts {
  int count;
  const int *const *ids;
  const int *lengths;
} ngram_texts;

/* The texts that are learnt from: every stride-th. */
typedef struct problem {
  int count, stride, features, classes;
  const size_t *starts;   /* [count + 1] slices of active */
  const uint32_t *active; /* features of each text */
  const int *labels;      /* of all texts */
  double decay;           /* 1 / c */
  double *p;              /* [C] */
} problem;

static lbfgsfloatval_t evaluate(void *instance, const lbfgsfloatval_t *weights,
                                lbfgsfloatval_t *gradient, int n, lbfgsfloatval_t step) {
  (void)step;
  const problem *data = instance;
  int classes = data->classes;
  size_t bias = (size_t)data->features * (size_t)classes;
  double loss = 0;
  memset(gradient, 0, (size_t)n * sizeof *gradient);
  for (int i = 0; i < data->count; i++) {
    const uint32_t *active = data->active + data->starts[i];
    int active_count = (int)(data->starts[i + 1] - data->starts[i]);
    predict(weights, data->features, classes, active, active_count, data->p);
    int label = data->labels[i * data->stride];
    loss -= log(fmax(data->p[label], 1e-300));
    data->p[label] -= 1;
    for (int k = 0; k < active_count; k++) {
      double *row = gradient + (size_t)active[k] * (size_t)classes;
      for (int c = 0; c < classes; c++) row[c] += data->p[c];
    }
    for (int c = 0; c < classes; c++) gradient[bias + (size_t)c] += data->p[c];
  }
  for (size_t i = 0; i < bias; i++) {
    loss += 0.5 * data->decay * weights[i] * weights[i];
    gradient[i] += data->decay * weights[i];
  }
  return loss;
}

static rc_status no_memory(rc_error *error) {
  return rc_fail(error, RC_ERR_MEMORY, "out of memory for the n-gram teacher");
}

/* Collects the vocabulary and the features of every stride-th text. keys, model->keys: room for
 * those of every text. Returns the texts taken. */
static int collect(ngram_model *model, const ngram_texts *texts, int stride, size_t *starts,
                   uint32_t *keys) {
  int taken = 0;
  starts[0] = 0;
  for (int i = 0; i < texts->count; i += stride, taken++) {
    size_t used = starts[taken];
    starts[taken + 1] = used + (size_t)extract(texts->ids[i], texts->lengths[i], keys + used);
  }
  size_t used = starts[taken];
  memcpy(model->keys, keys, used * sizeof *keys);
  model->features = (int)sort_unique(model->keys, used);
  return taken;
}

/* Takes every text, or every second, fourth... until the weights are no more than WEIGHTS_MAX: a
 * teacher need not have read everything. *active: malloc'd, the caller frees. */
static rc_status build_features(ngram_model *model, const ngram_texts *texts, problem *data,
                                size_t *starts, uint32_t **active, rc_error *error) {
  size_t bound = 0;
  for (int i = 0; i < texts->count; i++) bound += (size_t)keys_bound(texts->lengths[i]);
  uint32_t *keys = *active = malloc((bound + 1) * sizeof *keys);
  model->keys = malloc((bound + 1) * sizeof *keys);
  if (keys == NULL || model->keys == NULL) return no_memory(error);
  int stride = 1;
  data->count = collect(model, texts, stride, starts, keys);
  while (data->count > 1 && (double)model->features * model->classes > WEIGHTS_MAX) {
    stride *= 2;
    data->count = collect(model, texts, stride, starts, keys);
  }
  for (size_t i = 0; i < starts[data->count]; i++) keys[i] = (uint32_t)find_feature(model, keys[i]);
  data->features = model->features;
  data->stride = stride;
  return RC_OK;
}

static rc_status minimise(ngram_model *model, problem *data, rc_error *error) {
  size_t size = ((size_t)model->features + 1) * (size_t)model->classes;
  if (size > INT32_MAX) return no_memory(error);
  model->weights = calloc(size, sizeof *model->weights);
  lbfgsfloatval_t *weights = lbfgs_malloc((int)size);
  data->p = malloc((size_t)model->classes * sizeof *data->p);
  rc_status status = RC_OK;
  if (model->weights == NULL || weights == NULL || data->p == NULL) {
    status = no_memory(error);
  } else {
    memset(weights, 0, size * sizeof *weights);
    lbfgs_parameter_t settings;
    lbfgs_parameter_init(&settings);
    settings.max_iterations = ITERATIONS;
    settings.epsilon = 1e-3;
    int result = lbfgs((int)size, weights, NULL, evaluate, NULL, data, &settings);
    if (result < 0 && result != LBFGSERR_MAXIMUMITERATION) {
      status =
          rc_fail(error, RC_ERR_RANGE, "the n-gram teacher did not converge (L-BFGS %d)", result);
    }
    memcpy(model->weights, weights, size * sizeof *weights);
  }
  free(data->p);
  lbfgs_free(weights);
  return status;
}

rc_status ngram_train(ngram_model *model, int count, const int *const *ids, const int *lengths,
                      const int *labels, int classes, double c, rc_error *error) {
  *model = (ngram_model){.classes = classes};
  uint32_t *active = NULL;
  size_t *starts = malloc(((size_t)count + 1) * sizeof *starts);
  ngram_texts texts = {.count = count, .ids = ids, .lengths = lengths};
  problem data = {.classes = classes, .labels = labels, .decay = 1 / c};
  rc_status status = starts == NULL ? no_memory(error)
                                    : build_features(model, &texts, &data, starts, &active, error);
  if (status == RC_OK) {
    data.starts = starts;
    data.active = active;
    status = minimise(model, &data, error);
  }
  free(starts);
  free(active);
  if (status != RC_OK) ngram_free(model);
  return status;
}

void ngram_free(ngram_model *model) {
  free(model->keys);
  free(model->weights);
  *model = (ngram_model){0};
}

rc_status ngram_predict(const ngram_model *model, const int *ids, int length, float *probabilities,
                        rc_error *error) {
  uint32_t *keys = malloc((size_t)keys_bound(length) * sizeof *keys);
  double *p = malloc((size_t)model->classes * sizeof *p);
  if (keys == NULL || p == NULL) {
    free(keys);
    free(p);
    return no_memory(error);
  }
  int count = look_up(model, keys, extract(ids, length, keys));
  predict(model->weights, model->features, model->classes, keys, count, p);
  for (int c = 0; c < model->classes; c++) probabilities[c] = (float)p[c];
  free(keys);
  free(p);
  return RC_OK;
}
