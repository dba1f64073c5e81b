#include "ngrams.h"

#include <lbfgs.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  BEGIN = NGRAM_LETTERS_MAX,
  END,
  ITERATIONS = 80,
  WEIGHTS_MAX = 8000000,
};

static int compare_keys(const void *left, const void *right) {
  uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
  return (a > b) - (a < b);
}

/* Keeps one of each key that is there `least` times. */
static size_t keep_distinct(uint64_t *keys, size_t count, size_t least) {
  size_t kept = 0;
  for (size_t from = 0, to; from < count; from = to) {
    for (to = from + 1; to < count && keys[to] == keys[from];) to++;
    if (to - from >= least) keys[kept++] = keys[from];
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

/* The distinct n-grams of one text: numbers to the base of all symbols, whose first digit is not 0.
 * keys: [keys_bound(length)]. */
static int extract(const int *ids, int length, uint64_t *keys) {
  const uint64_t base = NGRAM_LETTERS_MAX + 3;
  int count = 0;
  for (int start = 0; start < length + 2; start++) {
    uint64_t key = 0;
    for (int n = 0; n < NGRAM_LONGEST && start + n < length + 2; n++) {
      key = key * base + (uint64_t)symbol_at(ids, length, start + n) + 1;
      keys[count++] = key;
    }
  }
  qsort(keys, (size_t)count, sizeof *keys, compare_keys);
  return (int)keep_distinct(keys, (size_t)count, 1);
}

static int find_feature(const ngram_model *model, uint64_t key) {
  const uint64_t *found =
      bsearch(&key, model->keys, (size_t)model->features, sizeof key, compare_keys);
  return found == NULL ? -1 : (int)(found - model->keys);
}

/* Feature numbers in place of the keys, unknown ones left out. */
static int look_up(const ngram_model *model, const uint64_t *keys, int count, int *active) {
  int kept = 0;
  for (int i = 0; i < count; i++) {
    int feature = find_feature(model, keys[i]);
    if (feature >= 0) active[kept++] = feature;
  }
  return kept;
}

/* p = softmax(bias + sum of the features' rows) */
static void predict(const float *weights, int features, int classes, const int *active, int count,
                    float *p) {
  const size_t width = (size_t)classes;
  memcpy(p, weights + (size_t)features * width, width * sizeof *p);
  for (int i = 0; i < count; i++) {
    kernels->axpy(width, 1, weights + (size_t)active[i] * width, p);
  }
  kernels->softmax(1, classes, p, p);
}

typedef struct problem {
  const ngram_texts *texts;
  int features;
  size_t *starts;            /* [count + 1] slices of active */
  int *active;               /* features of each text */
  double decay;              /* 1 / c */
  float *weights, *gradient; /* [features + 1, C] */
  float *p;                  /* [C] */
} problem;

static lbfgsfloatval_t evaluate(void *instance, const lbfgsfloatval_t *weights,
                                lbfgsfloatval_t *gradient, int n, lbfgsfloatval_t step) {
  (void)step;
  const problem *data = instance;
  const ngram_texts *texts = data->texts;
  const int classes = texts->classes;
  const size_t width = (size_t)classes, bias = (size_t)data->features * width;
  double loss = 0;
  for (int i = 0; i < n; i++) data->weights[i] = (float)weights[i];
  memset(data->gradient, 0, (size_t)n * sizeof *data->gradient);
  for (int i = 0; i < texts->count; i++) {
    const int *active = data->active + data->starts[i];
    const int active_count = (int)(data->starts[i + 1] - data->starts[i]);
    const float *target = texts->targets + (size_t)i * width;
    predict(data->weights, data->features, classes, active, active_count, data->p);
    for (size_t c = 0; c < width; c++) {
      if (target[c] > 0) {
        loss -= (double)(texts->weights[i] * target[c]) * log(fmax((double)data->p[c], 1e-30));
      }
      data->p[c] -= target[c];
    }
    for (int k = 0; k < active_count; k++) {
      kernels->axpy(width, texts->weights[i], data->p, data->gradient + (size_t)active[k] * width);
    }
    kernels->axpy(width, texts->weights[i], data->p, data->gradient + bias);
  }
  for (int i = 0; i < n; i++) gradient[i] = (double)data->gradient[i];
  for (size_t i = 0; i < bias; i++) {
    loss += 0.5 * data->decay * weights[i] * weights[i];
    gradient[i] += data->decay * weights[i];
  }
  return loss;
}

static rc_status no_memory(rc_error *error) {
  return rc_fail(error, RC_ERR_MEMORY, "out of memory for the n-gram teacher");
}

/* Collects the vocabulary: every n-gram, or those that are in two texts, three... until the weights
 * are no more than WEIGHTS_MAX. */
static void choose_features(ngram_model *model, const uint64_t *keys, size_t count) {
  size_t features;
  for (size_t least = 1;; least++) {
    memcpy(model->keys, keys, count * sizeof *keys);
    features = keep_distinct(model->keys, count, least);
    if ((double)features * model->classes <= WEIGHTS_MAX) break;
  }
  model->features = (int)features;
}

static rc_status build_features(ngram_model *model, problem *data, rc_error *error) {
  const ngram_texts *texts = data->texts;
  size_t bound = 1, used = 0;
  for (int i = 0; i < texts->count; i++) bound += (size_t)keys_bound(texts->lengths[i]);
  uint64_t *keys = malloc(bound * sizeof *keys);
  uint64_t *sorted = malloc(bound * sizeof *keys);
  data->active = malloc(bound * sizeof *data->active);
  model->keys = malloc(bound * sizeof *keys);
  const bool room = keys != NULL && sorted != NULL && data->active != NULL && model->keys != NULL;
  for (int i = 0; room && i < texts->count; i++) {
    data->starts[i] = used;
    used += (size_t)extract(texts->ids[i], texts->lengths[i], keys + used);
  }
  if (room) {
    memcpy(sorted, keys, used * sizeof *keys);
    qsort(sorted, used, sizeof *sorted, compare_keys);
    choose_features(model, sorted, used);
    size_t kept = 0;
    for (int i = 0; i < texts->count; i++) {
      const size_t from = data->starts[i], to = i + 1 < texts->count ? data->starts[i + 1] : used;
      data->starts[i] = kept;
      kept += (size_t)look_up(model, keys + from, (int)(to - from), data->active + kept);
    }
    data->starts[texts->count] = kept;
    data->features = model->features;
  }
  free(keys);
  free(sorted);
  return room ? RC_OK : no_memory(error);
}

static rc_status minimise(ngram_model *model, problem *data, rc_error *error) {
  size_t size = ((size_t)model->features + 1) * (size_t)model->classes;
  if (size > INT32_MAX) return no_memory(error);
  model->weights = data->weights = calloc(size, sizeof *model->weights);
  data->gradient = malloc(size * sizeof *data->gradient);
  data->p = malloc((size_t)model->classes * sizeof *data->p);
  lbfgsfloatval_t *weights = lbfgs_malloc((int)size);
  rc_status status = RC_OK;
  if (model->weights == NULL || data->gradient == NULL || weights == NULL || data->p == NULL) {
    status = no_memory(error);
  } else {
    memset(weights, 0, size * sizeof *weights);
    lbfgs_parameter_t settings;
    lbfgs_parameter_init(&settings);
    settings.max_iterations = ITERATIONS;
    settings.epsilon = 1e-3;
    int result = lbfgs((int)size, weights, NULL, evaluate, NULL, data, &settings);
    /* In single precision the search may find no further way down near the end. */
    if (result < 0 && result != LBFGSERR_MAXIMUMITERATION && result != LBFGSERR_ROUNDING_ERROR &&
        result != LBFGSERR_MAXIMUMLINESEARCH && result != LBFGSERR_MINIMUMSTEP) {
      status =
          rc_fail(error, RC_ERR_RANGE, "the n-gram teacher did not converge (L-BFGS %d)", result);
    }
    for (size_t i = 0; i < size; i++) model->weights[i] = (float)weights[i];
  }
  free(data->p);
  free(data->gradient);
  lbfgs_free(weights);
  return status;
}

rc_status ngram_train(ngram_model *model, const ngram_texts *texts, double c, rc_error *error) {
  *model = (ngram_model){.classes = texts->classes};
  problem data = {.texts = texts,
                  .decay = 1 / c,
                  .starts = malloc(((size_t)texts->count + 1) * sizeof(size_t))};
  rc_status status = data.starts == NULL ? no_memory(error) : build_features(model, &data, error);
  if (status == RC_OK) status = minimise(model, &data, error);
  free(data.starts);
  free(data.active);
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
  const size_t bound = (size_t)keys_bound(length);
  uint64_t *keys = malloc(bound * sizeof *keys);
  int *active = malloc(bound * sizeof *active);
  const bool room = keys != NULL && active != NULL;
  if (room) {
    const int count = look_up(model, keys, extract(ids, length, keys), active);
    predict(model->weights, model->features, model->classes, active, count, probabilities);
  }
  free(keys);
  free(active);
  return room ? RC_OK : no_memory(error);
}
