#include "classifier.h"

#include <math.h>
#include <string.h>

#include "dropout.h"

struct classifier_workspace {
  int max_count, max_letters, max_length;
  void *packing, *single; /* what packed_build fills for a batch; for one text alone */
  size_t packing_bytes, single_bytes;
  int *ids; /* [N] packed */
  recurrent_cache *cache;
  real *states;   /* [N, D * H] */
  int *argmax;    /* [B, D * H] */
  real *pooled;   /* [B, P] in packed order */
  real *features; /* [B, P] in the caller's order, after dropout */
  real *scratch;  /* of the output layer */
  real *logits;   /* [B, C], in training their gradient after the loss */
  /* What training needs beyond that. */
  real *embedded;                    /* [N, E] */
  real *d_features, *d_pooled;       /* [B, P] */
  real *d_states;                    /* [N, D * H] */
  real *d_embedded;                  /* [N, E] */
  real *embedded_mask, *output_mask; /* [N, E], [B, P] */
};

static rc_status check_dropout(const char *what, real p, rc_error *error) {
  if (p >= 0 && p < 1) return RC_OK;
  return rc_fail(error, RC_ERR_ARGUMENT, "%s is %g, allowed is 0 up to but not 1", what, (double)p);
}

rc_status classifier_build(classifier *net, const classifier_config *config, rc_error *error) {
  *net = (classifier){.config = *config};
  if (config->letters == 0) net->config.letters = ALPHABET_SIZE;
  if (config->cell == NULL) return rc_fail(error, RC_ERR_ARGUMENT, "no cell is chosen");
  RC_TRY(rc_check_range("layers", config->layers, 1, RECURRENT_LAYERS_MAX, error));
  RC_TRY(rc_check_range("hidden", config->hidden, 1, CLASSIFIER_HIDDEN_MAX, error));
  RC_TRY(rc_check_range("directions", config->directions, 1, 2, error));
  RC_TRY(rc_check_range("embedding", config->embedding, 0, CLASSIFIER_HIDDEN_MAX, error));
  RC_TRY(rc_check_range("the number of letters", net->config.letters, 1, ALPHABET_LEARNT_MAX + 1,
                        error));
  RC_TRY(rc_check_range("the number of labels", config->labels, 1, CLASSIFIER_LABELS_MAX, error));
  RC_TRY(check_dropout("embedding dropout", config->dropout_embedding, error));
  RC_TRY(check_dropout("output dropout", config->dropout_output, error));
  if (config->pooling != POOLING_LAST && config->pooling != POOLING_ALL) {
    return rc_fail(error, RC_ERR_ARGUMENT, "pooling is neither last nor all");
  }
  if (config->embedding > 0) {
    RC_TRY(embedding_add(&net->letters, &net->params, "letters", net->config.letters,
                         config->embedding, error));
  }
  int input = config->embedding > 0 ? config->embedding : net->config.letters;
  RC_TRY(recurrent_add(&net->network, &net->params, "rnn", config->cell, input, config->hidden,
                       config->layers, config->directions, config->dropout_layers, error));
  net->network.one_hot = config->embedding == 0;
  net->network.letters = config->embedding > 0 ? net->config.letters : 0;
  net->pooled = pooling_width(config->pooling, config->hidden, config->directions);
  return linear_add(&net->output, &net->params, "output", net->pooled, config->labels, error);
}

void classifier_init(const classifier *net, uint64_t seed, real *values) {
  rc_rng rng = rng_make(seed, 0, 0);
  if (net->config.embedding > 0) embedding_init(&net->letters, values, &rng);
  recurrent_init(&net->network, values, &rng);
  linear_init(&net->output, values, &rng);
}

classifier_workspace *classifier_workspace_new(const classifier *net, int max_count,
                                               int max_letters, int max_length, bool training,
                                               rc_arena *arena) {
  size_t rows = (size_t)max_letters, count = (size_t)max_count;
  size_t states = rows * (size_t)(net->config.hidden * net->config.directions);
  size_t embedded = rows * (size_t)net->config.embedding;
  size_t pooled = count * (size_t)net->pooled;
  size_t logits = count * (size_t)net->config.labels;
  classifier_workspace *workspace = ARENA_ARRAY(arena, classifier_workspace, 1);
  classifier_workspace w = {
      .max_count = max_count,
      .max_letters = max_letters,
      .max_length = max_length,
      .packing_bytes = packed_bytes(max_count, max_length),
      .single_bytes = packed_bytes(1, max_length),
  };
  w.packing = arena_alloc(arena, w.packing_bytes, 1);
  w.single = arena_alloc(arena, w.single_bytes, 1);
  w.ids = ARENA_ARRAY(arena, int, rows);
  w.cache = recurrent_cache_new(&net->network, max_letters, max_count, training, arena);
  w.states = ARENA_ARRAY(arena, real, states);
  w.argmax = ARENA_ARRAY(arena, int, count *(size_t)(net->config.hidden * net->config.directions));
  w.pooled = ARENA_ARRAY(arena, real, pooled);
  w.features = ARENA_ARRAY(arena, real, pooled);
  w.scratch = ARENA_ARRAY(arena, real, linear_scratch(&net->output, max_count));
  if (training) {
    w.logits = ARENA_ARRAY(arena, real, logits);
    w.embedded = ARENA_ARRAY(arena, real, embedded);
    w.d_features = ARENA_ARRAY(arena, real, pooled);
    w.d_pooled = ARENA_ARRAY(arena, real, pooled);
    w.d_states = ARENA_ARRAY(arena, real, states);
    w.d_embedded = ARENA_ARRAY(arena, real, embedded);
    w.embedded_mask = ARENA_ARRAY(arena, real, embedded);
    w.output_mask = ARENA_ARRAY(arena, real, pooled);
  }
  if (arena->failed || workspace == NULL) return NULL;
  *workspace = w;
  return workspace;
}

void classifier_pack(const classifier *net, const real *values, real *matrices) {
  recurrent_pack(&net->network, values, values + net->letters.weight, matrices);
}

void classifier_workspace_use(classifier_workspace *workspace, const real *matrices) {
  recurrent_cache_use(workspace->cache, matrices);
}

/* Packs the batch's letters: row offsets[t] + b of `ids` is letter t of packed sequence b. */
static rc_status pack(const classifier_batch *batch, classifier_workspace *w, packed *out,
                      rc_error *error) {
  RC_TRY(rc_check_range("the batch", batch->count, 1, w->max_count, error));
  int letters = 0;
  for (int b = 0; b < batch->count; b++) {
    RC_TRY(rc_check_range("a text's length", batch->lengths[b], 1, w->max_length, error));
    letters += batch->lengths[b];
  }
  RC_TRY(rc_check_range("the batch's letters", letters, 1, w->max_letters, error));
  rc_arena arena = arena_over(w->packing, w->packing_bytes);
  RC_TRY(packed_build(out, batch->lengths, batch->count, &arena, error));
  int *starts = w->argmax; /* free until pooling */
  for (int i = 0, start = 0; i < batch->count; start += batch->lengths[i++]) starts[i] = start;
  for (int b = 0; b < out->batch; b++) {
    const int *text = batch->ids + starts[out->order[b]];
    for (int t = 0; t < out->lengths[b]; t++) w->ids[out->offsets[t] + b] = text[t];
  }
  return RC_OK;
}

/* From packed order to the caller's, or back. */
static void unsort(const packed *batch, int width, const real *sorted, real *unsorted) {
  for (int b = 0; b < batch->batch; b++) {
    memcpy(unsorted + (size_t)batch->order[b] * (size_t)width, sorted + (size_t)b * (size_t)width,
           (size_t)width * sizeof *sorted);
  }
}

static void sort(const packed *batch, int width, const real *unsorted, real *sorted) {
  for (int b = 0; b < batch->batch; b++) {
    memcpy(sorted + (size_t)b * (size_t)width, unsorted + (size_t)batch->order[b] * (size_t)width,
           (size_t)width * sizeof *sorted);
  }
}

/* The network's input in training: the packed letters, or w->embedded, filled by embed. */
static recurrent_input network_input(const classifier *net, const classifier_workspace *w) {
  if (net->config.embedding == 0) return (recurrent_input){.ids = w->ids};
  return (recurrent_input){.x = w->embedded};
}

static recurrent_input embed(const classifier *net, const real *values, int rows, rc_rng *rng,
                             classifier_workspace *w) {
  const classifier_config *config = &net->config;
  if (config->embedding > 0) {
    embedding_forward(&net->letters, values, rows, w->ids, w->embedded);
    if (rng != NULL && config->dropout_embedding > 0) {
      dropout_forward(config->dropout_embedding, (size_t)rows * (size_t)config->embedding,
                      w->embedded, w->embedded, w->embedded_mask, rng);
    }
  }
  return network_input(net, w);
}

/* From w->states to the logits. */
static void head(const classifier *net, const real *values, const packed *batch, rc_rng *rng,
                 real *logits, classifier_workspace *w) {
  const classifier_config *config = &net->config;
  pooling_forward(config->pooling, batch, config->hidden, config->directions, w->states, w->pooled,
                  w->argmax);
  unsort(batch, net->pooled, w->pooled, w->features);
  if (rng != NULL && config->dropout_output > 0) {
    dropout_forward(config->dropout_output, (size_t)batch->batch * (size_t)net->pooled, w->features,
                    w->features, w->output_mask, rng);
  }
  linear_forward(&net->output, values, batch->batch, w->features, logits, w->scratch);
}

/* Everything up to the logits; rng NULL: no dropout. */
static void forward(const classifier *net, const real *values, const packed *batch,
                    recurrent_input input, rc_rng *rng, recurrent_state final, real *logits,
                    classifier_workspace *w) {
  recurrent_state none = {0};
  recurrent_forward(&net->network, values, batch, input, none, rng, w->states, final, w->cache);
  head(net, values, batch, rng, logits, w);
}

static void backward(const classifier *net, const real *values, const packed *batch,
                     real *gradients, classifier_workspace *w) {
  const classifier_config *config = &net->config;
  linear_backward(&net->output, values, batch->batch, w->features, w->logits, w->d_features,
                  gradients, w->scratch);
  if (config->dropout_output > 0) {
    dropout_backward((size_t)batch->batch * (size_t)net->pooled, w->d_features, w->output_mask,
                     w->d_features);
  }
  sort(batch, net->pooled, w->d_features, w->d_pooled);
  pooling_backward(config->pooling, batch, config->hidden, config->directions, w->d_pooled,
                   w->argmax, w->d_states);
  recurrent_state none = {0};
  recurrent_backward(&net->network, values, batch, network_input(net, w), w->d_states, none,
                     config->embedding > 0 ? w->d_embedded : NULL, none, gradients, w->cache);
  if (config->embedding > 0) {
    if (config->dropout_embedding > 0) {
      dropout_backward((size_t)batch->rows * (size_t)config->embedding, w->d_embedded,
                       w->embedded_mask, w->d_embedded);
    }
    embedding_backward(&net->letters, batch->rows, w->ids, w->d_embedded, gradients);
  }
}

rc_status classifier_forward(const classifier *net, const real *values,
                             const classifier_batch *batch, real *logits,
                             classifier_workspace *workspace, rc_error *error) {
  packed packing;
  RC_TRY(pack(batch, workspace, &packing, error));
  forward(net, values, &packing, (recurrent_input){.ids = workspace->ids}, NULL,
          (recurrent_state){0}, logits, workspace);
  return RC_OK;
}

/* The forward half of states [T, D * H] of one text becomes that of all its prefixes: every prefix
 * is in the same state after step t. In place, from the end, as row t never lies behind offsets[t].
 */
static void spread_over_prefixes(const packed *prefixes, size_t width, size_t half, real *states) {
  for (int t = prefixes->steps - 1; t >= 0; t--) {
    const real *from = states + (size_t)t * width;
    real *to = states + (size_t)prefixes->offsets[t] * width;
    for (int b = prefixes->batch_sizes[t] - 1; b >= 0; b--) {
      memmove(to + (size_t)b * width, from, half * sizeof *states);
    }
  }
}

rc_status classifier_forward_prefixes(const classifier *net, const real *values,
                                      const classifier_batch *prefixes, real *logits,
                                      classifier_workspace *workspace, rc_error *error) {
  classifier_workspace *w = workspace;
  const recurrent *network = &net->network;
  packed packing, single;
  RC_TRY(pack(prefixes, w, &packing, error));
  if (network->layers > 1) { /* later layers read what both directions wrote */
    forward(net, values, &packing, (recurrent_input){.ids = w->ids}, NULL, (recurrent_state){0},
            logits, w);
    return RC_OK;
  }
  int length = packing.steps;
  rc_arena arena = arena_over(w->single, w->single_bytes);
  RC_TRY(packed_build(&single, &length, 1, &arena, error));
  size_t half = (size_t)network->hidden, width = half * (size_t)network->directions;
  recurrent_input input = {.ids = prefixes->ids + packing.rows - length};
  recurrent_forward_direction(network, values, &single, input, 0, w->states, w->cache);
  spread_over_prefixes(&packing, width, half, w->states);
  if (network->directions == 2) {
    input.ids = w->ids;
    recurrent_forward_direction(network, values, &packing, input, 1, w->states, w->cache);
  }
  head(net, values, &packing, NULL, logits, w);
  return RC_OK;
}

static int count_correct(int rows, int classes, const real *logits, const int *targets) {
  int correct = 0;
  for (int i = 0; i < rows; i++) {
    const real *row = logits + (size_t)i * (size_t)classes;
    int best = 0;
    for (int c = 1; c < classes; c++) best = row[c] > row[best] ? c : best;
    correct += best == targets[i];
  }
  return correct;
}

void classifier_probabilities(const classifier *net, real temperature, const real *bias, int rows,
                              const real *logits, real *probabilities) {
  const int classes = net->config.labels;
  for (size_t i = 0; i < (size_t)rows * (size_t)classes; i++) {
    probabilities[i] = logits[i] / temperature;
  }
  for (int row = 0; row < rows && bias != NULL; row++) {
    kernels->axpy((size_t)classes, 1, bias, probabilities + (size_t)row * (size_t)classes);
  }
  kernels->softmax(rows, classes, probabilities, probabilities);
}

void classifier_prior_bias(int labels, const real *prior, const real *q, real *bias) {
  const real impossible = -1e30F; /* far below any logit, and no infinity for softmax to divide */
  for (int c = 0; c < labels; c++) {
    const real wanted = q == NULL ? 1 : q[c];
    bias[c] = wanted > 0 ? (real)log((double)wanted / (double)prior[c]) : impossible;
  }
}

rc_status classifier_train_step(const classifier *net, const real *values,
                                const classifier_batch *batch, const cross_entropy_target *target,
                                real scale, rc_rng *rng, real *gradients,
                                classifier_step_result *result, classifier_workspace *workspace,
                                rc_error *error) {
  packed packing;
  RC_TRY(pack(batch, workspace, &packing, error));
  forward(net, values, &packing, embed(net, values, packing.rows, rng, workspace), rng,
          (recurrent_state){0}, workspace->logits, workspace);
  result->correct =
      count_correct(packing.batch, net->config.labels, workspace->logits, target->targets);
  result->loss = cross_entropy(packing.batch, net->config.labels, target, scale, workspace->logits);
  backward(net, values, &packing, gradients, workspace);
  return RC_OK;
}

/* By layer and direction, before the backward makes gradients of them. */
static void read_steps(const classifier *net, int steps, const classifier_trace *trace,
                       const recurrent_cache *cache) {
  const recurrent *network = &net->network;
  const size_t count = (size_t)steps * (size_t)network->hidden;
  for (int slot = 0; slot < network->layers * network->directions; slot++) {
    const size_t at = (size_t)slot * count;
    real *gates[CLASSIFIER_GATES_MAX];
    for (int i = 0; i < network->cell->gates && trace->gates[0] != NULL; i++) {
      gates[i] = trace->gates[i] + at;
    }
    const recurrent_state states = {trace->states.h + at,
                                    trace->states.c == NULL ? NULL : trace->states.c + at};
    recurrent_steps(network, steps, trace->final, slot / network->directions,
                    slot % network->directions, trace->gates[0] == NULL ? NULL : gates, states,
                    cache);
  }
}

rc_status classifier_trace_text(const classifier *net, const real *values, int count,
                                const int *ids, int target, real *gradients, real *logits,
                                classifier_trace *trace, classifier_workspace *workspace,
                                rc_error *error) {
  const classifier_batch text = {.count = 1, .ids = ids, .lengths = &count};
  const cross_entropy_target wanted = {.targets = &target};
  classifier plain = *net; /* whose backward knows of no masks */
  plain.config.dropout_embedding = plain.config.dropout_output = 0;
  packed packing;
  RC_TRY(pack(&text, workspace, &packing, error));
  forward(net, values, &packing, embed(net, values, count, NULL, workspace), NULL, trace->final,
          logits, workspace);
  read_steps(net, count, trace, workspace->cache);
  if (target < 0) return RC_OK;
  memcpy(workspace->logits, logits, (size_t)net->config.labels * sizeof *logits);
  trace->loss = cross_entropy(1, net->config.labels, &wanted, 1, workspace->logits);
  recurrent_cache_watch(workspace->cache, trace->d_states);
  backward(&plain, values, &packing, gradients, workspace);
  recurrent_cache_watch(workspace->cache, NULL);
  return RC_OK;
}
